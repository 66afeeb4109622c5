package redis

import (
	"math/bits"
	"slices"
	"strings"
)

// Type says how the server reads a directive's value.
type Type string

// The types of the servers' own tables.
const (
	Bool            Type = "bool"           // yes or no
	Int             Type = "int"            // a decimal number
	Memory          Type = "memory"         // bytes, with a unit or without
	MemoryOrPercent Type = "memory|percent" // bytes, or a share of maxmemory such as 5%
	SignedMemory    Type = "memory|signed"  // bytes, or a negative number with a meaning of its own
	Octal           Type = "octal"          // file permissions
	String          Type = "string"
	Enum            Type = "enum"      // one of Directive.Enum, several where MultiArg is set
	Special         Type = "special"   // a grammar of its own: save, bind, client-output-buffer-limit …
	FileOnly        Type = "file only" // legal in a file and in arguments, unknown to CONFIG GET: include, user …
)

// Directive is a directive as one release knows it.
type Directive struct {
	Name       string   // name in CONFIG GET of that release
	Aliases    []string // other spellings that load in that release
	Type       Type
	Enum       []string // names that an Enum takes, in the server's order
	Min        int64    // smallest number, bytes for Memory, negative percent for MemoryOrPercent; see HasRange
	Max        uint64   // largest number
	HasRange   bool
	Default    string // as CONFIG GET prints it, of the engine itself; an image may change it
	HasDefault bool
	Immutable  bool   // cannot be changed at run time
	Sensitive  bool   // a secret
	Hidden     bool   // absent from CONFIG GET *
	MultiArg   bool   // takes several words
	Protected  bool   // CONFIG SET needs enable-protected-configs
	Ignored    bool   // accepted without effect, and unknown to CONFIG GET
	Section    string // heading in the stock redis.conf, lower case, may be empty
}

// Directive looks up a spelling, aliases too, in any case.
func (r Release) Directive(spelling string) (Directive, bool) {
	t := r.table()
	i, ok := t.spellings[strings.ToLower(spelling)]
	if !ok {
		return Directive{}, false
	}
	return t.directives[i], true
}

// Directives returns all directives of the release, sorted by name. The caller
// may not change the slices inside.
func (r Release) Directives() []Directive {
	return slices.Clone(r.table().directives)
}

// Name returns the name under which the release's CONFIG GET has the directive
// of this spelling: "masterauth" is "primaryauth" in Valkey 8.0. A spelling
// that the release does not know is returned in lower case.
func (r Release) Name(spelling string) string {
	if d, ok := r.Directive(spelling); ok {
		return d.Name
	}
	return strings.ToLower(spelling)
}

func (r Release) table() table {
	column := catalogue().facts[r].column
	if column == nil {
		return table{}
	}
	return column()
}

// Since returns the oldest column of the engine in which the spelling has an effect.
func Since(e Engine, name string) (Release, bool) {
	c := catalogue()
	present := c.spellings[strings.ToLower(name)] & c.columnsOf(e)
	if present == 0 {
		return Release{}, false
	}
	return c.releases[bits.TrailingZeros64(uint64(present))], true
}

// RemovedIn returns the first column of the engine in which the spelling no
// longer has an effect: it is unknown there, or accepted and ignored.
func RemovedIn(e Engine, name string) (Release, bool) {
	c := catalogue()
	all := c.columnsOf(e)
	present := c.spellings[strings.ToLower(name)] & all
	next := bits.Len64(uint64(present))
	if present == 0 || !all.has(next) {
		return Release{}, false
	}
	return c.releases[next], true
}

func (d *decoded) columnsOf(e Engine) columns {
	var set columns
	for i, r := range d.releases {
		if r.Engine == e {
			set |= 1 << i
		}
	}
	return set
}
