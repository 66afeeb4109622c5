package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
)

// gone says which entries of a baseline nothing is found for any more.
func (t *text) gone() {
	for _, gone := range t.result.Gone {
		t.place(gone.At)
		fmt.Fprintf(t, "%sgone:%s %s\n", t.colors.unseen, t.colors.none, display.Clean(message(t.result, gone.Message)))
	}
}

// summary is the closing line: what was found, in what, and what was not
// looked at or not said.
func (t *text) summary() {
	if t.look.Quiet {
		return
	}
	fmt.Fprintln(t, t.closingLine())
	if t.look.Explain && len(t.result.Findings) > 0 {
		fmt.Fprintf(t, "\"rcomp explain %s\" says why, and what to do about it\n", t.result.Findings[0].Rule.ID)
	}
}

func (t *text) closingLine() string {
	return strings.Join(slices.Concat([]string{t.counts() + t.seen()}, t.unsaid()), "; ")
}

func (t *text) counts() string {
	var counts []string
	for _, severity := range []lint.Severity{lint.Error, lint.Warning, lint.Note} {
		if count := t.result.Count(severity); count > 0 {
			counts = append(counts, plural(count, severity.String()))
		}
	}
	if len(counts) == 0 {
		counts = []string{"no findings"}
	}
	return strings.Join(counts, ", ") + " in " + plural(len(t.result.Files), "file")
}

func (t *text) seen() string {
	if t.result.Nothing != "" {
		return ": " + t.result.Nothing
	}
	var kinds []string
	for _, seen := range t.result.Seen {
		kinds = append(kinds, plural(seen.Count, seen.Noun))
	}
	if len(kinds) == 0 {
		return ""
	}
	return ": " + strings.Join(kinds, ", ")
}

// unsaid is what no finding stands for, and why.
func (t *text) unsaid() []string {
	var parts []string
	say := func(count int, noun, what string) {
		if count > 0 {
			parts = append(parts, plural(count, noun)+" "+what)
		}
	}
	say(len(t.result.Unseen), "thing", "not seen")
	for _, left := range t.result.Unjudged {
		say(left.Count, left.Noun, "not judged")
	}
	say(len(t.result.Ignored), "finding", "ignored by comments")
	say(t.result.Known, "finding", "known from the baseline")
	say(len(t.result.Gone), "finding", "of the baseline gone")
	say(t.result.Excluded, "project", "excluded by settings")
	say(t.result.Untouched, "project", "untouched")
	return parts
}

// Statistics writes how many findings there are of each rule, the most first.
func Statistics(w io.Writer, result *lint.Result) error {
	counts := map[*lint.Rule]int{}
	var rules []*lint.Rule
	for _, finding := range result.Findings {
		if counts[finding.Rule]++; counts[finding.Rule] == 1 {
			rules = append(rules, finding.Rule)
		}
	}
	slices.SortFunc(rules, func(a, b *lint.Rule) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a.ID, b.ID))
	})
	for _, rule := range rules {
		if _, err := fmt.Fprintf(w, "%6d  %s\n", counts[rule], rule.ID); err != nil {
			return err
		}
	}
	return nil
}
