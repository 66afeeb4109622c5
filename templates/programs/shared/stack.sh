# file_of SECRET: where the stack has it from. docker run mounts absolute paths alone.
file_of() {
	found=$(awk -v wanted="$1:" '
		/^[^ #]/ { secrets = ($1 == "secrets:") }
		/^  [^ ]/ { this = ($1 == wanted) }
		secrets && this && $1 == "file:" { print $2 }
	' "$deployment")
	case $found in
	/*) echo "$found" ;;
	*) echo "$PWD/${found#./}" ;;
	esac
}

# run_client SECRET WORD...: a shell with these words, in a container on the stack's network that has the secret and whatever the client reads.
run_client() {
	secret=$1
	shift
	for word in $client; do
		case $word in
		/run/secrets/*) set -- --mount "type=bind,source=$(file_of "${word##*/}"),target=$word,readonly" "$@" ;;
		esac
	done
	docker run --rm --network "${stack}_redis" --mount "type=bind,source=$PWD/secrets/$secret,target=/password,readonly" "$@"
}

# only SERVICE prints docker-stack.yml with that service and no other.
only() {
	awk -v kept="$1:" '
		/^[^ #]/ { services = ($1 == "services:") }
		services && /^  [^ ]/ { other = ($1 != kept && $1 != "\"" substr(kept, 1, length(kept) - 1) "\":") }
		!services { other = 0 }
		!other
	' "$deployment"
}

# deploy SERVICE
deploy() {
	say "$1"
	only "$1" | docker stack deploy --resolve-image never --detach=false --compose-file - "$stack" >/dev/null
}

deploy_all() { docker stack deploy --resolve-image never --detach=false --compose-file "$deployment" "$stack" >/dev/null; }

# settle AFTER: waits two minutes for a deployment that is whole, as is_whole tells.
settle() {
	tries=0
	until is_whole; do
		tries=$((tries + 1))
		if [ "$tries" -ge 120 ]; then give_up "$broken after $1"; fi
		sleep 1
	done
}
