package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/nearest"
	"github.com/rcomp/rcomp/rules"
)

// selected returns the rules that --only and --skip leave, by their ID.
func selected(c *cli.Context) (map[string]bool, error) {
	only, err := named(c, "only")
	if err != nil {
		return nil, err
	}
	skip, err := named(c, "skip")
	if err != nil {
		return nil, err
	}
	chosen := map[string]bool{}
	for _, rule := range rules.Known() {
		if (len(only) == 0 || fits(rule, only)) && !fits(rule, skip) {
			chosen[rule.ID] = true
		}
	}
	if len(chosen) == 0 {
		return nil, usagef(c, "--only and --skip leave no rule")
	}
	return chosen, nil
}

func fits(rule *lint.Rule, names []string) bool {
	return slices.Contains(names, rule.ID) || slices.Contains(names, rule.Group)
}

// named reads a flag that names rules and groups.
func named(c *cli.Context, flag string) ([]string, error) {
	var known []string
	for _, rule := range rules.Known() {
		known = append(known, rule.ID)
	}
	known = append(known, rules.GroupNames()...)
	names := listed(c.StringSlice(flag))
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, usagef(c, "--%s: there is no rule and no group %q%s", flag, name, nearest.Hint(name, known))
		}
	}
	return names, nil
}

// listed splits the values of a flag that takes several, with commas between
// them or by being repeated.
func listed(values []string) []string {
	var all []string
	for _, value := range values {
		for word := range strings.SplitSeq(value, ",") {
			if word = strings.TrimSpace(word); word != "" {
				all = append(all, word)
			}
		}
	}
	return all
}
