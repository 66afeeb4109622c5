package fix_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/fix"
	"github.com/rcomp/rcomp/lint/position"
)

// memory holds files.
type memory map[string][]byte

func (m memory) Read(file string) ([]byte, error) {
	if content, ok := m[file]; ok {
		return content, nil
	}
	return nil, fs.ErrNotExist
}

func (m memory) Put(file string, content []byte) error { m[file] = content; return nil }

// Take puts back the text that a test has begun with.
func (m memory) Take(file string) error { m[file] = m["before "+file]; return nil }

var rule = &lint.Rule{ID: "a-rule"}

// wrongLines is a project of one file, in which every line "wrong" has a fix; the
// project is refused once a line "never" is no more.
func wrongLines(files memory, padding int) (project fix.Project, looks *int) {
	looks = new(int)
	return func() fix.Look {
		*looks++
		look := fix.Look{Files: map[string]bool{"file": true}, Size: len(files["file"]) + padding}
		at, nevers := 0, 0
		for i, line := range strings.Split(string(files["file"]), "\n") {
			if line == "wrong" || line == "never" {
				finding := lint.Finding{Rule: rule, Service: fmt.Sprint(i), Message: fmt.Sprint("line ", i)}
				finding.Span.File, finding.Span.Start = "file", position.At(i+1, 1)
				finding.Fix = &lint.Fix{Title: "right it", Edits: []lint.Edit{{File: "file", Start: at, End: at + 5, New: "right"}}}
				look.Findings = append(look.Findings, finding)
			}
			if line == "never" {
				nevers++
			}
			at += len(line) + 1
		}
		if nevers < bytes.Count(files["before file"], []byte("never")) {
			look.Refusals = []compose.Refusal{{Message: "refused"}}
		}
		look.Wanted = look.Findings
		return look
	}, looks
}

// One fix that does not stand, wherever it is, keeps none of the others from
// being made, and does not make each of them be tried by itself.
func TestOneThatDoesNotStandAmongMany(t *testing.T) {
	for _, at := range []int{0, 150, 299} {
		lines := strings.Split(strings.Repeat("wrong\n", 300), "\n")
		lines[at] = "never"
		text := []byte(strings.Join(lines, "\n"))
		files := memory{"file": text, "before file": text}
		project, looks := wrongLines(files, 0)
		outcome, err := fix.Apply([]fix.Project{project}, files, false)
		require.NoError(t, err)
		assert.Len(t, outcome.Applied, 299)
		assert.Len(t, outcome.Dropped, 1)
		assert.False(t, outcome.CutOff)
		assert.Less(t, *looks, 60)
		assert.Equal(t, 0, strings.Count(string(files["file"]), "wrong"))
	}
}

// A large file of which many fixes do not stand is not looked at for ever, and
// what was made is whole.
func TestManyThatDoNotStandEnd(t *testing.T) {
	text := []byte(strings.Repeat("wrong\nnever\n", 500))
	files := memory{"file": text, "before file": text}
	project, looks := wrongLines(files, 400<<10)
	outcome, err := fix.Apply([]fix.Project{project}, files, false)
	require.NoError(t, err)
	assert.True(t, outcome.CutOff)
	assert.Less(t, *looks, 30)
	assert.Equal(t, len(outcome.Applied), strings.Count(string(files["file"]), "right"))
	assert.Equal(t, 500, strings.Count(string(files["file"]), "never"))
}

// What makes a server start may be what another fix of it is for: the second is
// asked for again.
func TestFixesOfWhatOneServerMeansMeet(t *testing.T) {
	files := memory{"file": []byte("policy? ")}
	project := func() fix.Look {
		text := string(files["file"])
		look := fix.Look{Files: map[string]bool{"file": true}, Meaning: map[string]string{"a: policy": text}}
		if strings.Contains(text, "policy?") {
			for i, f := range []*lint.Fix{
				{Title: "rename", Meaning: []string{"a:"}, Edits: []lint.Edit{{File: "file", Start: 6, End: 7, New: "!"}}},
				{Title: "add", Meaning: []string{"a: policy"}, Edits: []lint.Edit{{File: "file", Start: 8, End: 8, New: "policy!"}}},
			} {
				look.Findings = append(look.Findings, lint.Finding{Rule: &lint.Rule{ID: fmt.Sprint("rule-", i)}, Fix: f, Severity: lint.Error - lint.Severity(i)})
			}
		}
		look.Wanted = look.Findings
		return look
	}
	outcome, err := fix.Apply([]fix.Project{project}, files, false)
	require.NoError(t, err)
	assert.Len(t, outcome.Applied, 1)
	assert.Equal(t, "policy! ", string(files["file"]))
}

