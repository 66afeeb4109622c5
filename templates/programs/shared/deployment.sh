# setting NAME: what the deployment's file, beside this program, says of all members.
setting() { sed -n "s/^  $1: //p" "$deployment" | head -n 1 | sed "s/ #.*//" | tr -d '"'; }

# name_of NODES: what the deployment is called, by its first server.
name_of() {
	name=${1%% *}
	name=${name%%:*}
	echo "${name%-*}"
}

give_up() {
	say "$*; the rest is left as it was" >&2
	exit 1
}
