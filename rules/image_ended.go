package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var imageEnded = &lint.Rule{
	ID:       "image-ended",
	Group:    "image",
	Severity: lint.Warning,
	Summary:  "The release gets no security fixes any more",
	Why: `
What is found in the server after the day on which its line ended stays open. The
days are those of the catalogue, as of the day that it was made, so that a run
says the same on every day. The next line of the same engine reads the data;
there is no way back, so make a backup before.
`,
	Refs: []string{"https://endoflife.date/redis", "https://endoflife.date/valkey"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:6.0\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4\n",
		Mend:     "Name a line that is maintained, and make a backup before.",
		Ignore:   "Where somebody else maintains the line for you.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, a release that is maintained, once its notes are read:",
		Lines:  []string{"image: <image>:<version>"},
		Choose: "<version>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			if s.Unread || frozen(s) != "" {
				continue // which is said of it, and is worse
			}
			if line, date, ended := s.Image.Ended(); ended {
				since := ""
				if date != "" {
					since = fmt.Sprintf(" since %s", date)
				}
				p.Report(s.ImageAt(), s.Service, "%s%s gets no security fixes%s: what is found in it stays open", whereDefault(s, s.ImageAt()), line, since)
			}
		}
	},
}
