package compose_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/mutate"
)

// oracle is Compose's own loader, run as docker compose config runs it where no variable is set but those of the files,
// and some more. Where it panics, as docker compose does then, that is a refusal too.
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

// TestMutantsAreJudgedAsByComposesLoader puts thousands of mutants of sound projects to Compose's own loader and to ours:
// refused there if and only if refused here. The end-to-end tests do the same with docker compose itself, on fewer.
// RCOMP_MUTANTS and RCOMP_MUTANTS_SEED choose others.
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
			return reduced.differs() && reduced.name() == outcome.name()
		}, 200)
		outcome = judge(t, smallest, filepath.Join(t.TempDir(), mutant.Name))
		t.Errorf("%s\n  Compose: %v\n  ours: %q\n%s", mutant, outcome.theirs, outcome.ours, smallest.Files[mutant.File])
	}
	t.Log(counts)
	assert.Greater(t, counts["refused"], len(mutants)/3)
	assert.Greater(t, counts["taken"], len(mutants)/10)
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
}

func (o outcome) differs() bool {
	return o.theirs == nil && len(o.ours) > 0 || o.theirs != nil && len(o.ours) == 0 && !o.unclear
}

func (o outcome) name() string {
	switch {
	case o.theirs != nil && len(o.ours) > 0:
		return "refused"
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

// takenWithValues reports whether Compose's loader takes a project if the variables in it that have no value have one: a
// word that many things can be, or another.
func takenWithValues(project mutate.Project, directory string, paths []string) bool {
	var names []string
	for path, text := range project.Files {
		if strings.HasSuffix(path, ".yaml") {
			for _, found := range variable.FindAllStringSubmatch(text, -1) {
				names = append(names, found[1])
			}
		}
	}
	for _, value := range []string{"1", "1s", "data", "service_healthy"} {
		var variables []string
		for _, name := range names {
			if !strings.Contains("\n"+project.Files[".env"], "\n"+name+"=") {
				variables = append(variables, name+"="+value)
			}
		}
		if _, err := oracle(directory, paths, variables...); err == nil && len(variables) > 0 {
			return true
		}
	}
	return false
}

func judge(t *testing.T, project mutate.Project, directory string) outcome {
	t.Helper()
	require.NoError(t, project.Write(directory))
	defer os.RemoveAll(directory)
	var paths []string
	for _, file := range project.Compose() {
		paths = append(paths, filepath.Join(directory, file))
	}
	var result outcome
	result.ours = refusals(compose.Load(open(t, directory), paths))
	_, result.theirs = oracle(directory, paths)
	result.unclear = result.theirs != nil && len(result.ours) == 0 && takenWithValues(project, directory, paths)
	return result
}

// refusals are the reasons for which rcomp lint says that Compose refuses a project. That there is nothing to run in a file
// is no such reason.
func refusals(project *compose.Project) (messages []string) {
	for _, refusal := range project.Refusals {
		if refusal.Kind != compose.NoServices {
			messages = append(messages, refusal.Message)
		}
	}
	return messages
}
