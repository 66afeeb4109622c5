package report

import (
	"cmp"
	"slices"

	"github.com/rcomp/rcomp/lint"
)

// bySeverity lists findings with the worst first, and else as they are: where
// a reader stops early, he has seen what matters.
func bySeverity(findings []lint.Finding) []lint.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b lint.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return sorted
}

// byFile puts findings together that stand in one file. The files are those
// that were judged and those that findings name, in order.
func byFile(result *lint.Result) (files []string, found map[string][]lint.Finding) {
	found = map[string][]lint.Finding{}
	files = slices.Clone(result.Files)
	for _, f := range result.Findings {
		found[f.Span.File] = append(found[f.Span.File], f)
		files = append(files, f.Span.File)
	}
	for _, u := range result.Unseen {
		files = append(files, u.Span.File)
	}
	for _, i := range result.Ignored {
		files = append(files, i.Span.File)
	}
	slices.Sort(files)
	return slices.Compact(files), found
}
