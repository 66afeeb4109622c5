// Package compose reads compose files: what they mean as Compose has it, where
// everything in them is written, and what Compose refuses. It knows nothing of
// Redis.
//
// A project is read in the steps of Load: the documents of a file are parsed;
// each becomes a value whose variables are put in (reading.go); files that it
// includes and services that it extends come in (include.go, extends.go); the
// documents are merged in order (merge.go), checked against Compose's schema,
// and what is short is written out (long.go). A value carries its place through
// all of that.
package compose

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// Project is what one or more compose files come to.
type Project struct {
	Name      string   // as Compose calls it
	Files     []string // the compose files as shown to the user, base first
	Directory string   // absolute; relative paths start here
	Services  []*Service
	Refusals  []Refusal // why Compose refuses it, in the order of the files; empty where it does not
	Unseen    []Unseen  // what could not be seen, and why
	IsStack   bool      // it is written for a swarm: see stack.go

	path    string // of the base, absolute
	partOf  string // the files that the project is a part of, "" where it is all of it
	tree    *disk.Tree
	model   *model.Value // all of it; nil where no file could be read
	scope   scope
	sources map[string]*position.Text // every file read, by shown name
	parsed  map[string]parsed         // compose files by absolute path
	named   map[string][]model.Origin // where each service is named, base first
	partial map[string]bool           // services that extend what could not be read
	unclear map[string]bool           // services in which the schema finds a fault
	closed  bool                      // a file that belongs to it could not be read
	faulty  map[*yaml.Node]bool       // where Compose refuses what is written
	ended   bool                      // a budget has come to its end
	nameSet bool                      // .env says what the project is called
	alone   bool                      // it is no compose file
	limited bool                      // more files are named than are followed
	// unlisted is how many faults the schema finds beyond those that are listed.
	unlisted int
	memory   map[any]any
}

// Unseen is something that could not be seen, and why: where it stands there
// is no finding, and no promise either.
type Unseen struct {
	Span    position.Span
	Service string
	Message string
}

// Load reads a project from its compose files: the base and what is merged
// over it, in order, as absolute paths. It never fails: what is wrong is in
// Project.Refusals.
func Load(tree *disk.Tree, paths []string) *Project {
	p := &Project{
		Directory: filepath.Dir(paths[0]),
		path:      paths[0],
		tree:      tree.With(disk.NewBudget()),
		sources:   map[string]*position.Text{},
		parsed:    map[string]parsed{},
		named:     map[string][]model.Origin{},
		partial:   map[string]bool{},
		unclear:   map[string]bool{},
		faulty:    map[*yaml.Node]bool{},
		memory:    map[any]any{},
	}
	for _, path := range paths {
		p.Files = append(p.Files, tree.Show(path))
	}
	p.scope = p.open(paths)
	if p.readable(paths) && p.hasShape(paths) {
		p.model = p.load(files{paths: paths, scope: p.scope})
		p.rewrite(p.model, top(), checkedValue)
		p.model = p.rewrite(p.model, top(), filled)
		p.IsStack = p.isStack()
		p.checkConsistency()
		p.checkName()
		p.lookForServices()
	}
	if p.unlisted > 0 {
		p.Note(p.Lookup(), "", fmt.Sprintf("%d more faults of the kind that Compose refuses are not listed", p.unlisted))
	}
	p.Services = p.services()
	p.sortRefusals()
	return p
}

// readable reports whether every file of the project is there and is YAML.
func (p *Project) readable(paths []string) bool {
	for _, path := range paths {
		if refusal := p.parse(path).refusal; refusal != nil {
			p.Refusals = append(p.Refusals, *refusal)
		}
	}
	return len(p.Refusals) == 0
}

// parsed is a compose file as YAML.
type parsed struct {
	text    *position.Text
	roots   []*yaml.Node
	refusal *Refusal // why there is none
}

// parse reads a compose file once, however often it is named.
func (p *Project) parse(path string) parsed {
	if known, ok := p.parsed[path]; ok {
		return known
	}
	result := p.parseFile(path)
	p.parsed[path] = result
	return result
}

