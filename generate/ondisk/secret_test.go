//go:build unix

package ondisk

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
)

func TestSecretIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	file := File{Path: credentials.Directory + credentials.DefaultPassword, Content: []byte("mine\n"), Mode: 0o600, Secret: true}
	require.NoError(t, stage(root, file))
	require.NoError(t, os.WriteFile(filepath.Join(dir, credentials.Directory+credentials.DefaultPassword), []byte("theirs\n"), 0o600))
	require.ErrorIs(t, enter(root, file), os.ErrExist)
	kept, err := os.ReadFile(filepath.Join(dir, file.Path))
	require.NoError(t, err)
	assert.Equal(t, "theirs\n", string(kept))
}

func TestAnotherRunIsWaitedFor(t *testing.T) {
	defer func(patience time.Duration) { lockPatience = patience }(lockPatience)
	lockPatience = 50 * time.Millisecond
	files := []File{{Path: "a", Content: []byte("# a\n"), Mode: 0o644}}
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	unlock, err := lock(root)
	require.NoError(t, err)
	_, err = Write(dir, files, false)
	require.ErrorContains(t, err, "another rcomp gen is at work there: try again")
	unlock()
	_, err = Write(dir, files, false)
	require.NoError(t, err)
}
