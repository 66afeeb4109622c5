package topology

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// Login is what a service gives to be let in somewhere.
type Login struct {
	User     string // "" the default user
	Password string // may hold marks
	Given    bool   // there is a password
	Unknown  bool   // it may be given where it is not seen
	At       position.Span
}

// loginOf reads it from two directives of the service that logs in.
func loginOf(s *inspect.Service, user, password string) Login {
	name, _ := s.Given(user)
	secret, given := s.Given(password)
	return Login{
		User: name.Value, Password: secret.Value, Given: given && (!secret.Known || secret.Value != ""), Unknown: s.Opaque != "" || s.Partial,
		At: secret.Origin.Span,
	}
}

// Outcome is what becomes of a login.
type Outcome string

// The outcomes.
const (
	Unknown   Outcome = "unknown"
	NotNeeded Outcome = "not needed" // anyone is let in
	Right     Outcome = "right"
	Missing   Outcome = "missing" // a password is asked for, and none is given
	Wrong     Outcome = "wrong"   // it is not that user's
	NoUser    Outcome = "no user" // nobody has that name
)

// At says what becomes of a login at a server or a sentinel.
func (l Login) Outcome(s *inspect.Service) Outcome {
	if s == nil || l.Unknown || !unset.Known(l.User) {
		return Unknown
	}
	user, known := s.Account(l.User)
	switch password, given := s.Given("requirepass"); {
	case !l.Given && s.Access() == inspect.Open:
		return NotNeeded
	case !l.Given && s.Access() == inspect.Closed && l.User == "":
		return Missing
	case !known:
		return Unknown
	case user.At.IsZero():
		return NoUser
	case !l.Given:
		return Unknown
	case user.Guessed && given && password.Value == l.Password && user.Name == "default":
		return Right // by one variable
	case user.Guessed, !unset.Known(l.Password):
		return Unknown
	case user.Account.Takes(l.Password):
		return Right
	}
	return Wrong
}

// AccountOf returns the user that a login leads to; ok is false where that is
// not known, or the login surely fails.
func (l Login) AccountOf(s *inspect.Service) (user inspect.User, ok bool) {
	if s == nil || l.Unknown || !unset.Known(l.User) {
		return inspect.User{}, false
	}
	if outcome := l.Outcome(s); outcome == Missing || outcome == Wrong || outcome == NoUser {
		return inspect.User{}, false
	}
	user, known := s.Account(l.User)
	return user, known && !user.At.IsZero()
}

// Lacks returns the first of the commands that a login may surely not call.
func (l Login) Lacks(s *inspect.Service, commands []string) (command string, user inspect.User) {
	user, ok := l.AccountOf(s)
	if !ok {
		return "", user
	}
	for _, command := range commands {
		if user.Account.May(command) == redis.No {
			return command, user
		}
	}
	return "", user
}
