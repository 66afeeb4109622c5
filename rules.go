package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/rules"
)

func (p *program) rulesCommand() *cli.Command {
	return &cli.Command{
		Name:  "rules",
		Usage: "list what lint looks for",
		Action: func(c *cli.Context) error {
			if _, err := p.atMost(c, 0); err != nil {
				return err
			}
			table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
			for _, rule := range rules.Known() {
				fmt.Fprintf(table, "%s\t%s\t%s\n", rule.ID, rule.Severity, rule.Summary)
			}
			return table.Flush()
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
			for _, rule := range rules.Known() {
				if rule.ID == names[0] {
					_, err := fmt.Fprint(p.stdout, explanation(rule))
					return err
				}
			}
			return usageError{"rcomp explain", fmt.Sprintf("there is no rule %q: \"rcomp rules\" lists them", names[0])}
		},
	}
}

func explanation(rule *lint.Rule) string {
	text := fmt.Sprintf("%s (%s)\n%s.\n\n%s\n", rule.ID, rule.Severity, rule.Summary, strings.TrimSpace(rule.Why))
	if len(rule.Refs) > 0 {
		text += "\n" + strings.Join(rule.Refs, "\n") + "\n"
	}
	return text
}
