package templates

import (
	"bytes"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What templates are held to, all together: the actions are if, else, range and
// with, the lines those of all files *.tmpl. Programs are constants and count as
// neither: TestNoProgramHasAHole. Whatever needs more is a decision, and has its
// place in a view.
const (
	mostActions = 150
	mostLines   = 3300
)

var controlAction = regexp.MustCompile(`\{\{-? *(?:if|else|range|with)\b`)

// TestTemplatesDecideLittle: a template has holes, and few opinions. The
// sections of READMEs that a deployment has are a table beside their views.
func TestTemplatesDecideLittle(t *testing.T) {
	actions, lines := 0, 0
	require.NoError(t, fs.WalkDir(Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, Suffix) {
			return err
		}
		text, err := fs.ReadFile(Files, path)
		actions += len(controlAction.FindAll(text, -1))
		lines += bytes.Count(text, []byte("\n"))
		return err
	}))
	assert.Positive(t, actions)
	assert.LessOrEqual(t, actions, mostActions)
	assert.LessOrEqual(t, lines, mostLines)
}
