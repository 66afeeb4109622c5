# ask HOST PORT USER PASSWORD WORD...: one command. It fails as the client does, and where no answer came within so many seconds: an address
# that is gone would hold us up for three. Lines of INFO end as the server has them, with a carriage return.
patience=1
ask() {
	ask_host=$1 ask_port=$2 ask_user=$3 ask_password=$4
	shift 4
	# shellcheck disable=SC2086 # the client and its options
	REDISCLI_AUTH=$ask_password timeout "$patience" $CLI -h "$ask_host" -p "$ask_port" --user "$ask_user" "$@" </dev/null
}
