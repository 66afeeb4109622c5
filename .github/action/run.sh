#!/bin/bash
# What the action does on a runner: builds rcomp from the action's own checkout, judges compose files, and compares
# generated files with their intents. Both are done before it fails.
#
# Reads GITHUB_ACTION_PATH and GITHUB_WORKSPACE, and the action's inputs as RCOMP_PATHS, RCOMP_FAIL_ON, RCOMP_INTENTS
# and RCOMP_WORKING_DIRECTORY.
set -euo pipefail

directory=$(mktemp -d "${RUNNER_TEMP:-/tmp}/rcomp.XXXXXX")
trap 'rm -rf "$directory"' EXIT
# A go.work of the repository that is judged must not take part in the build.
(cd "$GITHUB_ACTION_PATH" && GOWORK=off go build -o "$directory/rcomp" .)

cd -- "$GITHUB_WORKSPACE"
workspace=$(pwd -P)
cd -- "$RCOMP_WORKING_DIRECTORY"
# The pull request may have made a link of it.
case $(pwd -P)/ in
"${workspace%/}"/*) ;;
*)
	echo "rcomp: the working directory leads out of the workspace" >&2
	exit 2
	;;
esac

# lines TEXT: the lines of a text without blanks around them and without empty ones, each ended by NUL.
lines() {
	local line
	while read -r line; do
		[ -z "$line" ] || printf '%s\0' "$line"
	done <<<"$1"
}

find_intents() {
	find . \( -name .git -o -name node_modules -o -name vendor \) -prune -o \
		-type f \( -name redis.toml -o -name '*.redis.toml' \) -print0 | sort -z
}

status=0

readarray -d '' -t paths < <(lines "$RCOMP_PATHS")
fail_on=() # without the input the repository's settings say
[ -z "$RCOMP_FAIL_ON" ] || fail_on=(--fail-on "$RCOMP_FAIL_ON")
"$directory/rcomp" lint --format github "${fail_on[@]}" -- "${paths[@]}" || status=$?

if [ "$RCOMP_INTENTS" = auto ]; then
	readarray -d '' -t intents < <(find_intents)
else
	readarray -d '' -t intents < <(lines "$RCOMP_INTENTS")
fi
if [ "${#intents[@]}" -gt 0 ]; then
	"$directory/rcomp" gen --format github --check -- "${intents[@]}" || status=$((status > $? ? status : $?))
fi

exit "$status"
