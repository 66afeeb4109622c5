package compose

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// extending is the services of one file, of which some extend others.
type extending struct {
	project  *Project
	document *model.Document
	services *model.Value
	resets   [][]string
	done     map[string]*model.Value
	open     map[string]bool
	files    map[string]*extending // those that are extended, by absolute path; nil for what could not be read
}

// extend puts into the services of a document what they extend.
func (p *Project) extend(value *model.Value, document *model.Document, resets [][]string) *model.Value {
	services := value.Get("services")
	if services != nil && services.Kind != model.Mapping {
		p.refuse(Refused, value.Entry("services").Key, nil, "services must be a mapping")
	}
	if services == nil || !extendsSomething(services) {
		return value
	}
	e := &extending{
		project: p, document: document, services: services, resets: resets,
		done: map[string]*model.Value{}, open: map[string]bool{}, files: map[string]*extending{},
	}
	extended := services.Copy()
	extended.Entries = nil
	for _, entry := range services.Entries {
		entry.Value = e.service(entry.Name, entry.Name)
		extended.Entries = append(extended.Entries, entry)
	}
	whole := value.Copy()
	whole.Entries = append([]model.Entry(nil), value.Entries...)
	whole.Entry("services").Value = extended
	return whole
}

func extendsSomething(services *model.Value) bool {
	for _, entry := range services.Entries {
		if entry.Value.Get("extends") != nil {
			return true
		}
	}
	return false
}

// service is a service with all that it extends. What is found out about it
// concerns the service for whose sake it is read.
func (e *extending) service(name, sake string) *model.Value {
	if known := e.done[name]; known != nil {
		return known
	}
	own := e.services.Get(name)
	if own.Kind != model.Mapping && own.Kind != model.Null {
		e.refuse(own, sake, fmt.Sprintf("services.%s must be a mapping", name))
	}
	extends := own.Get("extends")
	if extends == nil {
		return own
	}
	if e.open[name] {
		e.refuse(extends, sake, "services extend each other in a circle")
		return own.Without("extends")
	}
	e.open[name] = true
	result := own.Without("extends")
	if base := e.base(name, sake, extends); base != nil && base.Kind == model.Mapping {
		m := &merging{project: e.project, path: []string{"services", sake}}
		base = without(mapping(base.Origin, "services", mapping(base.Origin, name, base)), e.resets).Find("services", name)
		if base != nil {
			result = m.merge(base, result, top().at("services").at(name))
		}
	}
	e.open[name] = false
	e.done[name] = result
	return result
}

func (e *extending) refuse(at *model.Value, service, message string) {
	e.project.refuse(Refused, at.Origin, []string{"services", service}, message)
}

// base is what a service extends, nil where it is not known.
func (e *extending) base(name, sake string, extends *model.Value) *model.Value {
	service, file := extends.Get("service"), extends.Get("file")
	if extends.IsScalar() {
		service = extends
	}
	if service == nil {
		e.refuse(extends, sake, fmt.Sprintf("extends of service %q names no service", name))
		return nil
	}
	if service.Marked {
		e.project.Note(service.Origin.Span(), sake, fmt.Sprintf("what %q extends is not known: %s has no value here", sake, unset.VariablesIn(service.Text)[0].Name))
		e.project.partial[sake] = true
		return nil
	}
	from := e
	if file != nil {
		if from = e.file(file, sake); from == nil {
			e.project.partial[sake] = true
			return nil
		}
	}
	entry := from.services.Entry(service.Text)
	if entry == nil {
		e.refuse(service, sake, fmt.Sprintf("service %q extends %q, which is not there", name, service.Text))
		return nil
	}
	if service.Text == sake && from != e {
		e.project.named[sake] = append([]model.Origin{entry.Key}, e.project.named[sake]...)
	}
	return from.service(service.Text, sake)
}

// file reads a file that a service extends, once.
func (e *extending) file(named *model.Value, sake string) *extending {
	path := Absolute(named.Origin.Document.Directory, named.Text)
	if known, ok := e.files[path]; ok {
		return known
	}
	e.files[path] = nil
	if !e.project.follows(path, named, sake) {
		return nil
	}
	inner := scope{directory: filepath.Dir(path), variables: &variables{}}
	in := e.project.documents(path, inner)
	for _, document := range in {
		document.Lookup = e.document.Lookup
	}
	var whole *model.Value
	var resets [][]string
	for _, document := range in {
		if value := e.project.values(document); value != nil && value.Kind == model.Mapping {
			resets = resetsOf(document.Root)
			whole = e.project.canonical(e.project.over(without(whole, resets), value))
		}
	}
	if whole.Get("services") == nil {
		e.refuse(named, sake, fmt.Sprintf("%q has no services", brief(e.project.tree.Show(path))))
		return nil
	}
	e.files[path] = &extending{
		project: e.project, document: in[len(in)-1], services: whole.Get("services"), resets: resets,
		done: map[string]*model.Value{}, open: map[string]bool{}, files: e.files,
	}
	return e.files[path]
}

// isRemote reports whether a name is that of something that Compose fetches.
func isRemote(name string) bool {
	return strings.Contains(name, "://") || strings.HasPrefix(name, "git@") || strings.HasPrefix(name, "github.com/") || strings.HasPrefix(name, "oci:")
}
