#!/bin/sh
# Could this sentinel carry a failover through? It has to know the master, every replica and every other sentinel, and a
# majority of them has to answer. And one replica at least has to have told it that it may be promoted: it asks every ten seconds, and
# until then says NOGOODSLAVE.
set -u

# From the environment: NODES, SENTINELS, PRIMARY_NAME, CLI.
. ./shared/ask.sh
patience=3

sentinel() { ask 127.0.0.1 26379 default "$(cat /run/secrets/sentinel-password)" sentinel "$@"; }

# others WORD...: how many others of a list there are.
others() { echo "$(($# - 1))"; }

# shellcheck disable=SC2086 # lists
replicas=$(others $NODES) peers=$(others $SENTINELS)
state=$(sentinel master "$PRIMARY_NAME")
# says NAME: a field of what the sentinel says of the master, which has it on the next line.
says() { echo "$state" | sed -n "/^$1\$/{n;p;}"; }

if [ "$(says num-slaves)" != "$replicas" ]; then
	echo "knows $(says num-slaves) of $replicas replicas"
elif [ "$(says num-other-sentinels)" != "$peers" ]; then
	echo "knows $(says num-other-sentinels) of $peers other sentinels"
elif ! sentinel replicas "$PRIMARY_NAME" | sed -n '/^flags$/{n;h;}; /^slave-priority$/{n;H;x;s/\n/ /p;}' | grep -q '^slave [1-9]'; then
	echo "knows no replica that may be promoted"
elif quorum=$(sentinel ckquorum "$PRIMARY_NAME") && [ "${quorum#OK}" != "$quorum" ]; then
	exit 0
else
	echo "$quorum"
fi
exit 1
