# recreate SERVICE WORD...: with words for docker compose up.
recreate() {
	say "$1"
	service=$1
	shift
	docker compose up --detach --no-deps --force-recreate "$@" "$service" </dev/null || give_up "$service does not start, or is not healthy"
}

# recreate_beside SUFFIX WORD...: a service that stands beside the members, where there is one.
services=$(docker compose config --services | tr '\n' ' ')
recreate_beside() {
	beside=$name-$1
	shift
	if is_one_of "$beside" "$services"; then recreate "$beside" "$@"; fi
}
