package disk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// Change is what becomes of a file of the tree.
type Change struct {
	Path   string // absolute
	Old    []byte // what was read of it; nothing of one that is made
	New    []byte
	Create bool        // it is not there yet
	Mode   fs.FileMode // of one that is made
}

// Journal is the name of the file that a commit keeps in the root until all of
// its files are written.
const Journal = ".rcomp-fix.journal"

// journalTime is when a journal of ours was changed, by what its file says: git
// gives what it checks out the time at which it does, so that a repository
// brings no file of that time. Every file system can hold it.
var journalTime = time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC)

// entry is a change as the journal has it.
type entry struct {
	Path   string      `json:"path"` // below the root, without links
	Old    []byte      `json:"old"`
	New    []byte      `json:"new"`
	Create bool        `json:"create"`
	Mode   fs.FileMode `json:"mode"`
}

// Commit writes several files, all of them or none. What each is to hold, and
// what it held, stands in the journal first: from then on the change is made,
// whatever ends the program, since Recover goes on with it. A link stays, and
// the file that it leads to is written; files keep their mode and owner.
func (t *Tree) Commit(changes []Change) error {
	entries, err := t.entries(changes)
	if err != nil || len(entries) == 0 {
		return err
	}
	// A password that moves into a file of its own is there before it is gone elsewhere.
	slices.SortStableFunc(entries, func(a, b entry) int { return rank(a) - rank(b) })
	if err := t.writeJournal(entries); err != nil {
		return err
	}
	if err := t.finish(entries); err != nil {
		return t.giveUp(entries, err)
	}
	return nil
}

// giveUp undoes a commit that cannot be finished. What cannot be undone, either,
// the journal is kept for.
func (t *Tree) giveUp(entries []entry, why error) error {
	if errors.As(why, &interrupted{}) {
		return why
	}
	for _, e := range slices.Backward(entries) {
		state, err := t.stateOf(e)
		switch {
		case err != nil || state != isNew:
		case e.Create:
			err = t.root.Remove(e.Path)
		default:
			err = t.swap(e.Path, e.Old, e.Mode, false)
		}
		if err != nil {
			return errors.Join(why, fmt.Errorf("cannot undo %q: %w", e.Path, Plain(err)))
		}
		_ = t.root.Remove(besideOf(e.Path)) // what was to take its place
	}
	return errors.Join(why, t.closeJournal())
}

func rank(e entry) int {
	if e.Create {
		return 0
	}
	return 1
}

