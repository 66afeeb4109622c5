#!/bin/sh
# Starts one server of a replicated set, stays beside it as process 1, and hands its role over before it stops.
#
# What it holds to:
#   - Nobody becomes master because nobody answered: a majority of the sentinels names the master. Without sentinels
#     it is always the first server.
#   - A master that comes back waits until another one is named and joins it as a replica. It leads again only where no
#     replica is left that followed it to the end, which is after the whole set was off.
#   - A master whose data are gone does not lead over a server that has some.
#   - What a node of a cluster left in the volume is replaced by nothing.
#   - A replica that has not followed a master since its start is no candidate for promotion.
#   - A replica lets go of a master that is silent, before anybody can be promoted in its place.
#
# From the environment: NODE, NODES, PRIMARY_NAME, SENTINELS, KEEPS_DATA (yes or no), SILENCE and HAND_OVER (seconds), SERVER,
# CLI, USER_ID.
#
# shellcheck disable=SC2317 # stop and what it calls run by trap
set -eu
umask 077

port=6379
sentinel_port=26379

. ./shared/say.sh
. ./shared/ask.sh
. ./shared/field.sh
. ./shared/lists.sh
. ./shared/secret.sh
. ./shared/users.sh
. ./shared/certificates.sh
. ./shared/myself.sh

server() { ask "$1" "$port" health "$(cat /run/secrets/health-password)" info 2>/dev/null; }
sentinel() {
	sentinel_host=$1
	shift
	ask "$sentinel_host" "$sentinel_port" default "$(cat /run/secrets/sentinel-password)" sentinel "$@" 2>/dev/null
}

