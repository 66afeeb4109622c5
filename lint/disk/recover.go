package disk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Recovered is what became of a commit that was cut off.
type Recovered struct {
	Finished []string // files that now hold what they were to hold, as shown
	Undone   []string // files that hold again what they held
	Left     []string // files that somebody has changed since
}

// CutOff reports whether a commit in the tree was cut off: some of its files
// may be new, and others old.
func (t *Tree) CutOff() bool {
	_, err := t.root.Lstat(Journal)
	return err == nil
}

// Recover ends a commit that was cut off, as its journal says: it is finished;
// but where somebody has changed one of its files since, those that were
// written are undone, and what was made stays, since nothing else may hold it.
func (t *Tree) Recover() (done Recovered, err error) {
	entries, err := t.readJournal()
	if err != nil || entries == nil {
		return done, errors.Join(err, t.removeStale(Journal+".new"))
	}
	states := make([]fileState, len(entries))
	conflict := false
	for i, e := range entries {
		if err := t.removeStale(besideOf(e.Path)); err != nil {
			return done, fmt.Errorf("cannot clear up beside %q: %w", e.Path, err)
		}
		if states[i], err = t.stateOf(e); err != nil {
			return done, fmt.Errorf("cannot read %q: %w", e.Path, err)
		}
		conflict = conflict || states[i] == isElse
	}
	if !conflict {
		for _, e := range entries {
			done.Finished = append(done.Finished, t.shownBelow(e.Path))
		}
		return done, errors.Join(t.finish(entries), t.removeStale(Journal+".new"))
	}
	for i, e := range entries {
		switch {
		case states[i] == isElse:
			done.Left = append(done.Left, t.shownBelow(e.Path))
		case states[i] == isNew && !e.Create:
			if err := t.swap(e.Path, e.Old, e.Mode, false); err != nil {
				return done, fmt.Errorf("cannot write %q: %w", e.Path, err)
			}
			done.Undone = append(done.Undone, t.shownBelow(e.Path))
		}
	}
	return done, errors.Join(t.closeJournal(), t.removeStale(Journal+".new"))
}

func (t *Tree) shownBelow(relative string) string { return t.Show(filepath.Join(t.path, relative)) }

// readJournal reads the journal, nil where there is none. One that others could
// have written is none of ours: a repository may bring a file of its name.
func (t *Tree) readJournal() ([]entry, error) {
	info, err := t.root.Lstat(Journal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, Plain(err)
	}
	owner, known := Owner(info)
	if !info.Mode().IsRegular() || !info.ModTime().Equal(journalTime) || known && (info.Mode().Perm() != 0o600 || owner != os.Geteuid()) {
		return nil, fmt.Errorf("%q is no journal of yours: remove it", Journal)
	}
	text, err := t.contentOf(Journal)
	if err != nil {
		return nil, fmt.Errorf("cannot read %q: %w", Journal, err)
	}
	var entries []entry
	if err := json.Unmarshal(text, &entries); err != nil {
		return nil, fmt.Errorf("%q is no journal: remove it", Journal)
	}
	for _, e := range entries {
		if !filepath.IsLocal(e.Path) || forbidden(filepath.Join(t.real, e.Path)) != nil || !t.isWithoutLinks(filepath.Dir(e.Path)) || e.Mode != e.Mode.Perm() {
			return nil, fmt.Errorf("%q is no journal: remove it", Journal)
		}
	}
	return entries, nil
}

// isWithoutLinks reports whether a path below the root is where its text says.
func (t *Tree) isWithoutLinks(directory string) bool {
	resolved, _, err := t.nearest(filepath.Join(t.path, directory))
	return err == nil && resolved == directory
}
