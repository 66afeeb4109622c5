#!/bin/sh
# Forms the cluster, and puts nodes without keys into their places.
#
# shellcheck disable=SC2153 # MASTERS is how many there shall be
set -u
umask 077

. ./shared/say.sh
. ./shared/ask.sh
. ./shared/hosts.sh
. ./shared/creator-moving.sh
. ./shared/creator.sh
