#!/bin/sh
# Is this sentinel alive? A swarm kills what is unhealthy, so what it knows of the others does not matter here.
set -u

. ./shared/ask.sh
patience=3

# From the environment: CLI.
answer=$(ask 127.0.0.1 26379 default "$(cat /run/secrets/sentinel-password)" ping 2>&1)
if [ "$answer" = PONG ]; then exit 0; fi
echo "no answer: $answer"
exit 1
