package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Access says who a server lets in.
type Access int

// The answers.
const (
	AccessUnknown Access = iota
	Open                 // anyone who reaches it
	Closed               // only with a password, or a client certificate
)

// Access works out whether a server asks for a password.
func (s *Service) Access() Access {
	if s.Kind == Compatible {
		return s.compatibleAccess()
	}
	if users, given := s.Given("aclfile"); given && users.Value != "" {
		return s.accessByFile(users)
	}
	if access, said := s.accessByUsers(); said {
		return access
	}
	password := s.Get("requirepass")
	switch {
	case password.Set && !password.Known:
		return Closed
	case !password.Known:
		return AccessUnknown
	case password.Value != "":
		return Closed
	}
	return Open
}

// accessByFile looks for the default user in an ACL file: without one it is
// open, whatever requirepass says. A relative path starts where dir leads: the
// server goes there while it reads its settings, and opens the file afterwards
// (setConfigDirOption and ACLLoadUsersAtStartup of Redis and Valkey).
func (s *Service) accessByFile(setting Setting) Access {
	directory, known := s.Directory()
	if !setting.Known || !known && !path.IsAbs(setting.Value) {
		return AccessUnknown
	}
	found := s.files.read(join(directory, setting.Value))
	if found.state != present || !unset.Known(found.text) {
		return AccessUnknown
	}
	user := s.defaultUserIn(found)
	s.noDefaultUser, s.defaultUser = !user.given, found.line(user.line)
	if !user.given {
		return Open
	}
	return accessByRules(user.rules)
}

// fileUser is the default user as a file of users has it.
type fileUser struct {
	given bool
	line  int // counted from 0
	rules []string
}

type fileUserKey struct{ file string }

// defaultUserIn looks for the default user, once for all services that read the
// same file.
func (s *Service) defaultUserIn(found content) fileUser {
	look := func() fileUser {
		line := 0
		for text := range strings.SplitSeq(found.text, "\n") {
			if words := strings.Fields(text); len(words) > 1 && words[0] == "user" && words[1] == "default" {
				return fileUser{true, line, words[2:]}
			}
			line++
		}
		return fileUser{}
	}
	if found.shown == "" || found.above > 0 {
		return look()
	}
	return compose.Once(s.Project, fileUserKey{found.shown}, look)
}

// DefaultUser is where the ACL file of a server says what everybody may do who
// gives no password; missing where no line of it does, and the place is its
// first line. ok is false where there is no such file, or it is not seen.
func (s *Service) DefaultUser() (at position.Span, missing, ok bool) {
	if s.Access() == AccessUnknown || s.defaultUser.File == "" {
		return position.Span{}, false, false
	}
	return s.defaultUser, s.noDefaultUser, true
}

// accessByUsers looks at `user` lines. Without one for the default user,
// requirepass counts, and said is false.
func (s *Service) accessByUsers() (access Access, said bool) {
	for _, e := range s.entries {
		switch {
		case e.Name != "user" || len(e.Args) == 0:
		case e.Args[0] == "default":
			return accessByRules(e.Args[1:]), true
		case !unset.Known(e.Args[0]):
			access, said = AccessUnknown, true
		}
	}
	return access, said
}

// DefaultUserRefuses reports whether a line for the default user, in the ACL
// file or beside the other directives, surely sets passwords of which a given one
// is none.
func (s *Service) DefaultUserRefuses(password string) bool {
	sum := sha256.Sum256([]byte(password))
	accepted := []string{">" + password, "#" + hex.EncodeToString(sum[:])}
	rules := s.defaultRules()
	sets := slices.ContainsFunc(rules, func(rule string) bool { return strings.HasPrefix(rule, ">") || strings.HasPrefix(rule, "#") })
	return sets && !slices.ContainsFunc(rules, func(rule string) bool {
		return rule == "nopass" || !unset.Known(rule) || slices.Contains(accepted, rule)
	})
}

// defaultRules are the rules of the default user; nil where no line has any.
func (s *Service) defaultRules() []string {
	if users, given := s.Certain("aclfile"); given && users.Value != "" {
		directory, _ := s.Directory()
		if found := s.files.read(join(directory, users.Value)); found.state == present {
			return s.defaultUserIn(found).rules
		}
		return nil
	}
	for _, e := range s.entries {
		if e.Name == "user" && len(e.Args) > 0 && e.Args[0] == "default" {
			return e.Args[1:]
		}
	}
	return nil
}

// OpenedBy returns the place of what lets anyone in to a server that is Open,
// where something says so: its users or an empty password. By default it is
// open as well.
func (s *Service) OpenedBy() (at position.Span, said bool) {
	if users, given := s.Given("aclfile"); given && users.Value != "" {
		return users.Origin.Span, true
	}
	for _, e := range s.entries {
		if e.Name == "user" && len(e.Args) > 0 && e.Args[0] == "default" {
			return e.name, true
		}
	}
	password, said := s.Given("requirepass")
	return password.Origin.Span, said
}

// accessByRules reads the rules of the default user, which a line begins anew:
// without any, the user is off.
func accessByRules(rules []string) Access {
	on, free, all := false, false, false
	for _, rule := range rules {
		switch {
		case !unset.Known(rule) && !strings.HasPrefix(rule, ">") && !strings.HasPrefix(rule, "#"):
			return AccessUnknown
		case rule == "+@all", rule == "allcommands":
			all = true
		case rule == "on":
			on = true
		case rule == "off":
			on = false
		case rule == "nopass":
			free = true
		case strings.HasPrefix(rule, ">"), strings.HasPrefix(rule, "#"), rule == "resetpass", rule == "reset":
			free = false
		}
	}
	switch {
	case !on || !free:
		return Closed
	case !all:
		return AccessUnknown // it depends on what the commands are worth
	}
	return Open
}

// Reachable reports whether other containers reach the server at all: not
// without a network or a port, where it listens on the loopback interface
// alone, or where protected mode turns strangers away.
func (s *Service) Reachable() bool {
	if s.Config.NetworkMode == "none" || s.Get("port").Value == "0" && s.Get("tls-port").Value == "0" || s.protected() && s.Access() != Closed {
		return false
	}
	bind := s.Get("bind")
	if !bind.Set {
		return true
	}
	if !bind.Known {
		return false
	}
	for _, address := range strings.Fields(bind.Value) {
		address = strings.TrimPrefix(address, "-")
		if address != "127.0.0.1" && address != "::1" && address != "localhost" {
			return true
		}
	}
	return false
}

// protected reports whether protected mode turns away who does not come from
// the container itself: by default, unless the image's build changed that, and
// before 7.0 only where nothing is bound (tried on Redis 6.2.16 and 7.0.15).
func (s *Service) protected() bool {
	if s.ReleaseKnown && s.Release.Major < 7 && s.Get("bind").Set {
		return false
	}
	return s.Get("protected-mode").Value == "yes"
}
