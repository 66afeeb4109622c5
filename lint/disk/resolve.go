package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The bounds of a path, as Linux has them.
const (
	maxLinks = 40
	maxPath  = 4096 // bytes
)

// resolve returns a path relative to the root and without links, so that the
// names on the way can be judged, and what stands there. os.Root holds to the
// root whatever happens between this and the opening.
func (t *Tree) resolve(path string) (string, fs.FileInfo, error) {
	relative, err := t.inside(path)
	if err != nil {
		return "", nil, err
	}
	if info, ok := t.provided[relative]; ok {
		return relative, info, nil
	}
	resolved, info, err := t.follow(relative)
	if err != nil {
		return "", nil, err
	}
	if err := forbidden(filepath.Join(t.real, resolved)); err != nil {
		return "", nil, err
	}
	return resolved, info, nil
}

// follow goes along a path below the root, link by link, as the kernel does.
func (t *Tree) follow(relative string) (string, fs.FileInfo, error) {
	at, links := ".", 0
	info, err := t.lstat(at)
	parts := split(relative)
	for len(parts) > 0 && err == nil {
		part := parts[0]
		parts = parts[1:]
		switch {
		case part == "" || part == ".":
			continue
		case part == ".." && at == ".":
			return "", nil, ErrOutside
		case part == "..":
			at = filepath.Dir(at)
			info, err = t.lstat(at)
			continue
		case isGit(part):
			return "", nil, ErrGit
		}
		name := filepath.Join(at, part)
		if info, err = t.lstat(name); err != nil {
			break
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = name
			continue
		}
		if links++; links > maxLinks {
			return "", nil, ErrLinks
		}
		var target []string
		if at, target, err = t.target(name); err == nil {
			parts = append(target, parts...)
			info, err = t.lstat(at)
		}
	}
	return at, info, Plain(err)
}

// Link returns where a symbolic link below the root leads, as it is written
// there; ok is false for anything else. Links on the way to it are followed.
// It is for who reads paths as a container has them, and opens nothing.
func (t *Tree) Link(path string) (target string, ok bool) {
	relative, err := t.inside(path)
	if err != nil || isGit(filepath.Base(relative)) {
		return "", false
	}
	directory, _, err := t.follow(filepath.Dir(relative))
	if err != nil || forbidden(filepath.Join(t.real, directory)) != nil {
		return "", false
	}
	link := filepath.Join(directory, filepath.Base(relative))
	if info, err := t.lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return "", false
	}
	target, err = t.root.Readlink(link)
	return target, err == nil
}

// target reads a link: the directory in which it goes on, and the way.
func (t *Tree) target(link string) (directory string, way []string, err error) {
	text, err := t.root.Readlink(link)
	if err != nil {
		return "", nil, err
	}
	if !filepath.IsAbs(text) {
		return filepath.Dir(link), split(text), nil
	}
	if text == t.real {
		return ".", nil, nil
	}
	below, inside := strings.CutPrefix(text, strings.TrimSuffix(t.real, "/")+"/")
	if !inside {
		return "", nil, ErrOutside
	}
	return ".", split(below), nil
}

func split(path string) []string { return strings.Split(filepath.ToSlash(path), "/") }

// lstat is that of the root with a memory for directories: most files have
// neighbours.
func (t *Tree) lstat(relative string) (fs.FileInfo, error) {
	t.mutex.Lock()
	info, known := t.directories[relative]
	t.mutex.Unlock()
	if known {
		return info, nil
	}
	info, err := t.root.Lstat(relative)
	if err == nil && info.IsDir() {
		t.mutex.Lock()
		t.directories[relative] = info
		t.mutex.Unlock()
	}
	return info, err
}

// notFiles are where Linux shows itself and its devices as files: the
// environment of a process is one of them.
var notFiles = []string{"/proc", "/sys", "/dev"}

// forbidden says why a path without links is never read, in any root.
func forbidden(path string) error {
	for _, part := range split(path) {
		if isGit(part) {
			return ErrGit
		}
	}
	for _, place := range notFiles {
		if path == place || strings.HasPrefix(path, place+"/") {
			return ErrSystem
		}
	}
	return nil
}

// isGit reports whether some file system takes a name for .git: they fold the
// case, Windows drops dots and blanks at the end and has streams and short
// names, and HFS+ ignores some characters. Git keeps the same names out of
// what is checked out (CVE-2014-9390, CVE-2019-1352, CVE-2019-1353).
func isGit(name string) bool {
	if len(name) < len(".git") {
		return false
	}
	name, _, _ = strings.Cut(strings.Map(ignored, name), ":")
	name = strings.TrimRight(name, ". ")
	return strings.EqualFold(name, ".git") || strings.EqualFold(name, "git~1")
}

// ignored drops what HFS+ ignores in names.
func ignored(r rune) rune {
	switch {
	case r >= 0x200c && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x206a && r <= 0x206f, r == 0xfeff:
		return -1
	}
	return r
}

// Plain takes the path out of an error: who reports it names the file itself.
func Plain(err error) error {
	var pathError *fs.PathError
	if !errors.As(err, &pathError) {
		return err
	}
	if strings.Contains(pathError.Err.Error(), "escapes") {
		return ErrOutside
	}
	return pathError.Err
}

// Resolve returns the absolute path of a directory, without links.
func Resolve(directory string) (string, error) {
	absolute, err := filepath.Abs(directory)
	if err == nil {
		absolute, err = filepath.EvalSymlinks(absolute)
	}
	return absolute, Plain(err)
}

// Describe says what stands at a path that the user names. Links are followed:
// what is read of it is judged by itself.
func Describe(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	return info, Plain(err)
}

// Absolute returns the absolute path of a path as it is written, its links left
// alone. Nothing need stand there.
func Absolute(path string) (string, error) { return filepath.Abs(path) }
