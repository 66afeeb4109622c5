#!/bin/bash
# What the action does on a runner: judges compose files, and compares generated files with their intents. Both are done before it fails.
#
# Reads the variables that GitHub sets, the directory of the program as RCOMP_DIRECTORY, and the action's inputs as RCOMP_PATHS and so on (action.yml).
set -euo pipefail

fail() {
	echo "rcomp: $1" >&2
	exit 2
}

if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then fail "it needs bash 4.4 or later, as runners with Linux have it"; fi

program=$RCOMP_DIRECTORY/rcomp
temporary=$(mktemp -d "${RUNNER_TEMP:-/tmp}/rcomp.XXXXXX")
beside= # a directory in the workspace, for a moment
trap 'rm -rf "$temporary" ${beside:+"$beside"}' EXIT

cd -- "$GITHUB_WORKSPACE"
workspace=$(pwd -P)
cd -- "$RCOMP_WORKING_DIRECTORY"
# The pull request may have made a link of it.
case $(pwd -P)/ in
"${workspace%/}"/*) ;;
*) fail "the working directory leads out of the workspace" ;;
esac
# A link may lead to a directory whose name has lines, which would be outputs of this step.
case $(pwd -P) in *$'\n'* | *$'\r'*) fail "the working directory has a line break in its path" ;; esac

# lines TEXT: the lines of a text without blanks around them and without empty ones, each ended by NUL.
lines() {
	local line
	while read -r line; do
		[ -z "$line" ] || printf '%s\0' "$line"
	done <<<"$1"
}

# git_quietly ARGUMENT...: git, with nothing that a repository or a runner configures being run.
git_quietly() {
	GIT_TERMINAL_PROMPT=0 git -c core.hooksPath=/dev/null -c core.fsmonitor=false -C "$workspace" "$@"
}

# base_commit: the commit that a pull request is compared with, which is fetched where a shallow checkout has not got it. Prints nothing where there is none.
base_commit() {
	local name=$RCOMP_BASE
	[ -n "$name" ] || name=${GITHUB_BASE_REF:-}
	[ -n "$name" ] || return 0
	case $name in -* | +* | *:*) fail "base names no branch, tag or commit: $(printf %q "$name")" ;; esac
	local known
	for known in "refs/remotes/origin/$name" "$name"; do
		if git_quietly rev-parse --verify --quiet --end-of-options "$known^{commit}"; then return 0; fi
	done
	git_quietly fetch --quiet --no-tags --depth=1 --no-recurse-submodules -- origin "$name" >&2 || fail "the base $(printf %q "$name") cannot be fetched"
	git_quietly rev-parse --verify --quiet 'FETCH_HEAD^{commit}'
}

lint=("$program" lint)
[ -z "$RCOMP_FAIL_ON" ] || lint+=(--fail-on "$RCOMP_FAIL_ON") # without the input the repository's settings say
[ -z "$RCOMP_CONFIG" ] || lint+=(--config "$RCOMP_CONFIG")
readarray -d '' -t paths < <(lines "$RCOMP_PATHS")

# know_base: has lint leave out what the base has too. A baseline names files from where it stands, so both trees have one at the same place.
know_base() {
	local tree=$temporary/base below place
	beside=$(mktemp -d "$workspace/.rcomp-base.XXXXXX")
	place=$(basename "$beside")
	mkdir -p "$tree/.git" "$tree/$place"
	git_quietly archive --format=tar "$1" | tar -x -C "$tree"
	below=$(pwd -P)
	below=${below#"$workspace"}
	if [ -d "$tree$below" ]; then
		local known=(--write-baseline "$tree/$place/known.json")
		[ -z "$RCOMP_CONFIG" ] || known+=(--config "$(pwd -P)/$RCOMP_CONFIG")
		# What the base has no file of is new.
		(cd -- "$tree$below" && "$program" lint "${known[@]}" -- . >"$temporary/known.txt" 2>&1) || true
	fi
	if [ -f "$tree/$place/known.json" ]; then
		cp "$tree/$place/known.json" "$beside/known.json"
		lint+=(--baseline "$beside/known.json")
	else
		echo "the base has nothing to compare with: all findings are new"
	fi
}

case $RCOMP_SCOPE in
all) ;;
changed | new)
	base=$(base_commit)
	if [ -z "$base" ]; then
		echo "there is no base to compare with: everything is judged"
	elif [ "$RCOMP_SCOPE" = changed ]; then
		lint+=(--changed-since "$base")
	else
		know_base "$base"
	fi
	;;
*) fail "scope is all, changed or new, not $(printf %q "$RCOMP_SCOPE")" ;;
esac

if [ "$RCOMP_ANNOTATIONS" = true ]; then format=github; else format=text; fi
report=$(mktemp "${RUNNER_TEMP:-/tmp}/rcomp-report.XXXXXX")
lint+=(--output "$format" --output "jsonl=$report" --output "github-summary=$temporary/summary.md")
sarif=$RCOMP_SARIF
case $sarif in *$'\n'* | *$'\r'*) fail "sarif is the path of one file" ;; esac
if [ -z "$sarif" ] && [ "$RCOMP_UPLOAD" = true ]; then
	sarif=$(mktemp "${RUNNER_TEMP:-/tmp}/rcomp-sarif.XXXXXX")
fi
# What stands at the path may be the pull request's: the report is also written where nobody else does, to tell.
[ -z "$sarif" ] || lint+=(--output "sarif=$temporary/written.sarif" --output "sarif=$sarif")

status=0
"${lint[@]}" -- "${paths[@]}" || status=$?

# say NAME VALUE: an output of the action.
say() { printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"; }

# count NAME: a number of the summary, which is the report's last line.
count() {
	local last
	last=$(tail -n 1 "$report")
	if [[ $last =~ ^\{\"kind\":\"summary\",.*\"$1\":([0-9]+) ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

say errors "$(count errors)"
say warnings "$(count warnings)"
say notes "$(count notes)"
say json "$report"
if [ -n "$sarif" ] && cmp -s -- "$temporary/written.sarif" "$sarif"; then
	say sarif "$(cd -- "$(dirname -- "$sarif")" && pwd -P)/$(basename -- "$sarif")"
fi
if [ "$RCOMP_SUMMARY" = true ] && [ -s "$temporary/summary.md" ]; then
	cat "$temporary/summary.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi

if [ "$RCOMP_INTENTS" = auto ]; then
	intents=(.)
else
	readarray -d '' -t intents < <(lines "$RCOMP_INTENTS")
fi
drift=0
if [ "${#intents[@]}" -gt 0 ]; then
	[ "$format" = github ] || format=text
	"$program" gen --format "$format" --check -- "${intents[@]}" || drift=$?
fi
if [ "$drift" = 1 ]; then say drift true; else say drift false; fi

exit $((status > drift ? status : drift))
