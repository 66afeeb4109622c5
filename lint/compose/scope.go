package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/dotenv"
	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// scope is what a document's relative paths and its variables mean. Files that
// include brings have one of their own: their paths start at their project
// directory, and the .env file there adds to the variables. The environment of
// the process is in none.
type scope struct {
	directory string // absolute
	variables *variables
}

// variables are names and values. They are compared by address.
type variables struct{ values map[string]string }

// with adds what is not there yet, as Compose does with the .env of an
// included file. Where that is nothing the variables stay the very same.
func (v *variables) with(more map[string]string) *variables {
	all := maps.Clone(v.values)
	for name, value := range more {
		if _, set := all[name]; !set {
			all[name] = value
		}
	}
	if len(all) == len(v.values) {
		return v
	}
	return &variables{all}
}

// lookup returns the value of a variable, set is false where it has none.
func (s scope) lookup(name string) (value string, set bool) {
	value, set = s.variables.values[name]
	return value, set
}

// interpolate puts the values of variables into a text; those without a value
// leave a mark. A text that Compose refuses stays as it is.
func (s scope) interpolate(text string) string { return interpolated(text, s.lookup) }

func interpolated(text string, lookup func(string) (string, bool)) string {
	value, err := substitution{lookup: lookup, missing: unset.Variable.Mark}.apply(text)
	if err != nil {
		return text
	}
	return value
}

func (p *Project) substitution(document *model.Document) substitution {
	return substitution{lookup: document.Lookup, missing: unset.Variable.Mark}
}

// absolute makes a path of a compose file absolute.
func (s scope) absolute(path string) string { return Absolute(s.directory, path) }

// Absolute makes a path absolute that starts at a directory.
func Absolute(directory, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(directory, path)
}

// projectNameVariable is set by Compose itself.
const projectNameVariable = "COMPOSE_PROJECT_NAME"

// open prepares the variables of the project: its .env file, the directory
// that it stands in, and the name that Compose gives it.
func (p *Project) open(paths []string) scope {
	path := filepath.Join(p.Directory, ".env")
	values, err := p.dotenv(path, nil)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.noteDotenv(path, err)
	}
	all := map[string]string{}
	maps.Copy(all, values)
	all["PWD"] = p.Directory // Compose sets it itself, whatever .env says
	own := scope{directory: p.Directory, variables: &variables{all}}
	p.Name = p.nameIn(own, paths)
	all[projectNameVariable] = p.Name
	return own
}

// nameIn is what Compose calls the project where neither the shell nor a flag
// says otherwise: COMPOSE_PROJECT_NAME of .env, the last "name" of the files,
// or the name of the directory.
func (p *Project) nameIn(own scope, paths []string) string {
	candidates := []string{own.variables.values[projectNameVariable]}
	p.nameSet = candidates[0] != ""
	for i := len(paths) - 1; i >= 0; i-- {
		for _, root := range p.parse(paths[i]).roots {
			if name := scalarAt(root, "name"); name != "" {
				candidates = append(candidates, unset.WhenUnset(own.interpolate(name)))
			}
		}
	}
	for _, candidate := range append(candidates, filepath.Base(p.Directory)) {
		if name := normalName(candidate); name != "" {
			return name
		}
	}
	return "default"
}

// checkName refuses a name of which Compose leaves nothing.
func (p *Project) checkName() {
	name := p.model.Get("name")
	if !p.nameSet && name != nil && isPlain(name) && name.Text != "" && normalName(name.Text) == "" {
		p.refuseAs(Inconsistent, name.Origin, "", fmt.Sprintf("of the name %q nothing is left: it needs a letter or a digit", brief(name.Text)))
	}
}

var notInName = regexp.MustCompile(`[^a-z0-9_-]`)

// normalName is a name with what Compose leaves of it.
func normalName(name string) string {
	return strings.TrimLeft(notInName.ReplaceAllString(strings.ToLower(name), ""), "_-")
}

// dotenv reads a file that Compose interpolates from. A value that refers to
// a variable without a value is unknown too.
func (p *Project) dotenv(path string, outer *variables) (map[string]string, error) {
	shown, _, err := p.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lookup := func(string) (string, bool) { return "", false }
	if outer != nil {
		lookup = scope{variables: outer}.lookup
	}
	assignments, err := p.envReader(lookup, nil).Read(p.sources[shown])
	values := make(map[string]string, len(assignments))
	for _, assignment := range assignments {
		if assignment.Set {
			values[assignment.Name] = assignment.Value
		}
	}
	return values, err
}

// envReader reads env files with the variables that are known; others leave
// marks.
func (p *Project) envReader(lookup, earlier func(string) (string, bool)) dotenv.Reader {
	return dotenv.Reader{
		Lookup: lookup, Earlier: earlier,
		Interpolate: func(text string, lookup func(string) (string, bool)) (string, error) {
			return substitution{lookup: lookup, missing: unset.Variable.Mark}.apply(text)
		},
		Spend: func(bytes int) error { return p.tree.Budget().Spend(disk.BytesInterpolated, bytes) },
	}
}

func (p *Project) noteDotenv(path string, err error) {
	at := position.Span{File: p.tree.Show(path), Start: position.At(1, 1), End: position.At(1, 1)}
	if fault := (*dotenv.Error)(nil); errors.As(err, &fault) {
		at = fault.At
	}
	p.Note(at, "", "cannot be used: "+err.Error())
}
