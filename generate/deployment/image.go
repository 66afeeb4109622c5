package deployment

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

// chooseImage decides engine, release and image.
func (d *decider) chooseImage() {
	i := d.intent
	if !i.Usable("engine", "version", "variant", "image") {
		return
	}
	if i.Image != "" {
		d.takeImage()
		return
	}
	engine := i.Engine
	if engine == "" {
		engine = redis.Redis
	}
	release := redis.DefaultRelease(engine)
	if i.Version != "" {
		var ok bool
		if release, ok = d.parseRelease(engine); !ok {
			return
		}
	}
	patch := release.Patch()
	if exact(i.Version) {
		patch = i.Version
	}
	if patch == "" {
		d.refuse(intent.Faultf(`write the exact one, as in version = "8.6.3"`, "no patch release of %s is known", release), "version")
		return
	}
	tag := patch
	if i.Variant == intent.VariantAlpine {
		tag += "-alpine"
	}
	d.setImage(startable[engine].repository+":"+tag, release)
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

func (d *decider) parseRelease(engine redis.Engine) (redis.Release, bool) {
	release, err := redis.ParseRelease(engine, d.intent.Version)
	if err != nil {
		d.refuse(intent.Faultf(d.nearestVersion(engine), "%s", err), "version")
		return redis.Release{}, false
	}
	return release, true
}

// nearestVersion is the hint for a version that the engine does not have.
func (d *decider) nearestVersion(engine redis.Engine) string {
	other := intent.OtherEngine(engine)
	if _, err := redis.ParseRelease(other, d.intent.Version); err == nil {
		return fmt.Sprintf("write engine = %q, or one of those", other)
	}
	all := redis.Releases(engine)
	asked, _ := redis.ParseRelease(engine, d.intent.Version)
	nearest := all[0]
	for _, release := range all {
		if release.Compare(asked) <= 0 {
			nearest = release
		}
	}
	return fmt.Sprintf("write version = \"%d.%d\", or another of those", nearest.Major, nearest.Minor)
}

// takeImage follows an image that the intent names, and refuses what else the intent says of it unless it is the same.
func (d *decider) takeImage() {
	i := d.intent
	image, err := redis.ParseImage(i.Image)
	if err != nil {
		return // refused when it was read
	}
	engine := image.Engine
	facts, ok := startable[engine]
	switch {
	case !ok || image.Family != facts.family:
		d.refuse(intent.Faultf("name a copy of library/redis or valkey/valkey, in any registry",
			"how the image %q starts its server is not known to be like the official ones", i.Image), "image")
		return
	case i.Engine != "" && i.Engine != engine:
		d.refuse(intent.Faultf(fmt.Sprintf("write engine = %q, or another image", engine), "the image %q is %s, but engine is %q", i.Image, engine, i.Engine), "image")
		return
	case i.Variant != "":
		d.refuse(intent.Faultf("write it into image, or leave image out", "variant has no effect beside image"), "variant")
	case image.Floating != "":
		d.refuse(intent.Faultf("name a patch release such as "+facts.repository+":"+redis.DefaultRelease(engine).Patch()+", or a digest",
			"the image %q will be another one some day (%s)", i.Image, image.Floating), "image")
		return
	}
	release := image.Release
	if i.Version != "" {
		asked, ok := d.parseRelease(engine)
		if !ok {
			return
		}
		if image.ReleaseKnown && (asked != release || exact(i.Version) && i.Version != image.Version) {
			d.refuse(intent.Faultf("leave version out", "the image %q is version %s, but version is %q", i.Image, image.Version, i.Version), "version")
			return
		}
		release = asked
	}
	if !release.Known() {
		d.refuse(intent.Faultf(`add version = "8.6", which it holds`, "the image %q does not say which release it is", i.Image), "image")
		return
	}
	d.setImage(i.Image, release)
}

func (d *decider) setImage(reference string, release redis.Release) {
	d.release = release
	image, err := redis.ParseImage(reference)
	if err != nil {
		return
	}
	traits := image.Traits()
	p := &d.plan
	p.Image, p.Release, p.UserID = reference, release.String(), traits.UID
	p.Server, d.client = traits.Servers[0], traits.Clients[0]
	if date, ok := release.EndOfLife(); ok {
		p.lastDay = date
		p.EndOfLife = fmt.Sprintf("Security fixes for this line end on %s.", date)
	}
	if line, date, ended := image.Ended(); ended {
		p.Past = fmt.Sprintf("security fixes for %s ended on %s", line, date)
	}
	if release.Derived() {
		p.KnownText = "What rcomp knows of this line is put together from its release notes and the line before, not read from its sources: a directive that is new in it may be missing."
	}
}

// Ended says that nobody mends the release of a plan any more, "" where somebody does.
func (p Plan) Ended(now time.Time) string {
	if p.lastDay == "" || now.Format(time.DateOnly) <= p.lastDay {
		return ""
	}
	return fmt.Sprintf("security fixes for %s ended on %s: write a newer version", p.Release, p.lastDay)
}
