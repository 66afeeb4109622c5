package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/ignore"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/rules"
)

// words are the names that comments may hold.
func (j *judgement) words() ignore.Words {
	words := ignore.Words{Groups: rules.GroupNames(), Ran: j.ran}
	for _, rule := range rules.Known() {
		words.Rules = append(words.Rules, rule.ID)
	}
	return words
}

// addComments writes a comment for each finding beside what is there.
func (j *judgement) addComments(result *lint.Result) error {
	byFile := map[string][]lint.Finding{}
	for _, finding := range result.Findings {
		// What is wrong with comments and settings is mended, not ignored.
		if finding.Rule.Group != "rcomp" {
			byFile[finding.Span.File] = append(byFile[finding.Span.File], finding)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if err := j.addTo(file, result.Sources(file), byFile[file]); err != nil {
			j.trouble(fmt.Errorf("cannot write %q: %w", file, err))
		}
	}
	return nil
}

func (j *judgement) addTo(file string, source []byte, findings []lint.Finding) error {
	text := position.NewText(file, source)
	edited, left := ignore.Add(text, findings, j.addIgnores)
	for _, one := range left {
		j.found()
		fmt.Fprintf(j.stdout, "%s:%d: %s is not ignored: %s\n", display.CleanPath(file), one.Span.Start.Line, one.Rule.ID, one.Why)
	}
	if len(left) == len(findings) {
		return nil
	}
	if err := findings[0].Home.Tree.Replace(j.roots.Absolute(file), text.Source, edited); err != nil {
		return err
	}
	fmt.Fprintf(j.stdout, "ignored %s in %s\n", plural(len(findings)-len(left), "finding"), display.Clean(file))
	return nil
}
