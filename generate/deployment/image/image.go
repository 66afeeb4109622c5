// Package image decides which image runs, and of which release its server is.
package image

import (
	"fmt"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/redis"
)

// startable are the images whose entrypoint the generated command counts on, by engine.
var startable = map[redis.Engine]struct {
	repository string
	family     redis.Family
}{
	redis.Redis:  {"redis", redis.OfficialRedis},
	redis.Valkey: {"valkey/valkey", redis.ValkeyImage},
}

// Image is what runs.
type Image struct {
	Reference      string
	Release        redis.Release // zero where it could not be decided
	UserID         int           // of the server
	Server, Client string        // its programs
	LastDay        string        // of security fixes for the release, as "2024-07-29"; empty where none is announced
	Ended          *Ended        // nil where somebody mended the release on the day of the catalogue
	Vulnerable     string        // what is known of the release and not mended in it, "" where nothing is
}

// Ended is a line of releases that nobody mends.
type Ended struct {
	Line redis.Release
	Date string
}

// Knows tells whether the release has a directive that still does something.
func (i Image) Knows(name string) bool {
	directive, ok := i.Release.Directive(name)
	return ok && !directive.Ignored
}

// LeavesUnmended says that nobody mends the release any more, or what is not
// mended in it; "" where all is.
func (i Image) LeavesUnmended(now time.Time) string {
	switch {
	case i.LastDay != "" && now.Format(time.DateOnly) > i.LastDay:
	case i.Vulnerable != "":
		return fmt.Sprintf("%s has %s: write a newer version", i.Reference, i.Vulnerable)
	default:
		return ""
	}
	return fmt.Sprintf("security fixes for %s ended on %s: write a newer version", i.Release, i.LastDay)
}

// choice is how an image is chosen for an intent.
type choice struct{ *intent.Refusals }

// Of decides engine, release and image.
func Of(i *intent.Intent) (Image, []intent.Problem) {
	if !i.Usable("engine", "version", "variant", "image") {
		return Image{}, nil
	}
	d := choice{i.Refusals()}
	chosen := d.official
	if i.Image != "" {
		chosen = d.named
	}
	image := chosen(i)
	return image, d.Problems
}

// official is one of the images that the engines' projects publish.
func (d choice) official(i *intent.Intent) Image {
	engine := i.Engine
	if engine == "" {
		engine = redis.Redis
	}
	release := redis.DefaultRelease(engine)
	if i.Version != "" {
		var ok bool
		if release, ok = d.parseRelease(i, engine); !ok {
			return Image{}
		}
	}
	patch := release.Patch()
	if exact(i.Version) {
		patch = i.Version
	}
	if patch == "" {
		d.Refuse(intent.Faultf(`write the exact one, as in version = "8.6.3"`, "no patch release of %s is known", release), "version")
		return Image{}
	}
	tag := patch
	if i.Variant == intent.VariantAlpine {
		tag += "-alpine"
	}
	return of(startable[engine].repository+":"+tag, release)
}

// exact tells whether a version names a patch release.
func exact(version string) bool {
	dots := 0
	for _, c := range version {
		if c == '.' {
			dots++
		}
	}
	return dots == 2
}

// parseRelease reads the version of an intent, and refuses one that the engine
// does not have.
func (d choice) parseRelease(i *intent.Intent, engine redis.Engine) (redis.Release, bool) {
	release, err := redis.ParseRelease(engine, i.Version)
	if err != nil {
		d.Refuse(intent.Faultf(nearestVersion(i, engine), "%s", err), "version")
		return redis.Release{}, false
	}
	return release, true
}

// nearestVersion is the hint for a version that the engine does not have.
func nearestVersion(i *intent.Intent, engine redis.Engine) string {
	other := intent.OtherEngine(engine)
	if _, err := redis.ParseRelease(other, i.Version); err == nil {
		return fmt.Sprintf("write engine = %q, or one of those", other)
	}
	all := redis.Releases(engine)
	asked, _ := redis.ParseRelease(engine, i.Version)
	nearest := all[0]
	for _, release := range all {
		if release.Compare(asked) <= 0 {
			nearest = release
		}
	}
	return fmt.Sprintf("write version = \"%d.%d\", or another of those", nearest.Major, nearest.Minor)
}

// named follows an image that the intent names, and refuses what else the
// intent says of it unless it is the same.
func (d choice) named(i *intent.Intent) Image {
	image, err := redis.ParseImage(i.Image)
	if err != nil {
		return Image{} // refused when it was read
	}
	engine := image.Engine
	facts, ok := startable[engine]
	switch {
	case !ok || image.Family != facts.family:
		d.Refuse(intent.Faultf("name a copy of library/redis or valkey/valkey, in any registry",
			"how the image %q starts its server is not known to be like the official ones", i.Image), "image")
		return Image{}
	case i.Engine != "" && i.Engine != engine:
		d.Refuse(intent.Faultf(fmt.Sprintf("write engine = %q, or another image", engine), "the image %q is %s, but engine is %q", i.Image, engine, i.Engine), "image")
		return Image{}
	case i.Variant != "":
		d.Refuse(intent.Faultf("write it into image, or leave image out", "variant has no effect beside image"), "variant")
	case image.Floating != "":
		d.Refuse(intent.Faultf("name a patch release such as "+facts.repository+":"+redis.DefaultRelease(engine).Patch()+", or a digest",
			"the image %q will be another one some day (%s)", i.Image, image.Floating), "image")
		return Image{}
	}
	release := image.Release
	if i.Version != "" {
		asked, ok := d.parseRelease(i, engine)
		if !ok {
			return Image{}
		}
		if image.ReleaseKnown && (asked != release || exact(i.Version) && i.Version != image.Version) {
			d.Refuse(intent.Faultf("leave version out", "the image %q is version %s, but version is %q", i.Image, image.Version, i.Version), "version")
			return Image{}
		}
		release = asked
	}
	if !release.Known() {
		d.Refuse(intent.Faultf(`add version = "8.6", which it holds`, "the image %q does not say which release it is", i.Image), "image")
		return Image{}
	}
	return of(i.Image, release)
}

// of says what is known of an image by its reference.
func of(reference string, release redis.Release) Image {
	image, err := redis.ParseImage(reference)
	if err != nil {
		return Image{Release: release}
	}
	traits := image.Traits()
	found := Image{Reference: reference, Release: release, UserID: traits.UID, Server: traits.Servers[0], Client: traits.Clients[0]}
	found.LastDay, _ = release.EndOfLife()
	if line, date, ended := image.Ended(); ended {
		found.Ended = &Ended{line, date}
	}
	found.Vulnerable = image.Vulnerable()
	return found
}
