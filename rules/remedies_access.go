package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/redis"
)

// closeDoor plans that no other machine reaches a server without a password.
// The password is a person's to choose.
func closeDoor(s *inspect.Service) *edit.Plan {
	var open []inspect.Port
	for _, port := range s.Ports() {
		if reachOf(port) == fromAnywhere {
			open = append(open, port)
		}
	}
	return publishLocally(s, open...).Unsafe("other machines do not reach the port any more, and it has no password still").Lessens()
}

// requireVariable plans that Compose stops where the variable of a password is
// not set.
func requireVariable(s *inspect.Service, setting inspect.Setting, variable unset.Variable) *edit.Plan {
	plan := edit.New(s.Project, "stop where %s is not set", variable.Name).
		Means("services."+s.Name+".command", "services."+s.Name+".environment", s.Name+": requirepass", s.Name+": masterauth", s.Name+": ends")
	at := setting.Origin.Span
	if places := s.ArgumentsAt("requirepass"); len(places) == 1 {
		at = places[0]
	}
	if !slices.Contains(s.Project.Files, at.File) {
		return plan.Refuse("the variable is not in a compose file")
	}
	written, braced := s.Written(at), "${"+variable.Name+":?}"
	for _, form := range []string{"${" + variable.Name + "}", "${" + variable.Name + ":-}", "${" + variable.Name + "-}"} {
		if strings.Count(written, form) == 1 {
			return plan.ReplaceAt(at, form, braced)
		}
	}
	if bare := "$" + variable.Name; strings.HasSuffix(strings.Trim(written, `"'`), bare) && strings.Count(written, bare) == 1 {
		return plan.ReplaceAt(at, bare, braced)
	}
	return plan.Refuse("the variable is not written plainly")
}

// giveMasterauth plans a replica that has its master's password in its conf
// file, as the master has it in its own.
func giveMasterauth(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "set masterauth to the password of the master")
	of := topology.Of(s.Project).MasterOf(s)
	if of == nil {
		of = s
	}
	password, ok := of.Certain("requirepass")
	switch conf, why := confOf(s); {
	case !ok || password.Value == "" || password.Origin.Kind != inspect.FromConf:
		return plan.Refuse("the password of the master is not in a conf file")
	case why != "" || conf == "":
		return plan.Refuse("the replica has no conf file for it")
	}
	return setDirectives(plan.HoldsSecret(), s, directive{"masterauth", redis.Quote(password.Value)})
}

// otherPasswords is said where what stands in a file becomes the password.
const otherPasswords = "the password is what stands in the file from then on: clients that give the path are refused"

// readSecret plans that the passwords of a server are what stands in the files
// that it names: by the variable of the image that takes a path, or by a shell.
func readSecret(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "take what stands in the secret").Unsafe(otherPasswords).
		Means("services."+s.Name+".command", "services."+s.Name+".environment", s.Name+": requirepass", s.Name+": masterauth", s.Name+": opaque")
	for _, name := range []string{"REDIS_PASSWORD", "VALKEY_PASSWORD"} {
		entry, ok := s.Entry("environment", name)
		if value, _, known := s.Variable(name); ok && known && s.Image.Family.Bitnami() && isSecretPath(value) {
			return plan.ReplaceAt(entry.Key.Span(), name, name+"_FILE")
		}
	}
	command, ok := s.Command("command")
	words := command.Texts()
	if !ok || s.Built != nil || len(s.Config.Entrypoint) > 0 || !s.Image.Plain() || len(words) == 0 || words[0] != s.Program {
		return plan.Refuse("the command is not the server and its options alone")
	}
	for i, word := range words {
		switch {
		case isSecretPath(word) && plainPath.MatchString(word) && (words[i-1] == "--requirepass" || words[i-1] == "--masterauth"):
			words[i] = `"$$(cat ` + word + `)"`
		case !plainWord.MatchString(word):
			return plan.Refuse("its words mean something to a shell")
		}
	}
	// The image's own script gives up the rights of root.
	return plan.Replace(s.Service, edit.Words("sh", "-c", "exec docker-entrypoint.sh "+strings.Join(words, " ")), "command")
}

// plainWord means itself to every shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=-]+$`)
