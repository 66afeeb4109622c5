package inspect

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// mostLinks is how many links a path leads through, as Linux has it.
const mostLinks = 40

// throughLinks follows the symbolic links below bind mounts as the container
// does: a link holds a path of its file system, not of the host's. What is
// mounted itself the engine looks up on the host. end is "" for a path that
// does not come to an end.
func (f *files) throughLinks(target string) (end string, linked bool) {
	if end, known := f.links[target]; known {
		return end, end != target
	}
	end = target
	for range mostLinks {
		next, ok := f.nextLink(end)
		if !ok {
			f.rememberLink(target, end)
			return end, end != target
		}
		end = next
	}
	f.rememberLink(target, "")
	return "", true
}

func (f *files) rememberLink(target, end string) {
	if f.links == nil {
		f.links = map[string]string{}
	}
	f.links[target] = end
}

// nextLink puts the way that the first link of a path leads in its place.
func (f *files) nextLink(target string) (next string, ok bool) {
	mount, mounted := f.mountAt(target)
	if f.isWritten(target) || !mounted || f.alone || mount.Type != compose.TypeBind || mount.Source == "" || !unset.Known(mount.Source) {
		return "", false
	}
	parts := strings.Split(strings.Trim(strings.TrimPrefix(target, mount.Target), "/"), "/")
	at, host := mount.Target, mount.Source
	for i, part := range parts {
		if part == "" {
			continue
		}
		host = filepath.Join(host, part)
		if leads, isLink := f.project.Tree().Link(host); isLink {
			return path.Join(append([]string{join(at, leads)}, parts[i+1:]...)...), true
		}
		at = path.Join(at, part)
	}
	return "", false
}
