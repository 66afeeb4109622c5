package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/inspect"
)

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
	if conf, ok := contentWithPassword(s); ok && given && password.Origin.Kind == inspect.FromConf {
		return fmt.Sprintf(betweenQuotes, conf.Path), ""
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
			return fmt.Sprintf(betweenQuotes, conf.Path), ""
		}
		return fmt.Sprintf("REDISCLI_AUTH=$$(sed -n 's/^requirepass //p' %s)", conf.Path), ""
	}
	return "", "its password stands in no file that a health check could read"
}

// betweenQuotes takes a password out of a line of a conf file that has it
// between quotes of any kind.
const betweenQuotes = `REDISCLI_AUTH=$$(sed -n 's/^requirepass .\(.*\).$$/\1/p' %s)`

// singleQuoted is the text of a config with nothing but a password in it, which
// means itself between such quotes.
var singleQuoted = regexp.MustCompile(`^requirepass '[^']*'\n?$`)

// contentWithPassword is a conf file whose text stands in the compose file, and
// has the password alone.
func contentWithPassword(s *inspect.Service) (found inspect.Conf, ok bool) {
	for _, conf := range s.Confs {
		if conf.Mount == nil || !plainPath.MatchString(conf.Path) {
			continue
		}
		if content, given := conf.Mount.Content(); given && singleQuoted.MatchString(content) {
			return conf, true
		}
	}
	return found, false
}
