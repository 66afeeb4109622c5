#!/bin/sh
# Brings the stack to what docker-stack.yml says, one node after the other: replicas first, then those that lead, each of which hands over to its
# replica. Between two nodes it waits until the cluster is whole and every replica has its master's data.
#
# sh roll.sh [STACK], on a manager, in the directory of docker-stack.yml. The stack has the name of the intent unless another one is given.
#
# shellcheck disable=SC2016 # what runs in a container expands there
set -eu
cd "$(dirname "$0")"
deployment=docker-stack.yml

. ./shared/say.sh
. ./shared/deployment.sh
. ./shared/stack.sh

members=$(setting NODES) client=$(setting CLI) image=$(setting image)
stack=${1:-$(name_of "$members")}
broken="the cluster is not whole"

# Nodes that were added to the intent are not there yet. The last step starts them.
nodes=''
for node in $members; do
	node=${node%:*}
	if docker service inspect "${stack}_$node" >/dev/null 2>&1; then nodes="$nodes $node"; fi
done

# in_network SCRIPT: runs it in a container on the stack's network, with the nodes as arguments, and ask NODE WORD... for a question to one.
in_network() {
	# shellcheck disable=SC2086 # a list
	run_client health-password --env "CLI=$client" --entrypoint sh "$image" \
		-c 'ask() { on=$1; shift; REDISCLI_AUTH=$(cat /password) timeout 5 $CLI --no-auth-warning --user health -h "$on" "$@" 2>/dev/null | tr -d "\r"; }
'"$1" sh $nodes
}

# leaders fails where a node does not say whether it is one.
leaders() {
	in_network 'for node; do
		case $(ask "$node" role | head -n 1) in
		master) echo "$node" ;;
		slave) ;;
		*) exit 1 ;;
		esac
	done'
}

# is_whole tells whether every node finds the cluster complete and misses nobody, and every replica follows closely.
is_whole() {
	in_network 'for node; do
		ask "$node" cluster info | grep -q "^cluster_state:ok" || exit 1
		nodes=$(ask "$node" cluster nodes)
		[ -n "$nodes" ] || exit 1
		echo "$nodes" | cut -d " " -f 3,8 | grep -q -e fail -e handshake -e noaddr -e disconnected && exit 1
		state=$(ask "$node" info replication)
		case $state in
		*role:master* | *master_link_status:up*master_sync_in_progress:0*) ;;
		*) exit 1 ;;
		esac
	done'
}

settle "nothing was changed"
lead=$(leaders) || give_up "a node does not say whether it leads"
lead=" $(echo "$lead" | tr '\n' ' ')"
for node in $nodes; do
	case $lead in
	*" $node "*) continue ;;
	esac
	deploy "$node"
	settle "$node"
done
for node in $lead; do
	deploy "$node"
	settle "$node"
done
deploy_all
