#!/bin/sh
# Starts one sentinel. Its file lives in a volume, because a sentinel writes what it learns into it: who leads, who the
# others are, in which epoch. At each start everything else is written anew, so that a changed intent takes effect.
#
# From the environment: NODE, NODES, PRIMARY_NAME, SENTINELS, QUORUM, CLI, SERVER, USER_ID.
set -eu
umask 077

port=6379
sentinel_port=26379
saved=/data/sentinel.conf

. ./shared/say.sh
. ./shared/ask.sh
. ./shared/lists.sh
. ./shared/certificates.sh

# first_master prints whom a sentinel without memory watches: whom another sentinel names, else the server that leads
# others, else the first of the set.
first_master() {
	for other in $SENTINELS; do
		if [ "$other" = "$NODE" ]; then continue; fi
		named=$(ask "$other" "$sentinel_port" default "$(cat /run/secrets/sentinel-password)" sentinel get-master-addr-by-name "$PRIMARY_NAME" 2>/dev/null | head -n 1)
		if is_one_of "$named" "$NODES"; then
			echo "$named"
			return
		fi
	done
	for one in $NODES; do
		if ask "$one" "$port" health "$(cat /run/secrets/health-password)" info replication 2>/dev/null | grep -q '^connected_slaves:[1-9]'; then
			echo "$one"
			return
		fi
	done
	echo "${NODES%% *}"
}

# learned FILE MASTER prints what is to be kept of the saved file, without the first word: identity, epochs, and peers that still belong to
# the set. A sentinel does not start on a file that names a replica twice, or the master among them.
learned() {
	replicas=''
	while read -r word kind name host rest; do
		case "$word $kind" in
		"sentinel myid" | "sentinel current-epoch" | "sentinel config-epoch" | "sentinel leader-epoch") ;;
		"sentinel known-replica" | "sentinel known-slave")
			if [ "$host" = "$2" ] || is_one_of "$host" "$replicas" || ! is_one_of "$host" "$NODES"; then continue; fi
			replicas="$replicas $host"
			;;
		"sentinel known-sentinel") is_one_of "$host" "$SENTINELS" || continue ;;
		*) continue ;;
		esac
		echo "$kind $name${host:+ $host}${rest:+ $rest}"
	done <"$1"
}

if [ ! -e "$saved" ]; then : >"$saved"; fi
master=$(sed -n "s/^sentinel monitor $PRIMARY_NAME \([^ ]*\) .*/\1/p" "$saved")
if ! is_one_of "$master" "$NODES"; then
	master=$(first_master)
	say "watching $master first"
fi
learned "$saved" "$master" >/data/learned

{
	cat /usr/local/etc/redis/sentinel.conf
	printf '\n'
	printf 'requirepass %s\n' "$(cat /run/secrets/sentinel-password)"
	printf 'sentinel sentinel-pass %s\n' "$(cat /run/secrets/sentinel-password)"
	printf 'sentinel announce-ip %s\n' "$NODE"
	printf 'sentinel monitor %s %s %s %s\n' "$PRIMARY_NAME" "$master" "$port" "$QUORUM"
	printf 'sentinel auth-pass %s %s\n' "$PRIMARY_NAME" "$(cat /run/secrets/monitor-password)"
	sed 's/^/sentinel /' /data/learned
} >/data/next.conf
mv /data/next.conf "$saved"
rm -f /data/learned
chown -R "$USER_ID" /data

copy_certificates
if has_tls; then chown -R "$USER_ID" /run/redis; fi

exec docker-entrypoint.sh "$SERVER" "$saved" --sentinel
