package inspect_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// rewrite writes what is seen over what was expected: `go test ./inspect
// -rewrite`. Whoever does so reads the difference.
var rewrite = flag.Bool("rewrite", false, "write the tables of testdata anew")

// What Compose's loader logs is no part of any result.
func TestMain(m *testing.M) {
	flag.Parse()
	logrus.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// scenario is one row of a table in testdata: a project and what is seen in
// it. "=== NAME" begins it, "-- FILE --" begins each file, compose.yml being
// the first, "-- LINK -> TARGET --" makes a symbolic link, and "-- want --"
// begins what is expected.
type scenario struct {
	name  string
	files []file
	want  string
}

type file struct{ name, content string }

func scenarios(t testing.TB, name string) []scenario {
	content, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	var all []scenario
	for _, text := range strings.Split("\n"+string(content), "\n=== ")[1:] {
		title, body, _ := strings.Cut(text, "\n")
		all = append(all, scenarioOf(title, body+"\n"))
	}
	require.NotEmpty(t, all)
	return all
}

func scenarioOf(name, body string) scenario {
	s := scenario{name: name}
	current := &file{name: "compose.yml"}
	for _, line := range strings.SplitAfter(body, "\n") {
		header, found := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		if found && strings.HasSuffix(header, " --") {
			s.files = append(s.files, *current)
			current = &file{name: strings.TrimSuffix(header, " --")}
			continue
		}
		current.content += line
	}
	s.want = strings.TrimSpace(current.content)
	return s
}

// load writes a scenario's files to a new directory. What is below root is
// what the project may see; the project is in root/project where a file is
// outside.
func (s scenario) load(t testing.TB) *compose.Project {
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	base := filepath.Join(root, "project")
	require.NoError(t, os.MkdirAll(base, 0o755))
	var paths []string
	for _, file := range s.files {
		name, target, isLink := strings.Cut(file.name, " -> ")
		path := filepath.Join(base, filepath.FromSlash(name))
		if isLink {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.Symlink(target, path))
			continue
		}
		if strings.HasSuffix(file.name, "/") {
			require.NoError(t, os.MkdirAll(path, 0o755))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(file.content), 0o600))
		if file.name == "compose.yml" || file.name == "compose.override.yml" {
			paths = append(paths, path)
		}
	}
	tree, err := disk.OpenTree(base, base)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tree.Close()) })
	return compose.Load(tree, paths)
}

// project loads files in the form of a scenario, of which Compose must take
// all.
func project(t testing.TB, body string) *compose.Project {
	t.Helper()
	loaded := scenarioOf("", body+"\n-- want --\n").load(t)
	require.Empty(t, loaded.Refusals)
	return loaded
}

// service loads a project whose first service is looked at.
func service(t testing.TB, body string) *inspect.Service {
	t.Helper()
	services := inspect.Services(project(t, body))
	require.NotEmpty(t, services)
	return services[0]
}

// replay compares the scenarios of a file with what show says of them.
func replay(t *testing.T, name string, show func(testing.TB, scenario) string) {
	all := scenarios(t, name)
	for i, s := range all {
		t.Run(s.name, func(t *testing.T) {
			seen := strings.TrimSpace(show(t, s))
			if *rewrite {
				all[i].want = seen
				return
			}
			require.Equal(t, s.want, seen)
		})
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(filepath.Join("testdata", name), []byte(text(all)), 0o644))
	}
}

// text writes scenarios as they are read.
func text(all []scenario) string {
	var out strings.Builder
	for _, s := range all {
		fmt.Fprintf(&out, "=== %s\n", s.name)
		for i, file := range s.files {
			if i > 0 {
				fmt.Fprintf(&out, "-- %s --\n", file.name)
			}
			out.WriteString(file.content)
		}
		fmt.Fprintf(&out, "-- want --\n%s\n\n", s.want)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

// described says all that is known of a project's services except defaults.
func described(t testing.TB, s scenario) string {
	loaded := s.load(t)
	return strings.ReplaceAll(describedProject(loaded), filepath.Dir(loaded.Tree().Path()), "/outside")
}

func describedProject(loaded *compose.Project) string {
	if len(loaded.Refusals) > 0 {
		return "failure: " + loaded.Refusals[0].Message
	}
	var out strings.Builder
	for _, service := range inspect.Services(loaded) {
		describe(&out, service)
	}
	return out.String()
}

// describedWithNotes adds what is said to be unseen.
func describedWithNotes(t testing.TB, s scenario) string {
	loaded := s.load(t)
	out := describedProject(loaded)
	for _, note := range loaded.Unseen {
		out += fmt.Sprintf("note %s:%d: %s\n", note.Span.File, note.Span.Start.Line, note.Message)
	}
	return strings.ReplaceAll(out, filepath.Dir(loaded.Tree().Path()), "/outside")
}

func describe(out io.Writer, s *inspect.Service) {
	release := "release not known"
	if s.ReleaseKnown {
		release = fmt.Sprintf("%s %d.%d", s.Release.Engine, s.Release.Major, s.Release.Minor)
	}
	if s.Release.Engine == "" {
		release = "-"
	}
	fmt.Fprintf(out, "%s: %s, %s\n", s.Name, s.Kind, release)
	for _, conf := range s.Confs {
		fmt.Fprintf(out, "  conf %s %s: %s\n", conf.Path, conf.State, at(s, conf.At))
	}
	for _, setting := range s.All() {
		if setting.Origin.Kind == inspect.FromDefault || setting.Origin.Kind == inspect.FromImage && setting.Origin.Span.IsZero() {
			continue
		}
		value := fmt.Sprintf("%q", setting.Value)
		if !setting.Known {
			value = "? " + unset.Plain(setting.Why)
		}
		fmt.Fprintf(out, "  %s %s: %s %s\n", setting.Name, value, setting.Origin.Kind, at(s, setting.Origin.Span))
	}
	if s.Opaque != "" {
		fmt.Fprintf(out, "  * ? %s: %s\n", unset.Plain(s.Opaque), at(s, s.OpaqueAt))
	}
	for _, end := range s.Ends() {
		if end.Reason != inspect.EndRefused {
			fmt.Fprintf(out, "  ends, %s: %s: %s\n", end.Reason, unset.Plain(end.Message), at(s, end.At))
		}
	}
	for _, problem := range s.Problems {
		fmt.Fprintf(out, "  ! %s: %s\n", unset.Plain(problem.Message), at(s, problem.At))
	}
}

// at prints a place and what is written there.
func at(s *inspect.Service, span position.Span) string {
	written := s.Written(span)
	if line := strings.TrimSpace(written); line != written {
		written += " (blanks)"
	}
	return fmt.Sprintf("%s:%d:%d %s", span.File, span.Start.Line, span.Start.Column, written)
}

// names lists the services of a kind.
func names(services []*inspect.Service) []string {
	var all []string
	for _, s := range services {
		all = append(all, s.Name)
	}
	slices.Sort(all)
	return all
}
