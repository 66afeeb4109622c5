package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
)

// maxFiles bounds how many compose files include and extends may bring.
const maxFiles = 200

// maxDepth bounds how deep files that include each other are nested: what one
// brings goes through all those above it.
const maxDepth = 10

// include puts under a document what it includes: its own services go over
// those of the same name.
func (p *Project) include(value *model.Value, document *model.Document, of files, resets [][]string) *model.Value {
	list := value.Get("include")
	if list == nil {
		return value
	}
	value = value.Without("include")
	if list.Kind != model.Sequence {
		if list.Kind != model.Null {
			p.refuse(Refused, list.Origin, nil, "include takes a list")
		}
		return value
	}
	for _, element := range list.Items {
		if element.Kind == model.Sequence {
			p.refuse(Refused, element.Origin, nil, "include takes texts and mappings, no lists")
			continue
		}
		if included := p.included(element, document, of); included != nil {
			value = p.imported(included, value, resets)
		}
	}
	return value
}

// included reads the files that one element of include names.
func (p *Project) included(element *model.Value, document *model.Document, of files) *model.Value {
	paths := asList(orNull(element.Get("path"))).Items
	if element.IsScalar() && !element.Date {
		paths = []*model.Value{element}
	}
	if len(paths) == 0 {
		return nil // Compose says nothing either
	}
	inner := files{chain: append(slices.Clone(of.chain), document.Path)}
	if len(inner.chain) > maxDepth {
		p.Note(element.Origin.Span(), "", fmt.Sprintf("not followed: it is included through more than %d files", maxDepth))
		p.closed = true
		return nil
	}
	for _, named := range paths {
		path := of.scope.absolute(named.Text)
		if !p.follows(path, named) {
			p.closed = true
			return nil
		}
		inner.paths = append(inner.paths, path)
	}
	if slices.Contains(inner.chain, inner.paths[0]) {
		p.refuse(Refused, paths[0].Origin, nil, "files include each other in a circle")
		return nil
	}
	var ok bool
	if inner.scope, ok = p.innerScope(element, inner.paths[0], paths[0], of.scope); !ok {
		p.closed = true
		return nil
	}
	return p.load(inner)
}

// imported puts resources of included files under those of a document.
func (p *Project) imported(from, into *model.Value, resets [][]string) *model.Value {
	whole := into.Copy()
	whole.Entries = append([]model.Entry(nil), into.Entries...)
	for _, section := range []string{"services", "volumes", "networks", "secrets", "configs", "models"} {
		brought := from.Get(section)
		if brought == nil || brought.Kind != model.Mapping {
			continue
		}
		entry := whole.Entry(section)
		if entry == nil {
			whole.Entries = append(whole.Entries, model.Entry{Name: section, Key: from.Entry(section).Key, Value: brought})
			continue
		}
		if entry.Value.Kind == model.Mapping {
			entry.Value = p.under(brought, entry.Value, section, resets)
		}
	}
	return whole
}

// under puts the entries of one mapping under those of another.
func (p *Project) under(brought, own *model.Value, section string, resets [][]string) *model.Value {
	merged := own.Copy()
	merged.Entries = append([]model.Entry(nil), own.Entries...)
	var more []model.Entry
	for _, entry := range brought.Entries {
		existing := merged.Entry(entry.Name)
		switch {
		case existing == nil:
			more = append(more, entry)
		case existing.Value.Key() == entry.Value.Key():
		default:
			base := without(mapping(entry.Key, section, mapping(entry.Key, entry.Name, entry.Value)), resets).Find(section, entry.Name)
			if base != nil {
				m := &merging{project: p, path: []string{section, entry.Name}}
				existing.Value = m.merge(base, existing.Value, top().at(section).at(entry.Name))
			}
		}
	}
	whole := merged.Copy()
	whole.Entries = append(merged.Entries, more...)
	return whole
}

