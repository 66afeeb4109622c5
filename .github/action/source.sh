#!/bin/bash
# Says where the program of the action's sources is, or will be: in a directory named after their digest, which a cache may hold and a later step of the
# job finds again.
#
# Reads GITHUB_ACTION_PATH and RUNNER_TEMP, and writes directory, digest and built to GITHUB_OUTPUT.
set -euo pipefail

cd -- "$GITHUB_ACTION_PATH"
digest=$(find . -name .git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-40)
directory=$RUNNER_TEMP/rcomp-action/$digest
built=false
[ ! -x "$directory/rcomp" ] || built=true

{
	echo "directory=$directory"
	echo "digest=$digest"
	echo "built=$built"
} >>"$GITHUB_OUTPUT"
