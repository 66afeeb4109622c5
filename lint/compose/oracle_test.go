package compose_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/canonical"
	"github.com/rcomp/rcomp/lint/compose/mutate"
)

// oracle is Compose's own loader, run as docker compose config runs it where no
// variable is set but those of the files, and some more. Where it panics, as
// docker compose does then, that is a refusal too.
func oracle(directory string, paths []string, variables ...string) (project *types.Project, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	options, err := cli.NewProjectOptions(paths,
		cli.WithWorkingDirectory(directory),
		cli.WithEnv(append(variables, "PWD="+directory)),
		cli.WithEnvFiles(), cli.WithDotEnv,
		cli.WithDefaultProfiles("*"),
		cli.WithoutEnvironmentResolution,
	)
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}

// TestMutantsAreJudgedAsByComposesLoader puts thousands of mutants of sound
// projects to Compose's own loader and to ours: refused there if and only if
// refused here. The end-to-end tests do the same with docker compose itself, on
// fewer. RCOMP_MUTANTS and RCOMP_MUTANTS_SEED choose others.
func TestMutantsAreJudgedAsByComposesLoader(t *testing.T) {
	bases, err := mutate.Read(os.DirFS("../../e2e/testdata/compose"))
	require.NoError(t, err)
	mutants := mutate.Mutants(bases, uint64(setting(t, "RCOMP_MUTANTS_SEED", 2)), setting(t, "RCOMP_MUTANTS", 2000))
	directory := t.TempDir()
	counts := map[string]int{}
	for i, mutant := range mutants {
		where := filepath.Join(directory, strconv.Itoa(i), mutant.Name)
		outcome := judge(t, mutant.Project, where)
		if counts[outcome.name()]++; !outcome.differs() {
			continue
		}
		smallest := mutate.Reduce(mutant.Project, mutant.File, func(project mutate.Project) bool {
			reduced := judge(t, project, filepath.Join(t.TempDir(), mutant.Name))
			return reduced.differs() && reduced.like() == outcome.like()
		}, 100)
		outcome = judge(t, smallest, filepath.Join(t.TempDir(), mutant.Name))
		t.Errorf("%s\n  Compose: %v\n  ours: %q %q\n%s", mutant, outcome.theirs, outcome.ours, outcome.fields, smallest.Files[mutant.File])
	}
	t.Log(counts)
	assert.Greater(t, counts["refused"], len(mutants)/3)
	assert.Greater(t, counts["taken"], len(mutants)/10)
}

// TestFoundDifferencesAreMended does the same with what was once found to differ.
func TestFoundDifferencesAreMended(t *testing.T) {
	for _, project := range mutate.Found() {
		t.Run(project.Name, func(t *testing.T) {
			outcome := judge(t, project, filepath.Join(t.TempDir(), project.Name))
			assert.False(t, outcome.differs(), "%s\n  Compose: %v\n  ours: %q %q\n%s", outcome.name(), outcome.theirs, outcome.ours, outcome.fields, project.Files)
		})
	}
}

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	value, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return value
}

// outcome is what the two loaders say of a project.
type outcome struct {
	theirs  error
	ours    []string // why it is refused
	unclear bool     // ours cannot know: a variable without a value decides
	fields  []string // where both take it, what services come to other values
}

func (o outcome) differs() bool {
	if o.theirs == nil && len(o.ours) > 0 && !slices.ContainsFunc(o.ours, isNoDate) {
		return false
	}
	return o.theirs == nil && len(o.ours) > 0 || o.theirs != nil && len(o.ours) == 0 && !o.unclear || len(o.fields) > 0
}

// isNoDate reports whether a refusal is not of a date. docker compose 2.40.3
// refuses those nearly everywhere; its loader has learned since to make
// "2024-01-01 00:00:00 +0000 UTC" of some, which nobody means.
func isNoDate(refusal string) bool { return !strings.Contains(refusal, "is a date to YAML") }

// detail is what differs from one project to another in a message of one kind.
var detail = regexp.MustCompile(`/\S+|"[^"]*"|'[^']*'|\d+|(service|node at path)\S* \S+|: .*has.*`)

// like is an outcome without its details: what stays when a project is reduced.
func (o outcome) like() string {
	return detail.ReplaceAllString(fmt.Sprint(o.name(), o.theirs, o.ours, strings.Join(o.fields[:min(len(o.fields), 1)], "")), "")
}

