package settings

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/nearest"
)

// Vocabulary is what the words of a file may be.
type Vocabulary struct {
	Rules   []string // of which a severity can be said
	Groups  []string
	Engines []string
	Roles   []string
	// Version refuses a version that an engine does not have.
	Version func(engine, version string) error
}

// Fault is something in the file that cannot be what was meant.
type Fault struct {
	Span    position.Span
	Message string
}

func (f *Fault) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.Span.File, f.Span.Start.Line, f.Span.Start.Column, f.Message)
}

// Read reads a file whose paths start at an absolute directory. The errors of
// what is wrong with it are *Fault, in the order of the file.
func Read(text *position.Text, directory string, words Vocabulary) (*Settings, error) {
	r := &reader{text: text, words: words}
	settings := &Settings{place: place{file: text.File, directory: directory, spans: map[string]position.Span{}}}
	r.spans = settings.spans
	r.file(settings)
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b *Fault) int { return a.Span.Compare(b.Span) })
		errs := make([]error, len(r.faults))
		for i, fault := range r.faults {
			errs[i] = fault
		}
		return nil, errors.Join(errs...)
	}
	return settings, nil
}

type reader struct {
	text   *position.Text
	words  Vocabulary
	meta   toml.MetaData
	spans  map[string]position.Span // of each value, by its path
	faults []*Fault

	patterns int // that were read
}

// mostFaults bounds what is said of one file.
const mostFaults = 20

func (r *reader) fault(at position.Span, format string, args ...any) {
	if len(r.faults) < mostFaults {
		r.faults = append(r.faults, &Fault{at, fmt.Sprintf(format, args...)})
	}
}

// mostBytes bounds a file: what the decoder does grows faster than the text.
const mostBytes = 64 << 10

// mostPatterns bounds the patterns of a file: each is held against every file
// and every finding.
const mostPatterns = 200

// longestLine bounds a line, in bytes: the decoder looks a line through for
// each value in it.
const longestLine = 10_000

func (r *reader) file(settings *Settings) {
	if len(r.text.Source) > mostBytes {
		r.fault(r.lineSpan(1), "a file of more than %d KiB: keep findings that are known in a baseline", mostBytes>>10)
		return
	}
	text := strings.TrimPrefix(string(r.text.Source), "\ufeff")
	if !utf8.ValidString(text) {
		r.fault(r.lineSpan(1), "the file is not UTF-8")
		return
	}
	for number := 1; number <= r.text.Lines(); number++ {
		if len(r.text.Line(number)) > longestLine {
			r.fault(r.lineSpan(number), "a line of more than %d bytes", longestLine)
			return
		}
	}
	var top map[string]toml.Primitive
	meta, err := toml.Decode(text, &top)
	if err != nil {
		r.syntax(err)
		return
	}
	r.meta = meta
	r.table(top, reflect.ValueOf(settings).Elem(), "", r.lineSpan(1))
}

func (r *reader) syntax(err error) {
	var refused toml.ParseError
	if !errors.As(err, &refused) {
		r.fault(r.lineSpan(1), "%v", err)
		return
	}
	r.fault(r.span(refused.Position, nil), "not TOML: %s", refused.Message)
}

// table reads a table into a structure whose tags are its keys.
func (r *reader) table(table map[string]toml.Primitive, into reflect.Value, at string, header position.Span) {
	fields := map[string]reflect.StructField{}
	for _, field := range reflect.VisibleFields(into.Type()) {
		if name := field.Tag.Get("toml"); name != "" {
			fields[name] = field
		}
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		value := r.locate(name, table[name])
		field, known := fields[name]
		if !known {
			names := slices.Sorted(maps.Keys(fields))
			r.fault(value.key, "there is no key %q here%s", name, hint(name, names))
			continue
		}
		r.value(value, into.FieldByIndex(field.Index), field.Tag, path.Join(at, name))
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, given := table[name]; !given && fields[name].Tag.Get("required") != "" {
			r.fault(header, "%q is missing here", name)
		}
	}
}

// hint says what was meant, or else what there is.
func hint(wrong string, names []string) string {
	if meant := nearest.Hint(wrong, names); meant != "" {
		return meant
	}
	return ": there are " + strings.Join(names, ", ")
}

// located is a value and where it stands.
type located struct {
	primitive toml.Primitive
	value     any
	key, at   position.Span
}

// value reads a value into a field.
func (r *reader) value(v located, into reflect.Value, tag reflect.StructTag, at string) {
	r.spans[at] = v.at
	switch into.Kind() {
	case reflect.String:
		if text, ok := v.value.(string); !ok {
			r.fault(v.at, "%q takes a text in quotes", path.Base(at))
		} else {
			into.SetString(text)
			r.word(text, tag.Get("kind"), v.at)
		}
	case reflect.Map:
		r.entries(v, into, tag, at)
	case reflect.Slice:
		if into.Type().Elem().Kind() == reflect.String {
			r.texts(v, into, at)
		} else {
			r.tables(v, into, at)
		}
	}
}

// of lists what a text of a kind may be, nil where it may be anything.
func (w Vocabulary) of(kind string) []string {
	switch kind {
	case "fail-on":
		return []string{"error", "warning", "note", Never}
	case "severity":
		return []string{"error", "warning", "note", Off}
	case "engine":
		return w.Engines
	case "role":
		return w.Roles
	}
	return nil
}

