//go:build long

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// projectFixtures are small projects with the answers of inspect. Every image
// that they name is one of those that the tests run.
const projectFixtures = "../inspect/testdata/projects.txt"

// TestInspectOfProjects runs the projects that are fixtures of inspect, and
// compares what the servers say. One that lint finds to be refused must end.
func TestInspectOfProjects(t *testing.T) {
	content, err := os.ReadFile(projectFixtures)
	require.NoError(t, err)
	for _, text := range strings.Split("\n"+string(content), "\n=== ")[1:] {
		name, body, _ := strings.Cut(text, "\n")
		t.Run(name, func(t *testing.T) {
			asOneRow(t)
			s := newStack(t)
			files := s.writeScenario(body + "\n")
			said := s.inspectAll()
			refused := map[string]bool{}
			for _, finding := range s.lintAll() {
				refused[finding.Service] = refused[finding.Service] || finding.Severity == "error" && strings.HasPrefix(finding.Rule, "directive-")
			}
			s.mustCompose("up", "--detach")
			require.NotEmpty(t, said, "%v", files)
			for name, service := range said {
				server := s.server(name)
				if refused[name] {
					eventually(t, "a server that refuses to start", func() bool { return server.inspect("{{.State.Status}}") == "exited" })
					continue
				}
				assert.Empty(t, service.differences(server.configuration()), name)
			}
		})
	}
}

// writeScenario writes the files of a fixture: compose.yml first, then those
// behind "-- FILE --", up to the answer.
func (s *stack) writeScenario(body string) []string {
	name, content := "compose.yml", ""
	var names []string
	for line := range strings.Lines(body) {
		header, found := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		if !found || !strings.HasSuffix(header, " --") {
			content += line
			continue
		}
		s.write(name, content)
		names = append(names, filepath.ToSlash(name))
		name, content = strings.TrimSuffix(header, " --"), ""
	}
	return names
}
