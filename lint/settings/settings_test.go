package settings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/BurntSushi/toml"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/lint/settings"
)

var words = settings.Vocabulary{
	Rules: []string{"healthcheck-missing", "password-missing"}, Groups: []string{"access", "health"},
	Engines: []string{"redis", "valkey"}, Roles: []string{"cache", "session-store"},
	Version: func(engine, version string) error {
		if version != "7.4" {
			return fmt.Errorf("%s has no version %q", engine, version)
		}
		return nil
	},
}

// whole is the example of the documentation.
const whole = `fail-on = "warning"
exclude = ["legacy/**"]
baseline = "rcomp-baseline.json"
[rules]                          # a rule or a group: "off", "note", "warning", "error"
healthcheck-missing = "warning"
[images."registry.example/cache"]
engine = "redis"
version = "7.4"
[services.sessions]
role = "session-store"           # for rules that depend on what a server is for
[[override]]
paths = ["dev/**"]
services = ["*-test"]
rules = { password-missing = "off" }
`

func read(t *testing.T, text string) (*settings.Settings, error) {
	t.Helper()
	return settings.Read(position.NewText(settings.Name, []byte(text)), "/repository", words)
}

func TestRead(t *testing.T) {
	for name, text := range map[string]string{"as it is": whole, "of Windows": "\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n")} {
		s, err := read(t, text)
		require.NoError(t, err, name)
		assert.Equal(t, "warning", s.FailOn)
		assert.Equal(t, []string{"legacy/**"}, s.Exclude)
		assert.Equal(t, "rcomp-baseline.json", s.Baseline)
		assert.Equal(t, map[string]string{"healthcheck-missing": "warning"}, s.Rules)
		assert.Equal(t, map[string]settings.Image{"registry.example/cache": {Engine: "redis", Version: "7.4"}}, s.Images)
		assert.Equal(t, map[string]settings.Service{"sessions": {Role: "session-store"}}, s.Services)
		assert.Equal(t, []settings.Override{{Paths: []string{"dev/**"}, Services: []string{"*-test"}, Rules: map[string]string{"password-missing": "off"}}}, s.Override)
	}
	_, err := read(t, "")
	assert.NoError(t, err, "a file may say nothing")
}

