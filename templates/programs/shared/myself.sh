# A server learns of a password that was changed under secrets/ when it starts again, so it is asked with what it was started with.
operator=$(cat /run/secrets/operator-password)

# myself WORD...: one command to the server of this program.
myself() { ask 127.0.0.1 "$port" operator "$operator" "$@" 2>/dev/null; }

# leads_until SECOND sets info and tells whether the server leads. One that is slow is asked again until that second of the clock: no answer in time is
# none. Where nobody listens, the client ends with 1.
leads_until() {
	until info=$(myself info replication); do
		if [ $? = 1 ] || [ "$(date +%s)" -ge "$1" ]; then return 1; fi
	done
	[ "$(field role "$info")" = master ]
}
