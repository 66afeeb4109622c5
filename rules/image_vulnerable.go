package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var imageVulnerable = &lint.Rule{
	ID:       "image-vulnerable",
	Group:    "image",
	Severity: lint.Warning,
	Summary:  "The release has a vulnerability that a later one of its line has not",
	Why: `
The tag names a release in full, so it stays what it is: what became known of it
since is not mended by a pull. Most of these take somebody who may run commands,
which without a password is everybody who reaches the server. A tag that names
the minor version gets what is mended. What is known, and up to which day, is a
file of this program; rcomp rules prints the day, and nothing is looked up.
`,
	Refs: []string{"https://redis.io/blog/security-advisory-cve-2025-49844/", "https://github.com/valkey-io/valkey/releases"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.2.4\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.2\n",
		Mend:     "Name the release that the message names, or the minor version alone.",
		Ignore:   "Where a registry of your own has a build of that number with the fixes.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, the release that the message names, or a line that is maintained:",
		Lines:  []string{"image: <image>:<version>"},
		Choose: "<version>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			if _, _, ended := s.Image.Ended(); ended || s.Unread || frozen(s) != "" {
				continue // which tells the same, and to leave
			}
			if what := s.Image.Vulnerable(); what != "" {
				offer(p.Report(s.ImageAt(), s.Service, "%s%s %s has %s", whereDefault(s, s.ImageAt()), s.Image.Engine, s.Image.Version, what), newestPatch(s))
			}
		}
	},
}

// VulnerabilitiesAsOf is the day up to which vulnerabilities are known.
func VulnerabilitiesAsOf() string { return redis.VulnerabilitiesAsOf() }
