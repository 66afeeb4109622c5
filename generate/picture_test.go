package generate

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	mermaidBlock = regexp.MustCompile("(?s)```mermaid\n(.*?)```")
	mermaidLabel = regexp.MustCompile(`"[^"]*"`)
)

// A name is a label and never a node: a node called end or style is no picture (mermaid 11, "Parse error").
func TestPicturesHaveNamesAsLabels(t *testing.T) {
	for _, topology := range []string{"replicated", "sentinel", "cluster"} {
		for _, target := range []string{"compose", "swarm"} {
			plan, problems := Compile("redis.toml", []byte("name = \"subgraph\"\nrole = \"queue\"\nmemory = \"512M\"\nexporter = true\ntopology = \""+topology+"\"\ntarget = \""+target+"\"\n"))
			require.Empty(t, problems)
			files, err := Files(plan)
			require.NoError(t, err)
			for _, file := range files {
				for _, picture := range mermaidBlock.FindAllStringSubmatch(string(file.Content), -1) {
					assert.Contains(t, picture[1], "exporter")
					for line := range strings.Lines(mermaidLabel.ReplaceAllString(picture[1], "")) {
						assert.NotContains(t, strings.TrimPrefix(strings.TrimSpace(line), "subgraph sentinels"), "subgraph", picture[1])
					}
				}
			}
		}
	}
}
