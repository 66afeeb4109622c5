//go:build unix

package generate

import (
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
)

// What a run has reported stays, whoever runs beside it, and its certificates fit.
func TestSeveralAtOnce(t *testing.T) {
	files := encryptedFiles(t)
	for range 20 {
		dir := filepath.Join(t.TempDir(), "out")
		reported := make([]map[string]string, 4)
		var group sync.WaitGroup
		for n := range reported {
			group.Go(func() {
				if _, err := ondisk.Write(dir, files, false); assert.NoError(t, err) {
					reported[n] = secretsIn(t, dir)
				}
			})
		}
		group.Wait()
		last := secretsIn(t, dir)
		require.Len(t, last, 5)
		for _, one := range reported {
			require.Equal(t, last, one)
		}
		_, err := ondisk.Compare(dir, files)
		require.NoError(t, err)
	}
}

// TestWhatDoesNotFit mixes the files of two runs, reads what to do about it,
// and does that.
func TestWhatDoesNotFit(t *testing.T) {
	files := encryptedFiles(t)
	for _, c := range []struct {
		name, taken, deleted, message string
		remove                        []string
	}{
		{"key", "tls-key.pem", "", "secrets/tls-key.pem is not the key of secrets/tls-certificate.pem: delete both", []string{"tls-key.pem", "tls-certificate.pem"}},
		{"certificate", "tls-certificate.pem", "", "secrets/tls-key.pem is not the key of", []string{"tls-key.pem", "tls-certificate.pem"}},
		{"key alone", "tls-key.pem", "tls-authority-key.pem", "delete secrets/tls-*.pem", []string{"tls-key.pem", "tls-certificate.pem", "tls-authority.pem"}},
		{"authority", "tls-authority.pem", "", "secrets/tls-authority-key.pem is not the key of secrets/tls-authority.pem", []string{"tls-authority.pem", "tls-authority-key.pem", "tls-key.pem", "tls-certificate.pem"}},
		{"authority without key", "tls-authority.pem", "tls-authority-key.pem", "secrets/tls-certificate.pem is not signed by secrets/tls-authority.pem", []string{"tls-authority.pem", "tls-key.pem", "tls-certificate.pem"}},
		{"both of the authority", "tls-authority*.pem", "", "secrets/tls-certificate.pem is not signed by secrets/tls-authority.pem: delete both", []string{"tls-key.pem", "tls-certificate.pem"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, other := t.TempDir(), t.TempDir()
			for _, each := range []string{dir, other} {
				_, err := ondisk.Write(each, files, false)
				require.NoError(t, err)
			}
			taken, err := filepath.Glob(filepath.Join(other, "secrets", c.taken))
			require.NoError(t, err)
			require.NotEmpty(t, taken)
			for _, path := range taken {
				require.NoError(t, os.Rename(path, filepath.Join(dir, "secrets", filepath.Base(path))))
			}
			if c.deleted != "" {
				require.NoError(t, os.Remove(filepath.Join(dir, "secrets", c.deleted)))
			}
			before := secretsIn(t, dir)
			_, err = ondisk.Compare(dir, files)
			require.ErrorContains(t, err, c.message)
			_, err = ondisk.Write(dir, files, true)
			require.ErrorContains(t, err, c.message)
			assert.Equal(t, before, secretsIn(t, dir))

			for _, name := range c.remove {
				require.NoError(t, os.Remove(filepath.Join(dir, "secrets", name)))
			}
			_, err = ondisk.Write(dir, files, false)
			require.NoError(t, err)
			_, err = ondisk.Compare(dir, files)
			require.NoError(t, err)
		})
	}
}

// What stands in the place of a file is neither waited for nor read beyond what
// gen writes.
func TestPlacesThatAreNoFiles(t *testing.T) {
	files := filesOf(t, "512M")
	huge := func(path string) error { return errorsOf(os.WriteFile(path, nil, 0o600), os.Truncate(path, 3<<30)) }
	pipe := func(path string) error { return syscall.Mkfifo(path, 0o600) }
	directory := func(path string) error { return os.Mkdir(path, 0o755) }
	link := func(path string) error { return os.Symlink("/etc/hostname", path) }
	for _, c := range []struct {
		path    string
		put     func(string) error
		message string // of Write; "" where force overwrites
	}{
		{"redis.conf", huge, ""},
		{"redis.conf", pipe, "cannot read redis.conf: it is no regular file"},
		{"redis.conf", directory, "cannot read redis.conf: it is no regular file: move it away"},
		{"backup/.gitignore", func(path string) error {
			return errorsOf(os.Remove(filepath.Dir(path)), os.WriteFile(filepath.Dir(path), nil, 0o600))
		},
			"cannot read backup/.gitignore: what stands in the place of its directory is none: move it away"},
		{"redis.conf", link, "cannot read redis.conf: a link leads out of the directory: put what it leads to in its place, or move it away"},
		{credentials.Directory + credentials.DefaultPassword, huge, "cannot read secrets/redis-password: it is too large"},
		{credentials.Directory + credentials.DefaultPassword, pipe, "cannot read secrets/redis-password: it is no regular file"},
	} {
		dir := t.TempDir()
		_, err := ondisk.Write(dir, files, false)
		require.NoError(t, err)
		path := filepath.Join(dir, filepath.FromSlash(c.path))
		require.NoError(t, os.Remove(path))
		require.NoError(t, c.put(path))
		_, err = ondisk.Diff(dir, files)
		require.ErrorContains(t, err, "cannot read "+c.path)
		_, err = ondisk.Write(dir, files, true)
		if c.message != "" {
			require.ErrorContains(t, err, c.message)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, ondisk.Same, states(t, dir, files)[c.path])
	}
	_, err := ondisk.Write(filepath.Join(t.TempDir(), "no\x00where"), files, false)
	require.Error(t, err)
	inTheWay := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, pipe(inTheWay))
	_, err = ondisk.Write(inTheWay, files, false)
	require.Error(t, err)
	_, err = ondisk.Compare(inTheWay, files)
	require.Error(t, err)
}

func errorsOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// What a former intent has left is looked for in a directory, and not in a pipe
// that stands there.
func TestPipeInPlaceOfTheSecrets(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "secrets"), 0o600))
	left, err := ondisk.Leftovers(dir, filesOf(t, "512M"), render.Paths())
	require.NoError(t, err)
	assert.Empty(t, left)
	_, err = ondisk.Compare(dir, filesOf(t, "512M"))
	require.ErrorContains(t, err, "cannot read secrets/")
}
