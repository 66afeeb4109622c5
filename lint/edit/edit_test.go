package edit_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/lint/fix"
)

// planned applies a plan to a compose file: its text, and why there is none.
func planned(t *testing.T, text string, plan func(*edit.Plan, *compose.Service)) (edited, why string) {
	t.Helper()
	directory, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	path := filepath.Join(directory, "compose.yml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	tree, err := disk.OpenTree(directory, directory)
	require.NoError(t, err)
	defer tree.Close()
	project := compose.Load(tree, compose.Group{path})
	require.NotNil(t, project.Service("a"), "%v", project.Refusals)
	p := edit.New(project, "x")
	plan(p, project.Service("a"))
	if p.Fix() == nil {
		return "", p.Why()
	}
	content, ok := fix.Edited([]byte(text), p.Fix().Edits)
	require.True(t, ok)
	return string(content), ""
}

func setLimit(p *edit.Plan, s *compose.Service) { p.Set(s, edit.Plain("1g"), "mem_limit") }

func addVolume(p *edit.Plan, s *compose.Service) {
	p.Append(s, []edit.Value{edit.Text("d:/data")}, "volumes").Top(s, "volumes", edit.Entry{Key: "d", Value: edit.Nothing()})
}

func addWords(p *edit.Plan, s *compose.Service) { p.AddWords(s, []string{"--port", "1"}, "command") }

func replaceCheck(p *edit.Plan, s *compose.Service) {
	p.Replace(s, edit.Words("CMD", "x"), "healthcheck", "test")
}

// What is written looks like what stands beside it, and nothing else changes.
func TestEditsLookLikeTheirFile(t *testing.T) {
	for name, test := range map[string]struct {
		text, want string
		plan       func(*edit.Plan, *compose.Service)
	}{
		"line ends and mark": {"\ufeffservices:\r\n  a:\r\n    image: x # y\r\n\r\n  b: {image: x}\r\n", "\ufeffservices:\r\n  a:\r\n    image: x # y\r\n    mem_limit: 1g\r\n\r\n  b: {image: x}\r\n", setLimit},
		"no last line end":   {"services:\n  a:\n    image: x", "services:\n  a:\n    image: x\n    mem_limit: 1g", setLimit},
		"wide indentation":   {"services:\n    a:\n        image: x\n", "services:\n    a:\n        image: x\n        volumes:\n            - d:/data\n\nvolumes:\n    d:\n", addVolume},
		"flat lists":         {"services:\n  a:\n    image: x\n    ports:\n    - \"1:1\"\n", "services:\n  a:\n    image: x\n    ports:\n    - \"1:1\"\n    volumes:\n    - d:/data\n\nvolumes:\n  d:\n", addVolume},
		"flow":               {"services: {a: {image: x, volumes: [\"e:/e\"]}}\nvolumes: {e: {}}\n", "services: {a: {image: x, volumes: [\"e:/e\", \"d:/data\"]}}\nvolumes: {e: {}, d: {}}\n", addVolume},
		"quotes of items":    {"services:\n  a:\n    image: x\n    volumes: ['e:/e'] # z\nvolumes:\n  e:\n", "services:\n  a:\n    image: x\n    volumes: ['e:/e', 'd:/data'] # z\nvolumes:\n  e:\n  d:\n", addVolume},
		"scalar in quotes":   {"services:\n  a:\n    image: x\n    mem_limit: '2g' # z\n", "services:\n  a:\n    image: x\n    mem_limit: '1g' # z\n", func(p *edit.Plan, s *compose.Service) { p.Set(s, edit.Text("1g"), "mem_limit") }},
		"text":               {"services:\n  a:\n    image: x\n    command: \"r --x 1\" # z\n", "services:\n  a:\n    image: x\n    command: \"r --x 1 --port 1\" # z\n", addWords},
		"folded":             {"services:\n  a:\n    image: x\n    command: >\n      r\n      --x 1\n\n    # z\n", "services:\n  a:\n    image: x\n    command: >\n      r\n      --x 1 --port 1\n\n    # z\n", addWords},
		"list":               {"services:\n  a:\n    image: x\n    command:\n      - r\n      - '--x' # z\n", "services:\n  a:\n    image: x\n    command:\n      - r\n      - '--x' # z\n      - '--port'\n      - '1'\n", addWords},
		"block of a check":   {"services:\n  a:\n    image: x\n    healthcheck:\n      test:\n        - CMD\n        - y\n      retries: 3\n", "services:\n  a:\n    image: x\n    healthcheck:\n      test: [\"CMD\", \"x\"]\n      retries: 3\n", replaceCheck},
		"literal behind":     {"services:\n  a:\n    image: x\n    command: |\n      r\n      # no comment\n\n  b:\n    image: x\n", "services:\n  a:\n    image: x\n    command: |\n      r\n      # no comment\n    mem_limit: 1g\n\n  b:\n    image: x\n", setLimit},
		"delete":             {"version: '3' # old\n\nservices:\n  a:\n    image: x\n", "\nservices:\n  a:\n    image: x\n", func(p *edit.Plan, _ *compose.Service) { p.DeleteTop("version") }},
	} {
		got, why := planned(t, test.text, test.plan)
		assert.Empty(t, why, name)
		assert.Equal(t, test.want, got, name)
	}
}

// What is not certain is left alone, and why is said.
func TestEditsStepBack(t *testing.T) {
	for name, test := range map[string]struct {
		text, why string
		plan      func(*edit.Plan, *compose.Service)
	}{
		"alias of a service":   {"x: &x {image: x}\nservices:\n  a: *x\n", "an alias, *x, stands there", setLimit},
		"variable":             {"services:\n  a:\n    image: x\n    mem_limit: ${M:-2g}\n", "a variable of Compose stands there", setLimit},
		"script":               {"services:\n  a:\n    image: x\n    command: sh -c \"r; s\"\n", "the command has more than words", addWords},
		"comment in what goes": {"services:\n  a:\n    image: x\n    healthcheck:\n      test:\n        - CMD # why\n        - y\n", "comments stand in it", replaceCheck},
		"anchor":               {"services:\n  a:\n    image: x\n    healthcheck:\n      test: &t [CMD, y]\n", "it has an anchor, &t", replaceCheck},
		"the only entry":       {"services:\n  a:\n    image: x\n    sysctls:\n      net.x: 1\n", "nothing would be left beside it", func(p *edit.Plan, s *compose.Service) { p.Delete(s, "sysctls", "net.x") }},
		"in flow":              {"services:\n  a: {image: x, privileged: true}\n", "it stands in a collection on one line", func(p *edit.Plan, s *compose.Service) { p.Delete(s, "privileged") }},
	} {
		got, why := planned(t, test.text, test.plan)
		assert.Equal(t, test.why, why, "%s: %s", name, got)
	}
}
