# Forms the cluster, and puts nodes without keys into their places. It decides by what the nodes say, and may run again at any time:
#   - All slots are assigned: nothing is formed. A node that stands alone is taken in, as a master while there are too few, else
#     as a replica of the master that has fewest. What is left of a node whose volume was lost is forgotten once it serves no slot.
#   - None is assigned, every node answers and none has a key: the cluster is formed. One that was interrupted is finished.
#   - Anything else is reported and left to people.
#
# Without an argument it stays, and /run/redis/state says how it is. With "once" it ends as soon as the cluster is whole (0), is found
# to be one for people (3), or does not become whole in 120 looks (1).
#
# From the environment: NODES (name:port), MASTERS, CLI.

slots=16384
views=/run/redis/views
state=/run/redis/state
mkdir -p "$views"

# ask_node NAME:PORT WORD...: one command to one node.
ask_node() {
	node_asked=$1
	shift
	ask "${node_asked%:*}" "${node_asked#*:}" operator "$(cat /run/secrets/operator-password)" "$@" 2>/dev/null
}

# view NODE: its CLUSTER NODES as this pass saw it. info NODE FIELD: of its CLUSTER INFO.
view() { cat "$views/$1.nodes"; }
info() { tr -d '\r' <"$views/$1.info" | sed -n "s/^$2://p"; }
# mine NODE: its own line. id_of NODE. slots_of NODE: the ranges that it serves, empty where none.
mine() { grep '^[^ ]* [^ ]* [^ ]*myself' "$views/$1.nodes"; }
id_of() { mine "$1" | cut -d ' ' -f 1; }
slots_of() { mine "$1" | cut -d ' ' -s -f 9- ; }
is_master() { mine "$1" | cut -d ' ' -f 3 | grep -q master; }
is_alone() { [ "$(view "$1" | grep -c connected)" = 1 ]; }

# look asks every node and sets silent, assigned (the most slots that a node knows of), and member, a node of a cluster that works.
look() {
	silent='' assigned=0 member=''
	for node in $NODES; do
		ask_node "$node" cluster nodes >"$views/$node.nodes"
		ask_node "$node" cluster info >"$views/$node.info"
		if ! mine "$node" >/dev/null || [ -z "$(info "$node" cluster_state)" ]; then
			silent="$silent ${node%:*}"
			: >"$views/$node.nodes"
			: >"$views/$node.info"
			continue
		fi
		known=$(info "$node" cluster_slots_assigned)
		if [ "$known" -gt "$assigned" ]; then assigned=$known; fi
		if [ -z "$member" ] && [ "$known" = "$slots" ] && [ "$(info "$node" cluster_state)" = ok ]; then member=$node; fi
	done
}

# planned NUMBER: the slots of a master, counted from 0.
planned() { echo "$(($1 * slots / MASTERS))-$((($1 + 1) * slots / MASTERS - 1))"; }

# may_form tells whether what is there is nothing, or the work of a run that was interrupted: no key anywhere, no node that is not of
# this cluster, and slots only where they are planned. It sets why when it is not.
may_form() {
	number=0
	for node in $NODES; do
		# A server with keys of its own that becomes a node serves the slots of all of them.
		if [ "$(ask_node "$node" dbsize)" != 0 ]; then
			why="${node%:*} has keys, or says nothing of them"
			return 1
		fi
		served=$(slots_of "$node")
		if [ -n "$served" ] && { [ "$number" -ge "$MASTERS" ] || [ "$served" != "$(planned "$number")" ]; }; then
			why="${node%:*} serves $served"
			return 1
		fi
		stranger=$(view "$node" | cut -d ' ' -f 1 | foreign)
		if [ -n "$stranger" ]; then
			why="${node%:*} knows $stranger, which is no node of this cluster"
			return 1
		fi
		number=$((number + 1))
	done
}

# foreign prints those of the identities it reads that none of the nodes has.
foreign() {
	for node in $NODES; do id_of "$node"; done >"$views/identities"
	grep -v -x -F -f "$views/identities"
}

meet() { ask_node "$1" cluster meet "$(address_of "${2%:*}")" "${2#*:}" >/dev/null; }

# form takes the next step: all meet the first, then each master takes its slots.
form() {
	first=${NODES%% *} number=0
	for node in $NODES; do
		if is_alone "$node"; then
			# An epoch for each from the start, so that nobody has to settle who is older. It can be set while a node knows nobody.
			ask_node "$node" cluster set-config-epoch "$((number + 1))" >/dev/null
			if [ "$node" != "$first" ]; then meet "$first" "$node"; fi
		fi
		number=$((number + 1))
	done
	if [ "$(info "$first" cluster_known_nodes)" != "$number" ]; then return; fi
	number=0
	for node in $NODES; do
		if [ "$number" -lt "$MASTERS" ] && [ -z "$(slots_of "$node")" ]; then
			range=$(planned "$number")
			# shellcheck disable=SC2046 # a list; Redis 6.2 takes no ranges
			ask_node "$node" cluster addslots $(seq "${range%-*}" "${range#*-}") >/dev/null
			say "${node%:*} serves $range"
		fi
		number=$((number + 1))
	done
}

# forget drops what the members know of nodes that will not return: another one answers at their address, and they serve nothing.
forget() {
	view "$member" | while read -r id place flags _ _ _ _ _ served; do
		if [ -n "$served" ] || ! is_replaced "$id" "$place" "$flags"; then continue; fi
		say "forgetting $id, whose volume is gone"
		for node in $NODES; do ask_node "$node" cluster forget "$id" >/dev/null; done
	done
}

