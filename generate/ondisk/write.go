package ondisk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rcomp/rcomp/generate/credentials"
)

// State says how a file on disk stands to what gen would write.
type State string

// The states of a file.
const (
	New     State = "new"     // not there
	Same    State = "same"    // already what gen would write
	Drifted State = "drifted" // as gen once wrote it, but the intent, or gen, says something else now
	Edited  State = "edited"  // changed by hand since gen wrote it
	Foreign State = "foreign" // there, but not written by gen
	Other   State = "other"   // written by gen from another intent
)

// Change is a file and its state. Once Write has returned it, State is what was
// found before.
type Change struct {
	Path   string
	State  State
	Secret bool

	others bool // of the secrets are there
}

// Drift tells that the directory is not what the intent says. Secrets are not
// in git, so where there are none that is no drift; where others are, one is
// missing.
func (c Change) Drift() bool {
	return c.State != Same && (!c.Secret || c.others)
}

// Kept tells that gen does not touch the file unless it is forced to.
func (c Change) Kept() bool {
	return !c.Secret && (c.State == Edited || c.State == Foreign || c.State == Other)
}

// Others tells that gen wrote the file from another intent.
func (c Change) Others() bool { return c.State == Other }

// EditedError says which files stand in the way of writing: edited by hand, or
// not of this intent. Nothing was written.
type EditedError struct{ Paths []string }

func (e *EditedError) Error() string {
	return fmt.Sprintf("not written by gen, or edited since: %s", strings.Join(e.Paths, ", "))
}

// Compare says how each file in dir stands to what gen would write, in the
// order of files. A directory that is not there holds nothing.
func Compare(dir string, files []File) ([]Change, error) {
	root, err := openRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return compare(func(string) ([]byte, error) { return nil, fs.ErrNotExist }, files)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open the output directory: %w", bare(err))
	}
	defer root.Close()
	return compareIn(root, files)
}

func compareIn(root *os.Root, files []File) ([]Change, error) {
	return compare(func(name string) ([]byte, error) {
		content, err := ReadRegular(root, name, largestOutput)
		if errors.Is(err, fs.ErrNotExist) && leadsNowhere(root, name) {
			err = errors.New("a link on the way leads nowhere: bring back what it leads to, or remove it")
		}
		return content, err
	}, files)
}

// leadsNowhere tells that a file is missing since it, or its directory, is a
// link to what is. Nothing is made in the place of one.
func leadsNowhere(root *os.Root, name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if _, err := root.Lstat(name); err == nil {
			_, err = root.Stat(name)
			return errors.Is(err, fs.ErrNotExist)
		}
	}
	return false
}

func compare(read func(string) ([]byte, error), files []File) ([]Change, error) {
	var changes []Change
	secrets := map[string][]byte{}
	for _, file := range files {
		content, err := read(file.Path)
		change := Change{Path: file.Path, Secret: file.Secret}
		if file.Secret && err == nil {
			secrets[file.Path] = content
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			change.State = New
		case errors.Is(err, errTooLarge) && !file.Secret:
			change.State = Foreign
		case err != nil:
			return nil, fmt.Errorf("cannot read %s: %w", file.Path, bare(err))
		case file.Secret && len(bytes.TrimSpace(content)) == 0:
			return nil, fmt.Errorf("%s is empty: delete it, and a new password is made", file.Path)
		case file.Path == credentials.Directory+credentials.CertificateFile:
			if err := credentials.CheckNames(file.Path, content, file.Names); err != nil {
				return nil, err
			}
			change.State = Same
		default:
			change.State = stateOf(content, file)
		}
		changes = append(changes, change)
	}
	for n := range changes {
		changes[n].others = len(secrets) > 0
	}
	return withoutAuthorityKey(changes), credentials.CheckFit(secrets)
}

// bare takes the path out of an error: who reports it names the file itself.
func bare(err error) error {
	pathError, linkError := (*fs.PathError)(nil), (*os.LinkError)(nil)
	switch {
	case errors.As(err, &linkError):
		return linkError.Err
	case !errors.As(err, &pathError):
		return err
	case errors.Is(err, syscall.ENOTDIR):
		return errors.New("what stands in the place of its directory is none: move it away")
	case pathError.Err.Error() == escapes:
		return errors.New("a link leads out of the directory: put what it leads to in its place, or move it away")
	}
	return pathError.Err
}

// escapes is what os.Root says of a link that it does not follow. The error has
// no name.
const escapes = "path escapes from parent"

