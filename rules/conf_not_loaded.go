package rules

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var confNotLoaded = &lint.Rule{
	ID:       "conf-not-loaded",
	Group:    "configuration",
	Severity: lint.Error,
	Summary:  "A conf file is mounted or copied, but the server is not told to read it",
	Why: `
The images read no conf file by themselves: it has to be the first argument, as
in "redis-server /usr/local/etc/redis/redis.conf". A file that is only mounted,
or that a Dockerfile only copies, changes nothing, and the password in it
protects nothing.
`,
	Refs: []string{"https://hub.docker.com/_/redis"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    volumes: [./redis.conf:/usr/local/etc/redis/redis.conf]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /usr/local/etc/redis/redis.conf\n    volumes: [./redis.conf:/usr/local/etc/redis/redis.conf]\n",
		Mend:     "Name the file as the first argument: command: redis-server /usr/local/etc/redis/redis.conf",
		Ignore:   "Where another program in the container reads the file.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, the conf file before all options:",
		Lines:  []string{"command: redis-server <path of the conf file in the container>"},
		Choose: "<path of the conf file in the container>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			if s.Program == "" || s.Unread || !s.Image.Traits().ReadsConf || s.Opaque != "" {
				continue
			}
			for _, mount := range s.Mounts {
				if holdsConf(p, s, mount) && !reads(s, mount.Target) {
					offer(p.Report(mount.Span, s.Service, "%s is mounted, but %s", mount.Target, notRead(s, mount.Target)), loadConf(s, mount))
				}
			}
			for _, copied := range s.Copied() {
				if isConf(copied.Target) && !reads(s, copied.Target) {
					p.Report(copied.At, s.Service, "%s is copied, but %s", copied.Target, notRead(s, copied.Target))
				}
			}
		}
	},
}

// notRead says why a server does not read a path: those that a script of the
// image sets up read one file, whatever the command says.
func notRead(s *inspect.Service, target string) string {
	traits := s.Image.Traits()
	if strings.Trim(target, quotes) != target {
		return fmt.Sprintf("nothing reads that path, of which the quote is a part: %q goes without it", s.Name)
	}
	if !s.SetUp || traits.ConfPath == "" {
		return fmt.Sprintf("the command of %q does not name it: the server does not read it", s.Name)
	}
	return fmt.Sprintf("the image of %q reads %s: the server does not read it", s.Name, traits.ConfPath)
}

// holdsConf reports whether a mount is a conf file for the server, or a
// directory of the project with one.
func holdsConf(p *lint.Pass, s *inspect.Service, mount inspect.Mount) bool {
	if mount.Type != compose.TypeBind && mount.Type != "config" {
		return false
	}
	if strings.Trim(mount.Target, quotes) != mount.Target {
		return strings.HasSuffix(mount.Source, ".conf") // a slip: the quote is a part of the path
	}
	if strings.HasSuffix(strings.ToLower(mount.Target), ".conf") {
		return isConf(mount.Target)
	}
	if data, ok := s.Directory(); ok && mount.Target == data || mount.Type != compose.TypeBind || !unset.Known(mount.Source) {
		return false
	}
	for _, name := range []string{"redis.conf", "valkey.conf"} {
		if info, err := p.Tree().Stat(filepath.Join(mount.Source, name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// quotes that stand in a path by mistake.
const quotes = `'"`

// isConf recognises a conf file for a server by its name.
func isConf(target string) bool {
	name := strings.ToLower(path.Base(target))
	return strings.HasSuffix(name, ".conf") &&
		(strings.Contains(name, "redis") || strings.Contains(name, "valkey") || strings.Contains(name, "sentinel"))
}

// reads reports whether the server, or a script on the way to it, the image's
// own included, reads anything at or below a path.
func reads(s *inspect.Service, target string) bool {
	for _, name := range s.ReadPaths() {
		if name == target || strings.HasPrefix(name, target+"/") {
			return true
		}
	}
	return false
}