// innerScope is the scope of the files that one element of include brings.
// Compose takes a relative project_directory and env_file of a file that is
// itself included from the directory in which it happens to run: such a
// reference is not followed.
func (p *Project) innerScope(element *model.Value, first string, at *model.Value, outer scope) (inner scope, ok bool) {
	inner = scope{filepath.Dir(first), outer.variables}
	directory, envFiles := element.Get("project_directory"), element.Get("env_file")
	if directory != nil && directory.Text != "" {
		inner.directory = outer.absolute(directory.Text)
	}
	if (directory != nil || envFiles != nil) && outer.directory != p.Directory {
		p.Note(at.Origin.Span(), "", "not followed: it depends on the directory in which Compose runs")
		return inner, false
	}
	if directory != nil && directory.Marked {
		p.Note(directory.Origin.Span(), "", fmt.Sprintf("the directory is not known: %s has no value here", unset.VariablesIn(directory.Text)[0].Name))
		return inner, false
	}
	list := asList(orNull(envFiles)).Items
	if len(list) == 0 {
		ok := p.addVariables(&inner, filepath.Join(inner.directory, ".env"), at, true)
		return inner, ok
	}
	ok = true
	for _, file := range list {
		if file.Text != os.DevNull {
			ok = p.addVariables(&inner, outer.absolute(file.Text), file, false) && ok
		}
	}
	return inner, ok
}

// addVariables puts those of an env file into a scope.
func (p *Project) addVariables(inner *scope, path string, at *model.Value, mayLack bool) bool {
	if at.Marked && !mayLack {
		p.Note(at.Origin.Span(), "", fmt.Sprintf("the file is not known: %s has no value here", unset.VariablesIn(at.Text)[0].Name))
		return false
	}
	values, err := p.dotenv(path, inner.variables)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if !mayLack {
			p.refuse(Refused, at.Origin, nil, fmt.Sprintf("%q is not there", brief(p.tree.Show(path))))
		}
		return mayLack
	case err != nil && !mayLack && p.isDirectory(path):
		p.refuse(Refused, at.Origin, nil, fmt.Sprintf("%q is a directory", brief(p.tree.Show(path))))
		return false
	case err != nil:
		p.Note(at.Origin.Span(), "", fmt.Sprintf("%q is not read: %v", p.tree.Show(path), err))
		return false
	}
	inner.variables = inner.variables.with(values)
	return true
}

// follows reports whether a file that a compose file names can be read. What
// is not there or is no YAML, Compose refuses; what may not be read is noted. A
// service is named that extends it.
func (p *Project) follows(path string, named *model.Value, service ...string) bool {
	at := named.Origin
	switch {
	case named.Marked:
		p.Note(at.Span(), "", fmt.Sprintf("the file is not known: %s has no value here", unset.VariablesIn(named.Text)[0].Name))
		return false
	case isRemote(named.Text):
		p.Note(at.Span(), "", "not read: it is fetched from elsewhere")
		return false
	case len(p.parsed) >= maxFiles:
		if !p.limited {
			p.Note(at.Span(), "", fmt.Sprintf("not followed: more than %d files are included or extended", maxFiles))
		}
		p.limited = true
		return false
	}
	refusal := p.parse(path).refusal
	switch {
	case refusal == nil:
		return true
	case refusal.Kind == NotYAML, refusal.Kind == TooMuch:
		p.Refusals = append(p.Refusals, *refusal)
	case errors.Is(refusal.err, fs.ErrNotExist):
		p.refuse(Refused, at, append([]string{"services"}, service...), fmt.Sprintf("%q is not there", brief(p.tree.Show(path))))
	case p.isDirectory(path):
		p.refuse(Refused, at, append([]string{"services"}, service...), fmt.Sprintf("%q is a directory", brief(p.tree.Show(path))))
	case errors.Is(refusal.err, disk.ErrOutside):
		p.Note(at.Span(), "", fmt.Sprintf("%q is not read: %v", brief(p.tree.Show(path)), refusal.err))
	default:
		p.Note(at.Span(), "", fmt.Sprintf("%q is not read: %s", brief(p.tree.Show(path)), refusal.Message))
	}
	return false
}

func (p *Project) isDirectory(path string) bool {
	info, err := p.tree.Stat(path)
	return err == nil && info.IsDir()
}
