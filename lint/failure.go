package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
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
	for i, file := range files {
		if _, err := decode(file.Content); err != nil {
			return yamlFailure(p.Files[i], file.Filename, file.Content, err)
		}
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

// placeInService reports a service that Compose refuses when all others are
// reduced to their names.
func (p *Project) placeInService(files []types.ConfigFile, name string) *Failure {
	err := p.refuses(files, name, func(string, int) bool { return true })
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
			if err := p.refusesKey(files, name, key, layer); err != nil {
				failure.Span = service.At(pathOf(err, name, key)...)
				failure.Message = p.plainRefusal(err)
				return failure
			}
		}
	}
	return failure
}

// keeper says which keys of a service stay, and which of their elements;
// -1 asks about the key alone.
type keeper func(key string, element int) bool

// refuses returns why Compose refuses the files when one service alone is
// left in them, with what keep lets stay.
func (p *Project) refuses(files []types.ConfigFile, name string, keep keeper) error {
	_, err := p.loads(reduced(files, name, keep), false)
	return err
}

// refusesKey tries one key of a service, then each of its elements alone.
func (p *Project) refusesKey(files []types.ConfigFile, name, key string, from layer) error {
	err := p.refuses(files, name, func(k string, _ int) bool { return k == key })
	if err == nil {
		return nil
	}
	_, value := entry(from.body, key)
	for i := range resolve(value).Content {
		alone := func(k string, element int) bool { return k == key && (element < 0 || element == i) }
		if err := p.refuses(files, name, alone); err != nil {
			return err
		}
	}
	return err
}

var pathWord = regexp.MustCompile(`[A-Za-z0-9_.\[\]/-]+`)

// pathOf reads the path out of a refusal: "services.cache.mem_limit …".
func pathOf(err error, service, key string) []any {
	prefix := "services." + service + "."
	for _, word := range pathWord.FindAllString(err.Error(), -1) {
		if rest, found := strings.CutPrefix(word, prefix); found && strings.HasPrefix(rest, key) {
			var path []any
			for _, part := range strings.Split(strings.TrimRight(rest, "."), ".") {
				if number, err := strconv.Atoi(part); err == nil {
					path = append(path, number)
					continue
				}
				path = append(path, part)
			}
			return path
		}
	}
	return []any{key}
}

// reduced copies the files with one service in them, the others by name only.
func reduced(files []types.ConfigFile, name string, keep keeper) []types.ConfigFile {
	return rewritten(files, func(model map[string]any) {
		services, _ := model["services"].(map[string]any)
		for other := range services {
			if other != name {
				services[other] = map[string]any{"image": "scratch"}
			}
		}
		if body, ok := services[name].(map[string]any); ok {
			reduceService(body, keep)
		}
	})
}

func reduceService(body map[string]any, keep keeper) {
	for key, value := range body {
		switch {
		case key == "image" || key == "build" || key == "extends":
		case !keep(key, -1):
			delete(body, key)
		default:
			body[key] = reduceValue(value, func(i int) bool { return keep(key, i) })
		}
	}
}

// reduceValue keeps some elements of a list, or of a mapping in the order of
// its keys.
func reduceValue(value any, keep func(int) bool) any {
	switch value := value.(type) {
	case []any:
		var kept []any
		for i, element := range value {
			if keep(i) {
				kept = append(kept, element)
			}
		}
		return kept
	case map[string]any:
		for i, key := range slices.Sorted(maps.Keys(value)) {
			if !keep(i) {
				delete(value, key)
			}
		}
	}
	return value
}

// rewritten copies the files after a change to what each one says.
func rewritten(files []types.ConfigFile, change func(model map[string]any)) []types.ConfigFile {
	var copies []types.ConfigFile
	for _, file := range files {
		model, err := decode(file.Content)
		if err != nil {
			model = map[string]any{}
		}
		change(model)
		copies = append(copies, types.ConfigFile{Filename: file.Filename, Config: model})
	}
	return copies
}

// decode reads all documents of a file into one mapping.
func decode(content []byte) (map[string]any, error) {
	model := map[string]any{}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var part map[string]any
		err := decoder.Decode(&part)
		if errors.Is(err, io.EOF) {
			return model, nil
		}
		if err != nil {
			return nil, err
		}
		maps.Copy(model, part)
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
	_, err := p.loads(rewritten(files, func(model map[string]any) { delete(model, section) }), false)
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
	text = strings.TrimSuffix(text, ": invalid compose project")
	return fmt.Sprintf("Compose refuses it: %s", Plain(text))
}

func (p *Project) paths() []string {
	var paths []string
	for _, document := range p.documents {
		paths = append(paths, document.Path)
	}
	return paths
}
