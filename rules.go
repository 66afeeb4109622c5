package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/nearest"
	"github.com/rcomp/rcomp/rules"
)

func (p *program) rulesCommand() *cli.Command {
	return &cli.Command{
		Name:  "rules",
		Usage: "list what lint looks for",
		Flags: []cli.Flag{formatFlag("text", "json")},
		Action: func(c *cli.Context) error {
			if _, err := p.atMost(c, 0); err != nil {
				return err
			}
			format, err := oneOf(c, "format", "text", "json")
			if err != nil {
				return err
			}
			if format == "json" {
				return display.WriteJSON(p.stdout, ruleDocuments())
			}
			table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
			for _, rule := range rules.Known() {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", rule.ID, rule.Group, rule.Severity, rule.Summary)
			}
			if err := table.Flush(); err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "\nimage-vulnerable knows what was published until %s.\n", rules.VulnerabilitiesAsOf())
			return err
		},
	}
}

func (p *program) explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say why a rule is one",
		ArgsUsage: "RULE",
		Action: func(c *cli.Context) error {
			names, err := p.atMost(c, 1)
			if err != nil {
				return err
			}
			if len(names) == 0 {
				return usagef(c, "name a rule: \"rcomp rules\" lists them")
			}
			rule := rules.ByID(names[0])
			if rule == nil {
				return usageError{"rcomp explain", fmt.Sprintf("there is no rule %q%s", names[0], meantRule(names[0]))}
			}
			_, err = fmt.Fprint(p.stdout, explanation(rule))
			return err
		},
	}
}

// meantRule says which rule was meant, or where they are listed.
func meantRule(name string) string {
	if hint := nearest.Hint(name, vocabulary().Rules); hint != "" {
		return hint
	}
	return ": \"rcomp rules\" lists them"
}

// explanation is what a person wants to know who has met a rule.
func explanation(rule *lint.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, %s)\n%s.\n\n%s\n", rule.ID, rule.Severity, rule.Group, rule.Summary, strings.TrimSpace(rule.Why))
	guide := rule.Guide
	for _, part := range []struct{ title, text string }{
		{"The fault", guide.Fault}, {"No fault", guide.NearMiss}, {"To mend it", guide.Mend}, {"When to ignore it", guide.Ignore},
	} {
		if text := strings.Trim(part.text, "\n"); text != "" {
			fmt.Fprintf(&b, "\n%s:\n  %s\n", part.title, strings.ReplaceAll(text, "\n", "\n  "))
		}
	}
	if len(rule.Refs) > 0 {
		b.WriteString("\n" + strings.Join(rule.Refs, "\n") + "\n")
	}
	return b.String()
}

// ruleDocument is a rule as "rcomp rules --format json" prints it. Its shape is
// a contract: keys are only ever added.
type ruleDocument struct {
	ID         string   `json:"id"`
	Group      string   `json:"group"`
	Severity   string   `json:"severity"`
	Summary    string   `json:"summary"`
	Why        string   `json:"why"`
	Fault      string   `json:"fault"`
	NearMiss   string   `json:"nearMiss"`
	Mend       string   `json:"mend"`
	Ignore     string   `json:"ignore"`
	References []string `json:"references"`
}

// ruleList is all rules, and how old what they know is.
type ruleList struct {
	Rules           []ruleDocument `json:"rules"`
	Vulnerabilities string         `json:"vulnerabilitiesAsOf"`
}

func ruleDocuments() ruleList {
	documents := []ruleDocument{}
	for _, rule := range rules.Known() {
		guide := rule.Guide
		documents = append(documents, ruleDocument{
			ID: rule.ID, Group: rule.Group, Severity: rule.Severity.String(), Summary: rule.Summary, Why: strings.TrimSpace(rule.Why),
			Fault: strings.Trim(guide.Fault, "\n"), NearMiss: strings.Trim(guide.NearMiss, "\n"), Mend: strings.Trim(guide.Mend, "\n"),
			Ignore: strings.Trim(guide.Ignore, "\n"), References: append([]string{}, rule.Refs...),
		})
	}
	return ruleList{documents, rules.VulnerabilitiesAsOf()}
}
