package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"
)

var variableNotRead = &lint.Rule{
	ID:       "variable-not-read",
	Group:    "configuration",
	Severity: lint.Warning,
	Summary:  "A variable is set for the server that its image does not read",
	Why: `
The official images of Redis read no variable that configures the server, and
Valkey's read VALKEY_EXTRA_FLAGS alone; REDIS_PASSWORD, REDIS_ARGS and the like
are of Bitnami's images and of redis-stack. On another they do nothing: there is
no password, no ceiling, no replica. Bitnami's are read by run.sh: a command that
starts the server itself goes without them. Give the directive in the command or
in a conf file. A variable that the command, the health check or a start script
speaks of is read there, and is not found.
`,
	Refs: []string{"https://hub.docker.com/_/redis"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    environment: {REDIS_PASSWORD: \"${PASSWORD:?}\"}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: sh -c 'exec redis-server --requirepass \"$$REDIS_PASSWORD\"'\n    environment: {REDIS_PASSWORD: \"${PASSWORD:?}\"}\n",
		Mend:     "Give the directive in the command or a conf file, or use the image that reads the variable.",
		Ignore:   "Where something else in the container reads it.",
		Cases: []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtOnce},
			{When: "the server is no other for it", Hurt: lint.Readers, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the command or the conf file, the directive that was meant; the variable goes:",
		Lines:  []string{"<directive> <value>"},
		Choose: "<directive> <value>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			if s.Built != nil || s.Unread || !starts(s) || s.Opaque != "" {
				continue
			}
			for _, variable := range s.Environment() {
				name := variable.Name
				why := unread(s, variable)
				if why == "" || !slices.Contains(p.Files, variable.Span.File) || s.Expanded(name) ||
					strings.Contains(textOf(s), name) || isSpokenOf(s, name) || isForOthers(s, variable) {
					continue
				}
				finding := p.Report(variable.Span, s.Service, "%q sets %s, %s%s", s.Name, name, why, withoutIt(s, variable, why))
				if isHarmless(s, variable) {
					finding.Severity = lint.Note
				}
			}
		}
	},
}

// isForOthers reports whether a variable stands in a part of the file that a
// service which is no server takes too: it is meant for that one.
func isForOthers(s *inspect.Service, variable compose.Environment) bool {
	return takenByOthers(s.Project)[variable.Span]
}

// takenByOthersKey keeps them: rules ask once for each variable.
type takenByOthersKey struct{}

// takenByOthers are the places of the variables that services take which are
// neither servers nor sentinels.
func takenByOthers(project *compose.Project) map[position.Span]bool {
	return compose.Once(project, takenByOthersKey{}, func() map[position.Span]bool {
		ours := map[string]bool{}
		for _, server := range slices.Concat(inspect.Stores(project), inspect.Sentinels(project)) {
			ours[server.Name] = true
		}
		taken := map[position.Span]bool{}
		for _, other := range project.Services {
			if ours[other.Name] {
				continue
			}
			environment, _ := other.Glimpse()
			for _, variable := range environment {
				taken[variable.Span] = true
			}
		}
		return taken
	})
}

// withoutIt says what is not as somebody thinks.
func withoutIt(s *inspect.Service, variable compose.Environment, why string) string {
	name := variable.Name
	if strings.Contains(name, "PASS") && name != "ALLOW_EMPTY_PASSWORD" && s.Kind != inspect.Sentinel && s.Access() == inspect.Open {
		return ": there is no password"
	}
	if strings.HasSuffix(why, "does not read") {
		return ": it changes nothing"
	}
	return ""
}

// textOf is what a compose file writes of what a container runs.
func textOf(s *inspect.Service) string {
	var texts []string
	for _, path := range [][]any{{"command"}, {"entrypoint"}, {"healthcheck", "test"}} {
		command, _ := s.Command(path...)
		raw, _ := s.Raw(path...)
		texts = append(append(texts, raw), command.Texts()...)
		for i := range command.Words {
			text, _ := s.Raw(append(slices.Clone(path), i)...)
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "\n")
}

// isSpokenOf reports whether a script or a conf that was read speaks of a
// variable. Compose files and those of variables speak of it for others.
func isSpokenOf(s *inspect.Service, name string) bool {
	s.Health() // which reads the script of a check
	for file, source := range s.Project.Texts() {
		if !slices.Contains(s.Project.Files, file) && !strings.Contains(file, ".env") && bytes.Contains(source, []byte(name)) {
			return true
		}
	}
	return false
}
