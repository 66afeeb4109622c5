package redis

import (
	"fmt"
	"strings"

	"github.com/distribution/reference"
)

// Image is what an image reference says about the server in the image.
type Image struct {
	Text       string // as given
	Registry   string // "docker.io" when the reference names none
	Repository string // path in the registry, "library/redis" for "redis"
	Tag        string // "" none
	Digest     string // "sha256:…", "" none
	Variant    string // what the tag says beside the version: "alpine", "alpine3.21", "bookworm", "debian-12-r4", "rc1"
	Family     Family
	Engine     Engine // "" for no server that reads redis.conf, or an unknown one
	Version    string // as written in the tag, "7", "7.2.4"; "" none
	// Release is the catalogue's column that the tag stands for, if
	// ReleaseKnown. ReleaseAssumed says that the tag moves to newer columns,
	// and that Release is where it stood when the catalogue was made.
	Release        Release
	ReleaseKnown   bool
	ReleaseAssumed bool
	Floating       string // why the tag moves, one of the Floating constants; "" for a digest, a patch release, or a tag of unknown kind
}

// Why a tag moves.
const (
	FloatingNoTag       = "no tag"
	FloatingLatest      = "latest"
	FloatingVariant     = "variant only"
	FloatingMajor       = "major only"
	FloatingMinor       = "major and minor only"
	FloatingDevelopment = "development build"
)

// maxReferenceBytes bounds what is parsed; names and tags together stay well below.
const maxReferenceBytes = 1024

// ParseImage reads an image reference as the engine does: "redis" is
// docker.io/library/redis. A reference that still holds a variable or is no
// reference is an error.
func ParseImage(text string) (Image, error) {
	if len(text) > maxReferenceBytes {
		return Image{}, fmt.Errorf("image reference of %d bytes is longer than any engine accepts", len(text))
	}
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		if _, lower := reference.ParseNormalizedNamed(strings.ToLower(text)); lower == nil {
			return Image{}, fmt.Errorf("image %q is no image reference: a repository has no capital letters", text)
		}
		return Image{}, fmt.Errorf("image %q is no image reference", text)
	}
	image := Image{Text: text, Registry: reference.Domain(named), Repository: reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		image.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		image.Digest = digested.Digest().String()
	}
	image.Family = familyOf(image.Registry, image.Repository)
	image.Engine = families[image.Family].engine
	image.readTag()
	return image, nil
}

// readTag fills in what the tag says.
func (i *Image) readTag() {
	tag := splitTag(i.Tag)
	i.Version, i.Variant = tag.version, tag.variant
	if i.Digest == "" {
		i.Floating = tag.floating
	}
	facts := families[i.Family]
	if i.Engine == "" || facts.ownVersions {
		return
	}
	if i.Digest != "" && i.Tag == "" {
		// A digest alone says nothing about the release.
		return
	}
	newest := facts.newest
	if newest == (Release{}) {
		newest = Newest(i.Engine)
	}
	i.Release, i.ReleaseKnown, i.ReleaseAssumed = releaseOf(newest, tag)
}

// releaseOf says which column a tag stands for, where the tags that name no
// version stand for the newest.
func releaseOf(newest Release, tag tagParts) (release Release, known, assumed bool) {
	if tag.version == "" {
		moves := tag.floating == FloatingNoTag || tag.floating == FloatingLatest || tag.floating == FloatingVariant
		if !moves {
			return Release{}, false, false
		}
		return newest, true, true
	}
	release, err := ParseRelease(newest.Engine, tag.version)
	if err != nil || !release.Known() {
		return Release{}, false, false
	}
	return release, true, tag.floating == FloatingMajor && release.Major == newest.Major
}

// tagParts is a tag taken apart.
type tagParts struct{ version, variant, floating string }

// variantNames are distributions that tags name instead of, or after, a version.
var variantNames = []string{
	"alpine", "trixie", "bookworm", "bullseye", "buster", "stretch", "jessie", "sid", "debian", "ubuntu", "jammy", "noble", "focal",
	"windowsservercore", "nanoserver", "scratch", "ubi", "photon", "x86_64", "arm64", "32bit",
}

// developmentNames are tags that builds of a branch carry.
var developmentNames = []string{"unstable", "edge", "nightly", "dev", "main", "master", "develop"}

// splitTag takes a tag apart: [platform_][v]MAJOR[.MINOR[.PATCH]][-variant], a
// variant, or a moving name with a variant.
func splitTag(tag string) tagParts {
	if tag == "" {
		return tagParts{floating: FloatingNoTag}
	}
	head, rest := tag, ""
	if at := strings.IndexByte(tag, '-'); at >= 0 {
		head, rest = tag[:at], tag[at+1:]
	}
	// eqalpha/keydb writes the platform first: alpine_x86_64_v6.3.4.
	if at := strings.LastIndex(head, "_v"); at >= 0 && isVersion(head[at+2:]) {
		return tagParts{head[at+2:], head[:at], floatingVersion(head[at+2:], "")}
	}
	if version := strings.TrimPrefix(head, "v"); isVersion(version) {
		return tagParts{version, rest, floatingVersion(version, rest)}
	}
	switch {
	case head == "latest":
		return tagParts{variant: rest, floating: FloatingLatest}
	case hasAnyPrefix(head, developmentNames, true):
		return tagParts{variant: rest, floating: FloatingDevelopment}
	case hasAnyPrefix(head, variantNames, false):
		return tagParts{variant: tag, floating: FloatingVariant}
	}
	return tagParts{variant: tag}
}

// floatingVersion says why a tag with a version moves. A pre-release (rc1, m03)
// or a build number after the version pins it.
func floatingVersion(version, variant string) string {
	if isPrerelease(variant) {
		return ""
	}
	switch strings.Count(version, ".") {
	case 0:
		return FloatingMajor
	case 1:
		return FloatingMinor
	}
	return ""
}

// isPrerelease recognises rc1, rc1-alpine, m03, M02-bookworm, beta1.
func isPrerelease(variant string) bool {
	word, _, _ := strings.Cut(strings.ToLower(variant), "-")
	for _, prefix := range []string{"rc", "m", "beta", "alpha"} {
		if digits := strings.TrimPrefix(word, prefix); digits != word && digits != "" && isDigits(digits) {
			return true
		}
	}
	return false
}

// isVersion recognises one to four numbers with dots between them.
func isVersion(s string) bool {
	numbers := strings.Split(s, ".")
	if len(numbers) > 4 {
		return false
	}
	for _, number := range numbers {
		if number == "" || len(number) > 6 || !isDigits(number) {
			return false
		}
	}
	return true
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// hasAnyPrefix says whether s begins with one of the names, or with whole is one of them.
func hasAnyPrefix(s string, names []string, whole bool) bool {
	for _, name := range names {
		if s == name || !whole && strings.HasPrefix(s, name) {
			return true
		}
	}
	return false
}

// As returns the image as one that holds a server of an engine, and starts it
// as the image of the engine's own project does. A version that is empty, or
// not in the catalogue, leaves the release unknown.
func (i Image) As(engine Engine, version string) Image {
	for _, own := range []Family{OfficialRedis, ValkeyImage, KeyDBImage} {
		if families[own].engine == engine {
			i.Family = own
		}
	}
	i.Engine, i.Version, i.Variant, i.Floating = engine, version, "", ""
	release, err := ParseRelease(engine, version)
	i.Release, i.ReleaseKnown, i.ReleaseAssumed = release, version != "" && err == nil, false
	return i
}
