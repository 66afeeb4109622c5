package compose

import (
	"path/filepath"
	"slices"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/tree"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// Project is what Compose makes of one or more compose files, seen twice:
// the documents say where things are written, Compose's own loader says what
// they mean.
type Project struct {
	Files     []string // the compose files as shown to the user, base first
	Directory string   // absolute; relative paths start here
	Services  []*Service
	Model     *types.Project // what Compose understands; nil where it refuses
	Failure   *Failure       // why Compose refuses; nil where it does not
	Unseen    []Unseen       // what could not be seen, and why

	tree      *disk.Tree
	documents []*Document            // of Files, base first
	others    map[source][]*Document // what include and extends brought
	included  []*Document            // those of others that include brought, in order
	scope     scope                  // of Files
	broken    *Failure               // the first of others that is no YAML
	absent    []position.Span        // where files are named that are not there
	sources   map[string][]byte      // every file read, by shown name
	memory    map[any]any
	casts     map[tree.Path]interpolation.Cast // what Compose's loader converts; made once
}

// FailureKind says how far a compose file got.
type FailureKind int

// The kinds of failure.
const (
	Unreadable FailureKind = iota + 1 // the file cannot be read
	NotYAML                           // it is not YAML
	Refused                           // Compose refuses what it says
	Version1                          // it has the format of Compose v1, without services
	Fragment                          // its services have neither image nor build: a part of something else
	NoServices                        // there is nothing to run in it
)

// Failure is why a project could not be loaded, and where.
type Failure struct {
	Kind    FailureKind
	Span    position.Span
	Service string
	Message string
}

// Load reads a project from its compose files: the base and what is merged
// over it, in order, as absolute paths. It never fails: what is wrong is in
// Project.Failure.
func Load(tree *disk.Tree, paths []string) *Project {
	p := &Project{
		Directory: filepath.Dir(paths[0]),
		tree:      tree,
		others:    map[source][]*Document{},
		sources:   map[string][]byte{},
		memory:    map[any]any{},
	}
	for _, path := range paths {
		p.Files = append(p.Files, tree.Show(path))
	}
	for _, path := range paths {
		documents, failure := p.read(path)
		if failure != nil {
			p.Failure = failure
			return p
		}
		p.documents = append(p.documents, documents...)
	}
	p.scope = p.open()
	for _, document := range p.documents {
		document.scope = p.scope
	}
	if p.Failure = p.shape(); p.Failure != nil {
		return p
	}
	p.load(paths)
	return p
}

// read parses a file and remembers its text.
func (p *Project) read(path string) ([]*Document, *Failure) {
	shown := p.tree.Show(path)
	source, err := p.tree.ReadFile(path)
	if err != nil {
		return nil, &Failure{Kind: Unreadable, Span: position.Span{File: shown, Start: position.At(1, 1), End: position.At(1, 2)}, Message: err.Error()}
	}
	p.sources[shown] = source
	if isUTF16(source) {
		return nil, &Failure{Kind: Unreadable, Span: position.Span{File: shown, Start: position.At(1, 1), End: position.At(1, 2)}, Message: "it is UTF-16 text: only UTF-8 is read"}
	}
	documents, err := parseDocuments(shown, path, source)
	if err != nil {
		return nil, yamlFailure(shown, path, source, err)
	}
	return documents, nil
}

func (p *Project) note(at position.Span, service, message string) {
	p.Unseen = append(p.Unseen, Unseen{Span: at, Service: service, Message: message})
}

// Note records once what could not be seen and why.
func (p *Project) Note(at position.Span, service, message string) {
	note := Unseen{Span: at, Service: service, Message: message}
	if !slices.Contains(p.Unseen, note) {
		p.Unseen = append(p.Unseen, note)
	}
}

// Service returns the service of that name, nil where there is none.
func (p *Project) Service(name string) *Service {
	for _, service := range p.Services {
		if service.Name == name {
			return service
		}
	}
	return nil
}

// Source returns the text of a file that was read, by its shown name.
func (p *Project) Source(file string) []byte { return p.sources[file] }

// Texts returns every file that was read, by its shown name: what is printed
// can come from no other.
func (p *Project) Texts() map[string][]byte { return p.sources }

// ReadFile reads a file that the project names, by absolute path, and
// remembers its text for excerpts. Errors are those of Tree.ReadFile.
func (p *Project) ReadFile(path string) (shown string, content []byte, err error) {
	shown = p.tree.Show(path)
	if content, ok := p.sources[shown]; ok {
		return shown, content, nil
	}
	content, err = p.tree.ReadFile(path)
	if err == nil {
		p.sources[shown] = content
	}
	return shown, content, err
}

// Tree is the part of the file system that the project may read.
func (p *Project) Tree() *disk.Tree { return p.tree }

// Variable looks a Compose variable up as Compose would where nothing is set
// in the shell: in the project's .env file.
func (p *Project) Variable(name string) (value string, set bool) {
	return p.scope.variables.lookup(name)
}

// Top returns the place of a key at the top level of the project's own
// files, the last file first; ok is false where no file has it.
func (p *Project) Top(name string) (position.Span, bool) {
	for _, document := range slices.Backward(p.documents) {
		if key, _ := entry(document.Root, name); key != nil {
			return document.Span(key), true
		}
	}
	return position.Span{}, false
}

// Lookup returns the place of a node at the top level's path, or that of its
// nearest ancestor.
func (p *Project) Lookup(path ...any) position.Span {
	var best position.Span
	deepest := 0
	for _, document := range slices.Backward(p.everything()) {
		node, depth := document.Root, 0
		for _, part := range path {
			key, value := step(node, part)
			if key == nil {
				break
			}
			if depth++; depth > deepest {
				best, deepest = document.Span(key), depth
			}
			node = value
		}
	}
	if best.IsZero() {
		return p.documents[0].lineSpan(1)
	}
	return best
}

func (p *Project) everything() []*Document {
	return append(slices.Clone(p.included), p.documents...)
}

// Unseen is something that could not be seen, and why: where it stands there is
// no finding, and no promise either.
type Unseen struct {
	Span    position.Span
	Service string
	Message string
}

// Once computes something about a project the first time it is asked for, and
// keeps it: what several rules want to know is worked out once.
func Once[T any](p *Project, key any, compute func() T) T {
	if value, ok := p.memory[key]; ok {
		return value.(T)
	}
	value := compute()
	p.memory[key] = value
	return value
}
