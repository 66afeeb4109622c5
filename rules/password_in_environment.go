package rules

import (
	"strings"

	"github.com/rcomp/rcomp/lint/compose"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var passwordInEnvironment = &lint.Rule{
	ID:       "password-in-environment",
	Group:    "secrets",
	Severity: lint.Warning,
	Summary:  "The server's password is an environment variable of its container",
	Why: `
docker inspect shows the environment, every process in the container inherits
it, and crash reports and debug pages print it. Images that take a password from
a variable take the name of a file as well (REDIS_PASSWORD_FILE): give them a
secret. REDISCLI_AUTH is left alone: it keeps the password out of arguments.
`,
	Refs: []string{"https://docs.docker.com/compose/how-tos/use-secrets/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: bitnami/redis:7.4.1\n    environment: {REDIS_PASSWORD: \"${PASSWORD:?}\"}\n",
		NearMiss: "services:\n  cache:\n    image: bitnami/redis:7.4.1\n    environment: {REDIS_PASSWORD_FILE: /run/secrets/password}\n    secrets: [password]\nsecrets:\n  password: {file: ./password}\n",
		Mend:     "Use the variable of the image that names a file, or a conf file mounted as a secret.",
		Ignore:   "Where everybody who may run docker inspect may know the password.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, a file in the place of the variable:",
		Lines:  []string{"environment:", "  REDIS_PASSWORD_FILE: /run/secrets/<name>"},
		Choose: "<name>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Stores(p.Project), inspect.Sentinels(p.Project)...) {
			for _, variable := range s.Environment() {
				if holdsPassword(s, variable) {
					offer(p.Report(variable.Span, s.Service, "the password of %q is in the environment variable %s: docker inspect shows it%s", s.Name, variable.Name, readByAll(s, variable.Span)), moveVariable(s, variable))
				}
			}
		}
	},
}

// holdsPassword reports whether a variable of the container is the server's
// password. REDISCLI_AUTH is left alone: it keeps the password out of the
// arguments of a health check, which is worse.
func holdsPassword(s *inspect.Service, variable compose.Environment) bool {
	password, given := s.Given("requirepass")
	if !given || variable.Value == "" || strings.HasSuffix(variable.Name, "CLI_AUTH") || strings.HasSuffix(variable.Name, "_FILE") {
		return false
	}
	if password.Origin.Kind == inspect.FromEnvironment && password.Origin.Span == variable.Span {
		return true
	}
	return len(password.Args) == 1 && password.Args[0] == variable.Value && s.Expanded(variable.Name)
}
