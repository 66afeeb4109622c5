#!/bin/bash
# Builds rcomp from the action's own checkout, unless that is done.
#
# Reads GITHUB_ACTION_PATH and the directory of the program as RCOMP_DIRECTORY, and writes built to GITHUB_OUTPUT where it has built one.
set -euo pipefail

program=$RCOMP_DIRECTORY/rcomp
if [ -x "$program" ]; then exit 0; fi
mkdir -p "$RCOMP_DIRECTORY"
cd -- "$GITHUB_ACTION_PATH"
# A go.work of the repository that is judged must not take part in the build.
GOWORK=off go build -o "$program" .
echo "built=true" >>"$GITHUB_OUTPUT"