majority() {
	# shellcheck disable=SC2086 # a list
	set -- $SENTINELS
	echo $(($# / 2 + 1))
}

# named_master prints the server that a majority of all sentinels names, or nothing.
named_master() {
	if [ -z "$SENTINELS" ]; then
		echo "${NODES%% *}"
		return
	fi
	for one in $SENTINELS; do
		sentinel "$one" get-master-addr-by-name "$PRIMARY_NAME" | head -n 1
	done | sort | uniq -c | while read -r votes name; do
		if [ "$votes" -ge "$(majority)" ] && is_one_of "$name" "$NODES"; then echo "$name"; fi
	done
}

# holds_any FILE... tells whether the volume holds one of the files.
holds_any() {
	for file in "$@"; do
		if [ -s "$file" ]; then return 0; fi
	done
	return 1
}

# has_every_write tells whether the volume holds all that this server accepted; has_data, whether it holds something of an
# earlier run.
has_every_write() { holds_any /data/appendonlydir/*.manifest /data/appendonly.aof; }
has_data() { has_every_write || holds_any /data/dump.rdb; }

# look_around asks the other servers and sets:
#   heir    one that followed the master to the end, or leads already
#   holder  one that has keys, or is still loading them
#   silent  one that does not answer
look_around() {
	heir='' holder='' silent=''
	for other in $NODES; do
		if [ "$other" = "$NODE" ]; then continue; fi
		info=$(server "$other") || info=
		role=$(field role "$info")
		priority=$(field slave_priority "$info")
		if [ -z "$role" ]; then
			silent=$other
		elif [ "$role" = master ] || [ "${priority:-0}" != 0 ]; then
			heir=$other
		fi
		if [ "$(field loading "$info")" = 1 ] || [ -n "$(field 'db[0-9]*' "$info")" ]; then holder=$other; fi
	done
}

# was_whole tells whether a sentinel remembers replicas: then this is not the first start of the set.
was_whole() {
	for one in $SENTINELS; do
		known=$(sentinel "$one" replicas "$PRIMARY_NAME") || continue
		if [ -n "$known" ]; then return 0; fi
	done
	return 1
}

# may_lead decides for the server that is named. It sets why when the answer is no.
may_lead() {
	look_around
	if [ -n "$SENTINELS" ] && [ -n "$heir" ]; then
		why="$heir followed until the end and is promoted before this server joins it"
	elif has_data; then
		# Somebody who only answers more slowly may have followed to the end, and have more than a snapshot.
		enough=10
		if has_every_write; then enough=2; fi
		why="$silent does not answer yet"
		[ -z "$silent" ] || [ "$waited" -ge "$enough" ]
		return
	elif [ -n "$holder" ]; then
		why="this server has no data, but $holder has: it has to lead, or be restored here"
	elif [ -z "$silent" ]; then
		return 0
	elif [ "$KEEPS_DATA" = yes ] && { [ -z "$SENTINELS" ] || was_whole; }; then
		why="this server lost its data and $silent, which may have them, does not answer"
	else
		why="$silent does not answer yet"
		[ "$waited" -ge 10 ]
		return
	fi
	return 1
}

# await_own_volume waits while the volume has what a node of a cluster kept: its part of the keys would be replaced by a copy of another one's.
await_own_volume() {
	if [ ! -e /data/nodes.conf ]; then return; fi
	say "waiting: the volume has keys of a node of a cluster, which a copy of the master's would replace; move them away, or remove the volume"
	while [ -e /data/nodes.conf ]; do
		sleep 1 &
		wait $!
	done
}

# find_master waits until it is certain whom to follow, and sets master, which is this server when it leads.
find_master() {
	waited=0 said=
	while :; do
		master=$(named_master)
		if [ -z "$master" ]; then
			why="no majority of the sentinels names a master"
			waited=0
		elif [ "$master" != "$NODE" ] || may_lead; then
			return
		fi
		if [ "$why" != "$said" ]; then say "waiting: $why"; fi
		said=$why
		sleep 1 &
		wait $!
		waited=$((waited + 1))
	done
}

# watch stays beside the server and looks once a second, more often while it has not followed anybody: sentinels ask a replica every second
# until it is linked, and every ten from then on, so it should be a candidate by then.
watch() {
	candidate=no led=no alone=0 free=0 pause=0.2
	while sleep "$pause"; do
		state=$(myself info replication) || continue
		if [ "$(field role "$state")" = master ]; then
			candidate=yes pause=1
			lead "$(named_master)"
		else
			led=no
			follow
		fi
	done
}

# lead NAMED: one look of a server that leads. It steps down as soon as a majority that had named it names somebody else.
lead() {
	if [ "$1" = "$NODE" ]; then
		led=yes
	elif [ -n "$1" ] && [ "$led" = yes ]; then
		say "stepping down: the sentinels name $1"
		if myself replicaof "$1" "$port" >/dev/null; then led=no; fi
	fi
}

# follow: one look of a replica.
follow() {
	link=$(field master_link_status "$state")
	if [ "$candidate" = no ]; then
		become_candidate
	elif [ -z "$SENTINELS" ]; then
		return
	elif [ "$link" = up ] && [ "$(field master_last_io_seconds_ago "$state")" -ge "$SILENCE" ]; then
		say "letting go of a master that is silent"
		free=0
		myself replicaof "$nobody" 1 >/dev/null || :
	elif [ "$(field master_host "$state")" = "$nobody" ]; then
		follow_again
	fi
}

# become_candidate makes a replica one that can be promoted: when it has followed its master, or no master came for long.
become_candidate() {
	alone=$((alone + 1))
	if [ "$link" = up ] || [ "$alone" -ge 150 ]; then
		if myself config set replica-priority 100 >/dev/null; then candidate=yes pause=1; fi
	fi
}

# A master that hangs may wake up while another one is being promoted. If a replica were still attached, it would confirm
# writes that are thrown away a moment later. So a replica lets go of a silent master before the sentinels can call it
# lost, by following nobody, and comes back only to one that answers and that no sentinel is about to replace.
nobody=127.0.0.1
follow_again() {
	free=$((free + 1))
	named=$(named_master)
	if [ -z "$named" ] || [ "$named" = "$NODE" ]; then return; fi
	if [ "$(field role "$(server "$named")")" = master ] && nobody_replaces "$named" && is_free; then
		say "following $named again"
		myself replicaof "$named" "$port" >/dev/null || :
	fi
}

# is_free tells whether this replica still follows nobody: the sentinels may have given it a master meanwhile.
is_free() { [ "$(field master_host "$(myself info replication)")" = "$nobody" ]; }

# nobody_replaces NAMED tells whether every sentinel sees this master healthy and in its place. One that does not answer may
# be just replacing it; after ten seconds it is taken for gone, and a majority is enough.
nobody_replaces() {
	content=0 all=0
	for one in $SENTINELS; do
		all=$((all + 1))
		case $(sentinel "$one" master "$PRIMARY_NAME" | sed -n '/^ip$/{n;p;};/^flags$/{n;p;}' | tr '\n' ' ') in
		"$1 master ") content=$((content + 1)) ;;
		'') ;;
		*) return 1 ;;
		esac
	done
	needed=$all
	if [ "$free" -gt 10 ]; then needed=$(majority); fi
	[ "$content" -ge "$needed" ]
}

# hand_over gives the role away before the server stops: no write is accepted from here on, so any replica that has
# all of it may be promoted, and the clients find it when this server hangs up.
hand_over() {
	ended=$(($(date +%s) + HAND_OVER))
	if [ -z "$SENTINELS" ] || ! leads_until "$ended" || [ "$(named_master)" != "$NODE" ]; then return 0; fi
	say "handing over"
	until [ "$(field connected_slaves "$info")" = 0 ] || promotable || [ "$(date +%s)" -ge "$ended" ]; do sleep 0.2; done
	until stop_writes; do
		if [ "$(date +%s)" -ge "$ended" ]; then
			say "writes could not be stopped in $HAND_OVER seconds"
			return 0
		fi
	done
	until everyone_has_all || [ "$(date +%s)" -ge "$ended" ]; do sleep 0.2; done
	for one in $SENTINELS; do
		answer=$(sentinel "$one" failover "$PRIMARY_NAME") || :
		case $answer in
		OK | INPROG*) break ;;
		esac
	done
	case $answer in
	NOGOODSLAVE*)
		say "no sentinel knows a replica to promote"
		return 0
		;;
	esac
	while [ "$(date +%s)" -lt "$ended" ]; do
		named=$(named_master)
		if [ -n "$named" ] && [ "$named" != "$NODE" ]; then
			say "handed over to $named"
			return 0
		fi
		sleep 0.2
	done
	say "nobody took over in $HAND_OVER seconds"
}

# promotable tells whether a sentinel knows a replica that it may promote. Of one that restarted it can hear ten seconds later that it follows again;
# until then clients write on.
promotable() {
	for one in $SENTINELS; do
		if sentinel "$one" replicas "$PRIMARY_NAME" | sed -n '/^flags$/{n;h;}; /^slave-priority$/{n;H;x;s/\n/ /p;}' | grep -q '^slave [1-9]'; then return 0; fi
	done
	return 1
}

# stop_writes tells whether the server said that it takes no write until it is stopped. An order that nobody answered in time may not have
# arrived, and whatever is accepted while another server is promoted is lost.
stop_writes() { [ "$(myself client pause "$(((HAND_OVER + 30) * 1000))" write)" = OK ]; }

# everyone_has_all tells whether every replica that is attached has acknowledged all that was written. No answer is none.
everyone_has_all() {
	info=$(myself info replication) || return 1
	written=$(field master_repl_offset "$info")
	if [ -z "$written" ]; then return 1; fi
	echo "$info" | sed -n 's/^slave[0-9]*:.*state=\([a-z_]*\),offset=\([0-9]*\),.*/\1 \2/p' | {
		while read -r state offset; do
			if [ "$state" != online ] || [ "$offset" -lt "$written" ]; then exit 1; fi
		done
	}
}

stop() {
	trap '' TERM INT
	if [ -n "$process" ]; then
		hand_over
		kill "$watcher" 2>/dev/null || :
		kill -TERM "$process" 2>/dev/null || :
		wait "$process" || :
	fi
	exit 0
}

process=''
trap stop TERM INT

copy_certificates
{
	cat /usr/local/etc/redis/redis.conf
	printf '\nmasterauth %s\n' "$(cat /run/secrets/replica-password)"
	printf 'replica-announce-ip %s\n' "$NODE"
} >/run/redis/redis.conf
write_users >/run/redis/users.acl
chown -R "$USER_ID" /run/redis

await_own_volume
find_master
if [ "$master" = "$NODE" ]; then
	say "leading"
	host=no of=one priority=100
else
	say "following $master"
	host=$master of=$port priority=0
fi
docker-entrypoint.sh "$SERVER" /run/redis/redis.conf --replicaof "$host" "$of" --replica-priority "$priority" &
process=$!
: >/run/redis/started # from here on a server that does not answer is not alive
watch &
watcher=$!
status=0
wait "$process" || status=$?
kill "$watcher" 2>/dev/null || :
exit "$status"
