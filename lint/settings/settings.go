// Package settings reads .rcomp.toml: what a repository says of its own
// findings. It says nothing of what a rule is: that an image or a service is
// something special is passed on to those who look at services.
package settings

import (
	"path"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

// Name is what the file is called.
const Name = ".rcomp.toml"

// Settings are what one file says. The tags are the file's keys, and with them
// what the schema is printed from.
type Settings struct {
	FailOn   string             `toml:"fail-on" doc:"Exit with 1 from this severity on." kind:"fail-on"`
	Exclude  []string           `toml:"exclude" doc:"Patterns of files that are not judged. ** stands for any number of directories."`
	Baseline string             `toml:"baseline" doc:"The file of known findings that are left out, from this file's directory."`
	Rules    map[string]string  `toml:"rules" doc:"The severity of a rule or of a group of rules." kind:"severity" keys:"rule"`
	Images   map[string]Image   `toml:"images" doc:"What images of your own hold, by their name without a tag."`
	Services map[string]Service `toml:"services" doc:"What services are for, by their name."`
	Override []Override         `toml:"override" doc:"Other severities for some files or services. The last one that fits counts."`

	place
}

// Image says which server an image holds.
type Image struct {
	Engine  string `toml:"engine" doc:"The server that it holds." kind:"engine" required:"yes"`
	Version string `toml:"version" doc:"The server's version, as 7.4 or 7.4.6; without it only what holds for every release is judged." kind:"version"`
}

// Service says what a service is for.
type Service struct {
	Role string `toml:"role" doc:"What its data are for." kind:"role" required:"yes"`
}

// Override changes severities where a finding stands in one of the paths and
// is about one of the services. What is left out fits everything.
type Override struct {
	Paths    []string          `toml:"paths" doc:"Patterns of the files that it is about."`
	Services []string          `toml:"services" doc:"Patterns of the services that it is about."`
	Rules    map[string]string `toml:"rules" doc:"The severity of a rule or of a group of rules." kind:"severity" keys:"rule" required:"yes"`
}

// place is where settings come from.
type place struct {
	file      string // as shown; "" where there is none
	source    []byte
	directory string // absolute: patterns start there
	spans     map[string]position.Span
}

// File is the file that the settings come from, as shown; "" for none.
func (s *Settings) File() string { return s.file }

// Directory is the absolute directory from which the settings' paths start.
func (s *Settings) Directory() string { return s.directory }

// The severities that settings know beside those of findings.
const (
	Off   = "off"   // there is no finding
	Never = "never" // no finding makes a run fail
)

// Severity returns the severity of a finding in a file, by its path from the
// settings' directory; kept is false where there is to be none.
func (s *Settings) Severity(f lint.Finding, file string) (severity lint.Severity, kept bool) {
	severity, kept = levelOf(s.Rules, f, f.Severity, true)
	for _, override := range s.Override {
		if override.fits(f, file) {
			severity, kept = levelOf(override.Rules, f, severity, kept)
		}
	}
	return severity, kept
}

// levelOf is what a table of rules makes of a finding: its rule counts before
// its group.
func levelOf(rules map[string]string, f lint.Finding, severity lint.Severity, kept bool) (lint.Severity, bool) {
	for _, name := range []string{f.Rule.ID, f.Rule.Group} {
		level, said := rules[name]
		if !said {
			continue
		}
		if level == Off {
			return severity, false
		}
		parsed, err := lint.ParseSeverity(level)
		return parsed, err == nil // what is read has been checked
	}
	return severity, kept
}

func (o Override) fits(f lint.Finding, file string) bool {
	return (o.Paths == nil || matchesAny(o.Paths, file)) && (o.Services == nil || matchesAny(o.Services, f.Service))
}

// Excludes reports whether a file is not to be judged, by its path from the
// settings' directory.
func (s *Settings) Excludes(file string) bool { return matchesAny(s.Exclude, file) }

func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if Match(pattern, name) {
			return true
		}
	}
	return false
}

// Match reports whether a path with forward slashes fits a pattern: * is
// anything in one name, ? one character, ** any number of directories, or of
// anything where it is the last part. The work is bounded by the product of
// their lengths.
func Match(pattern, name string) bool {
	if !strings.Contains(pattern, "/") && pattern != "**" { // as most names of services are
		fits, _ := path.Match(pattern, name)
		return fits
	}
	parts, names := strings.Split(pattern, "/"), strings.Split(name, "/")
	// fits[j] says whether what was seen of the pattern fits the first j names.
	fits := make([]bool, len(names)+1)
	fits[0] = true
	for i, part := range parts {
		next := make([]bool, len(names)+1)
		for j := range next {
			switch {
			case part == "**" && i == len(parts)-1:
				next[j] = j > 0 && (fits[j-1] || next[j-1])
			case part == "**":
				next[j] = fits[j] || j > 0 && next[j-1]
			case j > 0 && fits[j-1]:
				next[j], _ = path.Match(part, names[j-1])
			}
		}
		fits = next
	}
	return fits[len(names)]
}