// What a fix lessens is found still, and less severe; one that leaves it as severe
// does not stand.
func TestFixesThatLessen(t *testing.T) {
	for with, want := range map[string]string{"note.": "note.", "error": "error"} {
		files := memory{"file": []byte("error"), "before file": []byte("error")}
		severities := map[string]lint.Severity{"error": lint.Error, "note.": lint.Note}
		project := func() fix.Look {
			text := string(files["file"])
			finding := lint.Finding{Rule: rule, Service: "a", Severity: severities[text]}
			if text == "error" {
				finding.Fix = &lint.Fix{Title: "lessen", Lessens: true, Edits: []lint.Edit{{File: "file", Start: 0, End: 5, New: with}}}
			}
			wanted := finding
			wanted.Severity = lint.Warning // by settings
			return fix.Look{Files: map[string]bool{"file": true}, Findings: []lint.Finding{finding}, Wanted: []lint.Finding{wanted}}
		}
		outcome, err := fix.Apply([]fix.Project{project}, files, false)
		require.NoError(t, err)
		assert.Equal(t, want, string(files["file"]))
		assert.Equal(t, with == "note.", len(outcome.Applied) == 1)
		assert.Equal(t, with != "note.", len(outcome.Dropped) == 1)
	}
}

// Lines that several fixes put in at one place go together, those that are
// further in first; a section that each of them would begin is begun once.
func TestLinesAtOnePlaceFollowEachOther(t *testing.T) {
	const start = "services:\n  a:\n    volumes:\n    - x:/x"
	files := memory{"file": []byte(start)}
	looks := 0
	project := func() fix.Look {
		looks++
		text := string(files["file"])
		look := fix.Look{Files: map[string]bool{"file": true}}
		at := len(text)
		if section := strings.Index(text, "\n\nvolumes:"); section >= 0 {
			at = section
		}
		for i, line := range []string{"\n    mem_limit: 1g", "\n    - y:/y", "\n    init: true"} {
			if !strings.Contains(text, line) {
				look.Findings = append(look.Findings, finding(i, lint.Edit{File: "file", Start: at, End: at, New: line}))
			}
		}
		for i := range 50 {
			line, at := fmt.Sprintf("\n  v%d:", i), len(text)
			edit := lint.Edit{File: "file", Start: at, End: at, New: line}
			if !strings.Contains(text, "\n\nvolumes:") {
				edit.New = "\n\nvolumes:" + line
			}
			if !strings.Contains(text+"\n", line+"\n") {
				look.Findings = append(look.Findings, finding(10+i, edit))
			}
		}
		look.Wanted = look.Findings
		return look
	}
	outcome, err := fix.Apply([]fix.Project{project}, files, false)
	require.NoError(t, err)
	assert.Len(t, outcome.Applied, 53)
	assert.LessOrEqual(t, looks, 4)
	text := string(files["file"])
	assert.True(t, strings.HasPrefix(text, start+"\n    - y:/y\n    mem_limit: 1g\n    init: true\n\nvolumes:\n  v0:\n"), text)
	assert.Equal(t, 1, strings.Count(text, "\n\nvolumes:"))
}

func finding(i int, edit lint.Edit) lint.Finding {
	return lint.Finding{Rule: &lint.Rule{ID: fmt.Sprint("rule-", i)}, Fix: &lint.Fix{Title: "add", Edits: []lint.Edit{edit}}, Severity: lint.Warning}
}

// A diff is given to programs that apply it: a name makes no line of its own.
func TestNamesInADiffAreOneLine(t *testing.T) {
	for file, want := range map[string]string{
		"a b/compose.yml":            `a/a b/compose.yml`,
		"é/compose.yml":              `a/é/compose.yml`,
		"x\n+++ b/y\n/compose.yml":   `"a/x\012\053\053\053 b/y\012/compose.yml"`,
		"\x1b[2J##[error]\r\"\\\xff": `"a/\033\1332J\043\043\133error\135\015\042\134\377"`,
	} {
		var out bytes.Buffer
		shown := func(file string, number int, text string, isNew bool) string { return text }
		require.NoError(t, fix.Diff(&out, []fix.Change{{File: file, Old: []byte("1\n"), New: []byte("2\n")}}, shown, false))
		other := strings.Replace(want, "a/", "b/", 1)
		assert.Equal(t, "--- "+want+"\n+++ "+other+"\n@@ -1 +1 @@\n-1\n+2\n", out.String())
	}
}