// TestFaults holds each fault to its place and what it says.
func TestFaults(t *testing.T) {
	tests := map[string]string{
		"fial-on = \"note\"":                    `1:1: there is no key "fial-on" here; did you mean "fail-on"?`,
		"\ncolour = 1":                          `2:1: there is no key "colour" here: there are baseline, exclude, fail-on, images, override, rules, services`,
		"fail-on = \"wraning\"":                 `1:11: "wraning" is none of error, warning, note, never; did you mean "warning"?`,
		"fail-on = 3":                           `1:11: "fail-on" takes a text in quotes`,
		"[rules]\npasword-missing = \"off\"":    `2:1: there is no rule and no group "pasword-missing"; did you mean "password-missing"?`,
		"[rules]\npassword-missing = \"of\"":    `2:20: "of" is none of error, warning, note, off; did you mean "off"?`,
		"[rules]\nacess = \"off\"":              `2:1: there is no rule and no group "acess"; did you mean "access"?`,
		"rules = { x = \"off\" }":               `1:11: there is no rule and no group "x"`,
		"rules.nothing = \"off\"":               `1:7: there is no rule and no group "nothing"`,
		"rules = 1":                             `1:9: "rules" takes a table`,
		"exclude = \"a\"":                       `1:11: "exclude" takes a list of texts, as in ["dev/**"]`,
		"exclude = [1]":                         `"exclude" takes texts in quotes`,
		"exclude = [\n  \"a\",\n  \"[\",\n]":    `3:4: "[" is no pattern: a bracket or a backslash stands alone`,
		"exclude = [\"../x\"]":                  `1:13: "../x" leads nowhere: patterns start at the directory of the file, without /, ./ or ..`,
		"exclude = [\"\"]":                      `a pattern is empty`,
		"[images.\"a/b\"]\nengine = \"rediss\"": `2:10: "rediss" is none of redis, valkey; did you mean "redis"?`,
		"[images.\"a/b\"]\nengine = \"redis\"\nversion = \"1\"":    `3:11: redis has no version "1"`,
		"[images.\"a/b\"]\nversion = \"7.4\"":                      `1:10: "engine" is missing here`,
		"[images]\nx = 1":                                          `2:5: "x" takes a table`,
		"[services.a]\nrole = \"cahce\"":                           `2:8: "cahce" is none of cache, session-store; did you mean "cache"?`,
		"[services.a]\nrule = \"cache\"":                           `2:1: there is no key "rule" here; did you mean "role"?`,
		"[override]\npaths = []":                                   `"override" takes tables, as in [[override]]`,
		"[[override]]\nrules = {}\n[[override]]\npaths = [\"a\"]":  `3:1: "rules" is missing here`,
		"[[override]]\npath = [\"a\"]\nrules = {access = \"off\"}": `2:1: there is no key "path" here; did you mean "paths"?`,
		"a = \n": `1:5: not TOML: `,
		"a":      `1:1: not TOML: `,
		"\xff":   `1:1: the file is not UTF-8`,
		"a = \"" + strings.Repeat("x", 20_000) + "\"":                      `1:1: a line of more than 10000 bytes`,
		strings.Repeat("# a comment\n", 6_000):                             `1:1: a file of more than 64 KiB`,
		"exclude = [" + strings.Repeat("\"a\", ", 201) + "]":               `1:11: more than 200 patterns in all`,
		strings.Repeat("[[override]]\npaths = [\"a\"]\nrules = {}\n", 201): `602:9: more than 200 patterns in all`,
	}
	for text, want := range tests {
		_, err := read(t, text)
		if assert.Error(t, err, text) {
			assert.Contains(t, err.Error(), want, text)
			var fault *settings.Fault
			require.ErrorAs(t, err, &fault)
		}
	}
}

func TestAllFaultsAreSaid(t *testing.T) {
	_, err := read(t, "a = 1\nfail-on = \"x\"\n[rules]\nb = \"off\"\n")
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 3)
	assert.Regexp(t, `(?s)^.rcomp.toml:1:1: .*\n.rcomp.toml:2:11: .*\n.rcomp.toml:4:1: `, err.Error())
}

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"legacy/**", "legacy/a.yml", true}, {"legacy/**", "legacy/a/b.yml", true}, {"legacy/**", "legacy", false}, {"legacy/**", "x/legacy/a", false},
		{"**/legacy/**", "x/legacy/a", true}, {"**/legacy/**", "legacy/a", true}, {"**/*.yml", "a.yml", true}, {"**/*.yml", "a/b/c.yml", true},
		{"*.yml", "a/b.yml", false}, {"*.yml", "b.yml", true}, {"a/**/b", "a/b", true}, {"a/**/b", "a/x/y/b", true}, {"a/**/b", "a/x", false},
		{"**", "a/b", true}, {"**", "a", true}, {"*-test", "cache-test", true}, {"*-test", "test", false}, {"a?c", "abc", true}, {"a?c", "a/c", false},
		{"[ab].yml", "a.yml", true}, {"[ab].yml", "c.yml", false}, {"a", "a", true}, {"a", "b", false},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, settings.Match(test.pattern, test.name), "%s %s", test.pattern, test.name)
	}
	// The work grows with the product of the lengths, not with their power.
	assert.False(t, settings.Match(strings.Repeat("**/a/", 400)+"b", strings.Repeat("a/", 2000)+"c"))
}

