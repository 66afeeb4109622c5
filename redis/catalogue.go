package redis

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./catalogue/generate

//go:embed catalogue/catalogue.txt
var catalogueText string

// columns is a set of releases; bit n is the n-th column of the catalogue.
type columns uint64

func (c columns) has(n int) bool { return c>>n&1 == 1 }

// decoded is the catalogue as its lines say it, before any release's table is made of it.
type decoded struct {
	releases   []Release // the columns, in order: per engine, oldest first
	facts      map[Release]releaseFacts
	directives []directiveRow
	spellings  map[string]columns // releases in which a spelling has an effect
	sentinel   []sentinelRow
	modules    []string // names, or prefixes that end in "*"
}

type releaseFacts struct {
	column    func() table // nil: only dates are known
	number    int          // bit in columns
	derived   bool
	patch     string
	endOfLife string
}

// directiveRow is a directive as it stands in some releases.
type directiveRow struct {
	Directive
	in columns
}

// table is the catalogue of one release.
type table struct {
	directives []Directive // by name
	spellings  map[string]int
}

// catalogue decodes the embedded text once, on first use: a command that needs
// no directive does not pay for it.
var catalogue = sync.OnceValue(func() *decoded {
	return decode(catalogueText)
})

// decode reads text of the form that catalogue/generate writes. A test holds
// the two together, so a malformed line cannot occur and is not looked for.
func decode(text string) *decoded {
	d := &decoded{facts: map[Release]releaseFacts{}, spellings: make(map[string]columns, 512)}
	d.directives = make([]directiveRow, 0, strings.Count(text, "\ndirective\t"))
	for line := range strings.Lines(text) {
		fields := splitFields(strings.TrimSuffix(line, "\n"))
		switch fields[0] {
		case "release":
			d.addRelease(fields)
		case "directive":
			d.addDirective(fields)
		case "ignored":
			d.directives = append(d.directives, directiveRow{
				Directive: Directive{Name: fields[1], Type: String, Ignored: true},
				in:        parseColumns(fields[2]),
			})
		case "sentinel":
			d.sentinel = append(d.sentinel, decodeSentinel(fields))
		case "module":
			d.modules = append(d.modules, fields[1])
		}
	}
	return d
}

const maxFields = 11

// splitFields cuts a line at its tabs without an allocation per line.
func splitFields(line string) (fields [maxFields]string) {
	for i := range fields {
		fields[i], line, _ = strings.Cut(line, "\t")
	}
	return fields
}

func (d *decoded) addRelease(fields [maxFields]string) {
	engine, line, _ := strings.Cut(fields[1], "-")
	major, minor, _ := strings.Cut(line, ".")
	r := Release{Engine: Engine(engine), Major: atoi(major), Minor: atoi(minor)}
	facts := releaseFacts{derived: fields[2] == "derived", patch: fields[3], endOfLife: fields[4]}
	if fields[2] != "dates" {
		facts.number = len(d.releases)
		facts.column = sync.OnceValue(func() table { return d.table(facts.number) })
		d.releases = append(d.releases, r)
	}
	d.facts[r] = facts
}

func (d *decoded) addDirective(fields [maxFields]string) {
	row := directiveRow{
		Directive: Directive{
			Name:    fields[1],
			Aliases: splitList(fields[2]),
			Type:    Type(fields[4]),
			Enum:    splitList(fields[9]),
			Section: fields[10],
		},
		in: parseColumns(fields[3]),
	}
	for _, flag := range splitList(fields[5]) {
		row.setFlag(flag)
	}
	row.Default, row.HasDefault = strings.CutPrefix(fields[6], "=")
	row.setRange(fields[7], fields[8])
	d.directives = append(d.directives, row)
	d.spellings[row.Name] |= row.in
	for _, alias := range row.Aliases {
		d.spellings[alias] |= row.in
	}
}

func (d *Directive) setFlag(flag string) {
	switch flag {
	case "immutable":
		d.Immutable = true
	case "sensitive":
		d.Sensitive = true
	case "hidden":
		d.Hidden = true
	case "multi-arg":
		d.MultiArg = true
	case "protected":
		d.Protected = true
	}
}

// setRange reads the limits; without an upper one a number is bounded by its 64
// bits alone.
func (d *Directive) setRange(low, high string) {
	if low == "" {
		return
	}
	d.HasRange = true
	d.Min, _ = strconv.ParseInt(low, 10, 64)
	d.Max = 1<<63 - 1
	if high != "" {
		d.Max, _ = strconv.ParseUint(high, 10, 64)
	}
}

// table collects the directives of one column.
func (d *decoded) table(column int) table {
	t := table{directives: make([]Directive, 0, 320), spellings: make(map[string]int, 320)}
	for _, row := range d.directives {
		if row.in.has(column) {
			t.directives = append(t.directives, row.Directive)
		}
	}
	slices.SortFunc(t.directives, func(a, b Directive) int { return strings.Compare(a.Name, b.Name) })
	for i, directive := range t.directives {
		t.spellings[directive.Name] = i
		for _, alias := range directive.Aliases {
			t.spellings[alias] = i
		}
	}
	return t
}

func parseColumns(hexadecimal string) columns {
	mask, _ := strconv.ParseUint(hexadecimal, 16, 64)
	return columns(mask)
}

func splitList(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// atoi reads a number that the generator wrote.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
