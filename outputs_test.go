package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/report"
)

// schemaOfSARIF is the standard's schema, as the library for it has it.
func schemaOfSARIF(t *testing.T) string {
	t.Helper()
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3")
	list.Dir = repository
	directory, err := list.Output()
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(directory)), "pkg/report/v210/sarif/schema.go"), nil, 0)
	require.NoError(t, err)
	literal := file.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values[0].(*ast.BasicLit)
	text, err := strconv.Unquote(literal.Value)
	require.NoError(t, err)
	require.Contains(t, text, "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema")
	return text
}

// validate holds a document to a schema.
func validate(t *testing.T, schema, document string) error {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	require.NoError(t, err)
	require.NoError(t, compiler.AddResource("schema.json", value))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	instance, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	require.NoError(t, err)
	return compiled.Validate(instance)
}

// projects are what formats are tried with: findings of every severity, what is
// unseen, ignored and gone, hostile names, and nothing at all.
var projects = map[string]map[string]string{
	"everything": {
		composeFile:  server + "    command: [redis-server, --maxmemory-polcy, x]\n    env_file: ${WHERE}\n  queue:\n    image: redis # rcomp: ignore[image-tag-floating] it is a sandbox\n",
		"known.json": `{"version": 1, "findings": [{"rule":"image-ended","file":"docker-compose.yml","service":"gone","fingerprint":"0123456789abcdef"}]}`, ".rcomp.toml": "baseline = \"known.json\"\n",
	},
	"hostile": {"]]>&#0;\n::error::<a|b>$%41\u202e/" + composeFile: server + "    command: [\"redis-server\", \"--]]>\\u0007##vso[task.setvariable variable=PATH]|'\\n::error::\", x]\n"},
	"nothing": {composeFile: harmless},
}

func TestOutputsAreValid(t *testing.T) {
	schemas := map[string]string{"sarif": schemaOfSARIF(t)}
	for _, name := range []string{"gitlab", "rdjson"} {
		content, err := os.ReadFile(filepath.Join("fixtures", "schemas", name+".schema.json"))
		require.NoError(t, err)
		schemas[name] = string(content)
	}
	for name, files := range projects {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for path, content := range files {
				write(t, path, content)
			}
			for format, schema := range schemas {
				result := rcomp("lint", "--format", format)
				require.Empty(t, result.stderr)
				assert.NoError(t, validate(t, schema, result.stdout), "%s:\n%s", format, result.stdout)
			}
		})
	}
	assert.Error(t, validate(t, schemas["sarif"], `{"version": "2.1.0", "runs": [{"results": []}]}`), "a run has a tool")
	assert.Error(t, validate(t, schemas["gitlab"], `[{"description": "x"}]`))
	assert.Error(t, validate(t, schemas["rdjson"], `{"diagnostics": [{"message": "x"}]}`))
}

// TestSARIFForCodeScanning: what code scanning tells alerts apart by is the same
// wherever a finding moves to, and another for each.
func TestSARIFForCodeScanning(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".git/HEAD", "")
	write(t, "deploy/a b/compose.yml", server+"    ports: ['6379:6379', '6380:6379']\n")
	fingerprints := func() []string {
		t.Helper()
		var log struct {
			Runs []struct {
				Results []struct {
					PartialFingerprints map[string]string
					Locations           []struct {
						PhysicalLocation struct {
							ArtifactLocation struct{ URI, URIBaseID string }
						}
					}
				}
			}
		}
		require.NoError(t, json.Unmarshal([]byte(rcomp("lint", "--format", "sarif").stdout), &log))
		var all []string
		for _, result := range log.Runs[0].Results {
			location := result.Locations[0].PhysicalLocation.ArtifactLocation
			assert.Equal(t, "deploy/a%20b/compose.yml", location.URI)
			assert.Equal(t, "%SRCROOT%", location.URIBaseID)
			all = append(all, result.PartialFingerprints["rcomp/v1"])
		}
		return all
	}
	before := fingerprints()
	assert.Greater(t, len(before), 3)
	unique := map[string]bool{}
	for _, one := range before {
		unique[one] = true
	}
	assert.Len(t, unique, len(before))
	write(t, "deploy/a b/compose.yml", "# one line more\n"+server+"    ports: ['6379:6379', '6380:6379']\n")
	assert.Equal(t, before, fingerprints())
	t.Chdir("deploy")
	assert.Equal(t, before, fingerprints(), "from elsewhere in the repository")
}

