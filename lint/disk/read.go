package disk

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
)

// MaxFile bounds every file that is read, in bytes: a linter runs on other
// people's pull requests. The largest stock redis.conf has 0.1 MiB.
const MaxFile = 4 << 20

// file is a file that is read once, or why it is not.
type file struct {
	once    sync.Once
	content []byte
	err     error
}

// ReadFile reads a regular file below the root. Its errors are ErrOutside,
// ErrBudget, fs.ErrNotExist, or say what is wrong with the file. The content
// is shared: nobody may change it.
func (t *Tree) ReadFile(path string) ([]byte, error) {
	relative, err := t.inside(path)
	if err != nil {
		return nil, err
	}
	if err := t.budget.Left(BytesRead); err != nil {
		return nil, err
	}
	t.mutex.Lock()
	found := t.files[relative]
	if found == nil {
		found = &file{}
		t.files[relative] = found
	}
	t.mutex.Unlock()
	found.once.Do(func() { found.content, found.err = t.readFile(path) })
	if found.err != nil {
		return nil, found.err
	}
	if err := t.budget.read(path, int64(len(found.content)), t.Show(path)); err != nil {
		return nil, err
	}
	return found.content, nil
}

// Forget lets go of what was read of a file that nobody wants any more.
func (t *Tree) Forget(path string) {
	if relative, err := t.inside(path); err == nil {
		t.mutex.Lock()
		delete(t.files, relative)
		t.mutex.Unlock()
	}
}

func (t *Tree) readFile(path string) ([]byte, error) {
	relative, info, err := t.resolve(path)
	if err != nil {
		return nil, err
	}
	t.mutex.Lock()
	content, put := t.put[relative]
	t.mutex.Unlock()
	if put {
		return content, nil
	}
	opened, err := t.open(relative, info)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return readAll(opened, info.Size())
}

// readAll reads at most MaxFile. What its size was said to be only spares
// copies: files grow, and those with holes are larger than what is on the disk.
func readAll(opened io.Reader, size int64) ([]byte, error) {
	var content bytes.Buffer
	content.Grow(int(min(size, MaxFile)) + bytes.MinRead)
	_, err := content.ReadFrom(io.LimitReader(opened, MaxFile+1))
	if err == nil && content.Len() > MaxFile {
		return nil, fmt.Errorf("it is larger than %d MiB", MaxFile>>20)
	}
	return content.Bytes(), Plain(err)
}

// open opens the regular file that was seen at a path without links. A pipe
// that takes its place meanwhile does not hold the program up, and nothing is
// read of it.
func (t *Tree) open(relative string, before fs.FileInfo) (*os.File, error) {
	if !before.Mode().IsRegular() {
		return nil, ErrNotRegular
	}
	opened, err := t.root.OpenFile(relative, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, Plain(err)
	}
	t.observed(relative, opened)
	if err := sameRegular(before, opened); err != nil {
		opened.Close()
		return nil, err
	}
	return opened, nil
}

// sameRegular reports what is wrong with an opened file that should be the
// regular one that was seen before.
func sameRegular(before fs.FileInfo, opened *os.File) error {
	after, err := opened.Stat()
	switch {
	case err != nil:
		return Plain(err)
	case !after.Mode().IsRegular():
		return ErrNotRegular
	case !os.SameFile(before, after):
		return ErrChanged
	}
	return nil
}
