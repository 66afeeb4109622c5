// Package secrets finds the secrets that the files of a project hold, by what
// they stand behind: directives of servers and sentinels, options of clients,
// variables whose name says so, users of an ACL, addresses. It reads text, not
// what Compose makes of it, so it also works where nothing else does: on a file
// that is no YAML, on a conf that no server reads.
package secrets

import (
	"maps"
	"slices"
	"strings"

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
	words  map[string]bool // that mean something else
}

// Add finds the secrets of a project in all of its texts, which go by the
// names under which they are shown.
func (c *Collection) Add(texts map[string][]byte) {
	f := &finder{assigned: map[string]bool{}, variables: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		f.texts = append(f.texts, newText(name, texts[name]))
	}
	// What a first look finds to be put in the place of a password is one for
	// the next.
	for range maxLooks {
		before := len(f.variables) + len(f.assigned)
		f.places, f.values = nil, map[string]bool{}
		for _, t := range f.texts {
			f.look(t)
		}
		if len(f.variables)+len(f.assigned) == before {
			break
		}
	}
	if c.values == nil {
		c.values, c.words = map[string]bool{}, generalWords()
	}
	c.places = append(c.places, f.places...)
	maps.Copy(c.values, f.values)
	for _, t := range f.texts {
		c.learn(t)
	}
}

// maxLooks bounds how far a password is followed from variable to variable.
const maxLooks = 4

// Secrets returns what was found.
func (c *Collection) Secrets() *display.Secrets {
	var distinctive []string
	for _, value := range slices.Sorted(maps.Keys(c.values)) {
		if c.isDistinctive(value) {
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
	places    []display.Place
	values    map[string]bool
}

// look finds the secrets of one text.
func (f *finder) look(t *text) {
	if t.documents != nil {
		f.lookAtDocuments(t)
		return
	}
	for number, line := range t.lines {
		start := t.starts[number]
		f.hide(region{t, start, start + len(line)}, f.scan(line))
	}
	// What goes on in the next line: a call of a client, a private key.
	var further []hit
	for _, h := range f.scanWhole(t.joined) {
		if !f.values[h.text] && !f.values[trimQuotes(h.text)] && len(further) < maxHits {
			further = append(further, h)
		}
	}
	f.hide(region{t, 0, len(t.joined)}, further)
}

// note adds a text that is a secret, and each line of it: messages and excerpts
// have single ones.
func (f *finder) note(secret string) {
	f.values[secret] = true
	for line := range strings.SplitSeq(secret, "\n") {
		f.values[trimQuotes(strings.Trim(line, "# \t\r"))] = true
	}
}

// maxHits is from how many secrets on a region is hidden as a whole.
const maxHits = 64

// hide notes the secrets that were found in a region.
func (f *finder) hide(in region, hits []hit) {
	done := map[hit]bool{}
	for _, h := range hits {
		for _, literal := range f.literals(h.text) {
			piece := hit{name: h.name, text: literal}
			if done[piece] {
				continue
			}
			done[piece] = true
			f.note(literal)
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