# is_replaced IDENTITY ENDPOINT FLAGS
is_replaced() {
	case ",$3," in
	*,handshake,* | *,myself,*) return 1 ;;
	esac
	if is_lost "$3"; then return 0; fi
	for node in $NODES; do
		if is_place "$node" "$2"; then
			present=$(id_of "$node")
			[ -n "$present" ] && [ "$present" != "$1" ]
			return
		fi
	done
	return 1
}

# left_behind prints the slots that a node served before its volume was lost, if nobody took them over.
left_behind() {
	view "$member" | while read -r id place _ _ _ _ _ _ served; do
		if [ -n "$served" ] && is_place "$1" "$place" && [ "$id" != "$(id_of "$1")" ]; then echo "$served"; fi
	done
}

# replicas_of ID: how many follow it. A node knows first whom it follows; only for those that do not answer a member is asked.
replicas_of() {
	for each in $NODES; do id_of "$each" | sed 's/.*/^& /'; done >"$views/answered" # the beginnings of their lines
	{
		for each in $NODES; do mine "$each"; done
		view "$member" | grep -v -f "$views/answered"
	} | cut -d ' ' -f 4 | grep -c -x "$1"
}

# poorest prints the identity of the master with the fewest replicas, of those that serve slots or wait for some.
poorest() {
	for one in $serving; do echo "$(replicas_of "$one") $one"; done | sort -n -s -k 1,1 | head -n 1 | cut -d ' ' -f 2
}

# place takes one node a step nearer to its place, and sets settled=no while one is on its way.
place() {
	settled=yes
	# As one node sees it: while a replica takes over, it and its master both call the slots their own. Who is gone for good leads no
	# more: a new node stays a master in its place, for people to give it the slots.
	leaders=$(view "$member" | cut -d ' ' -s -f 9- | grep -c .)
	leaders=$((leaders - $(orphaned | grep -c .)))
	serving=$(view "$member" | cut -d ' ' -s -f 1,3,9 | grep ' .* ' | grep -v ' [^ ]*fail' | cut -d ' ' -f 1)
	for node in $NODES; do
		if [ -z "$(id_of "$node")" ] || [ -n "$(slots_of "$node")" ] || ! is_master "$node"; then continue; fi
		if is_alone "$node"; then
			settled=no
			take_in "$node"
		elif [ "$leaders" -lt "$MASTERS" ]; then
			leaders=$((leaders + 1))
			serving="$serving $(id_of "$node")"
		elif [ "$(ask_node "$node" dbsize)" = 0 ]; then
			settled=no
			target=$(poorest)
			if [ "$(ask_node "$node" cluster replicate "$target")" = OK ]; then say "${node%:*} becomes a replica of $target"; fi
			return
		fi
	done
}

take_in() {
	lost=$(left_behind "$1")
	if [ -n "$lost" ]; then
		how="the slots $lost were served by a node at the place of ${1%:*} whose volume is gone, and no replica took over"
		return
	fi
	if [ "$(ask_node "$1" dbsize)" != 0 ]; then
		how="${1%:*} belongs to no cluster, and has keys"
		return
	fi
	say "taking in ${1%:*}"
	meet "$member" "$1"
}

# note TEXT: how it is; said when it changes.
note() {
	if [ "$(cat "$state" 2>/dev/null)" != "$*" ]; then say "$*"; fi
	echo "$*" >"$state"
}

# pass looks once, takes what steps there are, and leaves how it is: 0 whole, 1 on its way, 3 for people.
pass() {
	look
	mend
	if [ -n "$member" ]; then
		how="nodes are on their way to their places"
		forget
		place
		is_whole
	elif [ -n "$silent" ]; then
		note "waiting for$silent"
		return 1
	elif [ "$assigned" = "$slots" ]; then
		note "all slots are assigned, but the cluster does not work: too few masters see each other"
		return 1
	elif may_form; then
		note "forming the cluster"
		form
		return 1
	else
		note "not formed: $assigned of $slots slots are assigned, and $why. Nothing was changed."
		return 3
	fi
}

# orphaned prints the slots of nodes that are gone for good: another one answers at their address, and no replica took over.
orphaned() {
	view "$member" | while read -r id place flags _ _ _ _ _ served; do
		if [ -n "$served" ] && is_replaced "$id" "$place" "$flags"; then echo "$served"; fi
	done
}

# is_whole says how it is after everybody was placed.
is_whole() {
	lost=$(orphaned)
	if [ -n "$lost" ]; then
		settled=no how="the slots $lost belong to a node whose volume is gone, and no replica took over"
	elif [ -n "$silent" ]; then
		settled=no how="the cluster works, without$silent"
	elif [ "$settled" = yes ] && ! all_see_all; then
		settled=no
	fi
	if [ "$settled" = yes ]; then how=whole; fi
	note "$how"
	[ "$settled" = yes ]
}

# all_see_all tells whether every node finds the cluster complete, and nobody missing or unknown.
all_see_all() {
	for node in $NODES; do
		if [ "$(info "$node" cluster_state)" != ok ]; then return 1; fi
		if view "$node" | cut -d ' ' -f 3 | grep -q -e fail -e handshake -e noaddr; then return 1; fi
	done
}

trap 'exit 0' TERM INT
rm -f "$state"
tries=0
while :; do
	left=0
	pass || left=$?
	if [ "${1:-}" = once ] && [ "$left" != 1 ]; then exit "$left"; fi
	tries=$((tries + 1))
	if [ "${1:-}" = once ] && [ "$tries" -ge 120 ]; then exit 1; fi
	if [ "$left" = 0 ]; then sleep 5 & else sleep 1 & fi
	wait $!
done
