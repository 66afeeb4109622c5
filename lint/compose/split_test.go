package compose

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mattn/go-shellwords"
	"github.com/stretchr/testify/require"
)

// TestSplitWordsAsCompose holds the splitter to the one that Compose uses.
func TestSplitWordsAsCompose(t *testing.T) {
	pieces := []string{"a", "2", "é", " ", "\t", "\n", `\`, `"`, "'", "`", "$", "(", ")", "$(", ";", "&", "|", "<", ">", "x y", `""`, "''", "redis-server", "\r"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		var text strings.Builder
		for range 1 + random.IntN(9) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		parser := shellwords.NewParser()
		want, wantErr := parser.Parse(text.String())
		got, cut, err := splitWords(text.String())
		require.Equal(t, wantErr != nil, err != nil, "%q", text.String())
		if err == nil {
			require.Equal(t, strings.Join(want, "\x00"), strings.Join(got, "\x00"), "%q", text.String())
			require.Len(t, got, len(want), "%q", text.String())
			require.Equal(t, parser.Position, cut, "%q", text.String())
		}
	}
}
