package inspect

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// UserPassword is a password in clear that a line gives to a user who may log
// in and run more than single commands.
type UserPassword struct {
	User, Password string
	At             position.Span
}

// UserPasswords lists what users are given, beside the other directives and in
// the ACL file.
func (s *Service) UserPasswords() (found []UserPassword) {
	for _, e := range s.entries {
		if e.Name == "user" && len(e.Args) > 0 && !e.unknown {
			found = append(found, passwordsOf(e.Args, e.name)...)
		}
	}
	users, given := s.Certain("aclfile")
	directory, _ := s.Directory()
	if !given || users.Value == "" {
		return found
	}
	file := s.files.read(join(directory, users.Value))
	if file.state != present {
		return found
	}
	type inFile struct{ at position.Span }
	shared := compose.Once(s.Project, inFile{file.line(0)}, func() (found []UserPassword) {
		for number, line := range strings.Split(file.text, "\n") {
			if words := strings.Fields(line); len(words) > 1 && words[0] == "user" {
				found = append(found, passwordsOf(words[1:], file.line(number))...)
			}
		}
		return found
	})
	if len(found) == 0 {
		return shared // as it is: a file that services share is read once
	}
	return append(found, shared...)
}

// passwordsOf reads a user's name and rules.
func passwordsOf(words []string, at position.Span) (found []UserPassword) {
	groups := func(rule string) bool { return strings.HasPrefix(rule, "+@") || rule == "allcommands" }
	if !slices.Contains(words, "on") || !slices.ContainsFunc(words, groups) {
		return nil
	}
	for _, rule := range words[1:] {
		if password, clear := strings.CutPrefix(rule, ">"); clear && unset.Known(password) {
			found = append(found, UserPassword{words[0], password, at})
		}
	}
	return found
}
