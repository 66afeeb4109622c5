package redis

import (
	"slices"
	"strings"
)

// SentinelDirective is a word that may follow "sentinel" in sentinel.conf, as
// one release knows it.
type SentinelDirective struct {
	Name       string
	Master     bool   // the first word after the name is the name of a monitored master
	Words      []int  // numbers of words that may follow the name, the master's name counted
	Type       Type   // Bool, Int, String, or Special for monitor
	Default    string // what holds without the line; periods are in milliseconds
	HasDefault bool
	Secret     bool   // the last word is a password
	Path       bool   // the last word is a script that must exist and be executable
	State      bool   // Sentinel writes it itself
	Syntax     string // "sentinel monitor <name> <host> <port> <quorum>"
}

type sentinelRow struct {
	SentinelDirective
	in columns
}

func decodeSentinel(fields [maxFields]string) sentinelRow {
	row := sentinelRow{
		SentinelDirective: SentinelDirective{
			Name:   fields[1],
			Master: fields[2] == "master",
			Type:   String,
			Secret: fields[4] == "secret",
			Path:   fields[4] == "path",
			State:  fields[4] == "state",
			Syntax: fields[7],
		},
		in: parseColumns(fields[6]),
	}
	for _, words := range splitList(fields[3]) {
		row.Words = append(row.Words, atoi(words))
	}
	if kind := Type(fields[4]); kind == Bool || kind == Int || kind == Special {
		row.Type = kind
	}
	row.Default, row.HasDefault = strings.CutPrefix(fields[5], "=")
	return row
}

// SentinelDirective looks up the word after "sentinel", in any case.
func (r Release) SentinelDirective(word string) (SentinelDirective, bool) {
	word = strings.ToLower(word)
	c := catalogue()
	facts := c.facts[r]
	for _, row := range c.sentinel {
		if row.Name == word && facts.column != nil && row.in.has(facts.number) {
			return row.SentinelDirective, true
		}
	}
	return SentinelDirective{}, false
}

// SentinelDirectives returns all words that may follow "sentinel", sorted by name.
// KeyDB's are not in the catalogue.
func (r Release) SentinelDirectives() []SentinelDirective {
	c := catalogue()
	facts := c.facts[r]
	if facts.column == nil {
		return nil
	}
	var directives []SentinelDirective
	for _, row := range c.sentinel {
		if row.in.has(facts.number) {
			directives = append(directives, row.SentinelDirective)
		}
	}
	return directives
}

// SuggestSentinel returns the word that is nearest to a wrong one after
// "sentinel", or "" if none is near.
func (r Release) SuggestSentinel(word string) string {
	var names []string
	for _, d := range r.SentinelDirectives() {
		names = append(names, d.Name)
	}
	return suggestAmong(strings.ToLower(word), names)
}

// takes tells whether the directive may stand with so many words after its name.
func (d SentinelDirective) takes(words int) bool {
	return slices.Contains(d.Words, words)
}