// TestOutputFiles: what a pull request did to the way leads nowhere, and what
// stands there stays whole.
func TestOutputFiles(t *testing.T) {
	outside := t.TempDir()
	t.Chdir(t.TempDir())
	write(t, ".git/hooks/x", "")
	write(t, composeFile, faulty)
	write(t, "reports/old.sarif", "old")
	require.NoError(t, os.Chmod("reports/old.sarif", 0o600))
	require.NoError(t, os.Symlink(outside, "away"))
	require.NoError(t, os.Symlink(".git/hooks", "hooks"))
	require.NoError(t, os.Symlink("reports", "inside"))
	require.NoError(t, os.Symlink(filepath.Join(outside, "x"), "x.sarif"))
	for _, path := range []string{"away/x.sarif", "hooks/x.sarif", ".git/x", "x.sarif", "reports", composeFile, "./reports/../" + composeFile} {
		result := rcomp("lint", "--quiet", "--output", "sarif="+path, "--output", "text")
		assert.Equal(t, statusTrouble, result.status, path)
		assert.Contains(t, result.stderr, "cannot write ", path)
		assert.Contains(t, result.stdout, "[directive-unknown]", "the others are written all the same")
	}
	assert.Empty(t, filesIn(t, outside))
	assert.Equal(t, []string{".git/hooks/x", "compose.yml", "away", "hooks", "inside", "reports/old.sarif", "x.sarif"}, sortedLike(filesIn(t, ".")))
	for _, path := range []string{"inside/old.sarif", filepath.Join(outside, "new.sarif"), "new.sarif"} {
		assert.Equal(t, outcome{status: statusFound}, rcomp("lint", "--output", "sarif="+path), path)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.True(t, json.Valid(content))
	}
	here, err := os.Getwd()
	require.NoError(t, err)
	twice := rcomp("lint", "--output", "json="+filepath.Join(here, "new.sarif"), "--output", "sarif=./new.sarif")
	assert.Contains(t, twice.stderr, "twice", "by another name")
	info, err := os.Stat("reports/old.sarif")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "a file keeps its mode")
	entries, err := filepath.Glob("*rcomp-*")
	require.NoError(t, err)
	assert.Empty(t, entries, "nothing is left beside it")
}

// sortedLike puts names in the order that the test reads best in.
func sortedLike(paths []string) []string {
	var first, rest []string
	for _, path := range paths {
		if strings.HasPrefix(path, ".git/") || path == composeFile {
			first = append(first, path)
		} else {
			rest = append(rest, path)
		}
	}
	return append(first, rest...)
}

func TestAutoIsTheFormatOfTheRunner(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, faulty)
	for _, test := range []struct{ variable, value, begins string }{
		{"PATH_OF_NOBODY", "x", "compose.yml:"},
		{"GITHUB_ACTIONS", "true", "::error file="},
		{"GITHUB_ACTIONS", "false", "compose.yml:"},
		{"TF_BUILD", "True", "##vso[task.logissue type=error;"},
		{"TEAMCITY_VERSION", "2025.11", "##teamcity[inspectionType "},
		{"GITLAB_CI", "true", "\x1b[1mcompose.yml:"},
	} {
		t.Run(test.variable, func(t *testing.T) {
			t.Setenv(test.variable, test.value)
			assert.True(t, strings.HasPrefix(rcomp("lint", "--output", "auto").stdout, test.begins), rcomp("lint", "--output", "auto").stdout)
		})
	}
	t.Setenv("GITLAB_CI", "true")
	t.Setenv("NO_COLOR", "1")
	assert.NotContains(t, rcomp("lint", "--format", "auto").stdout, "\x1b")
}

