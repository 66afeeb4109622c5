#!/bin/sh
# with-names.sh PROGRAM: runs a start program, and keeps the names of the other members in this container's hosts file meanwhile.
#
# The engine's DNS drops the name of a service without a healthy task, with endpoint_mode vip as with dnsrr, and on an internal network it then
# leaves the question unanswered: a look-up took 20 seconds (tried on engine 20.10.24). A server or a sentinel looks up names in the thread that
# does everything, so it would stand still, and a sentinel that stands still loses its sense of time (TILT). Here the look-ups wait in a
# process of their own. A member that has no address at the moment gets one where nobody answers, and none that another has: sentinels take
# servers of the same address for the same server, and then write a file that they do not read again (seen on Redis 7.0.15).
#
# The own name of a node of a cluster leads to the address at which the others see it: that is what it announces. The swarm gives it a name once its
# container is healthy, so it stands for nobody's address for the first seconds.
#
# Of several networks that the members share the DNS would answer for one with a way out before the stack's own internal one (tried on engine
# 20.10.24), and what goes from member to member would leave it. So the network is part of the question.
#
# From the environment: NODES (name:port in a cluster), NETWORK; of a set also NODE and SENTINELS.
set -eu

nobody=192.0.2 # a network for documentation (RFC 5737)
addresses=$(mktemp -d)
names='' own=''
for each in $NODES ${SENTINELS:-}; do names="$names ${each%:*}"; done
case $NODES in
*:*) ;;
*) own=$NODE ;; # of a set: it stands in the hosts file once and for all
esac

# question NAME: tasks.NAME stands in no hosts file, so this asks the DNS.
question() { echo "tasks.$1.$NETWORK"; }

questions=''
for name in $names; do
	if [ "$name" != "$own" ]; then questions="$questions $(question "$name")"; fi
done

# find_address NAME NUMBER
find_address() {
	address=$(timeout 2 getent hosts "$(question "$1")") || :
	echo "${address:-$nobody.$2}" >"$addresses/$1"
}

# write_names writes all lines at their places with one write: whoever reads the file meanwhile finds every name.
write_names() {
	{
		cat "$addresses/.others"
		for name in $names; do
			if [ "$name" = "$own" ]; then continue; fi
			read -r address _ <"$addresses/$name"
			printf '%-15s %s\n' "$address" "$name"
		done
	} >"$addresses/.next"
	if [ "$(cat "$addresses/.next")" = "$(cat /etc/hosts)" ]; then return; fi
	dd if="$addresses/.next" of=/etc/hosts bs=64k conv=notrunc 2>/dev/null
}

# find_all asks for all names by one program. Where one hangs, those behind it would wait: then each is asked alone, and so it goes on for a while.
apart=0
find_all() {
	# shellcheck disable=SC2086 # a list
	if [ "$apart" = 0 ] && timeout 2 getent hosts $questions >"$addresses/.found"; then
		while read -r address name _; do
			name=${name#tasks.}
			echo "$address" >"$addresses/${name%".$NETWORK"}"
		done <"$addresses/.found"
		return
	fi
	apart=$(((apart + 29) % 30)) number=0
	for name in $names; do
		number=$((number + 1))
		if [ "$name" != "$own" ]; then find_address "$name" "$number" & fi
	done
	wait
}

keep_names() {
	while :; do
		find_all
		write_names
		# Servers of a cluster go by addresses that they tell each other: once one runs, the names are for people.
		if [ -z "$own" ] && [ -e /run/redis/started ]; then sleep 10; else sleep 1; fi
	done
}

if [ -n "$own" ]; then printf '127.0.0.1       %s\n' "$own" >>/etc/hosts; fi
cp /etc/hosts "$addresses/.others"
find_all
write_names
keep_names &
exec sh "/usr/local/lib/rcomp/$1"
