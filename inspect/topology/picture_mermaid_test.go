//go:build mermaid

package topology_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/mermaid"
)

// TestPicturesAreMermaid puts every picture to the real Mermaid of
// RCOMP_MERMAID, and one that is wrong.
func TestPicturesAreMermaid(t *testing.T) {
	refused, err := mermaid.Parse(os.Getenv("RCOMP_MERMAID"), append(pictures(t), "flowchart LR\n  end[(\"the one that is wrong\")]\n"))
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(refused, "Error: Parse error"), refused)
	assert.Contains(t, refused, "the one that is wrong")
}
