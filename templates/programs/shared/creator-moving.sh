# Nodes get another address at each start, and with-names.sh keeps those that answer in the hosts file: a node is known by its name.

# is_place NAME:PORT WORD: is that node meant by the second word of a line of CLUSTER NODES? Addresses change hands, names do not.
is_place() {
	case $2, in
	*",${1%:*},"*) return 0 ;;
	esac
	return 1
}

# is_lost FLAGS: nobody is, only because others have not learned its address yet.
is_lost() { return 1; }

# mend tells nodes where others are by now. A node that comes back with another address tells it to those whom it reaches; this is for two of
# which neither knows where the other is. Who is met again keeps the identity.
mend() {
	for other in $NODES; do
		id=$(id_of "$other")
		if [ -z "$id" ]; then continue; fi
		grep -H "^$id " "$views"/*.nodes | grep -e disconnected -e fail -e noaddr | grep -v -F -e myself -e " $(endpoint_of "$other")," |
			while read -r line; do
				node=${line%%.nodes:*}
				node=${node##*/}
				say "telling ${node%:*} where ${other%:*} is"
				meet "$node" "$other"
			done
	done
}
