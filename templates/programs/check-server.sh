#!/bin/sh
# Is this server ready? PING answers PONG on a replica whose link to the master is gone, so the state itself is asked.
set -u

. ./shared/ask.sh
patience=3

state=$(ask 127.0.0.1 6379 health "$(cat /run/secrets/health-password)" info)
has() { echo "$state" | grep -q "^$1"; }

if ! has loading:; then
	echo "no answer: $state"
elif ! has loading:0; then
	echo "loading its data"
elif has role:master; then
	exit 0
elif ! has master_link_status:up; then
	echo "no link to the master"
elif has master_sync_in_progress:1; then
	echo "copying the master's data"
else
	exit 0
fi
exit 1
