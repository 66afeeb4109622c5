package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var passwordWeak = &lint.Rule{
	ID:       "password-weak",
	Group:    "secrets",
	Severity: lint.Warning,
	Summary:  "The password is one of the first that anybody tries",
	Why: `
A server answers hundreds of thousands of guesses a second, and whoever looks for
open ports tries the words of examples first: redis, password, changeme, the
name of the service or the user. Fewer than eight characters are tried out in no time. Make
one with openssl rand -hex 32; nobody has to remember it.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass changeme\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n",
		Mend:     "Make a long one, and keep it out of the file: ${PASSWORD:?}, a secret, a conf that git ignores.",
		Ignore:   "In a file that is only for development and publishes nothing.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the place of the password, what openssl rand -hex 32 prints:",
		Lines:  []string{"requirepass <password>"},
		Choose: "<password>",
	},
	Check: func(p *lint.Pass) {
		weak := weakUsers{}
		for _, s := range inspect.Servers(p.Project) {
			password, given := s.Certain("requirepass")
			if given && !swallowed(s, password.Value) {
				at := password.Origin.Span
				if words := s.ArgumentsAt("requirepass"); len(words) > 0 && password.Origin.Kind == inspect.FromArgv {
					at = words[0]
				}
				if why := weakness(s.Name, password.Value); why != "" {
					p.Report(at, s.Service, "the password of %q %s%s", s.Name, why, readByAll(s, at))
				}
			}
			weak.report(p, s)
		}
	},
}

// weakUser is one whose password is soon guessed, and why.
type weakUser struct {
	inspect.UserPassword
	why string
}

// weakUsers are those of lists that services may share, by what a list begins
// with.
type weakUsers map[*inspect.UserPassword][]weakUser

// mostWeakUsers are named one by one: whoever has more knows by then.
const mostWeakUsers = 10

func (w weakUsers) report(p *lint.Pass, s *inspect.Service) {
	users := s.UserPasswords()
	if len(users) == 0 {
		return
	}
	weak, judged := w[&users[0]]
	if !judged {
		for _, user := range users {
			if why := weakness(user.User, user.Password); why != "" {
				weak = append(weak, weakUser{user, why})
			}
		}
		w[&users[0]] = weak
	}
	for i, user := range weak {
		if i == mostWeakUsers {
			p.Report(user.At, s.Service, "the passwords of this user of %q and of %d behind it are weak as well", s.Name, len(weak)-i-1)
			return
		}
		p.Report(user.At, s.Service, "the password of the user %q of %q %s", user.User, s.Name, user.why)
	}
}

// weakness says why a password is soon guessed; "" where it is not, or is none.
// What it is, the message does not tell.
func weakness(name, password string) string {
	plain := strings.ToLower(strings.TrimRight(password, "0123456789!."))
	bare := ownership.ReplaceAllString(plain, "")
	switch {
	case password == "" || isReference(password) || isSecretPath(password):
		return ""
	case slices.ContainsFunc([]string{strings.ToLower(password), plain, bare}, func(word string) bool { return slices.Contains(triedFirst, word) }):
		return "is one of the first that anybody tries"
	case counted123.MatchString(password):
		return "is a word with 123 and on behind it, as lists of common passwords have for every word"
	case strings.EqualFold(password, name):
		return "is the name itself"
	case len(password) < 8:
		return "has fewer than 8 characters, which are tried out in no time"
	}
	return ""
}

// counted123 is a short word and digits in their order.
var counted123 = regexp.MustCompile(`^[A-Za-z]{1,10}[@_-]?123(4(5(6(7(89?)?)?)?)?)?[!.]?$`)

// ownership is what examples put before a word.
var ownership = regexp.MustCompile(`^(my|your|our|the|some|super|very)[-_]?`)

// triedFirst are words that examples and lists of common passwords begin with.
var triedFirst = strings.Fields(`redis redispass redispassword redis_password redis-password redissecret redis-secret valkey valkeypass valkeypassword
	valkey_password valkey-password password passwd pass passw0rd p@ssw0rd pa$$w0rd secret secretpassword secret-password secret_password secretkey password-here
	passwordhere strongpassword strong_password strong-password changeme changemeplease changethis change-this change_this changeit change_me change-me replaceme
	replace-me foobared admin root test testing testpass testpassword default example guest qwerty qwertyuiop letmein welcome abc abcdef abc123 123456 1234567
	12345678 123456789 1234567890 111111 00000000 master user docker development dev`)
