//go:build schemas

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOutputsAreValidByPublishedSchemas holds what is printed to the schemas of
// its readers themselves. fixtures/schemas has shorter ones, of what is used of
// them. RCOMP_SCHEMAS is a directory with
//
//	junit-10.xsd           of jenkinsci/xunit-plugin, src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd
//	codeclimate.json       of GitLab, app/validators/json_schemas
//	DiagnosticResult.json  of reviewdog/reviewdog, proto/rdf/jsonschema
//
// Nobody has published one of Checkstyle's reports.
func TestOutputsAreValidByPublishedSchemas(t *testing.T) {
	directory := os.Getenv("RCOMP_SCHEMAS")
	schema := func(name string) string { return textOf(t, filepath.Join(directory, name)) }
	gitlab, reviewdog := schema("codeclimate.json"), schema("DiagnosticResult.json")
	for name, files := range projects {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for path, content := range files {
				write(t, path, content)
			}
			require.Empty(t, rcomp("lint", "--output", "junit=report.xml", "--output", "rdjson=rd.json", "--output", "gitlab=gitlab.json").stderr)
			said, err := exec.Command("xmllint", "--noout", "--schema", filepath.Join(directory, "junit-10.xsd"), "report.xml").CombinedOutput()
			assert.NoError(t, err, "%s", said)
			assert.NoError(t, validate(t, reviewdog, textOf(t, "rd.json")))
			// GitLab's is of a single issue.
			var issues []json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(textOf(t, "gitlab.json")), &issues))
			for _, issue := range issues {
				assert.NoError(t, validate(t, gitlab, string(issue)))
			}
		})
	}
}
