package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var passwordInArgv = &lint.Rule{
	ID:       "password-in-argv",
	Severity: lint.Warning,
	Summary:  "A password is an argument of the server",
	Why: `
Arguments are no secret: docker inspect, ps on the host and every monitoring
agent show them, and they end up in logs and support tickets. It makes no
difference whether the password stands there or comes from a variable. Put it
in a conf file or an ACL file that the server reads, from a secret.
`,
	Refs: []string{"https://docs.docker.com/compose/how-tos/use-secrets/"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, secret := range s.SecretsInArgv() {
				if literal := unexpanded(s, secret); literal != "" {
					p.Report(secret.At, s.Service, "the %s of %q is the text %s itself: no shell runs here that would replace it", secret.Directive, s.Name, literal).Severity = lint.Error
					continue
				}
				p.Report(secret.At, s.Service, "the %s of %q is an argument: docker inspect and ps show it", secret.Directive, s.Name)
			}
		}
	},
}

// unexpanded returns a password that was meant for a shell, where none runs.
func unexpanded(s *inspect.Service, secret inspect.SecretWord) string {
	if s.Wrapped || !lint.Known(secret.Text) {
		return ""
	}
	if strings.HasPrefix(secret.Text, "$(") || strings.HasPrefix(secret.Text, "`") || strings.HasPrefix(secret.Text, "$") && len(secret.Text) > 1 {
		return secret.Text
	}
	return ""
}
