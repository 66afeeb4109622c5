package rules

import (
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var variableNotExpanded = &lint.Rule{
	ID:       "variable-not-expanded",
	Group:    "configuration",
	Severity: lint.Error,
	Summary:  "A conf file holds a variable that nobody looks up",
	Why: `
A server takes its conf file as it stands: requirepass ${PASSWORD} makes these
very characters the password, and what PASSWORD holds opens nothing. Compose puts
variables into compose files alone, and into the content of its configs. Let a
start script fill the file in, or give the directive in the command.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /redis.conf\n    configs: [redis.conf]\nconfigs:\n  redis.conf: {content: \"requirepass $${PASSWORD}\"}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /redis.conf\n    configs: [redis.conf]\nconfigs:\n  redis.conf: {content: \"requirepass ${PASSWORD:?}\"}\n",
		Mend:     "Fill the file in at the start, as by envsubst, or give the directive in the command.",
		Ignore:   "Where something that is not seen fills the file in before the server reads it.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file, the value itself; or in the command, where Compose or a shell looks the variable up:",
		Lines:  []string{"--<directive> ${<variable>:?}"},
		Choose: "<directive> ${<variable>:?}",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			for _, name := range takesText {
				setting, given := s.Certain(name)
				if !given || setting.Origin.Kind != inspect.FromConf {
					continue
				}
				if word := reference(setting.Args); word != "" {
					p.Report(setting.Origin.Span, s.Service, "the %s of %q is the text %s itself: a server looks no variable up in its conf file", name, s.Name, word)
				}
			}
		}
		for _, s := range inspect.Sentinels(p.Project) {
			for _, name := range []string{"auth-pass", "auth-user", "announce-ip"} {
				words, at, given := s.SentinelSetting(name)
				if word := reference(words); given && word != "" && strings.HasSuffix(at.File, ".conf") {
					p.Report(at, s.Service, "the %s of %q is the text %s itself: Sentinel looks no variable up in its conf file", name, s.Name, word)
				}
			}
		}
	},
}

// takesText are directives that take any text; of the others the server itself
// says that this is none.
var takesText = []string{
	"requirepass", "masterauth", "masteruser", "replicaof", "aclfile", "dir", "dbfilename", "logfile", "replica-announce-ip",
	"cluster-announce-ip", "cluster-announce-hostname", "tls-cert-file", "tls-key-file", "tls-ca-cert-file", "tls-key-file-pass",
}

// wholeReference is a variable and nothing else, as a shell or Compose writes
// it; a password may well begin with a dollar, but not with a name in capitals.
var wholeReference = regexp.MustCompile(`^(\$\{[A-Za-z_]\w*(:?[-?+][^}]*)?\}|\$[A-Z_][A-Z0-9_]+|\$\([a-z][^)]*\)|\{\{.*\}\})$`)

func isReference(word string) bool { return wholeReference.MatchString(word) }

// reference returns the variable that stands for a whole word. Nobody takes
// {{ password }} for what a server looks up: another program fills such a file
// in before. Of what stands in it beside the name it says nothing: that may be a
// password.
func reference(words []string) string {
	for _, word := range words {
		if isReference(word) && !strings.HasPrefix(word, "{{") {
			return besideName.ReplaceAllString(word, "${1}…$2")
		}
	}
	return ""
}

// besideName is the default or the command in a reference.
var besideName = regexp.MustCompile(`^(\$\{\w+:?[-?+]|\$\().*(\}|\))$`)
