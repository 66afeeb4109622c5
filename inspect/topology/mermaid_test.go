package topology_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect/topology"
)

// What a picture is made of; to everything that is in this part the real Mermaid
// says yes, which TestPicturesAreMermaid asks where it is installed.
var (
	pictureText = `[\pL\pN ._:/,?#;-]+`
	pictureNode = regexp.MustCompile(`^  [sx]\d+(?:\["(?:` + pictureText + `)(?:<br>[a-z-]+)?"\]|\[\("` + pictureText + `<br>[a-z-]+"\)\])$`)
	pictureEdge = regexp.MustCompile(`^  s\d+ -- "` + pictureText + `" --> [sx]\d+$`)
	pictureHash = regexp.MustCompile(`#(?:\d+;)?`)
)

// pictures are drawn of names and texts that mean something to Mermaid.
func pictures(t *testing.T) (all []string) {
	t.Helper()
	names := []string{"graph", "flowchart", "subgraph", "end", "style", "linkStyle", "classDef", "class", "click", "default", "direction", "href", "call", "o", "x", "s0", "a.b_c-d"}
	texts := []string{`"]; click s0 "https://example.com"`, "end", "--> s1", "`**bold**`", "<script>alert(1)</script>", "%%{init: {}}%%", "#quot;", "a\\nb", "ünïcödé 🙂", "\u202eevil", ":::x", "{{y}}", "|z|"}
	for i, name := range names {
		quoted, err := json.Marshal(texts[i%len(texts)])
		require.NoError(t, err)
		project := load(t, "services:\n  "+name+":\n    image: redis:7.2\n  sentinel:\n    image: redis:7.2\n    command: redis-sentinel /sentinel.conf\n    volumes: [./sentinel.conf:/sentinel.conf]\n"+
			"  other:\n    image: redis:7.2\n    command: [redis-server, --replicaof, "+string(quoted)+", '6379']\n",
			"sentinel.conf", "sentinel monitor "+string(quoted)+" "+name+" 6379 2\n")
		var out bytes.Buffer
		require.NoError(t, topology.WriteMermaid(&out, topology.Describe(project)))
		all = append(all, out.String())
	}
	return all
}

func TestPicturesAreSound(t *testing.T) {
	edges := 0
	for _, picture := range pictures(t) {
		lines := strings.Split(strings.TrimSuffix(picture, "\n"), "\n")
		assert.Equal(t, "flowchart LR", lines[0])
		for _, line := range lines[1:] {
			isEdge := pictureEdge.MatchString(line)
			assert.True(t, isEdge || pictureNode.MatchString(line), "%q", line)
			for _, hash := range pictureHash.FindAllString(line, -1) {
				assert.Greater(t, len(hash), 1, "%q", line)
			}
			if isEdge {
				edges++
			}
		}
	}
	assert.Greater(t, edges, 25)
}
