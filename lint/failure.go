package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v4"
)

// Compose's loader says what is wrong but not where, and where several things
// are wrong, which one it names depends on the order of a Go map. So a refusal
// is found again in the smallest part of the project that Compose refuses
// alone: one service, then one key of it.

// place turns a refusal into a failure at its place.
func (p *Project) place(files []types.ConfigFile, refusal error) *Failure {
	if duplicate := duplicateKey(refusal); duplicate != "" {
		return yamlFailure(p.Files[0], "", p.documents[0].Source, errors.New(duplicate))
	}
	for _, document := range p.documents {
		_, section := entry(document.Root, "services")
		for _, name := range names(section) {
			if failure := p.placeInService(files, name); failure != nil {
				return failure
			}
		}
	}
	return &Failure{Kind: Refused, Span: p.placeAtTop(files, refusal), Message: p.plainRefusal(refusal)}
}

// duplicateKey recognises what the YAML library refuses only while decoding.
func duplicateKey(err error) string {
	text := err.Error()
	at := strings.Index(text, "line ")
	if at < 0 || !strings.Contains(text, "already defined at line") {
		return ""
	}
	return text[at:]
}

// placeInService reports a service that Compose refuses when all others are
// reduced to their names.
func (p *Project) placeInService(files []types.ConfigFile, name string) *Failure {
	refused := func(keep func(key string) bool) error {
		_, err := p.compose(reduced(files, name, keep), nothing, false)
		return err
	}
	err := refused(func(string) bool { return true })
	if err == nil {
		return nil
	}
	service := &Service{Name: name, Project: p, layers: p.layersOf(name)}
	failure := &Failure{Kind: Refused, Span: service.Span(), Service: name, Message: p.plainRefusal(err)}
	if strings.Contains(err.Error(), "neither an image nor a build context") {
		failure.Kind = Fragment
		return failure
	}
	for _, layer := range service.layers {
		for _, key := range names(layer.body) {
			if err := refused(func(k string) bool { return k == key }); err != nil {
				failure.Span = service.At(pathOf(err, name, key)...)
				failure.Message = p.plainRefusal(err)
				return failure
			}
		}
	}
	return failure
}

var pathWord = regexp.MustCompile(`[A-Za-z0-9_.\[\]/-]+`)

// pathOf reads the path out of a refusal: "services.cache.mem_limit …".
func pathOf(err error, service, key string) []any {
	prefix := "services." + service + "."
	for _, word := range pathWord.FindAllString(err.Error(), -1) {
		if rest, found := strings.CutPrefix(word, prefix); found && strings.HasPrefix(rest, key) {
			var path []any
			for _, part := range strings.Split(strings.TrimRight(rest, "."), ".") {
				path = append(path, part)
			}
			return path
		}
	}
	return []any{key}
}

// reduced copies the files with one service in them, the others by name only.
// Of the one service only the keys to keep stay.
func reduced(files []types.ConfigFile, name string, keep func(key string) bool) []types.ConfigFile {
	var copies []types.ConfigFile
	for _, file := range files {
		model := decode(file.Content)
		services, _ := model["services"].(map[string]any)
		for other, body := range services {
			if other != name {
				services[other] = map[string]any{"image": "scratch"}
				continue
			}
			body, ok := body.(map[string]any)
			if !ok {
				continue
			}
			for key := range body {
				if key != "image" && key != "build" && key != "extends" && !keep(key) {
					delete(body, key)
				}
			}
		}
		copies = append(copies, types.ConfigFile{Filename: file.Filename, Config: model})
	}
	return copies
}

// decode reads all documents of a file into one mapping, as far as it goes.
func decode(content []byte) map[string]any {
	model := map[string]any{}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var part map[string]any
		if err := decoder.Decode(&part); err != nil {
			if !errors.Is(err, io.EOF) {
				return model
			}
			return model
		}
		for key, value := range part {
			model[key] = value
		}
	}
}

// placeAtTop finds the top-level section that a refusal speaks of.
func (p *Project) placeAtTop(files []types.ConfigFile, refusal error) Span {
	var path []any
	for _, word := range pathWord.FindAllString(refusal.Error(), -1) {
		section, rest, _ := strings.Cut(word, ".")
		switch section {
		case "services", "networks", "volumes", "secrets", "configs", "include", "name":
			path = append(path, section)
			if rest != "" {
				path = append(path, strings.TrimRight(rest, "."))
			}
			return p.Lookup(path...)
		}
	}
	for _, section := range []string{"include", "networks", "volumes", "secrets", "configs"} {
		if p.passesWithout(files, section) {
			return p.Lookup(section)
		}
	}
	return p.Lookup("services")
}

func (p *Project) passesWithout(files []types.ConfigFile, section string) bool {
	var copies []types.ConfigFile
	for _, file := range files {
		model := decode(file.Content)
		delete(model, section)
		copies = append(copies, types.ConfigFile{Filename: file.Filename, Config: model})
	}
	_, err := p.compose(copies, nothing, false)
	return err == nil
}

// plainRefusal is Compose's own message on one line, without absolute paths.
func (p *Project) plainRefusal(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	for _, path := range append(p.paths(), p.Directory+"/", p.tree.Path()+"/") {
		text = strings.ReplaceAll(text, "validating "+path+": ", "")
		if strings.HasSuffix(path, "/") {
			text = strings.ReplaceAll(text, path, "")
		}
	}
	return fmt.Sprintf("Compose refuses it: %s", Plain(text))
}

func (p *Project) paths() []string {
	var paths []string
	for _, document := range p.documents {
		paths = append(paths, document.Path)
	}
	return paths
}
