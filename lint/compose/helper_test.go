package compose_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
)

// What Compose's loader logs is no part of any result.
func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// write makes files below a new directory. Each begins with a line
// "-- name --"; text before the first is compose.yml.
func write(t testing.TB, text string) (root string) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, content := range sections(text) {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	return root
}

func sections(text string) map[string]string {
	files, name := map[string]string{}, "compose.yml"
	start, end := 0, 0
	for _, line := range strings.SplitAfter(text, "\n") {
		if header, found := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- "); found && strings.HasSuffix(header, " --") {
			if start < end {
				files[name] = text[start:end]
			}
			name = strings.TrimSuffix(header, " --")
			files[name] = ""
			start = end + len(line)
		}
		end += len(line)
	}
	if start < end {
		files[name] = text[start:end]
	}
	return files
}

func open(t testing.TB, root string) *disk.Tree {
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	t.Cleanup(func() { tree.Close() })
	return tree
}

// load reads a project of the files written, compose.yml where none is named.
func load(t testing.TB, text string, names ...string) *compose.Project {
	root := write(t, text)
	if len(names) == 0 {
		names = []string{"compose.yml"}
	}
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(root, filepath.FromSlash(name)))
	}
	return compose.Load(open(t, root), paths)
}

// sound is load of what Compose takes.
func sound(t testing.TB, text string, names ...string) *compose.Project {
	project := load(t, text, names...)
	require.Empty(t, project.Refusals)
	return project
}

// seen prints where a span is and what stands there, as a reader counts.
func seen(p *compose.Project, span position.Span) string {
	return fmt.Sprintf("%s:%d:%d %s", span.File, span.Start.Line, span.Start.Column, under(p, span))
}

// under is the text of a span, "?" where the file has no such place.
func under(p *compose.Project, span position.Span) string {
	lines := strings.Split(strings.TrimPrefix(string(p.Source(span.File)), "\ufeff"), "\n")
	if span.Start.Line < 1 || span.End.Line > len(lines) || span.End.Compare(span.Start) < 0 {
		return "?"
	}
	var text strings.Builder
	for number := span.Start.Line; number <= span.End.Line; number++ {
		line := []rune(strings.TrimSuffix(lines[number-1], "\r"))
		from, to := 0, len(line)
		if number == span.Start.Line {
			from = span.Start.Column - 1
		}
		if number == span.End.Line {
			to = span.End.Column - 1
		}
		if from < 0 || from > to || to > len(line) {
			return "?"
		}
		if number > span.Start.Line {
			text.WriteString("⏎")
		}
		text.WriteString(string(line[from:to]))
	}
	return text.String()
}
