package inspect

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/redis"
)

// A sentinel keeps what it learns in its conf file, and looks at its start
// whether it may (tried on Redis 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2).

// endsWithoutConf is for a sentinel that is given no conf file.
func endsWithoutConf(s *Service) []End {
	if s.Kind != Sentinel || s.confNamed || len(s.Problems) > 0 {
		return nil
	}
	return []End{{EndNoConf, "a sentinel needs a conf file to keep its state in: without one it stops", s.startedAt}}
}

// endsForSentinelConf is for one that may not write to its conf file.
func endsForSentinelConf(s *Service) (ends []End) {
	if s.Kind != Sentinel {
		return nil
	}
	for _, conf := range s.Confs {
		switch {
		case conf.Mount == nil || conf.State == ConfDirectory || conf.State == ConfNotHere:
		case conf.Mount.ReadOnly:
			ends = append(ends, End{EndConfNotWritable, fmt.Sprintf("%q cannot write to %s: Sentinel exits at its start", s.Name, conf.Path), conf.Mount.Span})
		case s.cannotWrite(conf):
			ends = append(ends, End{EndConfNotWritable, fmt.Sprintf("%q runs as uid %d, which on Linux cannot write to %s as git keeps it: Sentinel exits at its start",
				s.Name, s.Image.Traits().UID, conf.Path), conf.Mount.Span})
		}
	}
	return ends
}

// cannotWrite reports whether a sentinel that is not root may not write to a
// file of the project: git keeps no file that everybody may write to, and what
// is checked out belongs to somebody else than the image's user. Engines in a
// virtual machine of macOS or Windows let everybody write.
func (s *Service) cannotWrite(conf Conf) bool {
	if !s.unprivileged || len(s.Problems) > 0 || conf.State != ConfRead || conf.Mount.Type != compose.TypeBind || !unset.Known(conf.Mount.Source) || s.takesOver(conf.Path) {
		return false
	}
	if _, linked := s.files.throughLinks(conf.Path); linked {
		return false
	}
	below := strings.TrimPrefix(conf.Path, conf.Mount.Target)
	info, err := s.Project.Tree().Stat(filepath.Join(conf.Mount.Source, filepath.FromSlash(below)))
	return err == nil && !mayWrite(info, s.Image.Traits().UID)
}

// mayWrite reports whether a file may be open to a user by its mode.
func mayWrite(info fs.FileInfo, uid int) bool {
	owner, known := disk.Owner(info)
	const groupWrites, othersWrite = 0o020, 0o002
	return !known || owner == uid || info.Mode()&(groupWrites|othersWrite) != 0
}

// takesOver reports whether the image's entrypoint may give a file to its own
// user first: it does so in the directory that it starts in, and from Redis 8
// on with a conf that is alone in its directory (tried on the entrypoints of
// Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2).
func (s *Service) takesOver(name string) bool {
	directory := path.Dir(name)
	if s.directory == "" || isWithin(directory, s.directory) {
		return true
	}
	return s.Release.Engine == redis.Redis && s.Release.AtLeast(8, 0) && directory != "/" && directory != "/etc"
}