func (p *Project) parseFile(path string) parsed {
	shown, source, err := p.ReadFile(path)
	first := position.Span{File: shown, Start: position.At(1, 1), End: position.At(1, 2)}
	if err != nil {
		return parsed{refusal: &Refusal{Kind: Unreadable, Span: first, Message: err.Error(), err: err}}
	}
	if isUTF16(source) {
		return parsed{refusal: &Refusal{Kind: Unreadable, Span: first, Message: "it is UTF-16 text: only UTF-8 is read"}}
	}
	text := p.sources[shown]
	if err := p.tree.Budget().Spend(disk.BytesParsed, len(source)); err != nil {
		return parsed{text: text, refusal: &Refusal{Kind: TooMuch, Span: first, Message: fmt.Sprintf("not read: %v", err)}}
	}
	roots, err := parseYAML(text)
	if errors.Is(err, errTooManyDocuments) {
		return parsed{text: text, refusal: &Refusal{Kind: TooMuch, Span: first, Message: err.Error()}}
	}
	if err != nil {
		at, message := yamlFault(text, err)
		return parsed{text: text, refusal: &Refusal{Kind: NotYAML, Span: at, Message: message}}
	}
	return parsed{text: text, roots: roots}
}

// documents are those of a file as they are read in a scope.
func (p *Project) documents(path string, in scope) []*model.Document {
	file := p.parse(path)
	var all []*model.Document
	for _, root := range file.roots {
		all = append(all, &model.Document{Text: file.text, Path: path, Directory: in.directory, Root: root, Lookup: in.lookup})
	}
	return all
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

// Text returns a file that was read, by its shown name; nil where it was not.
func (p *Project) Text(file string) *position.Text { return p.sources[file] }

// Source returns the bytes of a file that was read, by its shown name.
func (p *Project) Source(file string) []byte {
	if text := p.sources[file]; text != nil {
		return text.Source
	}
	return nil
}

// Texts returns every file that was read, by its shown name: what is printed
// can come from no other.
func (p *Project) Texts() map[string][]byte {
	texts := make(map[string][]byte, len(p.sources))
	for name, text := range p.sources {
		texts[name] = text.Source
	}
	return texts
}

// Documents returns what a file says that was parsed as a compose file, nil
// where it was not or could not be.
func (p *Project) Documents(file string) []*yaml.Node {
	for _, known := range p.parsed {
		if known.text != nil && known.text == p.sources[file] {
			return slices.DeleteFunc(slices.Clone(known.roots), func(root *yaml.Node) bool { return root == nil })
		}
	}
	return nil
}

// ReadFile reads a file that the project names, by absolute path, and
// remembers its text for excerpts. Errors are those of Tree.ReadFile.
func (p *Project) ReadFile(path string) (shown string, content []byte, err error) {
	shown = p.tree.Show(path)
	if known := p.sources[shown]; known != nil {
		return shown, known.Source, nil
	}
	content, err = p.tree.ReadFile(path)
	if err == nil {
		p.sources[shown] = position.NewText(shown, content)
	}
	return shown, content, err
}

// Tree is the part of the file system that the project may read.
func (p *Project) Tree() *disk.Tree { return p.tree }

// Variable looks a Compose variable up as Compose would where nothing is set
// in the shell: in the project's .env file.
func (p *Project) Variable(name string) (value string, set bool) { return p.scope.lookup(name) }

// Top returns the place of a key at the top level, the last file first; ok is
// false where no file has it.
func (p *Project) Top(name string) (position.Span, bool) {
	if entry := p.model.Entry(name); entry != nil {
		return entry.Key.Span(), true
	}
	return position.Span{}, false
}

// Value returns what stands at a path from the top level, nil where there is
// nothing.
func (p *Project) Value(path ...string) *model.Value { return p.model.Find(path...) }

// Lookup returns the place of the key at the top level's path, or that of its
// nearest ancestor.
func (p *Project) Lookup(path ...string) position.Span {
	best := position.Span{File: p.Files[0], Start: position.At(1, 1), End: position.At(1, 2)}
	value := p.model
	for _, part := range path {
		entry := value.Entry(part)
		if entry == nil {
			break
		}
		best, value = entry.Key.Span(), entry.Value
	}
	return best
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

// Find returns the place of a text in the given number of lines from the start
// of a span on; ok is false where it does not stand there as it is.
func (p *Project) Find(from position.Span, text string, lines int) (at position.Span, ok bool) {
	first, _, _ := strings.Cut(text, "\n")
	source := p.sources[from.File]
	if source == nil || first == "" {
		return from, false
	}
	return source.Find(from.Start, first, lines)
}

func (p *Project) sortRefusals() {
	slices.SortStableFunc(p.Refusals, func(a, b Refusal) int {
		return cmp.Or(a.Span.Compare(b.Span), cmp.Compare(a.Message, b.Message))
	})
	p.Refusals = slices.CompactFunc(p.Refusals, func(a, b Refusal) bool { return a.Span == b.Span })
}
