#!/bin/sh
# Restarts the set with what the files say now, one member after the other: replicas first, the server that leads last, which hands over before
# it stops where there are sentinels, then those, and what stands beside them. Members that were added start first, and one that does not become healthy ends it.
#
# sh roll.sh
set -eu
cd "$(dirname "$0")"
deployment=docker-compose.yml

. ./shared/say.sh
. ./shared/lists.sh
. ./shared/deployment.sh
. ./shared/compose.sh

# leader prints the server that the first sentinel names. One that has just started may not answer yet.
leader() {
	tries=0
	# shellcheck disable=SC2016 # expands in the container
	until docker compose exec -T "${sentinels%% *}" sh -c 'REDISCLI_AUTH=$(cat /run/secrets/sentinel-password) timeout 3 \
		$CLI -p 26379 sentinel get-master-addr-by-name "$PRIMARY_NAME"' </dev/null | head -n 1 | tr -d '\r' | grep .; do
		tries=$((tries + 1))
		if [ "$tries" -ge 30 ]; then give_up "${sentinels%% *} names no server that leads"; fi
		sleep 1
	done
}

servers=$(setting NODES) sentinels=$(setting SENTINELS)
name=$(name_of "$servers")
docker compose up --detach --no-recreate
last=${servers%% *}
if [ -n "$sentinels" ]; then last=$(leader); fi
for server in $servers; do
	if [ "$server" != "$last" ]; then recreate "$server" --wait; fi
done
recreate "$last" --wait
for sentinel in $sentinels; do recreate "$sentinel" --wait; done
recreate_beside proxy --wait # cuts its clients off
recreate_beside exporter --wait
docker compose up --detach --wait
