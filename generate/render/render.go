package render

import (
	"bytes"
	"io/fs"
	"strings"
	"sync"
	"text/template"

	"github.com/rcomp/rcomp/generate/render/readme"
	"github.com/rcomp/rcomp/generate/render/view"
	"github.com/rcomp/rcomp/templates"
)

// Print makes a file. A program is the same in every deployment that has it.
func Print(file File, seen view.View) ([]byte, error) {
	var text string
	var err error
	switch {
	case templates.IsProgram(file.From):
		return templates.Program(file.From)
	case file.From == ConfFile:
		conf := view.Conf{View: seen}
		text, err = execute(file.From, conf)
		text = prune(text, conf)
	case file.Path == ReadmeFile:
		text, err = printReadme(file.From, readme.Readme{View: seen})
	default:
		text, err = execute(file.From, seen)
	}
	return []byte(text), err
}

// execute prints a file that is one template.
func execute(name string, view any) (string, error) {
	made, err := parse(name)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := made.Execute(&out, view); err != nil {
		return "", err
	}
	return strings.TrimRight(out.String(), "\n") + "\n", nil
}

// printReadme prints the sections that a deployment has, with an empty line between.
func printReadme(name string, seen readme.Readme) (string, error) {
	set, err := sections()
	if err != nil {
		return "", err
	}
	var texts []string
	for _, section := range seen.Sections(name) {
		var out strings.Builder
		if err := set.ExecuteTemplate(&out, section, seen); err != nil {
			return "", err
		}
		texts = append(texts, out.String())
	}
	return strings.Join(texts, "\n\n") + "\n", nil
}

// Templates that others are made with: a service of each kind, and sections of READMEs.
var (
	services = sync.OnceValues(func() (*template.Template, error) { return parseAll("shared/*", "compose/*", "stack/*") })
	sections = sync.OnceValues(func() (*template.Template, error) {
		set, err := parseAll("shared/*", "readme/*")
		if err == nil {
			set.Funcs(nesting(set))
		}
		return set, err
	})
)

func parseAll(patterns ...string) (*template.Template, error) {
	set := template.New("").Option("missingkey=error").Funcs(nesting(nil))
	for _, pattern := range patterns {
		if _, err := set.ParseFS(templates.Files, pattern+templates.Suffix); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// nesting are the functions by which a template brings in another one, some
// columns to the right and on lines of its own: below what stands there, or
// apart from it by an empty line. What is empty brings no line.
func nesting(set *template.Template) template.FuncMap {
	nested := func(before string, indent int, name string, view any) (string, error) {
		var out strings.Builder
		if err := set.ExecuteTemplate(&out, name, view); err != nil {
			return "", err
		}
		text := strings.Trim(out.String(), "\n")
		if text == "" {
			return "", nil
		}
		margin := "\n" + strings.Repeat(" ", indent)
		return before + strings.ReplaceAll(margin+strings.ReplaceAll(text, "\n", margin), margin+"\n", "\n\n"), nil
	}
	return template.FuncMap{
		"word":   view.Word,
		"nested": func(indent int, name string, view any) (string, error) { return nested("", indent, name, view) },
		"apart":  func(indent int, name string, view any) (string, error) { return nested("\n", indent, name, view) },
	}
}

// parsed are the templates that were needed so far, under their paths without
// the suffix. Parsing all of them takes longer than the rest of a run.
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
	base, err := services()
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
	made.Funcs(nesting(made))
	parsed.Store(name, made)
	return made, nil
}
