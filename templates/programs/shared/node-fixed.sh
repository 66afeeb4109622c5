# Nodes keep their addresses, which the hosts file has from the start: a node is known by its endpoint.

# place_of NAME:PORT is what others know a node by; locate WORD sets at, the same of the second word of a line of CLUSTER NODES.
place_of() { endpoint_of "$1"; }
locate() { at=${1%%,*}; }

endpoints=/data/nodes.endpoints

# await_addresses: the hosts file is complete.
await_addresses() { :; }

# correction FORMER PRESENT: what sed does to a line of nodes.conf.
correction() { printf 's/^\\([0-9a-f]\\{40\\} \\)%s\\([ ,]\\)/\\1%s\\2/\nt\n' "$1" "$2"; }

# correct_addresses rewrites nodes.conf where a node lives elsewhere than at the last start.
correct_addresses() {
	for each in $NODES; do echo "${each%:*} $(endpoint_of "$each")"; done >"$endpoints.next"
	if [ -s "$identity" ] && [ -s "$endpoints" ]; then
		while read -r name present; do
			former=$(sed -n "s/^$name //p" "$endpoints")
			if [ -n "$former" ] && [ "$former" != "$present" ]; then
				correction "$former" "$present"
				# Where only TLS is spoken, newer releases write 0 for the port and the port itself behind.
				correction "${former%:*}:0@${former#*@}" "${present%:*}:0@${present#*@}"
			fi
		done <"$endpoints.next" >/data/nodes.corrections
		sed -f /data/nodes.corrections "$identity" >"$identity.next"
		mv "$identity.next" "$identity"
		rm -f /data/nodes.corrections
	fi
	mv "$endpoints.next" "$endpoints"
}
