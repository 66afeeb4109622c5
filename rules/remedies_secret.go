package rules

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/redis"
)

// secretOption is a password that a server gets as an option.
var secretOptions = []string{"requirepass", "masterauth"}

// reference is a variable of Compose and nothing else.
var composeVariable = regexp.MustCompile(`^\$\{[A-Za-z_]\w*(:?[?-][^}]*)?\}$`)

// moveSecrets plans a file for the passwords of a command, which the command
// then names: each in a line of its own.
func moveSecrets(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "move the password of the command into a file").
		Unsafe("the file has to be on every machine that runs it, and the password stays in the history of the repository: change it")
	switch {
	case s.Project.IsStack:
		return plan.Refuse("a secret of a swarm is made by hand")
	case s.Kind != inspect.Server && s.Kind != inspect.ClusterNode || s.Wrapped || s.Opaque != "" && !s.Image.Plain():
		return plan.Refuse("what it starts takes no file with options")
	}
	for _, secret := range s.SecretsInArgv() {
		if secret.Client || secret.Expanded || !slices.Contains(secretOptions, secret.Directive) {
			return plan.Refuse("not all passwords of the command are options of the server")
		}
	}
	plan.Means("services."+s.Name+".command", "services."+s.Name+".secrets", "services."+s.Name+".configs")
	var m moving
	for _, name := range secretOptions {
		if setting, given := s.Given(name); given && setting.Origin.Kind == inspect.FromArgv {
			m.move(plan, s, setting)
		}
	}
	if len(m.mounted) > 0 {
		plan.Append(s.Service, m.mounted, "configs").Top(s.Service, "configs", m.entries...)
	}
	return plan
}

// moving is what becomes of passwords: files of their own, or texts that
// Compose puts together.
type moving struct {
	mounted []edit.Value
	entries []edit.Entry
}

// mount puts what an entry of the top level holds into the container.
func (m *moving) mount(name, file string, holds edit.Entry) {
	m.mounted = append(m.mounted, edit.Map(edit.Entry{Key: "source", Value: edit.Text(name)}, edit.Entry{Key: "target", Value: edit.Text(file)}))
	m.entries = append(m.entries, edit.Entry{Key: name, Value: edit.Map(holds)})
}

// move plans a file for one of them.
func (m *moving) move(plan *edit.Plan, s *inspect.Service, setting inspect.Setting) {
	places := s.ArgumentsAt(setting.Name)
	if len(places) != 1 || len(setting.Args) != 1 || len(setting.Parts) != 1 {
		plan.Refuse("%s is not written as one value", setting.Name)
		return
	}
	name := notOfName.ReplaceAllString(s.Name, "-") + "-" + setting.Name
	file := "/run/secrets/" + name
	written := strings.Trim(s.Written(places[0]), `"'`)
	plan.Means(s.Name+": conf "+file, s.Name+": include")
	switch {
	case setting.Known && written == setting.Value:
		m.mount(name, file, edit.Entry{Key: "file", Value: edit.Text("./secrets/" + name + ".conf")})
		secretFile(plan, s, "secrets/"+name+".conf", setting.Name+" "+redis.Quote(setting.Value)+"\n")
	case composeVariable.MatchString(written):
		// The content of a config is put in by Compose 2.23.1 and newer.
		if strings.Contains(written, "-") {
			plan.HoldsSecret() // what it is where the variable is not set
		}
		content := written
		if bare := strings.TrimSuffix(written, "}"); !strings.ContainsAny(bare, ":?-") {
			content = bare + ":?}" // an empty one would be no password at all
		}
		quote, refused := "'", "'"
		switch {
		case !setting.Known:
			plan.Means(s.Name + ": " + setting.Name)
		case strings.Contains(setting.Value, "'"):
			quote, refused = `"`, `" or \`
		}
		m.mount(name, file, edit.Entry{Key: "content", Value: edit.Text(setting.Name + " " + quote + content + quote)})
		plan.Unsafe("Compose 2.23.1 or newer is needed, and stops where the variable is not set; no password may hold " + refused)
	default:
		plan.Refuse("the password is not written plainly")
		return
	}
	plan.ReplaceAt(setting.Origin.Span, "--"+setting.Name, "--include")
	plan.ReplaceAt(places[0], written, file)
}

// fileEntry is a file of the project among the secrets.
func fileEntry(name, file string) edit.Entry {
	return edit.Entry{Key: name, Value: edit.Map(edit.Entry{Key: "file", Value: edit.Text("./" + file)})}
}

// secretFile plans a file that a container alone reads, and that git leaves it
// out. The file is readable, since the server is none of its owner's; its
// directory is not.
func secretFile(plan *edit.Plan, s *inspect.Service, file, content string) {
	plan.CreateSecret(filepath.Join(s.Project.Directory, filepath.FromSlash(file)), content, 0o644)
	ignored := filepath.Join(s.Project.Directory, ".gitignore")
	_, text, err := s.Project.ReadFile(ignored)
	switch {
	case err != nil:
		plan.Create(ignored, "/secrets/\n", 0o644)
	case !slices.ContainsFunc(strings.Split(string(text), "\n"), func(line string) bool { return strings.Trim(strings.TrimSpace(line), "/") == "secrets" }):
		plan.AppendLines(s.Project.Tree().Show(ignored), "/secrets/")
	}
}

// moveVariable plans a file for the password of an image that reads one.
func moveVariable(s *inspect.Service, variable compose.Environment) *edit.Plan {
	plan := edit.New(s.Project, "move the password of %s into a file", variable.Name).
		Unsafe("the file has to be on every machine that runs it, and the password stays in the history of the repository: change it")
	name := notOfName.ReplaceAllString(s.Name, "-") + "-password"
	entry, ok := s.Entry("environment", variable.Name)
	written := strings.Trim(s.Written(variable.Span), `"'`)
	switch {
	case s.Project.IsStack:
		return plan.Refuse("a secret of a swarm is made by hand")
	case !s.Image.Family.Bitnami() || variable.Name != "REDIS_PASSWORD" && variable.Name != "VALKEY_PASSWORD":
		return plan.Refuse("the image reads no file in the place of the variable")
	case !ok || entry.Value.Origin.Node == nil || !unset.Known(variable.Value) || variable.Value == "":
		return plan.Refuse("the password is not written plainly")
	}
	file := "/run/secrets/" + name
	plan.Means("services."+s.Name+".environment", "services."+s.Name+".secrets", s.Name+": requirepass", s.Name+": masterauth").
		Append(s.Service, []edit.Value{edit.Text(name)}, "secrets")
	plan.Top(s.Service, "secrets", fileEntry(name, "secrets/"+name+".txt"))
	secretFile(plan, s, "secrets/"+name+".txt", variable.Value)
	if key := entry.Key.Node; key != nil && key.Kind == yaml.ScalarNode && key.Value == variable.Name && written == variable.Value {
		return plan.ReplaceAt(entry.Key.Span(), variable.Name, variable.Name+"_FILE").ReplaceAt(variable.Span, written, file)
	}
	return plan.ReplaceAt(variable.Span, variable.Name+"="+variable.Value, variable.Name+"_FILE="+file)
}
