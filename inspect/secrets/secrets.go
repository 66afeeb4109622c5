// Package secrets finds the secrets that the files of a project hold, by what
// they stand behind: directives of servers and sentinels, options of clients,
// variables whose name says so, users of an ACL, addresses. It reads text, not
// what Compose makes of it, so it also works where nothing else does: on a file
// that is no YAML, on a conf that no server reads.
package secrets

import (
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/display"
)

// Collection is the secrets of several projects.
//
// What stands behind the name of a secret is one, whatever it says. Of a text
// with variables only what is written out is: the default in
// ${REDIS_PASSWORD:-hunter2}. The value of a variable that is put in the place
// of a secret is one as well, whatever the variable is called.
//
// A secret is distinctive, and hidden wherever it turns up, unless it is
// shorter than four bytes, a short number, yes or no, or made of words that
// rcomp itself uses, or a project for something else: the names of directives,
// keys, files and images.
type Collection struct {
	places []display.Place
	values map[string]bool
	names  map[string]bool // of keys, files and images, which mean something else
}

// File is a file of a project.
type File struct {
	Source []byte
	// Documents are what it says as YAML, where somebody has parsed it.
	Documents []*yaml.Node
}

// Add finds the secrets of a project in all of its files, which go by the
// names under which they are shown.
func (c *Collection) Add(files map[string]File) {
	f := &finder{assigned: map[string]bool{}, variables: map[string]bool{}, doubtful: map[string]bool{}, named: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f.texts = append(f.texts, newText(name, files[name].Source))
	}
	if !slices.ContainsFunc(f.texts, mayAnnounce) {
		return
	}
	for _, t := range f.texts {
		t.parse(files[t.name].Documents)
	}
	for range maxLooks {
		f.places, f.values = nil, map[string]bool{}
		asked := maps.Clone(f.variables)
		for _, t := range f.texts {
			f.look(t)
		}
		if !f.learned(asked) {
			break
		}
	}
	c.note(f.places, f.values)
	for _, t := range f.texts {
		c.learn(t)
	}
}

// Join adds what was found in other projects.
func (c *Collection) Join(other *Collection) {
	c.note(other.places, other.values)
	maps.Copy(c.names, other.names)
}

func (c *Collection) note(places []display.Place, values map[string]bool) {
	if c.values == nil {
		c.values, c.names = map[string]bool{}, map[string]bool{}
	}
	c.places = append(c.places, places...)
	maps.Copy(c.values, values)
}

