#!/bin/sh
# Starts one node of a cluster, stays beside it as process 1, and hands its role over before it stops.
#
# shellcheck disable=SC2034,SC2317 # what one part sets another reads; stop and what it calls run by trap
set -eu
umask 077

. ./shared/say.sh
. ./shared/ask.sh
. ./shared/field.sh
. ./shared/lists.sh
. ./shared/secret.sh
. ./shared/users.sh
. ./shared/certificates.sh
. ./shared/hosts.sh
. ./shared/node-moving.sh
. ./shared/myself.sh
. ./shared/node.sh
