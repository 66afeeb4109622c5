package disk

import (
	"io/fs"
	"path/filepath"
	"time"
)

// Provide makes a text stand at a path of the command line, as if it were a
// file there: an editor has what is not saved yet.
func (r *Roots) Provide(path string, content []byte) error {
	written := r.written(path)
	tree, absolute, err := (*Tree)(nil), "", error(nil)
	if len(r.named) > 0 {
		tree, absolute, err = r.belowNamed(written)
	} else {
		tree, absolute, err = r.belowOwn(written)
	}
	if err != nil {
		return err
	}
	return tree.provide(absolute, content)
}

func (t *Tree) provide(path string, content []byte) error {
	relative, err := t.inside(path)
	if err != nil {
		return err
	}
	if err := forbidden(filepath.Join(t.real, relative)); err != nil {
		return err
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	provided := &file{content: content}
	provided.once.Do(func() {})
	t.files[relative] = provided
	t.provided[relative] = providedInfo{filepath.Base(relative), int64(len(content))}
	return nil
}

// providedInfo describes a text that is provided.
type providedInfo struct {
	name string
	size int64
}

func (i providedInfo) Name() string       { return i.name }
func (i providedInfo) Size() int64        { return i.size }
func (i providedInfo) Mode() fs.FileMode  { return 0o644 }
func (i providedInfo) ModTime() time.Time { return time.Time{} }
func (i providedInfo) IsDir() bool        { return false }
func (i providedInfo) Sys() any           { return nil }
