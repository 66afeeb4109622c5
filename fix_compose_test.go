package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/mutate"
	"github.com/rcomp/rcomp/lint/fix"
	"github.com/rcomp/rcomp/lint/position"
)

// fixed is what a run of --fix has done.
type fixed struct {
	out, trouble string
	status       int
	applied      []fix.Applied
	compared     int // models of Compose, as they were with as they are
}

// fixAndCompare runs lint with --fix, and holds what has come of it against what
// was there: the texts against the edits of the fixes, and what Compose makes of
// them, field by field, against what the fixes say that they change.
func fixAndCompare(t *testing.T, name string, arguments ...string) fixed {
	t.Helper()
	var out, trouble bytes.Buffer
	program := newProgram(&out, &trouble)
	var before []composeProject
	var outcome *fix.Outcome
	program.observeFixes = func(targets []compose.Target, planned *fix.Outcome) {
		inSteps := *planned // what is written is said in the order of its places
		inSteps.Applied = slices.Clone(planned.Applied)
		outcome = &inSteps
		if len(planned.Changes) == 0 {
			return
		}
		for _, target := range targets {
			before = append(before, composeProjectOf(target.Group))
		}
	}
	status := program.run(append([]string{"lint", "--fix"}, arguments...), strings.NewReader(""))
	result := fixed{out: out.String(), trouble: trouble.String(), status: status}
	if outcome == nil {
		return result
	}
	result.applied = outcome.Applied
	for _, each := range before {
		result.compared += each.compare(t, name, outcome.Applied)
	}
	assertEditsAlone(t, name, outcome)
	return result
}

// composeProject is a project as Compose has it: without a variable of its
// environment, and with one for each that the files name.
type composeProject struct {
	paths        []string
	bare, filled composeModel
}

type composeModel struct {
	fields    map[string]string // by path, as in lint.Fix.Meaning
	variables []string
	err       error
}

var namedVariable = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)

func composeProjectOf(paths []string) composeProject {
	var variables []string
	for _, path := range paths {
		text, _ := os.ReadFile(path)
		for _, found := range namedVariable.FindAllStringSubmatch(string(text), -1) {
			variables = append(variables, found[1]+"="+mutate.Likely()[0](found[1]))
		}
	}
	return composeProject{paths: paths, bare: loadByCompose(paths, nil), filled: loadByCompose(paths, variables)}
}

// loadByCompose is what docker compose config makes of files.
func loadByCompose(paths, variables []string) (model composeModel) {
	model.variables = variables
	defer func() {
		if cause := recover(); cause != nil {
			model.err = fmt.Errorf("panic: %v", cause)
		}
	}()
	logrus.SetOutput(io.Discard) // variables that have no value
	directory := filepath.Dir(paths[0])
	options, err := cli.NewProjectOptions(paths, cli.WithWorkingDirectory(directory), cli.WithEnv(append(variables, "PWD="+directory)),
		cli.WithEnvFiles(), cli.WithDotEnv, cli.WithDefaultProfiles("*"), cli.WithoutEnvironmentResolution)
	if err != nil {
		return composeModel{err: err}
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return composeModel{variables: variables, err: err}
	}
	encoded, err := json.Marshal(project)
	if err != nil {
		return composeModel{err: err}
	}
	var tree any
	if model.err = json.Unmarshal(encoded, &tree); model.err == nil {
		model.fields = map[string]string{}
		flattenTree(model.fields, "", tree)
	}
	return model
}

func flattenTree(fields map[string]string, path string, value any) {
	below := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	switch value := value.(type) {
	case map[string]any:
		for name, each := range value {
			flattenTree(fields, below(name), each)
		}
	case []any:
		for i, each := range value {
			flattenTree(fields, below(fmt.Sprint(i)), each)
		}
	default:
		fields[path] = fmt.Sprintf("%T %v", value, value)
	}
}

// compare loads the project again. What Compose took it takes still, but where
// a fix makes it ask for a variable; what it makes of it differs only in what
// the fixes say.
func (p composeProject) compare(t *testing.T, name string, applied []fix.Applied) (compared int) {
	t.Helper()
	var said []string
	for _, each := range applied {
		said = append(said, each.Fix.Meaning...)
	}
	for _, was := range []composeModel{p.bare, p.filled} {
		if was.err != nil {
			continue
		}
		is := loadByCompose(p.paths, was.variables)
		if is.err != nil {
			assert.ErrorContains(t, is.err, "required variable", "%s: Compose refuses what it took: %s", name, p.paths)
			assert.Empty(t, was.variables, "%s: Compose refuses what it took: %s: %v", name, p.paths, is.err)
			continue
		}
		part := fix.Changed(was.fields, is.fields, said)
		assert.Empty(t, part, "%s: Compose makes something else of %s, and no fix says so: it had %q, and has %q", name, p.paths, was.fields[part], is.fields[part])
		compared++
	}
	return compared
}

// assertEditsAlone makes the edits of the fixes again, step by step: what is to be
// written is what they make of each file, and a line diff has no other lines
// than those that they are in.
func assertEditsAlone(t *testing.T, name string, outcome *fix.Outcome) {
	t.Helper()
	for _, change := range outcome.Changes {
		text := change.Old
		for _, edits := range stepsOf(outcome.Applied, change.File) {
			if edits[0].Create {
				text = []byte(edits[0].New)
				continue
			}
			next, ok := fix.Edited(text, edits)
			require.True(t, ok, "%s: %s", name, change.File)
			assertLines(t, name+": "+change.File, text, next, edits)
			text = next
		}
		require.Equal(t, string(text), string(change.New), "%s: %s is not what the edits make of it", name, change.File)
	}
}

// stepsOf are the edits of a file, those of each step together and each once.
func stepsOf(applied []fix.Applied, file string) (steps [][]lint.Edit) {
	last := 0
	for _, each := range applied {
		for _, edit := range each.Fix.Edits {
			if edit.File != file {
				continue
			}
			if each.Step != last {
				last, steps = each.Step, append(steps, nil)
			}
			if at := len(steps) - 1; !slices.Contains(steps[at], edit) {
				steps[at] = append(steps[at], edit)
			}
		}
	}
	return steps
}

func assertLines(t *testing.T, name string, was, is []byte, edits []lint.Edit) {
	t.Helper()
	edits = slices.SortedFunc(slices.Values(edits), func(a, b lint.Edit) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	before, after := position.NewText(name, was), position.NewText(name, is)
	gone, come, shift := map[string]bool{}, map[string]bool{}, 0
	for _, edit := range edits {
		for at := before.LineAt(edit.Start); at <= before.LineAt(edit.End); at++ {
			gone[before.RawLine(at)] = true
		}
		start := edit.Start + shift
		for at := after.LineAt(start); at <= after.LineAt(start+len(edit.New)); at++ {
			come[after.RawLine(at)] = true
		}
		shift += len(edit.New) - (edit.End - edit.Start)
	}
	unified, err := udiff.ToUnifiedDiff(name, name, string(was), udiff.Lines(string(was), string(is)), 0)
	require.NoError(t, err)
	for _, hunk := range unified.Hunks {
		for _, line := range hunk.Lines {
			text := strings.TrimPrefix(strings.TrimSuffix(line.Content, "\n"), "\ufeff")
			if line.Kind == udiff.Delete {
				assert.True(t, gone[text], "%s: no fix is in the line %q", name, text)
			} else if line.Kind == udiff.Insert {
				assert.True(t, come[text], "%s: no fix makes the line %q", name, text)
			}
		}
	}
}
