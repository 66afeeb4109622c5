package generate

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mostFiles is how many files a package of generate has, tests left out.
const mostFiles = 12

func TestPackagesOfGenerateAreSmall(t *testing.T) {
	files := map[string]int{}
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			files[filepath.Dir(path)]++
		}
		return err
	}))
	assert.Greater(t, len(files), 8)
	for directory, count := range files {
		assert.LessOrEqual(t, count, mostFiles, directory)
	}
}
