# Nodes get another address at each start, and with-names.sh keeps those that answer in the hosts file: a node is known by its name.

# place_of NAME:PORT is what others know a node by; locate WORD sets at, the same of the second word of a line of CLUSTER NODES.
place_of() { echo "${1%:*}"; }
locate() {
	at=${1#*,}
	at=${at%%,*}
}

# is_nowhere NAME tells whether a node has no address yet, or none any more.
is_nowhere() {
	case $(address_of "$1") in
	'' | 192.0.2.*) return 0 ;;
	esac
	return 1
}

# await_addresses waits until this node has one, and 15 seconds for those of the others. The swarm gives a node its name before its server
# starts. So of two nodes that start together one knows where the other is, connects to it, and is known by that.
await_addresses() {
	began=$(date +%s) said=''
	while :; do
		missing=''
		for each in $NODES; do
			if is_nowhere "${each%:*}"; then missing="$missing ${each%:*}"; fi
		done
		if [ -z "$missing" ]; then return; fi
		if ! is_one_of "$NODE" "$missing" && [ "$(($(date +%s) - began))" -ge 15 ]; then
			say "no address of$missing: going on without"
			return
		fi
		if [ "$missing" != "$said" ]; then say "waiting: no address yet of$missing"; fi
		said=$missing
		sleep 1 &
		wait $!
	done
}

# correct_addresses rewrites nodes.conf: containers get other addresses at each start, the names in it stay. A node without an address gets
# the one where nobody answers, so that its absence is noticed and others are asked for it.
correct_addresses() {
	if [ ! -s "$identity" ]; then return; fi
	for each in $NODES; do
		cat <<-end
			s/^\([0-9a-f]\{40\} \)[^ ,]*\(,${each%:*}[ ,]\)/\1$(endpoint_of "$each")\2/
			t known
		end
	done >/data/nodes.corrections
	printf 'b\n:known\ns/,noaddr / /\n' >>/data/nodes.corrections
	# Where only TLS is spoken, newer releases write 0 for the port and the port itself behind, which is 0 as well while no address is known.
	if has_tls; then
		printf 's/^\\([^ ]* [^ ,]*\\):[0-9]*\\(@[^ ]*,tls-port=\\)[0-9]*/\\1:0\\2%s/\n' "$PORT" >>/data/nodes.corrections
	fi
	sed -f /data/nodes.corrections "$identity" >"$identity.next"
	mv "$identity.next" "$identity"
	rm -f /data/nodes.corrections
}
