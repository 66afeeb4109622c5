# Starts one node of a cluster, stays beside it as process 1, and hands its role over before it stops.
#
# What it holds to:
#   - Who a node is stands in /data/nodes.conf. The addresses there are put right at each start.
#   - A node whose volume was lost is a stranger. It is silent while the others may still take it for its former self: only
#     a node that does not answer is replaced by its replica. And nobody may copy its empty data until it is a member.
#   - A master that may have lost writes in a crash waits for its replica to be promoted and joins it.
#
# From the environment: NODE, PORT, NODES (name:port), OWN_SETTING (a line for redis.conf, or empty), PERSISTENCE (none, rdb, aof or both),
# HAND_OVER (seconds), SERVER, CLI, USER_ID (of the server in the image).

identity=/data/nodes.conf
in_order=/data/stopped-in-order
port=$PORT

# look_back sets former, what the other nodes must not take this one for:
#   empty    a node of another identity, whose volume was lost
#   behind   the master that it was, with all that it accepted
#   nothing  it is what it was, or no master
look_back() {
	former=nothing
	if [ ! -s "$identity" ]; then
		former=empty
	elif grep -q '^[^ ]* [^ ]* myself,master .* connected [0-9[]' "$identity" && ! has_every_write; then
		former=behind
	fi
	rm -f "$in_order"
}