// entries checks that each file is as it was read, and may be written.
func (t *Tree) entries(changes []Change) ([]entry, error) {
	var entries []entry
	for _, change := range changes {
		e, err := t.entry(change)
		if err != nil {
			return nil, fmt.Errorf("cannot write %q: %w", t.Show(change.Path), err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// MayMake says why a file cannot be made, on the disk as it is.
func (t *Tree) MayMake(path string) error {
	_, err := t.entry(Change{Path: path, Create: true})
	if errors.Is(err, fs.ErrNotExist) { // the root is none of the disk's
		return nil
	}
	return err
}

func (t *Tree) entry(change Change) (entry, error) {
	relative, err := t.written(change)
	if err != nil {
		return entry{}, err
	}
	e := entry{relative, change.Old, change.New, change.Create, change.Mode.Perm()}
	switch state, err := t.stateOf(e); {
	case err != nil:
		return entry{}, err
	case state != isOld && change.Create:
		return entry{}, fs.ErrExist
	case state != isOld:
		return entry{}, errors.New("it has changed since it was read")
	}
	if change.Create {
		return e, t.checkDirectory(relative)
	}
	info, err := t.root.Stat(relative)
	if err == nil {
		e.Mode = info.Mode().Perm()
		err = mayKeepOwner(info)
	}
	return e, Plain(err)
}

// written is where a change goes: a path below the root, without links.
func (t *Tree) written(change Change) (string, error) {
	if !change.Create {
		relative, _, err := t.onDisk(change.Path)
		return relative, err
	}
	directory, info, err := t.nearest(filepath.Dir(change.Path))
	if err == nil && !info.IsDir() {
		err = ErrNotRegular
	}
	return filepath.Join(directory, filepath.Base(change.Path)), err
}

// onDisk is resolve for what is on the disk, whatever was put there.
func (t *Tree) onDisk(path string) (string, fs.FileInfo, error) {
	relative, err := t.inside(path)
	if err != nil {
		return "", nil, err
	}
	resolved, info, err := t.follow(relative)
	if err == nil {
		err = forbidden(filepath.Join(t.real, resolved))
	}
	return resolved, info, err
}

// nearest is a directory without links, or what it will be once it is made
// below one that is there.
func (t *Tree) nearest(directory string) (string, fs.FileInfo, error) {
	resolved, info, err := t.onDisk(directory)
	if !errors.Is(err, fs.ErrNotExist) || directory == t.path {
		return resolved, info, err
	}
	above, info, err := t.nearest(filepath.Dir(directory))
	return filepath.Join(above, filepath.Base(directory)), info, err
}

func (t *Tree) checkDirectory(relative string) error {
	return forbidden(filepath.Join(t.real, relative))
}

// state is what of a change a file shows.
type fileState int

const (
	isOld fileState = iota
	isNew
	isElse
)

func (t *Tree) stateOf(e entry) (fileState, error) {
	content, err := t.contentOf(e.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && e.Create:
		return isOld, nil
	case errors.Is(err, fs.ErrNotExist):
		return isElse, nil
	case err != nil:
		return isElse, err
	case bytes.Equal(content, e.New):
		return isNew, nil
	case !e.Create && bytes.Equal(content, e.Old):
		return isOld, nil
	}
	return isElse, nil
}

// contentOf reads a file by its path below the root, as it is on the disk now.
func (t *Tree) contentOf(relative string) ([]byte, error) {
	info, err := t.root.Lstat(relative)
	if err != nil {
		return nil, err
	}
	opened, err := t.open(relative, info)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return readAll(opened, info.Size())
}

// writeJournal makes the journal, which is there as a whole or not at all.
func (t *Tree) writeJournal(entries []entry) error {
	text, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	beside := Journal + ".new"
	if err := t.removeStale(beside); err != nil {
		return err
	}
	err = t.writeNew(beside, text, 0o600)
	if err == nil {
		err = t.root.Chtimes(beside, journalTime, journalTime)
	}
	if err != nil {
		return fmt.Errorf("cannot write %q: %w", Journal, err)
	}
	if err := t.step("name the journal"); err != nil {
		return err
	}
	err = t.root.Link(beside, Journal)
	if errors.Is(err, fs.ErrExist) {
		_ = t.root.Remove(beside)
		return fmt.Errorf("another run is at work there: try again when it is done")
	}
	if err != nil { // a file system without links
		err = t.root.Rename(beside, Journal)
	} else {
		err = t.root.Remove(beside)
	}
	return errors.Join(Plain(err), t.sync("."))
}

func (t *Tree) removeStale(name string) error {
	err := t.root.Remove(name)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return Plain(err)
}

// finish writes what the journal says, and lets go of it.
func (t *Tree) finish(entries []entry) error {
	for _, e := range entries {
		state, err := t.stateOf(e)
		if err != nil || state == isNew {
			if err != nil {
				return err
			}
			continue
		}
		if err := t.swap(e.Path, e.New, e.Mode, e.Create); err != nil {
			return fmt.Errorf("cannot write %q: %w", e.Path, err)
		}
	}
	return t.closeJournal()
}

func (t *Tree) closeJournal() error {
	if err := t.step("remove the journal"); err != nil {
		return err
	}
	if err := t.root.Remove(Journal); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Plain(err)
	}
	return t.sync(".")
}

// swap puts a text in the place of a file at once.
func (t *Tree) swap(relative string, content []byte, mode fs.FileMode, create bool) error {
	if err := forbidden(filepath.Join(t.real, relative)); err != nil {
		return err
	}
	directory := filepath.Dir(relative)
	if create && directory != "." {
		if err := t.root.MkdirAll(directory, 0o700); err != nil {
			return Plain(err)
		}
	}
	var old fs.FileInfo
	if info, err := t.root.Lstat(relative); err == nil {
		if !info.Mode().IsRegular() {
			return ErrNotRegular
		}
		old = info
	}
	beside := besideOf(relative)
	if err := t.removeStale(beside); err != nil {
		return err
	}
	if err := t.writeOwned(beside, content, mode, old); err != nil {
		return err
	}
	if err := t.step("replace " + relative); err != nil {
		return err
	}
	if err := t.root.Rename(beside, relative); err != nil {
		return Plain(err)
	}
	return t.sync(directory)
}

func besideOf(relative string) string {
	return filepath.Join(filepath.Dir(relative), "."+filepath.Base(relative)+".rcomp-fix")
}

func (t *Tree) writeNew(name string, content []byte, mode fs.FileMode) error {
	return t.writeOwned(name, content, mode, nil)
}

// writeOwned makes a file with a mode, and the owner of another.
func (t *Tree) writeOwned(name string, content []byte, mode fs.FileMode, like fs.FileInfo) error {
	if err := t.step("make " + name); err != nil {
		return err
	}
	file, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Plain(err)
	}
	defer file.Close()
	if err := t.step("write " + name); err != nil {
		return err
	}
	half := len(content) / 2
	if _, err := file.Write(content[:half]); err != nil {
		return Plain(err)
	}
	if err := t.step("write the rest of " + name); err != nil {
		return err
	}
	_, err = file.Write(content[half:])
	err = errors.Join(err, keepOwner(file, like), file.Chmod(mode))
	if t.interrupt == nil {
		err = errors.Join(err, file.Sync())
	}
	return Plain(err)
}

// mayKeepOwner refuses a file of somebody else, who would lose it.
func mayKeepOwner(info fs.FileInfo) error {
	owner, known := Owner(info)
	if known && os.Geteuid() > 0 && owner != os.Geteuid() {
		return errors.New("it belongs to somebody else")
	}
	return nil
}

// sync makes the names of a directory last.
func (t *Tree) sync(directory string) error {
	if t.interrupt != nil || runtime.GOOS == "windows" {
		return nil // what the system has is not lost with the program; Windows syncs no directory
	}
	opened, err := t.root.Open(directory)
	if err != nil {
		return Plain(err)
	}
	defer opened.Close()
	if err := opened.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return Plain(err)
	}
	return nil
}

// Interrupt calls a function before each step of a commit, for tests: an error
// ends it there, and nothing is cleaned up, as when the program is killed.
func (t *Tree) Interrupt(interrupt func(step string) error) { t.interrupt = interrupt }

func (t *Tree) step(name string) error {
	if t.interrupt == nil {
		return nil
	}
	if err := t.interrupt(name); err != nil {
		return interrupted{err}
	}
	return nil
}

// interrupted is the end of a commit as a test wants it: nothing is cleaned up.
type interrupted struct{ error }

func (i interrupted) Unwrap() error { return i.error }