func (o outcome) name() string {
	switch {
	case o.theirs != nil && len(o.ours) > 0:
		return "refused"
	case len(o.fields) > 0:
		return "taken, and another model"
	case o.theirs == nil && len(o.ours) == 0:
		return "taken"
	case o.theirs == nil:
		return "refused by us alone"
	case o.unclear:
		return "unclear"
	}
	return "refused by Compose alone"
}

var variable = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z_0-9]*)`)

// takenWithValues reports whether Compose's loader takes a project if the
// variables in it that have no value have one that their names make likely.
func takenWithValues(project mutate.Project, directory string, paths []string) bool {
	var names []string
	for path, text := range project.Files {
		if strings.HasSuffix(path, ".yaml") {
			for _, found := range variable.FindAllStringSubmatch(text, -1) {
				names = append(names, found[1])
			}
		}
	}
	for _, value := range mutate.Likely() {
		var variables []string
		for _, name := range names {
			if !strings.Contains("\n"+project.Files[".env"], "\n"+name+"=") {
				variables = append(variables, name+"="+value(name))
			}
		}
		if _, err := oracle(directory, paths, variables...); err == nil && len(variables) > 0 {
			return true
		}
	}
	return false
}

// wantsVariable reports whether Compose stops at ${NAME:?…}: to us a variable
// that has no value here is never a fault.
func wantsVariable(err error) bool { return strings.Contains(err.Error(), "required variable") }

func judge(t *testing.T, project mutate.Project, directory string) outcome {
	t.Helper()
	require.NoError(t, project.Write(directory))
	defer os.RemoveAll(directory)
	var paths []string
	for _, file := range project.Compose() {
		paths = append(paths, filepath.Join(directory, file))
	}
	var result outcome
	loaded, refusals := ours(t, directory, paths)
	model, err := oracle(directory, paths)
	result.ours, result.theirs = refusals, err
	if err == nil && len(refusals) == 0 {
		result.fields = modelDifferences(t, loaded, model)
	}
	result.unclear = err != nil && len(refusals) == 0 && (wantsVariable(err) || takenWithValues(project, directory, paths))
	return result
}

// ours is what our loader makes of a project: the reasons for which rcomp lint
// says that Compose refuses it. That there is nothing to run in a file is no
// such reason. A panic is no reason that Compose has.
func ours(t *testing.T, directory string, paths []string) (project *compose.Project, refusals []string) {
	t.Helper()
	defer func() {
		if cause := recover(); cause != nil {
			t.Errorf("our loader panics: %v\n%s", cause, debug.Stack())
			refusals = []string{"panic"}
		}
	}()
	project = compose.Load(open(t, directory), paths)
	for _, refusal := range project.Refusals {
		if refusal.Kind != compose.NoServices {
			refusals = append(refusals, refusal.Message)
		}
	}
	return project, refusals
}

// modelDifferences lists the fields of services that do not come to the same.
func modelDifferences(t *testing.T, ours *compose.Project, theirs *types.Project) (fields []string) {
	t.Helper()
	for _, service := range ours.Services {
		known, unknown := canonical.Service(service.Value)
		handThrough(known, service)
		encoded, err := json.Marshal(theirs.Services[service.Name])
		require.NoError(t, err)
		var written map[string]any
		require.NoError(t, json.Unmarshal(encoded, &written))
		for _, name := range unknown {
			delete(written, name)
		}
		for _, difference := range canonical.Differences(known, canonical.Written(written)) {
			fields = append(fields, service.Name+difference)
		}
	}
	return fields
}

// handThrough gives variables that have a name alone what .env has for them, as
// Compose's loader does.
func handThrough(service map[string]any, of *compose.Service) {
	environment, _ := service["environment"].(map[string]any)
	for _, variable := range of.Environment() {
		if value, named := environment[variable.Name]; named && value == nil && variable.Set {
			environment[variable.Name] = variable.Value
		}
	}
}

// What the mutants are made of is sound, and its services come to what Compose
// makes of them.
func TestBasesAreSound(t *testing.T) {
	bases, err := mutate.Read(os.DirFS("../../e2e/testdata/compose"))
	require.NoError(t, err)
	for _, base := range bases {
		t.Run(base.Name, func(t *testing.T) {
			outcome := judge(t, base, filepath.Join(t.TempDir(), base.Name))
			assert.NoError(t, outcome.theirs)
			assert.Empty(t, outcome.ours)
			for _, field := range outcome.fields {
				t.Error(field)
			}
		})
	}
}
