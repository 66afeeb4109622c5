// Package editor answers what editors ask, over the Language Server Protocol:
// what is wrong with a file while it is written, what a word of it means, what
// may stand at a place, and what can be done about a finding. It judges
// nothing: what lint and gen find is given to it.
package editor

import (
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// Tool is the program that an editor asks.
type Tool struct {
	Version string
	// Judge judges files by their absolute paths, and all that they belong to.
	// Where they were judged before and nothing but their texts has changed, it
	// may rely on what it knows of their neighbours.
	Judge func(roots *disk.Roots, paths []string) (*Look, error)
	// Refresh lets go of what Judge knows of the files around.
	Refresh func()
	Rules   []*lint.Rule // all that a person may name
	// Settings and Intent are the JSON Schemas of .rcomp.toml and redis.toml.
	Settings, Intent map[string]any
}

// Look is what was seen of the files at one moment.
type Look struct {
	Result   *lint.Result
	Projects []*compose.Project // that were judged
	Faults   []Fault            // why files could not be judged
	Troubles string             // what else could not be done, a line each
}

// Fault is something that keeps a file from being judged, or being generated
// from.
type Fault struct {
	Span    position.Span
	Message string
}
