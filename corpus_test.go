package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/rules"
)

const corpusPage = "docs/corpus.md"

// corpusDirectory is where a directory for each of many repositories is: below
// what RCOMP_CORPUS names, or, where it names nothing, the tutorials of the
// fixtures, which are few.
func corpusDirectory() (directory string, public bool) {
	if named := os.Getenv("RCOMP_CORPUS"); named != "" {
		return named, true
	}
	return filepath.Join(repository, "fixtures/tutorials"), false
}

// TestFindingsOfCorpus lints the repositories of a corpus, each as `rcomp lint .`
// does there, and prints how many findings each rule has: the table of
// docs/corpus.md, which -update rewrites where RCOMP_CORPUS names public files.
// RCOMP_DRAW=250 prints as many findings besides, at least two of each rule,
// drawn with a fixed seed: to be read.
func TestFindingsOfCorpus(t *testing.T) {
	corpus, public := corpusDirectory()
	found := lintCorpus(t, corpus)
	table := found.table()
	t.Logf("%s\n%s", found.summary(), table)
	if number, err := strconv.Atoi(os.Getenv("RCOMP_DRAW")); err == nil {
		for _, finding := range found.draw(number) {
			t.Logf("%s %s:%d %s: %s [%s]", finding.repository, finding.File, finding.Line, finding.Severity, finding.Message, finding.Rule)
		}
	}
	assert.NotEmpty(t, found.findings)
	if *update && public {
		page, err := os.ReadFile(filepath.Join(repository, corpusPage))
		require.NoError(t, err)
		before, rest, _ := strings.Cut(string(page), "<!-- findings -->\n")
		_, after, _ := strings.Cut(rest, "<!-- end -->\n")
		compare(t, corpusPage, before+"<!-- findings -->\n"+found.summary()+"\n\n"+table+"<!-- end -->\n"+after)
	}
}

// TestCorpusPage holds the page to itself: its rules are rules, and no warning
// is on more than half of the files unless the page says why it must be.
func TestCorpusPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(repository, corpusPage))
	require.NoError(t, err)
	known := map[string]bool{}
	for _, rule := range rules.Known() {
		known[rule.ID] = true
	}
	rows := regexp.MustCompile(`(?m)^\| ([a-z-]+) \| (error|warning|note) \|.* (\d+) % \|$`).FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, rows)
	for _, row := range rows {
		assert.True(t, known[row[1]], "%s is no rule", row[1])
		share, err := strconv.Atoi(row[3])
		require.NoError(t, err)
		if row[2] == "warning" && share > 50 {
			assert.Contains(t, string(page), "* `"+row[1]+"`", "nothing says why %s is on %d %% of the files", row[1], share)
		}
	}
}

// corpusFindings are what rcomp says of a corpus.
type corpusFindings struct {
	files    int // that are read as compose files
	findings []corpusFinding
}

// corpusFinding is one of them, as --format json prints it.
type corpusFinding struct {
	repository              string
	Rule, Severity, Message string
	File                    string
	Line                    int
}

func lintCorpus(t *testing.T, corpus string) corpusFindings {
	var all corpusFindings
	corpus, err := filepath.Abs(corpus)
	require.NoError(t, err)
	for _, name := range directoriesIn(t, corpus) {
		t.Chdir(filepath.Join(corpus, name))
		var report struct {
			Findings []corpusFinding
			Summary  struct{ Files int }
		}
		result := rcomp("lint", "--format", "json", "--root", ".", ".")
		require.NoError(t, json.Unmarshal([]byte(result.stdout), &report), "%s: %s", name, result.stderr)
		for _, finding := range report.Findings {
			finding.repository = name
			all.findings = append(all.findings, finding)
		}
		all.files += report.Summary.Files
	}
	return all
}

func directoriesIn(t *testing.T, directory string) (names []string) {
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

// corpusRow is what a rule finds at one severity.
type corpusRow struct{ rule, severity string }

// rows counts the findings of each rule and severity, and the files that have one.
func (c corpusFindings) rows() (findings map[corpusRow]int, files map[corpusRow]map[string]bool) {
	findings, files = map[corpusRow]int{}, map[corpusRow]map[string]bool{}
	for _, finding := range c.findings {
		row := corpusRow{finding.Rule, finding.Severity}
		if findings[row]++; files[row] == nil {
			files[row] = map[string]bool{}
		}
		files[row][finding.repository+"/"+finding.File] = true
	}
	return findings, files
}

func (c corpusFindings) summary() string {
	severities := map[string]int{}
	for _, finding := range c.findings {
		severities[finding.Severity]++
	}
	return fmt.Sprintf("%d findings in %d compose files: %d errors, %d warnings, %d notes.",
		len(c.findings), c.files, severities["error"], severities["warning"], severities["note"])
}

// table is the Markdown of the rows, the most frequent first, beside what was
// found before.
func (c corpusFindings) table() string {
	findings, files := c.rows()
	known := maps.Clone(findings)
	for row := range foundBefore {
		known[row] += 0
	}
	rows := slices.SortedFunc(maps.Keys(known), func(a, b corpusRow) int {
		return cmp.Or(cmp.Compare(findings[b], findings[a]), cmp.Compare(foundBefore[b].findings, foundBefore[a].findings),
			cmp.Compare(a.rule, b.rule), cmp.Compare(a.severity, b.severity))
	})
	lines := []string{"| rule | severity | findings before | of the files | findings now | of the files |", "|---|---|---|---|---|---|"}
	for _, row := range rows {
		before := foundBefore[row]
		lines = append(lines, fmt.Sprintf("| %s | %s | %d | %d %% | %d | %d %% |",
			row.rule, row.severity, before.findings, percent(before.files, c.files), findings[row], percent(len(files[row]), c.files)))
	}
	return strings.Join(lines, "\n") + "\n"
}

func percent(part, whole int) int { return (part*100 + whole/2) / whole }

// drawSeed is the day on which the findings were read.
const drawSeed = 20261129

// draw chooses findings to be read: two of each rule at least.
func (c corpusFindings) draw(number int) []corpusFinding {
	shuffled := slices.Clone(c.findings)
	random := rand.New(rand.NewPCG(drawSeed, drawSeed))
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	var drawn, rest []corpusFinding
	of := map[string]int{}
	for _, finding := range shuffled {
		if of[finding.Rule]++; of[finding.Rule] <= 2 {
			drawn = append(drawn, finding)
		} else {
			rest = append(rest, finding)
		}
	}
	drawn = append(drawn, rest[:max(0, min(len(rest), number-len(drawn)))]...)
	slices.SortFunc(drawn, func(a, b corpusFinding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.repository, b.repository), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return drawn
}
