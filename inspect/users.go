package inspect

import (
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// User is a user that a server will have.
type User struct {
	Name    string
	Account redis.Account
	At      position.Span // where its rules stand
	// Guessed says that a password among its rules is not known.
	Guessed bool
}

// Account returns the user of a server by its name, "" for the default one.
// known is false where not all of its users are seen; a user that is not there
// has no place.
func (s *Service) Account(name string) (user User, known bool) {
	if name == "" {
		name = "default"
	}
	all := compose.Once(s.Project, usersKey{s}, s.users)
	for _, one := range all.users {
		if one.Name == name {
			return one, all.known
		}
	}
	known = all.known
	if name == "default" && known {
		return s.ownDefault()
	}
	return User{Name: name}, known
}

// written are the users that somebody wrote down. They are read once: many may
// log in to one server.
type written struct {
	users []User
	known bool
}

type usersKey struct{ of *Service }

func (s *Service) users() written {
	if s.Opaque != "" || s.Kind == Compatible || s.Partial {
		return written{}
	}
	if file, given := s.Given("aclfile"); given && file.Value != "" {
		return s.usersOfFile(file)
	}
	all := written{known: true}
	for _, e := range s.entries {
		if e.Name == "user" && len(e.Args) > 0 {
			all.add(e.Args, e.name)
		}
	}
	return all
}

func (s *Service) usersOfFile(setting Setting) written {
	name, known := s.pathOf(setting)
	if !known {
		return written{}
	}
	found := s.files.read(name)
	if found.state != present || !unset.Known(found.text) {
		return written{}
	}
	all := written{known: true}
	number := 0
	for line := range strings.SplitSeq(found.text, "\n") {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "user" {
			all.add(words[1:], found.line(number))
		}
		number++
	}
	return all
}

// add reads the words behind "user". A password that is not known is one all the
// same; any other word that is not known may say anything.
func (w *written) add(words []string, at position.Span) {
	user := User{Name: words[0], At: at}
	for _, word := range words {
		user.Guessed = user.Guessed || !unset.Known(word)
		w.known = w.known && (unset.Known(word) || strings.HasPrefix(word, ">"))
	}
	user.Account = redis.ReadAccount(words[1:])
	w.users = append(w.users, user)
}

// ownDefault is the default user where nobody wrote it down: it may do
// everything, with the password of requirepass where no file of users is.
func (s *Service) ownDefault() (user User, known bool) {
	rules := []string{"on", "nopass", "~*", "&*", "+@all"}
	user = User{Name: "default", At: s.Span()}
	file, hasFile := s.Given("aclfile")
	if password := s.Get("requirepass"); !hasFile || file.Value == "" {
		user.Guessed = !password.Known
		if password.Known && password.Value != "" {
			rules[1] = ">" + password.Value
		}
		if password.Set {
			user.At = password.Origin.Span
		}
	}
	user.Account = redis.ReadAccount(rules)
	return user, true
}
