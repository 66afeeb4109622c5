package report_test

import (
	"html"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/report"
)

func format(t *testing.T, name string) report.Format {
	t.Helper()
	for _, format := range report.Formats {
		if format.Name == name {
			return format
		}
	}
	t.Fatal("there is no format", name)
	return report.Format{}
}

// TestFixesAreCounted: edits count bytes, SARIF counts characters and
// reviewdog bytes of a line.
func TestFixesAreCounted(t *testing.T) {
	const source = "\xef\xbb\xbfé: 1\nü: 22 # x\nz: 3\n"
	finding := warning(span("a.yml", 2, 4, 6), "m")
	finding.Fix = &lint.Fix{Title: "say less", Unsafe: true, Edits: []lint.Edit{
		{File: "a.yml", Start: 13, End: 15, New: "4"}, // 22
		{File: "a.yml", Start: 6, End: 7, New: " 2"},  // the blank of the first line
	}}
	r := result(source, []lint.Finding{finding})
	sarif := printed(t, r, format(t, "sarif"), report.Options{})
	for _, part := range []string{
		`"endColumn": 6,
                        "endLine": 2,
                        "startColumn": 4,
                        "startLine": 2`, `"startColumn": 3,
                        "startLine": 1`, `"unsafe": true`, `"text": "say less"`,
	} {
		assert.Contains(t, sarif, part)
	}
	// One change takes the place of both, with what stands between them.
	reviewdog := printed(t, r, format(t, "rdjson"), report.Options{})
	assert.Contains(t, reviewdog, `"suggestions": [
        {
          "range": {
            "start": {
              "line": 1,
              "column": 4
            },
            "end": {
              "line": 2,
              "column": 7
            }
          },
          "text": " 21\nü: 4"`)
	assert.Contains(t, reviewdog, `"column": 5`, "of the finding, in bytes")
}

// TestNoFixTellsASecret: neither what it writes, nor what stands between its
// edits.
func TestNoFixTellsASecret(t *testing.T) {
	const source = "a: 1\npassword: hunter2hunter2\nb: 2\n"
	for name, edits := range map[string][]lint.Edit{
		"written":    {{File: "a.yml", Start: 3, End: 4, New: "hunter2hunter2"}},
		"in between": {{File: "a.yml", Start: 3, End: 4, New: "2"}, {File: "a.yml", Start: 33, End: 34, New: "3"}},
	} {
		finding := warning(span("a.yml", 1, 1, 2), "m")
		finding.Fix = &lint.Fix{Title: "t", Edits: edits}
		r := result(source, []lint.Finding{finding})
		assert.Contains(t, printed(t, r, format(t, "rdjson"), report.Options{}), "hunter2hunter2", name)
		r.Secrets = display.NewSecrets([]display.Place{{File: "a.yml", Line: 2, Start: 10, End: -1}}, []string{"hunter2hunter2"})
		for _, format := range report.Formats {
			assert.NotContains(t, printed(t, r, format, report.Options{}), "hunter2", "%s in %s", name, format.Name)
		}
	}
}

// TestHelpIsToldEverywhere: the lines to write are in every format that has
// room for more than a line.
func TestHelpIsToldEverywhere(t *testing.T) {
	finding := warning(span("a.yml", 1, 1, 2), "m")
	finding.Help = &lint.Help{Where: "in the service, as much as it takes:", Lines: []string{"mem_limit: <size>"}, Choose: "<size>"}
	r := result("a\n", []lint.Finding{finding})
	for _, format := range report.Formats {
		output := printed(t, r, format, report.Options{})
		if format.Name == "concise" {
			assert.NotContains(t, output, "mem_limit")
			continue
		}
		assert.Contains(t, html.UnescapeString(output), "mem_limit", format.Name)
	}
}