func TestSeverity(t *testing.T) {
	s, err := read(t, `
[rules]
access = "note"
password-missing = "error"
health = "off"
[[override]]
paths = ["dev/**"]
rules = { password-missing = "note" }
[[override]]
paths = ["dev/**"]
services = ["*-test"]
rules = { access = "off" }
[[override]]
services = ["kept"]
rules = { health = "warning" }
`)
	require.NoError(t, err)
	password := &lint.Rule{ID: "password-missing", Group: "access"}
	other := &lint.Rule{ID: "other", Group: "access"}
	health := &lint.Rule{ID: "healthcheck-missing", Group: "health"}
	none := &lint.Rule{ID: "none", Group: "none"}
	tests := []struct {
		rule          *lint.Rule
		file, service string
		want          lint.Severity // 0: none
	}{
		{password, "a.yml", "a", lint.Error}, {other, "a.yml", "a", lint.Note}, {none, "a.yml", "a", lint.Warning}, {health, "a.yml", "a", 0},
		{password, "dev/a.yml", "a", lint.Note}, {password, "dev/a.yml", "a-test", 0}, {password, "a.yml", "a-test", lint.Error},
		{other, "dev/a.yml", "a-test", 0}, {health, "a.yml", "kept", lint.Warning},
	}
	for _, test := range tests {
		severity, kept := s.Severity(lint.Finding{Rule: test.rule, Severity: lint.Warning, Service: test.service}, test.file)
		assert.Equal(t, test.want != 0, kept, "%v", test)
		if kept {
			assert.Equal(t, test.want, severity, "%v", test)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
}

func TestTheNearestFileCounts(t *testing.T) {
	above := t.TempDir()
	root := filepath.Join(above, "repository")
	write(t, filepath.Join(above, settings.Name), "nonsense = 1\n") // out of the root: never read
	write(t, filepath.Join(root, settings.Name), "fail-on = \"error\"\n")
	write(t, filepath.Join(root, "a/b", settings.Name), "fail-on = \"note\"\n")
	write(t, filepath.Join(root, "a/c/compose.yml"), "")
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	finder := settings.NewFinder(words)
	for directory, want := range map[string]string{"": "error", "a": "error", "a/c": "error", "a/b": "note", "a/b/c": "note"} {
		found, err := finder.For(tree, filepath.Join(tree.Path(), directory))
		require.NoError(t, err, directory)
		assert.Equal(t, want, found.FailOn, directory)
	}
	assert.Len(t, finder.Files(), 2)

	require.NoError(t, os.Remove(filepath.Join(root, settings.Name)))
	tree, err = disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	found, err := settings.NewFinder(words).For(tree, tree.Path())
	require.NoError(t, err)
	assert.Equal(t, "", found.FailOn)
	assert.Equal(t, "", found.File())
}

func TestAFileThatLeadsOut(t *testing.T) {
	above := t.TempDir()
	root := filepath.Join(above, "repository")
	require.NoError(t, os.Mkdir(root, 0o755))
	write(t, filepath.Join(above, "outside.toml"), "nonsense = 1\n")
	require.NoError(t, os.Symlink("../outside.toml", filepath.Join(root, settings.Name)))
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	_, err = settings.NewFinder(words).For(tree, tree.Path())
	assert.ErrorIs(t, err, disk.ErrOutside)
	assert.NotContains(t, err.Error(), "nonsense")
}

func TestANamedFileCountsEverywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "repository/.git/HEAD", "")
	write(t, "repository/.rcomp.toml", "nonsense = 1\n")
	write(t, "own.toml", "fail-on = \"note\"\n")
	roots, err := disk.NewRoots("", "")
	require.NoError(t, err)
	defer roots.Close()
	finder := settings.NewFinder(words)
	require.NoError(t, finder.Use(roots, "own.toml"))
	tree, absolute, _, err := roots.Locate("repository")
	require.NoError(t, err)
	found, err := finder.For(tree, absolute)
	require.NoError(t, err)
	assert.Equal(t, "note", found.FailOn)
	assert.ErrorContains(t, finder.Use(roots, "nowhere.toml"), `cannot read "nowhere.toml": no such file or directory`)
}

