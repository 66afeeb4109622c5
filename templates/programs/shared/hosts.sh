# address_of NAME: from the hosts file, which the deployment fills or with-names.sh keeps. No name server is asked.
address_of() {
	while read -r address names; do
		case " $names " in
		*" $1 "*) echo "$address" ;;
		esac
	done </etc/hosts | head -n 1
}

# endpoint_of NAME:PORT: as nodes.conf and CLUSTER NODES have it.
endpoint_of() { echo "$(address_of "${1%:*}"):${1#*:}@$((${1#*:} + 10000))"; }
