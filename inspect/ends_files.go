package inspect

import (
	"fmt"
	"path"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// What a server opens at its start, and surely does not find. All of it was
// tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2: each ends with status 1.
// A pidfile in a directory that is not there does no harm.

// endsForDirectory: a server enters each directory at once, also one that a
// later line changes.
func endsForDirectory(s *Service) (ends []End) {
	current := s.directory
	for _, e := range s.entries {
		if s.name(e.Name) != "dir" || e.unknown || len(e.Args) != 1 {
			continue
		}
		current = join(current, e.Args[0])
		if s.lacksDirectory(current) {
			ends = append(ends, End{EndDirectoryMissing, fmt.Sprintf("dir is %s, which is not in the container", current), e.name})
		}
	}
	return ends
}

// endsForLogfile: the file is opened once, to see whether it can be.
func endsForLogfile(s *Service) []End { return s.endsForNewFile("logfile") }

// endsForSocket: the socket is made where it is said to be.
func endsForSocket(s *Service) []End { return s.endsForNewFile("unixsocket") }

// endsForNewFile is for a directive that names a file which the server makes.
func (s *Service) endsForNewFile(directive string) []End {
	setting, ok := s.Certain(directive)
	name, known := s.pathOf(setting)
	if !ok || !known {
		return nil
	}
	directory := path.Dir(name)
	switch {
	case s.lacksDirectory(directory):
		return []End{{EndDirectoryMissing, fmt.Sprintf("%s is in %s, which is not in the container", directive, directory), setting.Origin.Span}}
	case s.unprivileged && s.knowsFiles() && !s.files.isMount(directory) && !s.files.isMount(name) && s.Image.RootOnly(directory):
		return []End{{EndNotWritable, fmt.Sprintf("%s is in %s, where only root may write and the server is not root", directive, directory), setting.Origin.Span}}
	}
	return nil
}

// openedFiles are the directives that name a file which has to be there, and
// when.
var openedFiles = []struct {
	directive string
	opened    func(*Service) bool
}{
	{"aclfile", func(*Service) bool { return true }},
	{"tls-cert-file", (*Service).usesTLS},
	{"tls-key-file", (*Service).usesTLS},
	{"tls-ca-cert-file", (*Service).usesTLS},
	{"tls-client-cert-file", (*Service).usesTLS},
	{"tls-client-key-file", (*Service).usesTLS},
	{"tls-dh-params-file", (*Service).usesTLS},
}

// endsForFiles: the users, the certificates and the modules.
func endsForFiles(s *Service) (ends []End) {
	for _, file := range openedFiles {
		setting, ok := s.Certain(file.directive)
		if name, known := s.pathOf(setting); ok && known && file.opened(s) && s.lacksFile(name) {
			ends = append(ends, End{EndFileMissing, fmt.Sprintf("%s is %s, which is not in the container", file.directive, name), setting.Origin.Span})
		}
	}
	for _, e := range s.entries {
		if s.Kind == Sentinel || e.Name != "loadmodule" || e.unknown || len(e.Args) == 0 {
			continue // a sentinel loads none
		}
		if name := e.Args[0]; path.IsAbs(name) && s.lacksFile(path.Clean(name)) {
			ends = append(ends, End{EndFileMissing, fmt.Sprintf("the module %s is not in the container", name), e.name})
		}
	}
	return ends
}

// pathOf is the path that a directive names, below the directory that the
// server enters.
func (s *Service) pathOf(setting Setting) (name string, known bool) {
	directory, ok := s.Directory()
	if setting.Value == "" || !setting.Known || !ok && !path.IsAbs(setting.Value) {
		return "", false
	}
	return join(directory, setting.Value), true
}

// lacksDirectory reports whether the container surely has no directory at a
// path. What a bind mount or a volume holds besides what is seen, nobody knows:
// git keeps no empty directories.
func (s *Service) lacksDirectory(name string) bool {
	if !s.knowsFiles() || !path.IsAbs(name) || !unset.Known(name) {
		return false
	}
	if s.directory == "" || isWithin(s.directory, name) {
		return false // the engine makes the directory that a container starts in
	}
	for _, mount := range s.files.mounts {
		if !unset.Known(mount.Target) || isWithin(mount.Target, name) {
			return false // and the way to what it mounts
		}
	}
	if mount, ok := s.files.mountAt(name); ok {
		return mount.Type == "tmpfs"
	}
	return s.Image.LacksDirectory(name)
}

// isWithin reports whether a path is a directory or below it.
func isWithin(name, directory string) bool {
	return name == directory || strings.HasPrefix(name, strings.TrimSuffix(directory, "/")+"/")
}

// lacksFile reports whether the container surely has no file at a path.
func (s *Service) lacksFile(name string) bool {
	if !s.knowsFiles() || !path.IsAbs(name) || !unset.Known(name) {
		return false
	}
	for _, mount := range s.files.mounts {
		if !unset.Known(mount.Target) {
			return false
		}
	}
	if mount, ok := s.files.mountAt(name); ok {
		return mount.Type == "tmpfs"
	}
	return s.Image.LacksFile(name)
}
