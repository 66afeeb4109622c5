package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var imageFrozen = &lint.Rule{
	ID:       "image-frozen",
	Group:    "image",
	Severity: lint.Warning,
	Summary:  "The image's tags were withdrawn or are not built any more",
	Why: `
Bitnami took the tags with a version out of docker.io/bitnami in September 2025:
a pull fails, on a new machine or after a cleanup. What was there stands in
docker.io/bitnamilegacy and gets no fixes. Use the official image, with the
directives in its command or conf: no variable of Bitnami's is read there.
`,
	Refs: []string{"https://github.com/bitnami/containers/issues/83267"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: bitnami/redis:7.4.2\n",
		NearMiss: "services:\n  cache:\n    image: bitnami/redis:latest\n",
		Mend:     "Use the official image.",
		Ignore:   "Where the image is kept in a registry of your own that stands before docker.io.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, an image that gets releases:",
		Lines:  []string{"image: <image>:<version>"},
		Choose: "<image>:<version>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			if why := frozen(s); why != "" {
				p.Report(s.ImageAt(), s.Service, "%s %s", s.Image.Text, why)
			}
		}
	},
}

// frozen says what became of an image that nobody builds any more; "" of any
// other.
func frozen(s *inspect.Service) string {
	image := s.Image
	owner, _, _ := strings.Cut(image.Repository, "/")
	switch {
	case s.Unread || image.Registry != "docker.io" || image.Digest != "":
		return ""
	case owner == "bitnamilegacy":
		return "is a copy that gets no fixes any more"
	case owner == "bitnami" && image.Version != "":
		return "was withdrawn: where it is not on the machine, it cannot be pulled"
	}
	return ""
}
