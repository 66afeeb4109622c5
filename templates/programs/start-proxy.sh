#!/bin/sh
# Starts HAProxy with the passwords in its file, which lives in memory and is root's. They stand in no argument and no environment.
set -eu
umask 077
LC_ALL=C
export LC_ALL

. ./shared/secret.sh

# request WORD...: a command as servers read it, in hexadecimal, so that no character of a password means anything to HAProxy.
request() {
	{
		printf '*%d\r\n' $#
		for word in "$@"; do printf '$%d\r\n%s\r\n' "${#word}" "$word"; done
	} | od -A n -v -t x1 | tr -d ' \n'
}

# Where clients need a certificate, the checks log in with the servers' one; HAProxy wants it in one file with its key.
if [ -e /run/secrets/tls-key.pem ]; then
	cat /run/secrets/tls-certificate.pem /run/secrets/tls-key.pem >/run/haproxy/client.pem
fi

health=$(secret health-password) sentinel=$(secret sentinel-password)
health=$(request AUTH health "$health")
sentinel=$(request AUTH "$sentinel")
now=$(date +%s)

while IFS= read -r line; do
	case $line in
	*' @health') line=${line%@health}$health ;;
	*' @sentinel') line=${line%@sentinel}$sentinel ;;
	*' @starting') line=${line%@starting}$now:$((now + 2)) ;; # seconds of the clock
	esac
	printf '%s\n' "$line"
done </usr/local/etc/haproxy/haproxy.cfg >/run/haproxy/haproxy.cfg

# Quiet, HAProxy says nothing twice, and nothing of the votes, but nothing of a fault in its file either: so that is looked for first.
# What it logs goes where the file says: to 3, our output.
haproxy -c -f /run/haproxy/haproxy.cfg
exec haproxy -db -q -f /run/haproxy/haproxy.cfg 3>&1
