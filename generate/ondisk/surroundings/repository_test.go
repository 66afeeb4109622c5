package surroundings

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const claimed = "networks: {back: {ipam: {config: [{subnet: 10.77.12.0/24}]}}}\n"

func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

// TestWhatWasNotSearchedIsSaid has compose files behind each bound of the search.
func TestWhatWasNotSearchedIsSaid(t *testing.T) {
	deep := strings.Repeat("d/", 102)
	for name, c := range map[string]struct {
		prepare func()
		said    string
	}{
		"all is seen": {func() { write(t, "d/compose.yml", claimed) }, ""},
		"too deep": {func() { write(t, deep+"compose.yml", claimed) },
			`what is more than 100 levels below is not looked at, such as "d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/…"`},
		"too many files": {func() {
			for file := range 10 {
				write(t, fmt.Sprintf("many/%d", file), "")
			}
			write(t, "z/compose.yml", claimed)
		}, `only the first 8 files and directories are looked at, which end before "many/7"`},
		"too much to read": {func() {
			large := claimed + strings.Repeat("#", mostComposeSize-len(claimed))
			for n := range 5 {
				write(t, fmt.Sprintf("%d/compose.yml", n), large)
			}
		}, `only 4194304 bytes of compose files are read, which end before "4/compose.yml"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir(".git", 0o755))
			c.prepare()
			around := Open("out")
			defer around.Close()
			if name == "too many files" {
				around.most = 8
			}
			assert.NoError(t, around.Unseen(), "nothing was asked for yet")
			around.Subnets("shop")
			if c.said == "" {
				assert.NoError(t, around.Unseen())
			} else {
				assert.EqualError(t, around.Unseen(), c.said)
			}
		})
	}
}
