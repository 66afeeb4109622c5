package render

import (
	"bytes"
	"io/fs"
	"strings"
	"sync"
	"text/template"

	"github.com/rcomp/rcomp/templates"
)

// Print makes a file. A program needs no view.
func Print(file File, view any) ([]byte, error) {
	if file.Program() {
		return program(file.From)
	}
	return execute(file.From, view)
}

func execute(name string, view any) ([]byte, error) {
	made, err := parse(name)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := made.Execute(&out, view); err != nil {
		return nil, err
	}
	text := strings.TrimRight(out.String(), "\n") + "\n"
	if deployment, ok := view.(Pruner); ok && name == ConfFile {
		text = prune(text, deployment)
	}
	return []byte(text), nil
}

// parts are the templates that others are made with.
var parts = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Option("missingkey=error").ParseFS(templates.Files, "*.md"+templates.Suffix, "shared/*"+templates.Suffix)
})

// parsed are the templates that were needed so far, under their paths without the suffix. Parsing all of them takes longer than the rest of a run.
var parsed sync.Map

// parse returns a template that may be executed by several at once.
func parse(name string) (*template.Template, error) {
	if made, ok := parsed.Load(name); ok {
		return made.(*template.Template), nil
	}
	text, err := fs.ReadFile(templates.Files, name+templates.Suffix)
	if err != nil {
		return nil, err
	}
	base, err := parts()
	if err != nil {
		return nil, err
	}
	if base, err = base.Clone(); err != nil {
		return nil, err
	}
	made, err := base.New(name).Parse(string(text))
	if err != nil {
		return nil, err
	}
	parsed.Store(name, made)
	return made, nil
}
