package disk

import "path/filepath"

// Put makes a text stand in the place of a file of the tree, or where none is:
// what is to be written is looked at before it is. Links to the file lead to
// the text, too.
func (t *Tree) Put(path string, content []byte) error {
	relative, _, err := t.resolve(path)
	if err != nil {
		return t.provide(path, content)
	}
	return t.provideAs(path, relative, content)
}

// Take undoes Put: what stands on the disk is read again.
func (t *Tree) Take(path string) error {
	relative, err := t.inside(path)
	if err != nil {
		return err
	}
	if resolved, _, err := t.resolve(path); err == nil {
		relative = resolved
	}
	t.forgetAll(relative)
	t.mutex.Lock()
	delete(t.put, relative)
	delete(t.provided, relative)
	delete(t.files, relative)
	t.mutex.Unlock()
	return nil
}

// provideAs is provide for a file that is there: what describes it stays.
func (t *Tree) provideAs(path, relative string, content []byte) error {
	if err := forbidden(filepath.Join(t.real, relative)); err != nil {
		return err
	}
	t.forgetAll(relative)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.put[relative] = content
	if info, ok := t.provided[relative]; ok {
		t.provided[relative] = providedInfo{info.Name(), int64(len(content))}
	}
	return nil
}

// forgetAll lets go of a file by whatever path it was read.
func (t *Tree) forgetAll(relative string) {
	t.mutex.Lock()
	var read []string
	for name := range t.files {
		read = append(read, name)
	}
	t.mutex.Unlock()
	for _, name := range read {
		if resolved, _, err := t.resolve(filepath.Join(t.path, name)); err == nil && resolved == relative {
			t.mutex.Lock()
			delete(t.files, name)
			t.mutex.Unlock()
		}
	}
}
