package ondisk

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/credentials"
)

// Leftover is a file that an intent once asked for and asks for no more.
type Leftover struct {
	Path   string
	Secret bool
	Edited bool // by hand, since gen wrote it
}

// Leftovers finds what a former shape of the intent has left in a directory, in
// order: files that gen made from it, of all that it ever writes, and secrets.
func Leftovers(dir string, files []File, ever []string) ([]Leftover, error) {
	root, err := openRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	wanted, source := map[string]bool{}, ""
	for _, file := range files {
		wanted[file.Path] = true
		source = cmp.Or(source, Source(file.Content))
	}
	var left []Leftover
	for _, name := range ever {
		content, err := ReadRegular(root, name, largestOutput)
		if by := author(content); err == nil && !wanted[name] && by != foreign && (Source(content) == "" || sameSource(Source(content), source)) {
			left = append(left, Leftover{Path: name, Edited: by == edited})
		}
	}
	return append(left, secretsLeft(root, wanted)...), nil
}

// secretsLeft are the files in secrets/ that are called as gen calls them.
func secretsLeft(root *os.Root, wanted map[string]bool) []Leftover {
	// In the place of the directory may stand a pipe, which is not waited for.
	directory, err := root.OpenFile(path.Clean(credentials.Directory), os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil
	}
	defer directory.Close()
	entries, err := directory.ReadDir(mostSecrets)
	if err != nil {
		return nil
	}
	var left []Leftover
	for _, entry := range entries {
		name := credentials.Directory + entry.Name()
		if credentials.Makes(entry.Name()) && entry.Type().IsRegular() && !wanted[name] {
			left = append(left, Leftover{Path: name, Secret: true})
		}
	}
	slices.SortFunc(left, func(a, b Leftover) int { return strings.Compare(a.Path, b.Path) })
	return left
}

// mostSecrets is more than a thousand users have.
const mostSecrets = 4096

// Prune removes leftovers. Files that were edited by hand stay, unless force
// says otherwise. A secret is moved to secrets/left-DAY, since somebody may
// still need it: what runs until it is restarted, or the data that it opens.
func Prune(dir string, left []Leftover, force bool, now time.Time) (done []string, err error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	unlock, err := lock(root)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for _, one := range left {
		switch {
		case one.Edited && !force:
			continue
		case one.Secret:
			err = keepSecret(root, one.Path, now)
		default:
			err = root.Remove(one.Path)
		}
		if err != nil {
			return done, fmt.Errorf("cannot remove %s: %w", one.Path, bare(err))
		}
		done = append(done, one.Path)
	}
	return done, nil
}

// SetAside moves every secret of a deployment that another one takes the place
// of, as Prune does: whoever knows its passwords is no user of the next one.
func SetAside(dir string, now time.Time) (done []string, err error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return Prune(dir, secretsLeft(root, nil), false, now)
}

// LeftPlace is where secrets are moved at a moment.
func LeftPlace(now time.Time) string {
	return credentials.Directory + "left-" + now.Format("20060102-150405")
}

// keepSecret moves a secret where nothing mounts it, beside those of the same day.
func keepSecret(root *os.Root, name string, now time.Time) error {
	place := LeftPlace(now)
	if err := root.MkdirAll(place, 0o700); err != nil {
		return err
	}
	kept := path.Join(place, path.Base(name))
	if _, err := root.Lstat(kept); err == nil {
		return fmt.Errorf("%s was made within this second: try again", kept)
	}
	return root.Rename(name, kept)
}
