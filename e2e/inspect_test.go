package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// start is one way to start a server: the rest of a service in a compose file, and the files that it mounts from beside
// that file. SERVER stands for the engine's own server command.
type start struct {
	name     string
	service  string            // YAML, each line indented by one step less than a service's keys
	files    map[string]string // by path under the case's own directory, which the container sees at /conf
	password string            // what the server turns out to ask for
	unknown  []string          // what inspect must admit not to know
	engine   string            // the only engine that the case is for; empty for all
}

// TestInspectOfOddStarts holds inspect against servers that were started in the ways that people write, right and wrong, and that all run.
func TestInspectOfOddStarts(t *testing.T) {
	everyRelease(t, func(t *testing.T, release release) {
		s := newStack(t)
		cases := startsFor(release, oddStarts)
		s.writeStarts(release, cases)
		said := s.inspectAll()
		s.mustCompose("up", "--detach")
		for _, case_ := range cases {
			t.Run(case_.name, func(t *testing.T) {
				server := s.server(case_.name).withPassword(case_.password)
				server.t = t
				require.Contains(t, said, case_.name)
				assert.Equal(t, release.engine, said[case_.name].Engine)
				compareConfiguration(t, said[case_.name], server.configuration(), case_.unknown...)
			})
		}
	})
}

// TestLintOfRefusedStarts holds lint against servers that refuse to start: each must have an error.
func TestLintOfRefusedStarts(t *testing.T) {
	everyRelease(t, func(t *testing.T, release release) {
		s := newStack(t)
		cases := startsFor(release, refusedStarts)
		s.writeStarts(release, cases)
		errors := map[string]int{}
		for _, finding := range s.lintAll() {
			if finding.Severity == "error" && strings.HasPrefix(finding.Rule, "directive-") {
				errors[finding.Service]++
			}
		}
		s.mustCompose("up", "--detach")
		for _, case_ := range cases {
			t.Run(case_.name, func(t *testing.T) {
				server := s.server(case_.name)
				server.t = t
				eventually(t, "a server that refuses to start", func() bool {
					return server.inspect("{{.State.Status}}") == "exited"
				})
				assert.Equal(t, "1", server.inspect("{{.State.ExitCode}}"))
				assert.Equal(t, 1, errors[case_.name], "errors about a directive")
			})
		}
	})
}

// startsFor returns the cases that are for an engine.
func startsFor(release release, all []start) []start {
	var cases []start
	for _, case_ := range all {
		if case_.engine == "" || case_.engine == release.engine {
			cases = append(cases, case_)
		}
	}
	return cases
}

// writeStarts writes a compose file with a service for each case, and the cases' files.
func (s *stack) writeStarts(release release, cases []start) {
	s.t.Helper()
	var file strings.Builder
	file.WriteString("services:\n")
	for _, case_ := range cases {
		fmt.Fprintf(&file, "  %s:\n    image: %s\n", case_.name, release.image)
		for line := range strings.Lines(case_.service) {
			file.WriteString("    " + line)
		}
		file.WriteString("\n")
		if len(case_.files) > 0 {
			fmt.Fprintf(&file, "    volumes:\n      - ./%s:/conf\n", case_.name)
		}
		for path, content := range case_.files {
			s.write(case_.name+"/"+path, content)
		}
	}
	file.WriteString("configs:\n  inline:\n    content: |\n      maxmemory 64mb\n")
	s.write("compose.yaml", strings.ReplaceAll(file.String(), "SERVER", release.engine+"-server"))
}

// quoted is a YAML list of words.
func quoted(words ...string) string {
	list, err := json.Marshal(words)
	if err != nil {
		return err.Error()
	}
	return string(list)
}
