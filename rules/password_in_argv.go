package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

var passwordInArgv = &lint.Rule{
	ID:       "password-in-argv",
	Group:    "secrets",
	Severity: lint.Warning,
	Summary:  "A password is an argument of the server",
	Why: `
The command of a container is no secret: docker inspect shows it, and it ends up
in logs and support tickets. It makes no difference whether the password is
written there or comes from a variable of Compose. Put it in a conf file or an
ACL file that the server reads, from a secret. A variable that a shell in the
container replaces ($$P) is not in the command, and a server hides its arguments
from ps; those of redis-cli stay there to see.
`,
	Refs: []string{"https://docs.docker.com/compose/how-tos/use-secrets/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /run/secrets/redis.conf\n    secrets: [redis.conf]\nsecrets:\n  redis.conf: {file: ./redis.conf}\n",
		Mend:     "Put the directive into a conf file, mounted as a secret.",
		Ignore:   "Where everybody who may run docker inspect may know the password.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}, {When: "the text of a variable has become the password", Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in a file that only the container reads, named by the command with --include:",
		Lines:  []string{"requirepass <password>"},
		Choose: "<password>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, shown := range shownTogether(s) {
				offer(p.Report(shown.at, s.Service, "the %s of %q %s in its command: %s shows %s%s", enumerated(shown.of), s.Name, shown.verb(), shown.by, shown.pronoun(), readByAll(s, shown.at)), moveSecrets(s))
			}
			for _, secret := range s.SecretsInArgv() {
				if literal := unexpanded(s, secret); literal != "" {
					p.Report(secret.At, s.Service, "the %s of %q is the text %s itself: no shell runs here that would replace it", secret.Directive, s.Name, literal).Severity = lint.Error
				}
			}
		}
	},
}

// unexpanded returns a password that was meant for a shell, where none runs.
func unexpanded(s *inspect.Service, secret inspect.SecretWord) string {
	if s.Wrapped || !unset.Known(secret.Text) {
		return ""
	}
	if strings.HasPrefix(secret.Text, "$(") || strings.HasPrefix(secret.Text, "`") || strings.HasPrefix(secret.Text, "$") && len(secret.Text) > 1 {
		return secret.Text
	}
	return ""
}

// together are passwords that one look at a command shows.
type together struct {
	at position.Span // of the first
	by string        // who shows them
	of []string      // their directives
}

func (t together) verb() string    { return plural(t.of, "is", "are") }
func (t together) pronoun() string { return plural(t.of, "it", "them") }

// shownTogether gathers the passwords of a service by who shows them: a replica
// has the same as requirepass and as masterauth, and whoever takes one out of the
// command takes the other out.
func shownTogether(s *inspect.Service) (groups []*together) {
	for _, secret := range s.SecretsInArgv() {
		by := shownBy(s, secret)
		if by == "" || unexpanded(s, secret) != "" {
			continue
		}
		at := slices.IndexFunc(groups, func(group *together) bool { return group.by == by && group.at.File == secret.At.File })
		switch {
		case at < 0:
			groups = append(groups, &together{secret.At, by, []string{secret.Directive}})
		case !slices.Contains(groups[at].of, secret.Directive):
			groups[at].of = append(groups[at].of, secret.Directive)
		}
	}
	return groups
}

// shownBy says where a password can be seen; "" where it cannot. What a shell
// puts in its place is not in the command.
func shownBy(s *inspect.Service, secret inspect.SecretWord) string {
	if !secret.Expanded {
		return "docker inspect"
	}
	if secret.Client {
		return "ps"
	}
	return ""
}
