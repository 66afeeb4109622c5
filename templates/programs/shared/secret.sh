# secret NAME: the first line of a secret. Without one it fails, and so does what asks for it: the hash of nothing would let in whoever gives no
# password.
secret() {
	secret_line=$(head -n 1 "/run/secrets/$1" | tr -d '\r\n')
	if [ -z "$secret_line" ]; then
		echo "the secret $1 is missing or empty" >&2
		return 1
	fi
	printf '%s' "$secret_line"
}
