# shellcheck shell=bash
# Debian packages of any release, fetched and unpacked without touching this machine's own sources, lists or packages.
# Sourced by the scripts beside it.

# The mirror that this machine's own apt uses. Every release of Debian is served by the same one.
debian_mirror() {
	local mirror
	mirror=$(mirrors | head -n 1)
	if [ -z "$mirror" ]; then
		apt-get update -qq >&2
		mirror=$(mirrors | head -n 1)
	fi
	if [ -z "$mirror" ]; then
		echo "apt has no Debian mirror: use a Debian machine, or an engine that can pull images" >&2
		return 1
	fi
	echo "$mirror"
}

# Known to apt only after it read their release files.
mirrors() {
	# shellcheck disable=SC2016 # apt's own placeholder
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian'
}

# debian_unpack SUITE ROOT PACKAGE...: the packages with all that they depend on, unpacked into ROOT.
# The empty status file makes apt believe that nothing is installed, so that the set is complete. No maintainer script runs.
# Programs that share a directory RCOMP_E2E_LISTS read each release's lists once.
debian_unpack() (
	local suite=$1 root=$2 work state package
	shift 2
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	state=${RCOMP_E2E_LISTS:-$work}/$suite
	mkdir -p "$state" "$work/archives/partial"
	local private=(
		-qq
		-o "Dir::Etc::SourceList=$state/sources.list" -o Dir::Etc::SourceParts=/dev/null
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
		-o "Dir::State=$state" -o "Dir::State::Lists=$state/lists" -o "Dir::State::Status=$state/status"
		-o "Dir::Cache=$work" -o "Dir::Cache::Archives=$work/archives"
		-o APT::Sandbox::User=root -o APT::Install-Recommends=false -o Acquire::Languages=none
		-o 'APT::Update::Post-Invoke::=true' -o Acquire::Retries=3 -o Debug::NoLocking=true
	)
	read_lists "$suite" "$state" "${private[@]}"
	apt-get "${private[@]}" install --yes --download-only "$@" >&2
	for package in "$work"/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink
	done
)

# read_lists SUITE STATE OPTION...: makes apt know a release. Who comes second waits for the first.
read_lists() (
	suite=$1 state=$2
	shift 2
	exec 9<"$state"
	flock 9
	if [ -e "$state/read" ]; then return 0; fi
	mkdir -p "$state/lists/partial"
	touch "$state/status"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $suite main" >"$state/sources.list"
	apt-get "$@" update >&2
	touch "$state/read"
)
