package surroundings

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/lint/disk"
)

// ReadIntent reads an intent as lint reads a compose file: what is wrong with
// it is printed with its text, so no link may lead out of the repository.
func ReadIntent(path string, largest int64) ([]byte, error) {
	roots, err := disk.NewRoots("", "")
	if err != nil {
		return nil, err
	}
	defer roots.Close()
	tree, absolute, info, err := roots.Locate(path)
	if errors.Is(err, disk.ErrOutside) {
		return nil, errors.New("a link leads out of the repository, or of the directory where there is none: put the file itself there")
	}
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() && info.Size() > largest {
		return nil, fmt.Errorf("it is too large: more than %d bytes", largest)
	}
	return tree.ReadFile(absolute)
}

// Output is the directory of the files where no flag names one. An intent says
// only what is below its own, and no link leads out of that: a pull request can
// make both.
func Output(intent, output string) (string, error) {
	directory := filepath.Dir(intent)
	if output == "" {
		return directory, nil
	}
	place := filepath.Join(directory, filepath.FromSlash(output))
	from, err := disk.Resolve(directory)
	if err != nil {
		return "", err
	}
	to, err := disk.Resolve(place)
	for above := filepath.Dir(place); errors.Is(err, fs.ErrNotExist) && above != directory; above = filepath.Dir(above) {
		to, err = disk.Resolve(above) // what is not there yet is made in it
	}
	if errors.Is(err, fs.ErrNotExist) {
		return place, nil
	}
	if err != nil {
		return "", err
	}
	if way, err := filepath.Rel(from, to); err != nil || !filepath.IsLocal(way) {
		return "", fmt.Errorf("output = %q of %q leads out of the intent's directory by a link: name a directory in it, or say where the files are with -o", output, intent)
	}
	return place, nil
}

// Way is a path as a file in a directory has to write it.
func Way(directory, path string) (string, error) {
	from, err := disk.Absolute(directory)
	if err != nil {
		return "", err
	}
	to, err := disk.Absolute(path)
	if err != nil {
		return "", err
	}
	way, err := filepath.Rel(from, to)
	return filepath.ToSlash(way), err
}

// largestUserFile is more than any chain of certificates has, in bytes.
const largestUserFile = 1 << 20

// UserFiles reads the files that an intent names, relative to its directory, by
// the paths as it has them. Nothing else is read.
func UserFiles(paths []string, directory, output string) map[string]intent.UserFile {
	found := map[string]intent.UserFile{}
	for _, path := range paths {
		file := intent.UserFile{Path: path}
		place := filepath.FromSlash(path)
		if !filepath.IsAbs(place) {
			place = filepath.Join(directory, place)
			file.Path, file.Err = Way(output, place)
		}
		if file.Err == nil {
			file.Content, file.Err = readUserFile(place)
		}
		found[path] = file
	}
	return found
}

// readUserFile reads a regular file. A link may lead to it: renewed
// certificates are often reached by one. What the system shows as a file is
// none, since to read it can mean to wait for ever.
func readUserFile(path string) ([]byte, error) {
	real, err := disk.Resolve(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, err
	}
	tree, err := disk.OpenTree(filepath.Dir(real), ".")
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	content, err := tree.ReadFile(real)
	if err == nil && len(content) > largestUserFile {
		err = fmt.Errorf("it has more than %d bytes", largestUserFile)
	}
	return content, err
}
