package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/mutate"
)

// TestMutantsAreRefusedAsByCompose holds compose-invalid to docker compose
// config on compose files of ours with one change each: refused there if and
// only if it is refused here, and where neither does, the services come to the
// same. RCOMP_MUTANTS and RCOMP_MUTANTS_SEED choose others.
func TestMutantsAreRefusedAsByCompose(t *testing.T) {
	inParts(t)
	bases, err := mutate.Read(os.DirFS("testdata/compose"))
	require.NoError(t, err)
	mutants := mutate.Mutants(bases, uint64(number(t, "RCOMP_MUTANTS_SEED", 1)), number(t, "RCOMP_MUTANTS", 200))
	projects := make([]composeProject, len(mutants))
	directory := t.TempDir()
	for i, mutant := range mutants {
		projects[i] = place(t, mutant, filepath.Join(directory, strconv.Itoa(i), mutant.Name))
	}
	differences := compareAll(t, projects)
	for shown, difference := range differences {
		if shown < maxReduced {
			difference.text = reduced(t, mutants[difference.index], difference)
		}
		t.Error(difference)
	}
}

// TestFoundDifferencesAreMended does the same with what was once found to
// differ, and what is close to it.
func TestFoundDifferencesAreMended(t *testing.T) {
	inParts(t)
	directory := t.TempDir()
	var projects []composeProject
	for _, found := range mutate.Found() {
		projects = append(projects, place(t, mutate.Mutant{Project: found, Kind: "found", File: "compose.yaml"}, filepath.Join(directory, found.Name)))
	}
	for _, difference := range compareAll(t, projects) {
		t.Error(difference)
	}
}

// TestCorpusIsRefusedAsByCompose does the same on every compose file below the
// directory that RCOMP_CORPUS names, a directory for each repository; where it
// names none, on those of the command line's tests.
func TestCorpusIsRefusedAsByCompose(t *testing.T) {
	inParts(t)
	corpus := os.Getenv("RCOMP_CORPUS")
	if corpus == "" {
		corpus = "../fixtures/cli"
	}
	corpus, err := filepath.Abs(corpus) // each project is asked about where it stands
	require.NoError(t, err)
	projects := corpusProjects(t, corpus)
	require.NotEmpty(t, projects)
	for _, difference := range compareAll(t, projects) {
		t.Error(difference)
	}
}

// number reads a number from the environment.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	value, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return value
}

// place writes a mutant to a directory of its own.
func place(t *testing.T, mutant mutate.Mutant, directory string) composeProject {
	t.Helper()
	require.NoError(t, mutant.Write(directory))
	return composeProject{name: mutant.String(), directory: directory, root: directory, files: mutant.Compose()}
}

var (
	composeName = regexp.MustCompile(`(?i)compose[^/]*\.ya?ml$`)
	yamlName    = regexp.MustCompile(`(?i)\.ya?ml$`)
	servicesKey = regexp.MustCompile(`(?m)^["']?services["']?[ \t]*:`)
	imageKey    = regexp.MustCompile(`(?m)^[ \t]+["']?(image|build|extends)["']?[ \t]*:`)
)

// corpusProjects finds every compose file, each a project of its own.
func corpusProjects(t *testing.T, corpus string) []composeProject {
	t.Helper()
	corpus, err := filepath.EvalSymlinks(corpus)
	require.NoError(t, err)
	var projects []composeProject
	require.NoError(t, filepath.WalkDir(corpus, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !yamlName.MatchString(path) {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil || !composeName.MatchString(path) && !(servicesKey.Match(content) && imageKey.Match(content)) {
			return err
		}
		name, err := filepath.Rel(corpus, path)
		repository, _, _ := strings.Cut(name, string(filepath.Separator))
		projects = append(projects, composeProject{
			name: name, directory: filepath.Dir(path), root: filepath.Join(corpus, repository), files: []string{filepath.Base(path)},
		})
		return err
	}))
	return projects
}

