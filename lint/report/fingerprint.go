package report

import (
	"strconv"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/baseline"
)

// fingerprints tells findings of different runs apart by what they are about,
// as a baseline does. Those that are about the same are counted.
type fingerprints struct {
	result *lint.Result
	path   func(string) string
	seen   map[string]int
}

func newFingerprints(result *lint.Result, o Options) *fingerprints {
	return &fingerprints{result, o.path, map[string]int{}}
}

// of is the fingerprint of a finding, another for each that it is asked for.
func (p *fingerprints) of(f lint.Finding) string {
	mark := baseline.NewEntry(f, p.path(f.Span.File), p.result.Marked(f.Span)).Fingerprint
	p.seen[mark]++
	return mark + ":" + strconv.Itoa(p.seen[mark])
}
