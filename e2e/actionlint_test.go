package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// actionlint is the linter of workflows. It is run as a program: nothing of it
// is a part of rcomp.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

// TestWorkflowsPassActionlint holds the workflows of docs/ci.md, and through
// them the inputs of action.yml, to what GitHub takes.
func TestWorkflowsPassActionlint(t *testing.T) {
	sideBySide(t)
	page, err := os.ReadFile("../docs/ci.md")
	require.NoError(t, err)
	action, err := os.ReadFile("../action.yml")
	require.NoError(t, err)
	c := newCheckout(t)
	c.write(".github/actions/rcomp/action.yml", string(action))
	workflows := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(on: .*?)```\n").FindAllStringSubmatch(string(page), -1) {
		workflows++
		c.write(fmt.Sprintf(".github/workflows/%d.yml", workflows), strings.ReplaceAll(block[1], "OWNER/REPOSITORY@COMMIT", "./.github/actions/rcomp"))
	}
	require.Positive(t, workflows)
	left := c.run("go", "run", actionlint, "-no-color")
	require.Zero(t, left.status, left.stdout+left.stderr)
	// It does look: an input that there is not is found.
	c.write(".github/workflows/1.yml", "on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./.github/actions/rcomp\n        with:\n          pathes: x\n")
	left = c.run("go", "run", actionlint, "-no-color")
	assert.NotZero(t, left.status)
	assert.Contains(t, left.stdout, `input "pathes" is not defined in action`)
}