func TestUnmatched(t *testing.T) {
	root := t.TempDir()
	for _, path := range []string{"legacy/compose.yml", "dev/a/redis.conf", "compose.yml"} {
		write(t, filepath.Join(root, path), "")
	}
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	s, err := read(t, "exclude = [\"legacy/**\", \"lagecy/**\", \"legacy\"]\n[[override]]\npaths = [\"dev/*/redis.conf\", \"dev/*.yml\"]\nrules = {}\n")
	require.NoError(t, err)
	var found []string
	for _, f := range s.Unmatched(tree, tree.Path()) {
		found = append(found, fmt.Sprintf("%d:%d %s", f.Span.Start.Line, f.Span.Start.Column, f.Message))
	}
	assert.Equal(t, []string{
		`1:26 "lagecy/**" fits no file`, `1:39 "legacy" fits no file; did you mean "legacy/**"?`, `3:31 "dev/*.yml" fits no file`,
	}, found)
}

// TestSchema holds the schema to what Read takes and refuses.
func TestSchema(t *testing.T) {
	encoded, err := json.Marshal(settings.Schema(words))
	require.NoError(t, err)
	var document any
	require.NoError(t, json.Unmarshal(encoded, &document))
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("settings.json", document))
	schema, err := compiler.Compile("settings.json")
	require.NoError(t, err)
	accepts := func(text string) error {
		var value map[string]any
		_, err := toml.Decode(text, &value)
		require.NoError(t, err)
		encoded, err := json.Marshal(value)
		require.NoError(t, err)
		var plain any
		require.NoError(t, json.Unmarshal(encoded, &plain))
		return schema.Validate(plain)
	}
	assert.NoError(t, accepts(whole))
	assert.NoError(t, accepts(""))
	for _, text := range []string{
		"x = 1", "fail-on = \"x\"", "exclude = \"a\"", "[rules]\nx = \"off\"", "[rules]\naccess = \"x\"", "[images.a]\nversion = \"7.4\"",
		"[images.a]\nengine = \"x\"", "[services.a]\nrole = \"x\"", "[services.a]\n", "[[override]]\npaths = [\"a\"]",
	} {
		assert.Error(t, accepts(text), text)
		_, err := read(t, text)
		assert.Error(t, err, text)
	}
}

// FuzzRead: whatever a file says, the settings are of what there is, and each
// fault stands in the file.
func FuzzRead(f *testing.F) {
	f.Add(whole)
	f.Add("[rules]\na.b = 1\n[[override]]\n[override.x]\n")
	f.Add("exclude = [\n\"a\", '''b\nc''']\nrules = {\"a\nb\" = 1}")
	f.Add("\ufeff\x00=\"\"\"\n\"\"\"\n[images.\"\"]\nengine=''")
	f.Fuzz(func(t *testing.T, text string) {
		source := position.NewText(settings.Name, []byte(text))
		s, err := settings.Read(source, "/repository", words)
		if (s == nil) == (err == nil) {
			t.Fatalf("neither settings nor an error, or both: %v, %v", s, err)
		}
		for _, name := range []string{"", "a", "a/b", text} {
			if s != nil {
				s.Excludes(name)
				s.Severity(lint.Finding{Rule: &lint.Rule{ID: "password-missing", Group: "access"}, Severity: lint.Note, Service: name}, name)
			}
		}
		var joined interface{ Unwrap() []error }
		if err == nil || !errors.As(err, &joined) {
			return
		}
		for _, one := range joined.Unwrap() {
			var fault *settings.Fault
			if !errors.As(one, &fault) {
				t.Fatalf("not a fault: %v", one)
			}
			if at := fault.Span.Start; at.Line < 1 || at.Line > source.Lines()+1 || at.Column < 1 || at.Column > len(text)+2 {
				t.Fatalf("%v is not in %q", fault.Span, text)
			}
		}
	})
}
