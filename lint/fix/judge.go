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
	if part := Changed(before.Meaning, after.Meaning, meaning); part != "" {
		return fmt.Sprintf("it would change %s, too", part)
	}
	return ""
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

// Changed names a part of the meaning that changes although no fix says so, ""
// where there is none. What is said are paths as those of lint.Fix.Meaning.
func Changed(before, after map[string]string, meaning []string) (part string) {
	var parts []string
	said := saidOf(meaning)
	for part, text := range before {
		if now, still := after[part]; (!still || now != text) && !said.has(part) {
			parts = append(parts, part)
		}
	}
	for part := range after {
		if _, was := before[part]; !was && !said.has(part) {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return slices.Min(parts)
}

// said are the parts of the meaning that fixes say they change.
type said map[string]bool

func saidOf(meaning []string) said {
	parts := said{}
	for _, part := range meaning {
		parts[part] = true
	}
	return parts
}

// has reports whether a part, something that it is below, or the server that it
// is of is among them.
func (s said) has(part string) bool {
	if server, _, ok := strings.Cut(part, ": "); s[part] || ok && s[server+":"] {
		return true
	}
	for i := range len(part) {
		if part[i] == '.' && s[part[:i]] {
			return true
		}
	}
	return false
}