// withoutAuthorityKey lets the key of the authority be away while there is a
// certificate: it is needed to sign the next one only, and who brings a
// certificate of their own has none.
func withoutAuthorityKey(changes []Change) []Change {
	certified := slices.ContainsFunc(changes, func(c Change) bool {
		return c.Path == credentials.Directory+credentials.CertificateFile && c.State == Same
	})
	for n := range changes {
		if certified && changes[n].Path == credentials.Directory+credentials.AuthorityKeyFile {
			changes[n].State = Same
		}
	}
	return changes
}

func stateOf(content []byte, file File) State {
	if file.Secret || bytes.Equal(Normal(content), file.Content) {
		return Same
	}
	switch by := author(content); {
	case by == foreign:
		return Foreign
	case Source(file.Content) != "" && !sameSource(Source(content), Source(file.Content)): // a program is of no intent
		return Other
	case by == edited:
		return Edited
	}
	return Drifted
}

// Write brings dir to what files say and returns what it found. Where a file
// was edited by hand, or was not written by gen, nothing at all is written and
// the error is an *EditedError, unless force says to overwrite it. A secret
// that is there is never touched. Each file is replaced in one step, and only
// after all of them are complete on the disk. Of two runs at once the second
// waits, and finds what the first has made.
func Write(dir string, files []File, force bool) ([]Change, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the output directory: %w", bare(err))
	}
	root, err := openRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot open the output directory: %w", bare(err))
	}
	defer root.Close()
	unlock, err := lock(root)
	if err != nil {
		return nil, err
	}
	defer unlock()
	changes, err := compareIn(root, files)
	if err != nil {
		return nil, err
	}
	if kept := keptPaths(changes); len(kept) > 0 && !force {
		return changes, &EditedError{kept}
	}
	return changes, writeChanged(root, files, changes)
}

func keptPaths(changes []Change) []string {
	var paths []string
	for _, change := range changes {
		if change.Kept() {
			paths = append(paths, change.Path)
		}
	}
	return paths
}

func writeChanged(root *os.Root, files []File, changes []Change) (err error) {
	secrets := credentials.NewIssuer(func(path string) ([]byte, error) { return ReadRegular(root, path, largestOutput) }, time.Now())
	var staged []File // under temporary names
	defer func() {
		for _, file := range staged {
			_ = root.Remove(temporary(file.Path)) // gone already where all went well
		}
	}()
	for i, file := range files {
		if changes[i].State == Same {
			continue
		}
		if file.Secret {
			if file.Content, err = secrets.Make(file.Path, file.Names); err != nil {
				return err
			}
		}
		staged = append(staged, file)
		if err := stage(root, file); err != nil {
			return fmt.Errorf("cannot write %s: %w", file.Path, bare(err))
		}
	}
	for _, file := range staged {
		if err := enter(root, file); err != nil {
			return fmt.Errorf("cannot write %s: %w", file.Path, bare(err))
		}
	}
	return syncDirectories(root, staged)
}

// temporary is the name of a file until it is complete, in the same directory,
// where .gitignore covers the secret's.
func temporary(name string) string {
	return path.Join(path.Dir(name), ".rcomp-"+path.Base(name)+".tmp")
}

// stage writes a file under its temporary name, with its mode whatever the umask is.
func stage(root *os.Root, file File) error {
	if parent := path.Dir(file.Path); parent != "." {
		if err := root.MkdirAll(parent, 0o755); err != nil {
			return err
		}
	}
	name := temporary(file.Path)
	_ = root.Remove(name) // left by a run that was killed
	err := create(root, name, file)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is in the way: move it away", name)
	}
	return err
}

// create writes a file under a name that is not taken.
func create(root *os.Root, name string, file File) error {
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, file.Mode)
	if err != nil {
		return err
	}
	_, err = out.Write(file.Content)
	return errors.Join(err, out.Chmod(file.Mode), out.Sync(), out.Close())
}

// enter gives a staged file its name. A secret never takes the place of
// another: somebody may have been told that one.
func enter(root *os.Root, file File) error {
	if !file.Secret {
		return root.Rename(temporary(file.Path), file.Path)
	}
	err := root.Link(temporary(file.Path), file.Path)
	if err == nil {
		return nil
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w meanwhile: run gen again", fs.ErrExist)
	}
	// Some file systems have no hard links.
	return create(root, file.Path, file)
}

// syncDirectories makes the new names last through a power cut.
func syncDirectories(root *os.Root, files []File) error {
	done := map[string]bool{}
	for _, file := range files {
		parent := path.Dir(file.Path)
		if done[parent] {
			continue
		}
		done[parent] = true
		directory, err := root.Open(parent)
		if err != nil {
			return err
		}
		_ = directory.Sync() // some file systems cannot
		directory.Close()
	}
	return nil
}
