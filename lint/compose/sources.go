package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// maxSources bounds how many files include and extends may bring.
const maxSources = 200

// source is a file as include or extends bring it: what it says depends on
// where its paths start and on its variables too.
type source struct {
	path  string // absolute
	scope scope
}

// mention is where one compose file names another.
type mention struct {
	source
	kind mentionKind
	at   position.Span
}

type mentionKind int

const (
	includedFile mentionKind = iota
	extendedFile
)

// collect reads the files that include and extends name, before Compose's
// loader does: their places are needed, and nothing outside the project may be
// read. It reports whether Compose's loader must keep away from them.
func (p *Project) collect() (closed bool) {
	queue := slices.Clone(p.documents)
	for len(queue) > 0 {
		document := queue[0]
		queue = queue[1:]
		references, ok := p.references(document)
		closed = closed || !ok
		for _, reference := range references {
			if _, known := p.others[reference.source]; known {
				continue
			}
			if len(p.others) == maxSources {
				p.Note(reference.at, "", fmt.Sprintf("not followed: more than %d files are included or extended", maxSources))
				return true
			}
			documents, ok := p.follow(reference)
			if !ok {
				closed = true
				continue
			}
			p.others[reference.source] = documents
			if reference.kind == includedFile {
				p.included = append(p.included, documents...)
			}
			queue = append(queue, documents...)
		}
	}
	return closed
}

// follow reads a file that another names. It is false where Compose's loader
// must not look there either.
func (p *Project) follow(reference mention) (documents []*Document, ok bool) {
	if !p.allowed(reference.path, reference.at) {
		return nil, false
	}
	// What is missing or no YAML, Compose refuses: its loader says so.
	documents, failure := p.read(reference.path)
	if failure != nil && failure.Kind == Unreadable && !p.missing(reference.path) {
		p.Note(reference.at, "", fmt.Sprintf("%q is not read: %s", p.tree.Show(reference.path), failure.Message))
		return nil, false
	}
	if failure != nil && failure.Kind == NotYAML && p.broken == nil {
		p.broken = failure
	}
	if failure != nil && failure.Kind == Unreadable {
		p.absent = append(p.absent, reference.at)
	}
	for _, document := range documents {
		document.scope = reference.scope
	}
	return documents, true
}

func (p *Project) missing(path string) bool {
	_, err := p.tree.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// allowed reports whether a path is known and in the project; where it is not
// there is a note.
func (p *Project) allowed(path string, at position.Span) bool {
	if !unset.Known(path) {
		p.Note(at, "", fmt.Sprintf("the file is not known: %s has no value here", unset.VariablesIn(path)[0].Name))
		return false
	}
	if _, err := p.tree.Stat(path); errors.Is(err, disk.ErrOutside) {
		p.Note(at, "", fmt.Sprintf("%q is not read: %v", p.tree.Show(path), err))
		return false
	}
	return true
}

// references lists the files that a document names in include and extends; ok
// is false where there is one that must not be followed.
func (p *Project) references(document *Document) (found []mention, ok bool) {
	ok = true
	_, include := entry(document.Root, "include")
	for _, element := range elements(include) {
		included, safe := p.includes(document, element)
		found, ok = append(found, included...), ok && safe
	}
	for _, section := range []string{"services", "jobs"} {
		_, services := entry(document.Root, section)
		for _, name := range names(services) {
			_, body := entry(services, name)
			_, extends := entry(body, "extends")
			_, file := entry(extends, "file")
			if file = resolve(file); file != nil && file.Kind == yaml.ScalarNode && file.Value != "" {
				found = append(found, mention{document.extended(file.Value), extendedFile, document.Span(file)})
			}
		}
	}
	return found, ok
}

// extended is a file that a service of the document extends.
func (d *Document) extended(file string) source {
	path := d.scope.absolute(d.scope.interpolate(file))
	return source{path, scope{filepath.Dir(path), d.scope.variables}}
}

// includes lists the files of one element of include.
func (p *Project) includes(document *Document, element *yaml.Node) (found []mention, ok bool) {
	_, paths := entry(element, "path")
	if resolve(element).Kind == yaml.ScalarNode {
		paths = element
	}
	for _, path := range elementsOrSelf(paths) {
		if path = resolve(path); path.Kind == yaml.ScalarNode && path.Value != "" {
			absolute := document.scope.absolute(document.scope.interpolate(path.Value))
			found = append(found, mention{source{path: absolute}, includedFile, document.Span(path)})
		}
	}
	if len(found) == 0 {
		return nil, true
	}
	inner, ok := p.innerScope(document, element, found[0])
	for i := range found {
		found[i].scope = inner
	}
	return found, ok
}

// innerScope is the scope of the files that one element of include brings.
// Compose takes a relative project_directory and env_file of a file that is
// itself included from the directory in which it happens to run: such a
// reference is not followed.
func (p *Project) innerScope(document *Document, element *yaml.Node, first mention) (inner scope, ok bool) {
	inner = scope{filepath.Dir(first.path), document.scope.variables}
	_, directory := entry(element, "project_directory")
	if directory = resolve(directory); directory != nil && directory.Value != "" {
		inner.directory = document.scope.absolute(document.scope.interpolate(directory.Value))
	}
	_, files := entry(element, "env_file")
	if (directory != nil || files != nil) && document.scope.directory != p.Directory {
		p.Note(first.at, "", "not followed: it depends on the directory in which Compose runs")
		return inner, false
	}
	if len(elementsOrSelf(files)) == 0 {
		path := filepath.Join(inner.directory, ".env")
		ok = p.addVariables(&inner, path, first.at)
		return inner, ok
	}
	ok = true
	for _, file := range elementsOrSelf(files) {
		if file = resolve(file); file.Kind == yaml.ScalarNode && file.Value != os.DevNull {
			path := document.scope.absolute(document.scope.interpolate(file.Value))
			ok = p.addVariables(&inner, path, document.Span(file)) && ok
		}
	}
	return inner, ok
}

// addVariables puts those of an env file into a scope. It is false where
// Compose's loader must not look there either.
func (p *Project) addVariables(inner *scope, path string, at position.Span) bool {
	if !p.allowed(path, at) {
		return false
	}
	if info, err := p.tree.Stat(path); err != nil || info.IsDir() {
		return true // Compose refuses it, or passes over a .env that is not there
	}
	if _, err := p.tree.ReadFile(path); err != nil {
		p.Note(at, "", fmt.Sprintf("%q is not read: %v", p.tree.Show(path), err))
		return false
	}
	if values, err := p.dotenv(path, inner.variables); err == nil {
		inner.variables = inner.variables.with(values)
	}
	return true
}

// elements returns the elements of a sequence, none of anything else.
func elements(node *yaml.Node) []*yaml.Node {
	node = resolve(node)
	if node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}

// elementsOrSelf returns the elements of a sequence, or the one scalar that
// stands in its place.
func elementsOrSelf(node *yaml.Node) []*yaml.Node {
	if resolved := resolve(node); resolved != nil && resolved.Kind == yaml.ScalarNode {
		return []*yaml.Node{resolved}
	}
	return elements(node)
}
