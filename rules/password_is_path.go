package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var passwordIsPath = &lint.Rule{
	ID:       "password-is-path",
	Group:    "secrets",
	Severity: lint.Error,
	Summary:  "The path of a secret is taken for the password",
	Why: `
requirepass and masterauth take a text, not a file: with /run/secrets/password
there, that text is the password, which all know who read the file, and what
stands in the secret opens nothing. Bitnami's images read the file when it is
named by REDIS_PASSWORD_FILE; for the others mount a conf file as the secret.
`,
	Refs: []string{"https://docs.docker.com/compose/how-tos/use-secrets/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass /run/secrets/password\n",
		NearMiss: "services:\n  cache:\n    image: bitnami/redis:latest\n    environment: {REDIS_PASSWORD_FILE: /run/secrets/password}\n    secrets: [password]\nsecrets:\n  password: {file: ./password}\n",
		Mend:     "Name the file by the variable that ends in _FILE, where the image has one; else mount a conf file as the secret.",
		Ignore:   "Never: the path is the password.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in a file that the container mounts, and the conf file or the command names with include:",
		Lines:  []string{"requirepass <password>"},
		Choose: "<password>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			for _, name := range []string{"requirepass", "masterauth"} {
				if setting, given := s.Certain(name); given && isSecretPath(setting.Value) {
					offer(p.Report(setting.Origin.Span, s.Service, "the %s of %q is the path of a secret, not what stands in it: that path lets everybody in", name, s.Name), readSecret(s))
				}
			}
		}
	},
}

func isSecretPath(value string) bool { return strings.HasPrefix(value, "/run/secrets/") }
