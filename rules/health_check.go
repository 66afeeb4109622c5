package rules

import (
	"fmt"
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

// certificates are the options of a client that a server with TLS takes.
func certificates(s *inspect.Service) (options []string, why string) {
	options = []string{"--tls"}
	asked := []struct{ name, option string }{{"tls-ca-cert-file", "--cacert"}, {"tls-cert-file", "--cert"}, {"tls-key-file", "--key"}}
	if s.Get("tls-auth-clients").Value != "yes" {
		asked = asked[:1]
	}
	for _, each := range asked {
		file := s.Get(each.name)
		if !file.Known || !plainPath.MatchString(file.Value) {
			return nil, "it is not known which certificates a client needs"
		}
		options = append(options, each.option, file.Value)
	}
	return options, ""
}

// plainPath needs no quotes, neither for a shell nor for YAML.
var plainPath = regexp.MustCompile(`^/[A-Za-z0-9._/-]+$`)

// confPassword is a password that sed takes out of its line without more ado.
var confPassword = regexp.MustCompile(`^[^\s"'\\]+$`)

// passwordOfCheck is what stands before the client so that it has the password,
// without it being an argument or standing in one more place: the variable that
// the container has, or the line of its conf file. "" where the client finds
// REDISCLI_AUTH by itself.
func passwordOfCheck(s *inspect.Service) (assignment, why string) {
	for _, variable := range s.Environment() {
		if variable.Name == "REDISCLI_AUTH" && variable.Value != "" {
			return "", ""
		}
	}
	if s.Access() != inspect.Closed {
		return "", "it is not certain which password it has"
	}
	password, given := s.Given("requirepass")
	for _, variable := range s.Environment() {
		if given && variable.Value != "" && len(password.Args) == 1 && password.Args[0] == variable.Value && !strings.HasSuffix(variable.Name, "_FILE") {
			return fmt.Sprintf("REDISCLI_AUTH=$$%s", variable.Name), ""
		}
	}
	if !given || password.Origin.Kind != inspect.FromConf || !password.Known {
		return "", "its password stands in no file or variable of the container that a health check could read"
	}
	for _, conf := range s.Confs {
		text := s.Project.Text(password.Origin.Span.File)
		if conf.Shown != password.Origin.Span.File || text == nil || !plainPath.MatchString(conf.Path) {
			continue
		}
		if line := text.RawLine(password.Origin.Span.Start.Line); !confPassword.MatchString(password.Value) || line != "requirepass "+password.Value && line != `requirepass "`+password.Value+`"` {
			return "", "the line of its password is not plain enough for a health check"
		}
		if strings.Contains(text.Line(password.Origin.Span.Start.Line), `"`) {
			return fmt.Sprintf(`REDISCLI_AUTH=$$(sed -n 's/^requirepass .\(.*\).$$/\1/p' %s)`, conf.Path), ""
		}
		return fmt.Sprintf("REDISCLI_AUTH=$$(sed -n 's/^requirepass //p' %s)", conf.Path), ""
	}
	return "", "its password stands in no file that a health check could read"
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
	test := checkWords(s)
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
	return unset.Known(script) && !doesMore.MatchString(script) && asksClient.MatchString(script)
}

var (
	asksClient = regexp.MustCompile(`(redis|valkey)-cli\b|\b(curl|wget|nc|ncat|netcat|telnet)\b`)
	// Commands that look at more than the life of the server, and scripts.
	doesMore = regexp.MustCompile(`(?i)\b(info|role|cluster|sentinel|dbsize|exists|eval|if|case|while|for|awk|python|wait|latency|memory)\b|\.(sh|py)\b`)
)
