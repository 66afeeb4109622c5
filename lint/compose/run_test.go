package compose_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
)

func TestRunIsInOrder(t *testing.T) {
	root := write(t, "-- b.yml --\n"+anyService+"-- a.yml --\n"+anyService)
	tree := open(t, root)
	load := func(name string) *compose.Project { return compose.Load(tree, []string{filepath.Join(root, name)}) }
	images := &lint.Rule{ID: "image", Severity: lint.Warning, Check: func(pass *lint.Pass) {
		for _, service := range pass.Services {
			pass.Report(service.At("image"), service, "image %q", service.Config.Image)
			pass.Report(service.At("image"), service, "image %q", service.Config.Image)
		}
		pass.Note(pass.Lookup("services"), "", "seen")
		pass.Note(pass.Lookup("services"), "", "seen")
	}}
	worse := &lint.Rule{ID: "worse", Severity: lint.Error, Check: func(pass *lint.Pass) {
		pass.Report(pass.Services[0].At("image"), nil, "worse").Severity = lint.Note
		pass.Report(pass.Services[0].Span(), nil, "worse")
	}}
	want := lint.Run([]*compose.Project{load("a.yml"), load("b.yml")}, []*lint.Rule{images, worse})
	var lines []string
	for _, finding := range want.Findings {
		lines = append(lines, finding.Span.File+" "+finding.Rule.ID+" "+finding.Severity.String())
	}
	assert.Equal(t, []string{
		"a.yml worse error", "a.yml image warning", "a.yml worse note",
		"b.yml worse error", "b.yml image warning", "b.yml worse note",
	}, lines, "each once")
	assert.Equal(t, []string{"a.yml", "b.yml"}, want.Files)
	assert.Len(t, want.Unseen, 2)
	assert.Equal(t, lint.Error, want.Worst())
	assert.Equal(t, 2, want.Count(lint.Warning))
	assert.Equal(t, anyService, string(want.Sources("b.yml")))
	assert.Nil(t, want.Sources("c.yml"))

	other := lint.Run([]*compose.Project{load("b.yml"), load("a.yml")}, []*lint.Rule{worse, images})
	assert.Equal(t, want.Findings, other.Findings)
	assert.Equal(t, want.Unseen, other.Unseen)
	assert.Zero(t, lint.Run(nil, nil).Worst())
}

func TestSeverityNames(t *testing.T) {
	for _, severity := range []lint.Severity{lint.Note, lint.Warning, lint.Error} {
		parsed, err := lint.ParseSeverity(severity.String())
		require.NoError(t, err)
		assert.Equal(t, severity, parsed)
	}
	_, err := lint.ParseSeverity("fatal")
	assert.EqualError(t, err, `"fatal" is not a severity: want error, warning or note`)
}

func TestOnceIsOnce(t *testing.T) {
	project := sound(t, anyService)
	count := 0
	compute := func() int { count++; return count }
	assert.Equal(t, 1, compose.Once(project, "key", compute))
	assert.Equal(t, 1, compose.Once(project, "key", compute))
	assert.Equal(t, 2, compose.Once(project, "other", compute))
}

func TestMessagesHoldNoMarks(t *testing.T) {
	project := sound(t, "services:\n  redis:\n    image: redis:${TAG}\n")
	rule := &lint.Rule{ID: "r", Check: func(pass *lint.Pass) {
		pass.Report(pass.Services[0].Span(), nil, "%s", pass.Services[0].Config.Image)
	}}
	assert.Equal(t, "redis:${TAG}", lint.Run([]*compose.Project{project}, []*lint.Rule{rule}).Findings[0].Message)
}

func TestTree(t *testing.T) {
	root := write(t, "-- a/b.conf --\nx\n-- a/c.conf --\ny\n-- d.yml --\n")
	outside := write(t, "-- secret.conf --\nz\n")
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret.conf"), filepath.Join(root, "a", "link.conf")))
	require.NoError(t, os.Symlink("b.conf", filepath.Join(root, "a", "inner.conf")))
	tree := open(t, root)
	assert.Equal(t, "a/b.conf", tree.Show(filepath.Join(root, "a", "b.conf")))

	content, err := tree.ReadFile(filepath.Join(root, "a", "inner.conf"))
	require.NoError(t, err)
	assert.Equal(t, "x\n", string(content))
	for _, path := range []string{filepath.Join(root, "a", "link.conf"), filepath.Join(outside, "secret.conf"), filepath.Join(root, "..", "x"), "/etc/passwd"} {
		_, err = tree.ReadFile(path)
		assert.ErrorIs(t, err, disk.ErrOutside, path)
		_, err = tree.Stat(path)
		assert.ErrorIs(t, err, disk.ErrOutside, path)
	}
	_, err = tree.ReadFile(filepath.Join(root, "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = tree.ReadFile(filepath.Join(root, "a"))
	assert.EqualError(t, err, "it is not a regular file")

	matches, err := tree.Glob(filepath.Join(root, "a", "[bc].conf"))
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(root, "a", "b.conf"), filepath.Join(root, "a", "c.conf")}, matches)
	_, err = tree.Glob(filepath.Join(outside, "*"))
	assert.ErrorIs(t, err, disk.ErrOutside)

	subtree, err := disk.OpenTree(filepath.Join(root, "a"), root)
	require.NoError(t, err)
	defer subtree.Close()
	assert.Equal(t, "a/b.conf", subtree.Show(filepath.Join(root, "a", "b.conf")))
}
