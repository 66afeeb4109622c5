#!/bin/sh
# Brings the stack to what docker-stack.yml says, one member after the other: replicas first, the server that leads last, then the sentinels.
# Between two servers it waits until every replica follows, so that whoever stops next has somebody to hand over to.
#
# sh roll.sh [STACK], on a manager, in the directory of docker-stack.yml. The stack has the name of the intent unless another one is given.
set -eu
cd "$(dirname "$0")"
deployment=docker-stack.yml

. ./shared/say.sh
. ./shared/deployment.sh
. ./shared/stack.sh

servers=$(setting NODES) sentinels=$(setting SENTINELS) client=$(setting CLI) image=$(setting image) primary=$(setting PRIMARY_NAME)
stack=${1:-$(name_of "$servers")}
broken="not every replica follows"

# redis_cli SERVICE PORT SECRET WORD...: asks a member, wherever it runs. The shell stays: timeout of coreutils 9.10 ends with 125 where it is the
# first process of a container, whose children it takes for orphans.
redis_cli() {
	host=$1 port=$2 secret=$3
	shift 3
	# shellcheck disable=SC2016 # expands in the container
	run_client "$secret" --env "CLI=$client" --entrypoint sh "$image" \
		-c 'export REDISCLI_AUTH=$(cat /password); timeout 5 $CLI --no-auth-warning "$@"; exit "$?"' sh -h "$host" -p "$port" "$@" | tr -d '\r'
}

leader() {
	if [ -z "$sentinels" ]; then
		echo "${servers%% *}"
		return
	fi
	redis_cli "${sentinels%% *}" 26379 sentinel-password sentinel get-master-addr-by-name "$primary" | head -n 1
}

# is_whole sets leading and tells whether that server has all its replicas, and each is online.
is_whole() {
	leading=$(leader)
	if [ -z "$leading" ]; then return 1; fi
	online=$(redis_cli "$leading" 6379 health-password --user health info replication | grep -c 'state=online') || return 1
	# shellcheck disable=SC2086 # a list
	set -- $servers
	[ "$online" -eq $(($# - 1)) ]
}

settle "nothing was changed"
last=$leading
for server in $servers; do
	if [ "$server" = "$last" ]; then continue; fi
	deploy "$server"
	settle "$server"
done
deploy "$last"
settle "$last"
for sentinel in $sentinels; do deploy "$sentinel"; done
deploy_all
