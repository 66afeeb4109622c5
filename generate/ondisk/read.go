package ondisk

import (
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	// largestOutput is more than gen writes into any file.
	largestOutput = 1 << 20
)

var errTooLarge = errors.New("it is too large")

// ReadRegular reads a regular file of at most so many bytes. It waits for
// nobody, as a pipe in the file's place would have it do, and follows no link
// out of the root.
func ReadRegular(root *os.Root, name string, limit int64) ([]byte, error) {
	// Looked at first, since opening a device can be an act of its own.
	if info, err := root.Stat(name); err != nil {
		return nil, err
	} else if err := readable(info, limit); err != nil {
		return nil, err
	}
	file, err := root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat() // another one may stand there by now
	if err != nil {
		return nil, err
	}
	if err := readable(info, limit); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = tooLarge(limit)
	}
	return content, err
}

// openRoot opens a directory, and does not wait for a pipe in its place.
func openRoot(dir string) (*os.Root, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errors.New("it is no directory: move it away, or name another place")
	}
	return os.OpenRoot(dir)
}

func readable(info os.FileInfo, limit int64) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("it is no regular file: move it away")
	case info.Size() > limit:
		return tooLarge(limit)
	}
	return nil
}

func tooLarge(limit int64) error { return fmt.Errorf("%w: more than %d bytes", errTooLarge, limit) }

// Read returns those of some files that are in a directory and can be read, by
// their paths.
func Read(dir string, paths ...string) map[string][]byte {
	files := map[string][]byte{}
	root, err := openRoot(dir)
	if err != nil {
		return files
	}
	defer root.Close()
	for _, path := range paths {
		if content, err := ReadRegular(root, path, largestOutput); err == nil {
			files[path] = content
		}
	}
	return files
}
