package inspect

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// What a server makes in its data directory before it listens: one that appends
// its append-only file, a node of a cluster nodes.conf. Where it may not, it ends
// with status 1 (tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2: "Can't open or
// create append-only dir", "Can't open nodes.conf in order to acquire a lock").

// madeAtStart are the directives that make a server write before it listens, and
// what it writes.
var madeAtStart = []struct{ directive, file string }{
	{"appendonly", "an append-only file"},
	{"cluster-enabled", "nodes.conf"},
}

// endsForData is for a server that surely may not write to its directory.
func endsForData(s *Service) []End {
	if s.Kind == Sentinel {
		return nil
	}
	for _, made := range madeAtStart {
		setting, ok := s.Certain(made.directive)
		if !ok || setting.Value != "yes" {
			continue
		}
		if why := s.WhyNotWritable(); why != "" {
			return []End{{EndNotWritable, fmt.Sprintf("it makes %s in its directory, and %s", made.file, why), setting.Origin.Span}}
		}
	}
	return nil
}

// WhyNotWritable says why the server surely cannot write to its data directory, ""
// where it may. Who owns a directory of the host, or a volume that has been used
// before, is not known.
func (s *Service) WhyNotWritable() string {
	directory, known := s.Directory()
	if !known || !s.unaided || s.Built != nil || s.Unread || len(s.Config.VolumesFrom) > 0 {
		return ""
	}
	for _, mount := range s.files.mounts {
		if !unset.Known(mount.Target) || mount.Target != directory && isWithin(mount.Target, directory) {
			return "" // a part of the directory is elsewhere
		}
	}
	if mount, mounted := s.files.mountAt(directory); mounted {
		if mount.ReadOnly && (mount.Type == compose.TypeBind || mount.Type == compose.TypeVolume) {
			return directory + " is mounted read-only"
		}
		return ""
	}
	switch {
	case s.Image.Family.Bitnami():
		// The images run as user 1001, and start in the root of the file system.
		if directory == "/" && (s.Config.User == "" || s.isOtherUser()) {
			return "it runs as a user that cannot write to /"
		}
	case !s.Image.Plain() || directory != "/data" && isRoot(s.Config.User) && isWithin(directory, s.directory):
		// The entrypoint gives the directory that it starts in to the image's user.
	case directory != "/data" || s.Image.LacksVolume():
		if s.rootIsReadOnly() && s.Image.IsOfRoot(directory) {
			return directory + " is on a root file system that is read-only"
		}
		if (s.unprivileged || s.isOtherUser()) && s.Image.RootOnly(directory) {
			return fmt.Sprintf("%s is where only root may write and the server is not root", directory)
		}
	case s.isOtherUser() && s.Image.OwnsData():
		return fmt.Sprintf("%s belongs to user %d of the image, and the server runs as %s", directory, s.Image.Traits().UID, s.Config.User)
	}
	return ""
}

// isOtherUser reports whether a container surely runs as a user that is neither
// root nor the image's own: by number, since a name may be of either.
func (s *Service) isOtherUser() bool {
	user, _, _ := strings.Cut(s.Config.User, ":")
	uid, err := strconv.Atoi(user)
	return err == nil && uid != 0 && uid != s.Image.Traits().UID
}

func (s *Service) rootIsReadOnly() bool {
	value := s.Value.Get("read_only")
	return value != nil && value.Text == "true"
}
