# write_user NAME SECRET RULES: a line of the ACL file, with the hash of the password.
write_user() {
	password=$(secret "$2") || return 1
	hash=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)
	echo "user $1 on #$hash $3"
}

# write_users: the ACL file that users.txt describes, where a user's password is the name of its secret behind an @.
write_users() {
	while read -r word name state secret rules; do
		case "$word $state" in
		'user on') write_user "$name" "${secret#@}" "$rules" ;;
		'user off') echo "user $name off" ;;
		esac
	done </usr/local/etc/redis/users.txt
}
