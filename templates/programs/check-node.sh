#!/bin/sh
# Is this node ready? PING answers PONG outside of any cluster and without a link to the master, so the state itself is asked. That the
# cluster was whole is asked once after a start: later on it says more about the others than about this node.
set -u

formed=/run/redis/formed

. ./shared/ask.sh
patience=2

myself() { ask 127.0.0.1 "$PORT" health "$(cat /run/secrets/health-password)" "$@"; }

state=$(myself info)
has() { echo "$state" | grep -q "^$1"; }

if ! has loading:; then
	echo "no answer: $state"
elif ! has loading:0; then
	echo "loading its data"
elif has role:slave && ! has master_link_status:up; then
	echo "no link to the master"
elif has role:slave && has master_sync_in_progress:1; then
	echo "copying the master's data"
elif [ -e "$formed" ]; then
	exit 0
elif myself cluster info | grep -q '^cluster_state:ok'; then
	: >"$formed"
	exit 0
else
	echo "no cluster yet, or too little of it"
fi
exit 1
