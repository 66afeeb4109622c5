package compose

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/consts"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/rcomp/rcomp/lint/position"
)

// scope is what a document's relative paths and its variables mean. Files that
// include brings have one of their own: their paths start at their project
// directory, and the .env file there adds to the variables.
type scope struct {
	directory string // absolute
	variables *variables
}

// variables are names and values. They are compared by address.
type variables struct{ values map[string]string }

// lookup returns the value of a variable, set is false where it has none.
func (v *variables) lookup(name string) (value string, set bool) {
	value, set = v.values[name]
	return value, set
}

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

// interpolate puts the values of variables into a text; those without a value
// leave a mark. A text that Compose refuses stays as it is.
func (s scope) interpolate(text string) string {
	value, err := substitution{lookup: s.variables.lookup, missing: Variable.mark}.apply(text)
	if err != nil {
		return text
	}
	return value
}

// absolute makes a path of a compose file absolute.
func (s scope) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(s.directory, path)
}

// open prepares the variables of the project: its .env file, and the name
// that Compose gives it.
func (p *Project) open() scope {
	values, err := p.dotenv(filepath.Join(p.Directory, ".env"), nil)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.noteDotenv(filepath.Join(p.Directory, ".env"), err)
	}
	all := map[string]string{}
	maps.Copy(all, values)
	own := scope{directory: p.Directory, variables: &variables{all}}
	all[consts.ComposeProjectName] = p.name(own)
	return own
}

// name is what Compose calls the project where neither the shell nor a flag
// says otherwise: COMPOSE_PROJECT_NAME of .env, the last "name" of the files,
// or the name of the directory.
func (p *Project) name(own scope) string {
	candidates := []string{own.variables.values[consts.ComposeProjectName]}
	for i := len(p.documents) - 1; i >= 0; i-- {
		if _, node := entry(p.documents[i].Root, "name"); node != nil {
			candidates = append(candidates, WhenUnset(own.interpolate(resolve(node).Value)))
		}
	}
	for _, candidate := range append(candidates, filepath.Base(p.Directory)) {
		if name := loader.NormalizeProjectName(candidate); name != "" {
			return name
		}
	}
	return "default"
}

// dotenv reads a file that Compose interpolates from. A value that refers to
// a variable without a value is unknown too.
func (p *Project) dotenv(path string, outer *variables) (map[string]string, error) {
	source, err := p.tree.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p.sources[p.tree.Show(path)] = source
	lookup := func(string) (string, bool) { return "", false }
	if outer != nil {
		lookup = outer.lookup
	}
	return parseDotenv(source, lookup)
}

func (p *Project) noteDotenv(path string, err error) {
	at := position.Span{File: p.tree.Show(path), Start: position.At(1, 1), End: position.At(1, 1)}
	p.Note(at, "", "cannot be used: "+err.Error())
}