// difference is a project of which Compose and rcomp do not say the same.
type difference struct {
	index          int
	project        composeProject
	compose, rcomp verdict
	fields         []string // where both take it: what their models do not have in common
	exception      string   // the name of the one that covers it
	text           string   // what to look at
}

func (d difference) String() string {
	if len(d.fields) > 0 {
		return fmt.Sprintf("%s\n  %s\n%s", d.project.name, strings.Join(d.fields, "\n  "), d.text)
	}
	return fmt.Sprintf("%s\n  Compose %s\n  rcomp %s\n%s", d.project.name, d.compose, d.rcomp, d.text)
}

// compareAll asks both programs of all projects, a few at a time, and returns
// in order where they differ and no exception says why. It logs how often each
// exception was needed.
func compareAll(t *testing.T, projects []composeProject) []difference {
	t.Helper()
	asked := make([]comparison, len(projects))
	rcompPath(t)
	t.Run("ask", func(t *testing.T) { // returns when all in it have
		for i, project := range projects {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				asked[i] = compare(t, project)
			})
		}
	})
	var unexplained []difference
	explained := map[string]int{}
	refused, services := 0, 0
	var endless []string
	for i, answer := range asked {
		if answer.endless {
			endless = append(endless, projects[i].name)
		}
		services += answer.services
		if answer.refused {
			refused++
		}
		if found := answer.difference; found != nil && found.exception != "" {
			explained[found.exception]++
		} else if found != nil {
			found.index = i
			unexplained = append(unexplained, *found)
		}
	}
	t.Logf("%d projects, %d of them refused by Compose; %d services of the others compared; %d differences, and meant: %v",
		len(projects), refused, services, len(unexplained), explained)
	if len(endless) > 0 {
		t.Logf("Compose said nothing for %s seconds of: %s", composeLimit, strings.Join(endless, ", "))
	}
	assert.LessOrEqual(t, len(endless), len(projects)/500, "Compose hardly ever goes on for ever")
	assert.Less(t, refused, len(projects), "Compose takes none")
	assert.Greater(t, services, len(projects)/10, "hardly a service was compared")
	return unexplained
}

// comparison is what came out of asking both programs of a project.
type comparison struct {
	refused    bool // by Compose
	endless    bool // Compose did not answer
	services   int  // how many were compared
	difference *difference
}

func compare(t *testing.T, project composeProject) (answer comparison) {
	compose := project.compose(t, nil, nil)
	rcomp, notes := project.rcomp(t)
	if compose.endless {
		return comparison{endless: true}
	}
	answer.refused = compose.refused
	found := &difference{project: project, compose: compose, rcomp: rcomp}
	if compose.refused != rcomp.refused {
		answer.difference = found
		at := slices.IndexFunc(exceptions, func(e exception) bool { return e.applies(t, project, compose, rcomp, notes) })
		if at >= 0 {
			found.exception = exceptions[at].name
		}
		return answer
	}
	if !compose.refused {
		if answer.services, found.fields = project.modelDifferences(t); len(found.fields) > 0 {
			answer.difference = found
		}
	}
	return answer
}

// maxReduced is of how many differences the smallest project is looked for:
// each takes some hundred processes.
const maxReduced = 5

// reduced is the smallest file for which the programs differ in the same way.
func reduced(t *testing.T, mutant mutate.Mutant, found difference) string {
	t.Helper()
	directory := t.TempDir()
	try := 0
	smallest := mutate.Reduce(mutant.Project, mutant.File, func(project mutate.Project) bool {
		try++
		mutant := mutant
		mutant.Project = project
		placed := place(t, mutant, filepath.Join(directory, strconv.Itoa(try), mutant.Name))
		still := compare(t, placed).difference
		return still != nil && still.exception == "" && still.compose.refused == found.compose.refused && len(still.fields) > 0 == (len(found.fields) > 0)
	}, 60)
	return "  -- " + mutant.File + "\n" + strings.ReplaceAll("  "+smallest.Files[mutant.File], "\n", "\n  ")
}
