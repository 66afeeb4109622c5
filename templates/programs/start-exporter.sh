#!/bin/sh
# Starts redis_exporter with the passwords in its file, which lives in memory and is root's. They stand in no argument and no environment, and
# each goes to the members that it is for and to no other address that somebody asks the exporter to scrape.
#
# From the environment: SCHEME (redis or rediss), ADDRESS (of the server that /metrics is about, or empty), SERVERS, SENTINELS.
set -eu
umask 077

. ./shared/secret.sh

# write_passwords USER SECRET MEMBER...: a line of JSON for each member, by the address that Prometheus gives it.
write_passwords() {
	user=$1 password=$(secret "$2")
	password=$(printf '%s' "$password" | sed 's/[\\"]/\\&/g')
	shift 2
	for member in "$@"; do
		printf '%s\n"%s://%s@%s": "%s"' "$separator" "$SCHEME" "$user" "$member" "$password"
		separator=,
	done
}

separator=''
{
	printf '{'
	# shellcheck disable=SC2086 # a list
	write_passwords exporter exporter-password $SERVERS
	if [ -n "$SENTINELS" ]; then
		# shellcheck disable=SC2086 # a list
		write_passwords default sentinel-password $SENTINELS
	fi
	printf '\n}\n'
} >/run/exporter/passwords.json

# By the files that this container has: a certificate is only there where clients need one.
set -- -config-command=- -connection-timeout=3s
if [ -e /run/secrets/tls-authority.pem ]; then set -- "$@" -tls-ca-cert-file=/run/secrets/tls-authority.pem; fi
if [ -e /run/secrets/tls-key.pem ]; then
	set -- "$@" -tls-client-cert-file=/run/secrets/tls-certificate.pem -tls-client-key-file=/run/secrets/tls-key.pem
fi

# No CONFIG: it would show the exporter the passwords that servers have of each other, and INFO has the limits too. A member that does not
# answer must not hold up a scrape, which Prometheus gives 10 seconds.
exec /redis_exporter -redis.addr="$ADDRESS" -redis.user=exporter -redis.password-file=/run/exporter/passwords.json "$@"
