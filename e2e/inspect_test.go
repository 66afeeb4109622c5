package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// start is one way to start a server: the rest of a service in a compose file,
// and the files that it mounts from beside that file. SERVER stands for the
// engine's own server command, NAME for the case's directory.
type start struct {
	name       string
	dockerfile string            // of the case's own directory, of which the image is then built; in it IMAGE stands for the release's
	service    string            // YAML, each line indented by one step less than a service's keys
	files      map[string]string // by path under that directory, which a server that is not built sees at /conf
	password   string            // what the server turns out to ask for
	unknown    []string          // what inspect must admit not to know
	engine     string            // the only engine that the case is for; empty for all
	each       bool              // what it shows is another on each release
}

// TestInspectOfOddStarts holds inspect against servers that were started in the
// ways that people write, right and wrong, and that all run.
func TestInspectOfOddStarts(t *testing.T) {
	compareStarts(t, func(release release) []start { return startsOn(t, release, oddStarts) })
}

// TestInspectOfBuiltServers holds inspect against servers that are built, from
// Dockerfiles and the files that those copy.
func TestInspectOfBuiltServers(t *testing.T) {
	compareStarts(t, func(release release) []start { return startsOn(t, release, builtStarts) })
}

// TestInspectOfScripts holds inspect against servers that a shell script
// starts, whichever of its branches is taken.
func TestInspectOfScripts(t *testing.T) {
	compareStarts(t, func(release release) []start { return startsOn(t, release, scriptStarts) })
}

// compareStarts starts servers in the ways that are tried on each release, and
// compares what they report of themselves with what inspect says.
func compareStarts(t *testing.T, of func(release) []start) {
	everyRelease(t, func(t *testing.T, release release) {
		s := newStack(t)
		cases := of(release)
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

// TestLintOfRefusedStarts holds lint against servers that refuse to start: each
// must have an error.
func TestLintOfRefusedStarts(t *testing.T) {
	everyRelease(t, func(t *testing.T, release release) {
		s := newStack(t)
		cases := startsOn(t, release, refusedStarts)
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

// startsOn returns the cases that a release is to try: all that are for its
// engine in the long form, else one release tries each that asks little of it.
func startsOn(t *testing.T, one release, all []start) []start {
	var cases []start
	for i, case_ := range all {
		var fit []release
		for _, release := range releases(t) {
			if case_.engine == "" || case_.engine == release.engine {
				fit = append(fit, release)
			}
		}
		if (long || case_.each) && slices.Contains(fit, one) || fit[i%len(fit)] == one {
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
		fill := strings.NewReplacer("SERVER", release.engine+"-server", "IMAGE", release.image, "NAME", "./"+case_.name)
		fmt.Fprintf(&file, "  %s:\n", case_.name)
		for line := range strings.Lines(case_.image() + case_.service) {
			file.WriteString("    " + fill.Replace(line))
		}
		file.WriteString("\n")
		if !case_.built() && len(case_.files) > 0 {
			fmt.Fprintf(&file, "    volumes:\n      - ./%s:/conf\n", case_.name)
		}
		for path, content := range case_.files {
			s.write(case_.name+"/"+path, fill.Replace(content))
		}
		if case_.dockerfile != "" {
			s.write(case_.name+"/Dockerfile", fill.Replace(case_.dockerfile))
		}
	}
	file.WriteString("configs:\n  inline:\n    content: |\n      maxmemory 64mb\n")
	s.write("compose.yaml", file.String())
}

// built tells whether the case says what its image is built of.
func (s start) built() bool { return s.dockerfile != "" || s.builds() }

// builds tells whether the service itself says so.
func (s start) builds() bool { return strings.HasPrefix(s.service, "build:") }

// image is the line of the service that names its image.
func (s start) image() string {
	switch {
	case s.builds():
		return ""
	case s.built():
		return "build: NAME\n"
	}
	return "image: IMAGE\n"
}

// quoted is a YAML list of words.
func quoted(words ...string) string {
	list, err := json.Marshal(words)
	if err != nil {
		return err.Error()
	}
	return string(list)
}
