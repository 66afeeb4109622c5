#!/bin/sh
# Is this server alive? A swarm kills what is unhealthy, so only a server that was started and gives no answer is: one that loads its data,
# lost its master, has a full disk or refuses a command for any other reason answers, and the start program that waits to learn whom to follow
# has no server yet. The client ends with 0 when there was a reply, whatever it says; one that has no place for another client says so and hangs up.
set -u

. ./shared/ask.sh
patience=3

if [ ! -e /run/redis/started ]; then exit 0; fi
# From the environment: CLI.
answer=$(ask 127.0.0.1 6379 health "$(cat /run/secrets/health-password)" ping 2>&1)
replied=$?
case $replied:$answer in
0:* | *max\ number\ of\ clients*) exit 0 ;;
esac
echo "no answer: $answer"
exit 1