// TestSecretsAreShownToPeopleAlone asks as who looks at a terminal, and as who
// does not.
func TestSecretsAreShownToPeopleAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, server+"    command: redis-server --requirepass correct-horse-battery\n")
	on := func(isTerminal bool, arguments ...string) (string, int) {
		var stdout, stderr bytes.Buffer
		p := newProgram(&stdout, &stderr)
		p.terminal.is = isTerminal
		status := p.run(append([]string{"lint", "--color", "never"}, arguments...), strings.NewReader(""))
		return stdout.String() + stderr.String(), status
	}
	shown, _ := on(true, "--show-secrets")
	assert.Contains(t, shown, "--requirepass correct-horse-battery\n")
	hidden, _ := on(true)
	assert.NotContains(t, hidden, "correct-horse-battery")
	for _, arguments := range [][]string{{"--format", "json"}, {"--format", "sarif"}, {"--output", "text=x"}, {"--output", "text", "--output", "json=x"}} {
		output, status := on(true, append(arguments, "--show-secrets")...)
		assert.Equal(t, statusTrouble, status, arguments)
		assert.NotContains(t, output, "correct-horse-battery", arguments)
	}
	for _, format := range formatNames() {
		output, status := on(false, "--show-secrets", "--format", format)
		assert.Equal(t, statusTrouble, status, format)
		assert.NotContains(t, output, "correct-horse-battery", format)
	}
	assert.NoFileExists(t, "x")
}

// TestGitHubShowsTenOfAKind: the worst come first, and the rest stands in the
// log and in the summary.
func TestGitHubShowsTenOfAKind(t *testing.T) {
	t.Chdir(t.TempDir())
	services := "services:\n"
	for i := range 12 {
		services += "  a" + strconv.Itoa(i) + ":\n    image: redis:7.4.6\n    command: redis-server --hz-" + strings.Repeat("x", i+1) + " 1\n"
	}
	write(t, composeFile, services)
	output := rcomp("lint", "--format", "github").stdout
	for _, command := range []string{"error", "warning", "notice"} {
		assert.Equal(t, 10, strings.Count(output, "::"+command+" file="), command)
	}
	assert.Less(t, strings.LastIndex(output, "::error "), strings.Index(output, "::warning "))
	assert.Equal(t, 2, strings.Count(output, ": error: redis 7.4 has no directive"))
	summary := rcomp("lint", "--format", "github-summary").stdout
	assert.Equal(t, 12, strings.Count(summary, "\n| error |"))
}

func TestEveryFormatIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(repository, "docs/formats.md"))
	require.NoError(t, err)
	for _, format := range report.Formats {
		assert.Contains(t, string(page), "| `"+format.Name+"` |", format.Name)
	}
}

// TestTheSummaryHasAPicture: who is related to whom, where anybody is, and
// whatever they are called.
func TestTheSummaryHasAPicture(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, server+"  replica:\n    image: redis:7.4.6\n    command: redis-server --replicaof cache 6379\n")
	summary := rcomp("lint", "--format", "github-summary").stdout
	assert.Contains(t, summary, "\n```mermaid\n")
	assert.Equal(t, 2, strings.Count(summary, "```"))
	write(t, composeFile, "services:\n  \"x```\\n<img src=x>\":\n    image: redis:7.4.6\n  r:\n    image: redis:7.4.6\n    command: [redis-server, --replicaof, \"x```\\n<img src=x>\", '6379']\n")
	summary = rcomp("lint", "--format", "github-summary").stdout
	assert.NotContains(t, summary, "<img")
	assert.Contains(t, []int{0, 2}, strings.Count(summary, "```"))
	write(t, composeFile, harmless)
	assert.NotContains(t, rcomp("lint", "--format", "github-summary").stdout, "mermaid")
}