# has_every_write tells whether the volume holds what this node accepted until its end. An append-only file outlives the process:
# each write is handed to the kernel before it is answered.
has_every_write() {
	if [ "$PERSISTENCE" = none ]; then return 1; fi
	if [ -e "$in_order" ]; then return 0; fi
	for file in /data/appendonlydir/*.manifest /data/appendonly.aof; do
		if [ -s "$file" ]; then return 0; fi
	done
	return 1
}

# judge PLACE reads one node's CLUSTER NODES and prints what it says of the node of that place:
#   none     no such node, or one without keys to serve
#   alone    it serves keys, and has no replica
#   silent   it has replicas, and none of them is connected
#   followed it has a connected replica, and too few masters are left to promote it
#   failing  a replica is connected, and a majority of the masters is there to promote it
judge() {
	owner='' masters=0 present=0 follows='' linked=''
	while read -r id place flags master _ _ _ link slots; do
		locate "$place"
		if [ -n "$slots" ]; then
			masters=$((masters + 1))
			if [ "$at" = "$1" ]; then
				owner=$id
			elif [ "$link" = connected ] && [ "${flags#*fail}" = "$flags" ]; then
				present=$((present + 1))
			fi
		elif [ "$master" != - ]; then
			follows="$follows $master"
			if [ "$link" = connected ]; then linked="$linked $master"; fi
		fi
	done
	if [ -z "$owner" ]; then
		echo none
	elif ! is_one_of "$owner" "$follows"; then
		echo alone
	elif ! is_one_of "$owner" "$linked"; then
		echo silent
	elif [ $((present * 2)) -gt "$masters" ]; then
		echo failing
	else
		echo followed
	fi
}

# ask_around sets verdict, the gravest that any other node gives, or unknown while one that may know is still silent.
ask_around() {
	verdict=none unanswered='' verdicts=''
	for each in $NODES; do
		if [ "${each%:*}" = "$NODE" ]; then continue; fi
		view=$(ask "${each%:*}" "${each#*:}" health "$(cat /run/secrets/health-password)" cluster nodes 2>/dev/null) || :
		case $view in
		*connected*) verdicts="$verdicts $(echo "$view" | judge "$1")" ;;
		*LOADING*) verdicts="$verdicts loading" ;;
		*) unanswered=${each%:*} ;;
		esac
	done
	for one in alone silent followed failing loading; do
		if is_one_of "$one" "$verdicts"; then verdict=$one; fi
	done
	if [ "$verdict" = none ] && [ -n "$unanswered" ]; then verdict=unknown; fi
}

# must_wait VERDICT SECONDS tells whether the node stays silent after so many seconds, and sets why.
must_wait() {
	why="the others say: $1"
	case $former-$1 in
	empty-unknown)
		why="$unanswered does not answer, and may know a node with data here"
		[ "$2" -lt 5 ]
		;;
	empty-silent | empty-followed | empty-failing)
		why="this node lost its volume, and its replica is promoted only while it does not answer"
		;;
	empty-loading) why="others load their data, and may know a node with data here" ;;
	behind-failing | behind-loading)
		why="a replica may have writes that this node lost"
		[ "$2" -lt 30 ]
		;;
	behind-unknown) [ "$2" -lt 3 ] ;;
	*) return 1 ;;
	esac
}

hold_back() {
	here=$(place_of "$NODE:$PORT") began=$(date +%s) said=
	while :; do
		ask_around "$here"
		if ! must_wait "$verdict" "$(($(date +%s) - began))"; then return; fi
		if [ "$why" != "$said" ]; then say "waiting: $why"; fi
		said=$why
		sleep 1 &
		wait $!
	done
}

# admit lets replicas in once this node belongs to a cluster. Before, one that followed a former node at this address would copy nothing
# over its data.
admit() {
	while sleep 1; do
		known=$(field cluster_known_nodes "$(myself cluster info)")
		if [ "${known:-1}" -gt 1 ] && myself acl setuser replica on >/dev/null; then return; fi
	done
}

# hand_over has the replica that is furthest take this master's place. The server accepts no write meanwhile, so nothing is lost.
hand_over() {
	ended=$(($(date +%s) + HAND_OVER))
	while [ "$(date +%s)" -lt "$ended" ]; do
		if ! leads_until "$ended"; then return 0; fi
		heir=$(echo "$info" | sed -n 's/^slave[0-9]*:ip=\([^,]*\),port=\([^,]*\),state=online,offset=\([0-9]*\),.*/\3 \1 \2/p' | sort -rn | head -n 1)
		if [ -z "$heir" ]; then return 0; fi
		# shellcheck disable=SC2086 # three words
		set -- $heir
		say "handing over to $2"
		# It was started before a change of the password, or after it.
		for password in "$operator" "$(cat /run/secrets/operator-password)"; do
			if [ "$(ask "$2" "$3" operator "$password" cluster failover 2>/dev/null)" = OK ]; then break; fi
		done
		# The server gives up a hand-over after 5 seconds.
		attempt=$(($(date +%s) + 6))
		while [ "$(date +%s)" -lt "$attempt" ] && [ "$(field role "$(myself info replication)")" = master ]; do sleep 0.2; done
	done
	say "nobody took over in $HAND_OVER seconds"
}

stop() {
	trap '' TERM INT
	if [ -n "$process" ]; then
		hand_over
		kill -TERM "$process" 2>/dev/null || :
		status=0
		wait "$process" || status=$?
		if [ "$status" = 0 ]; then : >"$in_order"; fi
	fi
	exit 0
}

process=''
trap stop TERM INT

copy_certificates
await_addresses
correct_addresses
look_back

{
	cat /usr/local/etc/redis/redis.conf
	printf '\nmasterauth %s\n' "$(cat /run/secrets/replica-password)"
	printf 'cluster-announce-ip %s\n' "$(address_of "$NODE")"
	printf '%s\n' "$OWN_SETTING"
} >/run/redis/redis.conf
write_users >/run/redis/users.acl
if [ "$former" = empty ]; then
	sed 's/^user replica on/user replica off/' /run/redis/users.acl >/run/redis/users.next
	mv /run/redis/users.next /run/redis/users.acl
fi
chown -R "$USER_ID" /run/redis /data

hold_back
: >/run/redis/started # from here on a server that does not answer is not alive
docker-entrypoint.sh "$SERVER" /run/redis/redis.conf &
process=$!
if [ "$former" = empty ]; then admit & fi
status=0
wait "$process" || status=$?
exit "$status"
