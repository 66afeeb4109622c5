package fix

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint"
)

// judge says why fixes are not what they say, "" where they are: what they cure
// is gone, nothing new is wrong or out of sight, and nothing else of the
// meaning has changed.
func judge(before, after Look, cured []candidate, meaning []string) string {
	if why := refused(before, after); why != "" {
		return why
	}
	if why := found(before, after, cured); why != "" {
		return why
	}
	if why := hidden(before, after); why != "" && !revealing(cured) {
		return why
	}
	return changed(before.Meaning, after.Meaning, meaning)
}

func refused(before, after Look) string {
	known := map[string]bool{}
	for _, refusal := range before.Refusals {
		known[refusal.Message] = true
	}
	for _, refusal := range after.Refusals {
		if !known[refusal.Message] {
			return fmt.Sprintf("%s would be refused: %s", refusal.Span.File, refusal.Message)
		}
	}
	return ""
}

// fault is a finding wherever it stands.
type fault struct{ rule, service string }

func count(findings []lint.Finding, least lint.Severity) map[fault]int {
	counts := map[fault]int{}
	for _, f := range findings {
		if f.Severity >= least {
			counts[fault{f.Rule.ID, f.Service}]++
		}
	}
	return counts
}

func revealing(cured []candidate) bool {
	return slices.ContainsFunc(cured, func(one candidate) bool { return one.Fix.Reveals })
}

func found(before, after Look, cured []candidate) string {
	had, has, gone := count(before.Findings, lint.Note), count(after.Findings, lint.Note), map[fault]int{}
	hadErrors, hasErrors := count(before.Findings, lint.Error), count(after.Findings, lint.Error)
	reveals := revealing(cured)
	for _, one := range cured {
		if one.Fix.Lessens {
			if least := severityIn(before, one); count(after.Findings, least)[fault{one.Rule.ID, one.Service}] >= count(before.Findings, least)[fault{one.Rule.ID, one.Service}] {
				return fmt.Sprintf("it would not lessen %s of %q", one.Rule.ID, one.Service)
			}
			continue
		}
		gone[fault{one.Rule.ID, one.Service}]++
	}
	for _, f := range slices.SortedFunc(maps.Keys(has), func(a, b fault) int { return strings.Compare(a.rule+a.service, b.rule+b.service) }) {
		switch {
		case reveals && gone[f] == 0 && hasErrors[f] <= hadErrors[f]: // what the fault has hidden
		case has[f] > had[f]:
			return fmt.Sprintf("it would bring a finding of %s for %q", f.rule, f.service)
		case has[f] > had[f]-gone[f]:
			return fmt.Sprintf("it would not cure %s of %q", f.rule, f.service)
		}
	}
	return ""
}

// severityIn is how severe a finding is that settings may have made another.
func severityIn(look Look, one candidate) lint.Severity {
	for _, finding := range look.Findings {
		if finding.Rule == one.Rule && finding.Span == one.Span && finding.Message == one.Message {
			return finding.Severity
		}
	}
	return one.Severity
}

func hidden(before, after Look) string {
	had := map[string]int{}
	for _, unseen := range before.Unseen {
		had[unseen.Service]++
	}
	for _, unseen := range after.Unseen {
		if had[unseen.Service]--; had[unseen.Service] < 0 {
			return "something would be out of sight: " + unseen.Message
		}
	}
	return ""
}

// changed names a part of the meaning that changes although no fix says so.
func changed(before, after map[string]string, said []string) string {
	var parts []string
	for part, text := range before {
		if now, still := after[part]; (!still || now != text) && !isSaid(part, said) {
			parts = append(parts, part)
		}
	}
	for part := range after {
		if _, was := before[part]; !was && !isSaid(part, said) {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("it would change %s, too", slices.Min(parts))
}

func isSaid(part string, said []string) bool {
	return slices.ContainsFunc(said, func(path string) bool {
		return part == path || strings.HasPrefix(part, path+".") || strings.HasSuffix(path, ":") && strings.HasPrefix(part, path+" ")
	})
}
