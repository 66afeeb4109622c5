package rules

import (
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/redis"
)

// soundCheck is a health check of a server as a shell runs it: it asks PING
// where the server listens, with its password, and reads the reply. why says
// why none can be derived.
func soundCheck(s *inspect.Service) (script, why string) {
	plain, encrypted := listens(s)
	client := map[redis.Engine]string{redis.Redis: "redis-cli", redis.Valkey: "valkey-cli"}[s.Image.Engine]
	switch {
	case client == "" || !s.Image.Plain() && !s.Image.Family.Bitnami():
		return "", "it is not known which client its image has"
	case plain == "" || s.Opaque != "":
		return "", "it is not known where it listens"
	}
	words := []string{client}
	switch {
	case plain == "0":
		options, why := certificates(s)
		if why != "" {
			return "", why
		}
		words = append(append(words, "-p", encrypted), options...)
	case plain != "6379":
		words = append(words, "-p", plain)
	}
	if _, given := s.Given("requirepass"); given || s.Kind != inspect.Sentinel && s.Access() != inspect.Open {
		assignment, why := passwordOfCheck(s)
		if why != "" {
			return "", why
		}
		words = append(nonEmptyWords(assignment), words...)
	}
	return strings.Join(append(words, "ping", "|", "grep", "-q", "PONG"), " "), ""
}

func nonEmptyWords(word string) []string {
	if word == "" {
		return nil
	}
	return []string{word}
}

// addCheck plans a health check for a server that has none.
func addCheck(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "add a health check that asks PING and reads the reply")
	script, why := soundCheck(s)
	switch {
	case why != "":
		return plan.Refuse("%s", why)
	case s.Project.IsStack:
		plan.Unsafe("the swarm replaces the container when it does not answer")
	}
	test := edit.Words("CMD-SHELL", script)
	if s.Has("healthcheck") {
		return plan.Set(s.Service, test, "healthcheck", "test")
	}
	return plan.Set(s.Service, edit.Map(
		edit.Entry{Key: "test", Value: test},
		edit.Entry{Key: "interval", Value: edit.Plain("10s")},
		edit.Entry{Key: "timeout", Value: edit.Plain("5s")},
		edit.Entry{Key: "retries", Value: edit.Plain("5")},
	), "healthcheck")
}

// replaceCheck plans that a health check that asks the server one question asks
// it so that the reply counts.
func replaceCheck(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "let the health check ask PING, and read the reply")
	test := writtenCheck(s)
	if s.Built != nil && s.Built.Health != nil && len(test) == 0 {
		return plan.Refuse("the health check is the image's")
	}
	if !asksOnly(test) {
		return plan.Refuse("the health check does more than to ask the server")
	}
	script, why := soundCheck(s)
	if why != "" {
		return plan.Refuse("%s", why)
	}
	return plan.Replace(s.Service, edit.Words("CMD-SHELL", script), "healthcheck", "test")
}

// asksOnly reports whether the words of a check do nothing but ask: a client
// with its options, or a program that opens the port, and what looks at the reply.
func asksOnly(test []string) bool {
	if len(test) < 2 {
		return false
	}
	script := strings.Join(test[1:], " ")
	return unset.Known(givenPassword.ReplaceAllString(script, "")) && !doesMore.MatchString(script) && asksClient.MatchString(script)
}

var (
	// The password, which the check that takes its place reads elsewhere.
	givenPassword = regexp.MustCompile(`(-a|--pass) +['"]?[^\s'"]+['"]?`)
	asksClient    = regexp.MustCompile(`(redis|valkey)-cli\b|\b(curl|wget|nc|ncat|netcat|telnet)\b`)
	// Commands that look at more than the life of the server, and scripts.
	doesMore = regexp.MustCompile(`(?i)\b(info|role|cluster|sentinel|dbsize|exists|eval|if|case|while|for|awk|python|wait|latency|memory)\b|\.(sh|py)\b`)
)
