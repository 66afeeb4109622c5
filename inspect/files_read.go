package inspect

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// read returns what stands at a path.
func (f *files) read(target string) content {
	if !unset.Known(target) {
		return content{why: fmt.Sprintf("the path %q is not known", unset.Plain(target))}
	}
	f.asked = append(f.asked, target)
	if end, linked := f.throughLinks(target); linked {
		if end == "" {
			return content{why: fmt.Sprintf("%s leads through too many links", target)}
		}
		f.asked = append(f.asked, end)
		target = end
	}
	if written, ok := f.written.lookup(target); ok {
		return written
	}
	if f.isRemoved(path.Dir(target)) {
		return content{state: missing}
	}
	mount, ok := f.mountAt(target)
	if !ok {
		if found, ok := f.ofImage(target); ok {
			return found
		}
		if f.bare || slices.Contains(f.absent, target) {
			return content{state: missing}
		}
		if f.alone {
			return content{why: fmt.Sprintf("%s is not beside the file", target)}
		}
		return content{why: fmt.Sprintf("%s comes with the image", target)}
	}
	return f.readMount(mount, target)
}

// MountAt returns the mount that a path of the container lies in.
func (f *files) mountAt(target string) (Mount, bool) {
	for _, mount := range f.mounts {
		if isWithin(target, mount.Target) {
			return mount, true
		}
	}
	return Mount{}, false
}

func (f *files) readMount(mount Mount, target string) content {
	below := strings.TrimPrefix(strings.TrimPrefix(target, mount.Target), "/")
	switch {
	case mount.Type == "tmpfs":
		return content{state: missing}
	case mount.Type == "secret":
		return content{why: fmt.Sprintf("%s is a secret", target)}
	case mount.hasContent && below == "":
		return content{state: present, text: mount.content, shown: f.inlineFile(mount), inline: &mount}
	case mount.Type != compose.TypeBind && mount.Type != "config":
		return content{why: fmt.Sprintf("%s is in the volume %q", target, unset.Plain(mount.Source))}
	case mount.filled:
		return content{why: fmt.Sprintf("%s is a template, which the swarm fills in", target)}
	case mount.Source == "":
		return content{why: fmt.Sprintf("%s is not in the project", target)}
	}
	if !unset.Known(mount.Source) {
		return content{why: fmt.Sprintf("%s is mounted from %q", target, unset.Plain(mount.Source))}
	}
	return f.readHost(filepath.Join(mount.Source, filepath.FromSlash(below)))
}

// readHost reads a file of the project.
func (f *files) readHost(name string) content {
	if known, ok := f.host[name]; ok {
		return known
	}
	found := f.openHost(name)
	if found.state == present {
		f.seen = append(f.seen, found)
	}
	if f.host == nil {
		f.host = map[string]content{}
	}
	f.host[name] = found
	return found
}

func (f *files) openHost(name string) content {
	tree := f.project.Tree()
	info, err := tree.Stat(name)
	if err == nil && info.IsDir() {
		return content{state: directory, shown: tree.Show(name)}
	}
	var shown string
	var text []byte
	if err == nil {
		shown, text, err = f.project.ReadFile(name)
	}
	switch {
	case err == nil:
		return content{state: present, text: f.shared(shown, text), shown: shown}
	case errors.Is(err, fs.ErrNotExist):
		return content{state: missing, shown: tree.Show(name)}
	}
	return content{why: fmt.Sprintf("%s is not read: %v", tree.Show(name), err)}
}

type sharedTextKey struct{ file string }

// shared is the text of a file, one for all services that read it.
func (f *files) shared(shown string, source []byte) string {
	return compose.Once(f.project, sharedTextKey{shown}, func() string { return string(source) })
}

// inlineFile is the compose file that an inline config stands in.
func (f *files) inlineFile(mount Mount) string {
	return f.project.Lookup("configs", mount.Source, "content").File
}

// glob lists the files that match a pattern.
func (f *files) glob(pattern string) ([]string, error) {
	if end, linked := f.throughLinks(path.Dir(pattern)); linked && end != "" {
		pattern = path.Join(end, path.Base(pattern))
	}
	matches, err := f.globMount(pattern)
	if f.image != nil && !f.isMount(path.Dir(pattern)) {
		var brought []string
		if brought, err = f.image.glob(f, pattern); err == nil && !f.bare {
			err = errNotSeen
		}
		matches = append(matches, brought...)
	}
	for _, mount := range f.mounts {
		if single, _ := path.Match(pattern, mount.Target); single {
			matches = append(matches, mount.Target)
		}
	}
	for target := range f.written.all() {
		if written, _ := path.Match(pattern, target); written {
			matches = append(matches, target)
		}
	}
	matches = slices.DeleteFunc(matches, func(target string) bool { return f.isWritten(target) && f.written.get(target).state == missing })
	slices.Sort(matches)
	return slices.Compact(matches), err
}

func (f *files) isMount(target string) bool {
	_, ok := f.mountAt(target)
	return ok
}

// globMount lists the files that match a pattern in the mount that their
// directory lies in.
func (f *files) globMount(pattern string) ([]string, error) {
	mount, ok := f.mountAt(path.Dir(pattern))
	switch {
	case !ok && f.bare, ok && mount.Type == "tmpfs":
		return nil, nil
	case !ok, mount.Type != compose.TypeBind, !unset.Known(mount.Source):
		return nil, errNotSeen
	}
	below := strings.TrimPrefix(pattern, mount.Target)
	matches, err := f.project.Tree().Glob(filepath.Join(mount.Source, filepath.FromSlash(below)))
	for i, match := range matches {
		matches[i] = path.Join(mount.Target, filepath.ToSlash(strings.TrimPrefix(match, mount.Source)))
	}
	return matches, err
}

// TextAt returns the text of a file of the project that stands at a path of the
// container, be it a secret of the service; ok is false where it is not seen.
func (s *Service) TextAt(target string) (text string, ok bool) {
	if !unset.Known(target) || !path.IsAbs(target) {
		return "", false
	}
	found := s.files.read(path.Clean(target))
	if mount, mounted := s.files.mountAt(path.Clean(target)); mounted && mount.Type == "secret" && mount.Target == path.Clean(target) {
		if secret, _ := s.Project.Resource("secrets", mount.Source); secret.File != "" && unset.Known(secret.File) {
			found = s.files.readHost(secret.File)
		}
	}
	return found.text, found.state == present
}