// mayAnnounce reports whether a secret may be in a text, or be announced by
// it: as it is, or in a notation that hides letters.
func mayAnnounce(t *text) bool {
	return holdsHint(t.joined) || strings.Contains(t.joined, "!!binary") || strings.Contains(t.joined, `\`)
}

// maxLooks bounds how far a password is followed from variable to variable.
const maxLooks = 4

// Secrets returns what was found.
func (c *Collection) Secrets() *display.Secrets {
	var distinctive []string
	words := c.wordsOfOthers()
	for _, value := range slices.Sorted(maps.Keys(c.values)) {
		if isDistinctive(value, words) {
			distinctive = append(distinctive, value)
		}
	}
	return display.NewSecrets(c.places, distinctive)
}

// finder looks for the secrets of one project.
type finder struct {
	texts     []*text
	assigned  map[string]bool // variables that are given a value somewhere
	variables map[string]bool // those that are put in the place of a secret
	referred  []string        // of these, those whose name does not say that they hold one
	named     map[string]bool // what names say, remembered
	doubtful  map[string]bool // what looked like a variable, but had no value so far
	places    []display.Place
	values    map[string]bool
	byLines   bool // what is looked at is a conf or a file of users
}

// learned reports whether another look will see more: a variable turned out to
// hold a secret, though its name does not say so, or to be one.
func (f *finder) learned(asked map[string]bool) bool {
	more := false
	for name := range f.variables {
		more = more || f.assigned[name] && !asked[name] && !isSecretName(name)
	}
	for name := range f.doubtful {
		more = more || f.assigned[name]
	}
	clear(f.doubtful)
	return more
}

// look finds the secrets of one text.
func (f *finder) look(t *text) {
	f.byLines = isByLines(t.name)
	if t.documents != nil {
		f.lookAtDocuments(t)
		return
	}
	for number, line := range t.lines {
		start := t.starts[number]
		hits := f.scan(line)
		if words := splitWords(line); path.Ext(t.name) == ".acl" && len(words) > 0 && words[0] != "user" { // which is in the line above
			hits = append(hits, aclPasswords(append([]string{""}, words...), 0, true)...)
		}
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			hits = doubted(hits)
		}
		f.hide(region{t, start, start + len(line)}, hits)
	}
	f.lookAtContinued(t)
	// What goes on in the next line: a call of a client, a private key.
	if isByLines(t.name) || !f.isPromising(t.joined) {
		return
	}
	var further []hit
	for _, h := range f.scanWhole(t.joined) {
		if !f.values[h.text] && !f.values[trimQuotes(h.text)] && len(further) < maxHits {
			h.doubtful = h.doubtful || isPlainWord(h.text)
			further = append(further, h)
		}
	}
	f.hide(region{t, 0, len(t.joined)}, further)
}

// isByLines reports whether a file says nothing beyond the end of a line.
func isByLines(name string) bool {
	extension := path.Ext(name)
	return extension == ".conf" || extension == ".acl"
}

// mostContinued bounds the lines that are read as one.
const mostContinued = 100

// lookAtContinued finds the assignments and directives that go on in the next
// line, where a backslash says so.
func (f *finder) lookAtContinued(t *text) {
	for first := 0; first < len(t.lines); first++ {
		last, whole := first, t.lines[first]
		for strings.HasSuffix(whole, `\`) && last+1 < len(t.lines) && last-first < mostContinued {
			last++
			whole = strings.TrimSuffix(whole, `\`) + t.lines[last]
		}
		if last > first {
			var further []hit
			for _, h := range f.scanLine(whole) {
				if !f.values[h.text] {
					further = append(further, h)
				}
			}
			f.hide(region{t, t.starts[first], t.starts[last] + len(t.lines[last])}, further)
		}
		first = last
	}
}

// note adds a text that is a secret, and each line of it: messages and excerpts
// have single ones.
func (f *finder) note(secret string) {
	f.values[secret] = true
	for line := range strings.SplitSeq(secret, "\n") {
		f.values[trimQuotes(strings.Trim(line, "# \t\r"))] = true
	}
	if strings.ContainsAny(secret, quoting) || strings.IndexAny(secret, sigils) == 0 {
		f.values[withoutQuoting.Replace(secret)] = true
		f.values[strings.TrimLeft(trimQuotes(secret), sigils)] = true
	}
}

// A secret may be written in pieces with quotes around some of them, and what
// reads it says it in one. YAML takes what begins with a sigil for the name of
// an anchor or a tag, and says the name where there is none.
const (
	quoting = "'\"\\"
	sigils  = "*&!"
)

var withoutQuoting = strings.NewReplacer("'", "", `"`, "", "\\\n", "", `\`, "")

// maxHits is from how many secrets on a region is hidden as a whole.
const maxHits = 64

// hide notes the secrets that were found in a region.
func (f *finder) hide(in region, hits []hit) {
	done := map[hit]bool{}
	for _, h := range hits {
		for _, literal := range f.literals(h.text) {
			piece := hit{name: h.name, text: literal, doubtful: h.doubtful}
			if done[piece] {
				continue
			}
			done[piece] = true
			if !h.doubtful || !isPlainWord(literal) {
				f.note(literal)
			}
			if len(done) > maxHits {
				continue
			}
			places, found := in.placesOf(piece)
			f.places = append(f.places, places...)
			if !found { // it is written with escapes, or over several lines
				f.note(in.written())
			}
		}
	}
	if len(done) > maxHits {
		f.places = append(f.places, in.whole()...)
	}
}
