#!/bin/sh
# Restarts the cluster with what the files say now, one node after the other: replicas first, then those that lead, each of which hands over to its
# replica. Nodes that were added start first. Between two nodes it waits until the cluster is whole.
#
# sh roll.sh
set -eu
cd "$(dirname "$0")"
deployment=docker-compose.yml

. ./shared/say.sh
. ./shared/lists.sh
. ./shared/deployment.sh
. ./shared/compose.sh

settle() {
	docker compose run --rm --no-deps -T "$name-create" sh /usr/local/lib/rcomp/create-cluster.sh once </dev/null ||
		give_up "the cluster is not whole after $1"
}

# leads NODE tells whether it is a master. One that says nothing of it may be one.
leads() {
	tries=0
	# shellcheck disable=SC2016 # expands in the container
	until role=$(docker compose exec -T "$1" sh -c 'REDISCLI_AUTH=$(cat /run/secrets/health-password) timeout 3 $CLI -p "$PORT" --user health role' </dev/null | head -n 1) &&
		[ -n "$role" ]; do
		tries=$((tries + 1))
		if [ "$tries" -ge 30 ]; then give_up "$1 does not say whether it leads"; fi
		sleep 1
	done
	case $role in
	*master*) return 0 ;;
	esac
	return 1
}

nodes=$(setting NODES)
name=$(name_of "$nodes")
docker compose up --detach --no-recreate
recreate "$name-create" # takes in those that were added, and is healthy when all are whole
settle "a look at all nodes"
leaders=''
for node in $nodes; do
	node=${node%:*}
	if leads "$node"; then
		leaders="$leaders $node"
	else
		recreate "$node" --wait
		settle "$node"
	fi
done
for node in $leaders; do
	recreate "$node" --wait
	settle "$node"
done
recreate_beside exporter
docker compose up --detach --wait
