package rules

import (
	"strconv"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var imageTagFloating = &lint.Rule{
	ID:       "image-tag-floating",
	Group:    "image",
	Severity: lint.Warning,
	Summary:  "The image's tag moves to new versions by itself",
	Why: `
redis:8 and redis:latest follow every minor release, as redis:7 did until 7.4. A
pull on one machine then brings a version that writes a data format which the
other machines, and the version before, cannot read, and there is no way back.
Name at least the minor version. A major version that has a successor moves no
more, and a sentinel writes no data: neither is found.
`,
	Refs: []string{"https://hub.docker.com/_/redis"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4\n",
		Mend:     "Name the minor version, or all of it, and let a program raise it.",
		Ignore:   "On machines whose data may be lost, such as those of developers.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, the release that runs now (docker compose exec asks redis-server --version):",
		Lines:  []string{"image: <image>:<version>"},
		Choose: "<version>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Stores(p.Project) {
			if s.Unread || ended(s.Image) {
				continue
			}
			if why, floats := floating[s.Image.Floating]; floats {
				offer(p.Report(s.ImageAt(), s.Service, "%simage %q %s", whereDefault(s, s.ImageAt()), s.Image.Text, why), pinImage(s))
			}
		}
	},
}

// floating says what moves, for the tags that are worth a word. One that names
// major and minor only gets patches, which is what most want.
var floating = map[string]string{
	redis.FloatingNoTag:       "has no tag: it moves with every release, and none goes back to the data format of the one before",
	redis.FloatingLatest:      "moves with every release, and none goes back to the data format of the one before",
	redis.FloatingVariant:     "names no version: it moves with every release, and none goes back to the data format of the one before",
	redis.FloatingMajor:       "names the major version only: it moves with every minor release, and none goes back to the data format of the one before",
	redis.FloatingDevelopment: "is a development build: it moves every day, and keeps no promise about its data format",
}

// ended reports whether a tag names a major version that a newer one followed:
// it gets patches at most, and stays at its last minor version.
func ended(image redis.Image) bool {
	major, err := strconv.Atoi(image.Version)
	return image.Floating == redis.FloatingMajor && err == nil && image.Engine != "" && major < redis.Newest(image.Engine).Major
}