// word refuses a text that is none of those that a field takes.
func (r *reader) word(text, kind string, at position.Span) {
	if words := r.words.of(kind); words != nil && !slices.Contains(words, text) {
		r.fault(at, "%q is none of %s%s", text, strings.Join(words, ", "), nearest.Hint(text, words))
	}
}

// entries reads a table whose keys are names of the user's.
func (r *reader) entries(v located, into reflect.Value, tag reflect.StructTag, at string) {
	var table map[string]toml.Primitive
	if _, isTable := v.value.(map[string]any); !isTable || r.meta.PrimitiveDecode(v.primitive, &table) != nil {
		r.fault(v.at, "%q takes a table", path.Base(at))
		return
	}
	entries := reflect.MakeMapWithSize(into.Type(), len(table))
	for _, name := range slices.Sorted(maps.Keys(table)) {
		value := r.locate(name, table[name])
		entry := reflect.New(into.Type().Elem()).Elem()
		if tag.Get("keys") == "rule" {
			r.rule(name, value.key)
		}
		where := at + "/" + name
		if entry.Kind() != reflect.Struct {
			r.value(value, entry, tag, where)
		} else {
			r.inner(value, entry, where)
		}
		entries.SetMapIndex(reflect.ValueOf(name), entry)
	}
	into.Set(entries)
}

// inner reads the table of a name.
func (r *reader) inner(v located, into reflect.Value, at string) {
	r.spans[at] = v.key
	var table map[string]toml.Primitive
	if _, isTable := v.value.(map[string]any); !isTable || r.meta.PrimitiveDecode(v.primitive, &table) != nil {
		r.fault(v.at, "%q takes a table", path.Base(at))
		return
	}
	r.table(table, into, at, v.key)
	if image, ok := into.Interface().(Image); ok && image.Version != "" && slices.Contains(r.words.Engines, image.Engine) {
		if err := r.words.Version(image.Engine, image.Version); err != nil {
			r.fault(r.spans[at+"/version"], "%v", err)
		}
	}
}

// rule refuses a key that names neither a rule nor a group.
func (r *reader) rule(name string, at position.Span) {
	if slices.Contains(r.words.Rules, name) || slices.Contains(r.words.Groups, name) {
		return
	}
	known := slices.Concat(r.words.Rules, r.words.Groups)
	r.fault(at, "there is no rule and no group %q%s", name, nearest.Hint(name, known))
}

// texts reads a list of patterns.
func (r *reader) texts(v located, into reflect.Value, at string) {
	list, isList := v.value.([]any)
	if !isList {
		r.fault(v.at, "%q takes a list of texts, as in [\"dev/**\"]", path.Base(at))
		return
	}
	texts := make([]string, 0, len(list))
	if r.patterns += len(list); r.patterns > mostPatterns {
		r.fault(v.at, "more than %d patterns in all", mostPatterns)
		return
	}
	next := v.at.Start
	for i, item := range list {
		text, ok := item.(string)
		if !ok {
			r.fault(v.at, "%q takes texts in quotes", path.Base(at))
			return
		}
		span := v.at
		if found, ok := r.text.Find(next, text, r.text.Lines()); ok && text != "" {
			span, next = found, found.End
		}
		r.spans[fmt.Sprintf("%s/%d", at, i)] = span
		if fault := patternFault(text); fault != "" {
			r.fault(span, "%s", fault)
		}
		texts = append(texts, text)
	}
	into.Set(reflect.ValueOf(texts))
}

func patternFault(pattern string) string {
	switch _, err := path.Match(pattern, ""); {
	case pattern == "":
		return "a pattern is empty"
	case err != nil:
		return fmt.Sprintf("%q is no pattern: a bracket or a backslash stands alone", pattern)
	case strings.HasPrefix(pattern, "/"), strings.HasPrefix(pattern, "./"), slices.Contains(strings.Split(pattern, "/"), ".."):
		return fmt.Sprintf("%q leads nowhere: patterns start at the directory of the file, without /, ./ or ..", pattern)
	}
	return ""
}

// tables reads a list of tables.
func (r *reader) tables(v located, into reflect.Value, at string) {
	var tables []map[string]toml.Primitive
	if r.meta.PrimitiveDecode(v.primitive, &tables) != nil {
		r.fault(v.at, "%q takes tables, as in [[%s]]", path.Base(at), path.Base(at))
		return
	}
	headers := r.headers(path.Base(at))
	list := reflect.MakeSlice(into.Type(), len(tables), len(tables))
	for i, table := range tables {
		header := v.key
		if i < len(headers) {
			header = headers[i]
		}
		r.table(table, list.Index(i), fmt.Sprintf("%s/%d", at, i), header)
	}
	into.Set(list)
}

// headers are the places of [[name]].
func (r *reader) headers(name string) []position.Span {
	var spans []position.Span
	blanks := strings.NewReplacer(" ", "", "\t", "")
	for number := 1; number <= r.text.Lines(); number++ {
		if strings.HasPrefix(blanks.Replace(r.text.Line(number)), "[["+name+"]]") {
			spans = append(spans, r.lineSpan(number))
		}
	}
	return spans
}

func (r *reader) lineSpan(number int) position.Span { return r.text.LineSpan(number) }
