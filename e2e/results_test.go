package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The long form takes hours. What it finished stands in a file, a row a line,
// and is skipped by the next run, as long as what gen writes is made from the
// same sources.

// resultsVariable names another file than resultsFile.
const (
	resultsVariable = "RCOMP_LONG_RESULTS"
	resultsFile     = "long-results.jsonl"
)

// sources are what decides what gen writes. Their change makes all results
// those of another program.
var sources = []string{"generate", "templates", "redis"}

// finishedRow is a line of the file.
type finishedRow struct {
	Row    string
	Result json.RawMessage
	Took   string // for people
	At     time.Time
	Commit string
	Tree   string // of sources
}

// results are the finished rows of these sources.
var results struct {
	sync.Mutex
	once         sync.Once
	commit, tree string
	rows         map[string]json.RawMessage
	lineEnd      string // what the last line lacks
}

func resultsPath() string {
	if path := os.Getenv(resultsVariable); path != "" {
		return path
	}
	return resultsFile
}

// openResults reads the file. Sources that are not committed have no name:
// nothing is found then, and nothing remembered.
func openResults(t *testing.T) {
	t.Helper()
	results.once.Do(func() {
		results.rows = map[string]json.RawMessage{}
		if changed, err := git(append([]string{"status", "--porcelain", "--"}, sources...)...); err != nil || changed != "" {
			fmt.Printf("nothing is remembered: %s differ from the last commit\n", strings.Join(sources, ", "))
			return
		}
		results.commit, _ = git("rev-parse", "HEAD")
		results.tree, _ = git("rev-parse", "HEAD:"+sources[0], "HEAD:"+sources[1], "HEAD:"+sources[2])
		content, err := os.ReadFile(resultsPath())
		if !os.IsNotExist(err) {
			require.NoError(t, err)
		}
		results.rows = rowsOf(string(content), results.tree)
		if len(content) > 0 && content[len(content)-1] != '\n' {
			results.lineEnd = "\n"
		}
	})
}

// rowsOf reads the rows of a tree. A run that was cut short may have left half a line.
func rowsOf(content, tree string) map[string]json.RawMessage {
	rows := map[string]json.RawMessage{}
	for line := range strings.Lines(content) {
		var one finishedRow
		if json.Unmarshal([]byte(line), &one) == nil && one.Tree == tree {
			rows[one.Row] = one.Result
		}
	}
	return rows
}

// git runs git in the repository.
func git(arguments ...string) (string, error) {
	command := exec.Command("git", arguments...)
	command.Dir = ".."
	output, err := command.Output()
	return strings.Join(strings.Fields(string(output)), " "), err
}

// finished tells whether a row of the long form was finished before, and gives
// its result.
func finished(t *testing.T, row string, result any) bool {
	t.Helper()
	if !long {
		return false
	}
	results.Lock()
	defer results.Unlock()
	openResults(t)
	content, found := results.rows[row]
	if found {
		require.NoError(t, json.Unmarshal(content, result), row)
	}
	return found
}

// remember writes down that the long form finished a row.
func remember(t *testing.T, row string, began time.Time, result any) {
	t.Helper()
	if !long {
		return
	}
	results.Lock()
	defer results.Unlock()
	openResults(t)
	if results.tree == "" {
		return
	}
	content, err := json.Marshal(result)
	require.NoError(t, err)
	line, err := json.Marshal(finishedRow{Row: row, Result: content, Took: time.Since(began).Round(time.Second).String(),
		At: time.Now().UTC(), Commit: results.commit, Tree: results.tree})
	require.NoError(t, err)
	file, err := os.OpenFile(resultsPath(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	require.NoError(t, err)
	defer file.Close()
	_, err = fmt.Fprintf(file, "%s%s\n", results.lineEnd, line)
	require.NoError(t, err)
	results.lineEnd = ""
	results.rows[row] = content
}

// unfinished returns those of a test's rows that no run before finished, and
// skips the test where there are none.
func unfinished(t *testing.T, rows []string) map[string]bool {
	t.Helper()
	left := map[string]bool{}
	for _, row := range rows {
		var said string
		left[row] = !finished(t, rowOf(t, row), &said)
		if !left[row] {
			t.Logf("finished before: %s", said)
		}
	}
	if !slices.Contains(slices.Collect(maps.Values(left)), true) {
		t.Skip("all rows were finished before")
	}
	return left
}

// finishRow logs what came of a row, and remembers it unless the test has failed.
func finishRow(t *testing.T, row string, began time.Time, format string, values ...any) {
	t.Helper()
	said := row + ": " + fmt.Sprintf(format, values...)
	t.Log(said)
	if !t.Failed() {
		remember(t, rowOf(t, row), began, said)
	}
}

func rowOf(t *testing.T, row string) string { return t.Name() + ": " + row }

// asOneRow makes a test one row of the long form: it is skipped where it passed before.
func asOneRow(t *testing.T) {
	t.Helper()
	var passed string
	if finished(t, t.Name(), &passed) {
		t.Skipf("finished before: %s", passed)
	}
	began := time.Now()
	t.Cleanup(func() {
		if !t.Failed() {
			remember(t, t.Name(), began, "passed")
		}
	})
}

func TestFinishedRowsAreThoseOfTheSameSources(t *testing.T) {
	content := `{"Row":"first","Result":1,"Tree":"a"}` + "\n" +
		`{"Row":"of another program","Result":2,"Tree":"b"}` + "\n" +
		`{"Row":"cut short","Result":3,"Tr` + "\n" + `{"Row":"first","Result":4,"Tree":"a"}` + "\n"
	assert.Equal(t, map[string]json.RawMessage{"first": json.RawMessage("4")}, rowsOf(content, "a"), "the last one counts")
	assert.Empty(t, rowsOf(content, ""), "what is not committed has no rows")
}
