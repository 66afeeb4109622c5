package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var passwordSuperseded = &lint.Rule{
	ID:       "password-superseded",
	Group:    "access",
	Severity: lint.Warning,
	Summary:  "The line of the default user sets another password than requirepass",
	Why: `
requirepass is the password of the user default. A line for that user, in the conf
or in the ACL file, begins the user anew, whichever stands first: the password of
that line is the one that lets in, and whoever was given requirepass gets
WRONGPASS.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: [redis-server, --requirepass, 0f3c9a5d1e7b4826, '--user default on >b71e02c4d95f8a36 ~* &* +@all']\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: [redis-server, --requirepass, 0f3c9a5d1e7b4826, '--user app on >b71e02c4d95f8a36 ~* &* +@all']\n",
		Mend:     "Take requirepass out, and keep the line of the user.",
		Ignore:   "Never: one of the two passwords lets nobody in.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{Where: "in the conf, beside no requirepass:", Lines: []string{"user default on ><password> ~* &* +@all"}, Choose: "<password>"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			password, given := s.Certain("requirepass")
			if given && password.Value != "" && s.DefaultUserRefuses(password.Value) {
				p.Report(password.Origin.Span, s.Service, "requirepass lets nobody in to %q: the line of its default user sets another password", s.Name)
			}
		}
	},
}
