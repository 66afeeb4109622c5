# Nodes keep their addresses, which the hosts file has from the start: a node is known by its endpoint.

# is_place NAME:PORT WORD: is that node meant by the second word of a line of CLUSTER NODES?
is_place() { [ "${2%%,*}" = "$(endpoint_of "$1")" ]; }

# is_lost FLAGS: a node without an address will not return.
is_lost() {
	case ",$1," in
	*,noaddr,*) return 0 ;;
	esac
	return 1
}

# mend: nobody moves.
mend() { :; }
