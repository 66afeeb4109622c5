package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/rules"
)

// TestSeverities holds every rule to the matrix: the severity that it has, and
// that of whatever it finds in its fixtures, come from its cases, and no case
// is made up.
func TestSeverities(t *testing.T) {
	for _, rule := range rules.Known() {
		cases := rule.Guide.Cases
		require.NotEmpty(t, cases, "%s: nothing says where its severity comes from", rule.ID)
		assert.Equal(t, cases[0].Severity(), rule.Severity, rule.ID)
		found := map[lint.Severity]bool{}
		for _, name := range fixturesOf(t, rule, "bad*.yml") {
			result, _ := judgeFixture(t, rule, name)
			for _, finding := range result.Findings {
				found[finding.Severity] = true
			}
		}
		said := map[lint.Severity]bool{}
		for i, one := range cases {
			said[one.Severity()] = true
			assert.True(t, i == 0 || one.When != "", "%s: the cases behind the first say when", rule.ID)
			assert.True(t, found[one.Severity()], "%s: no fixture has a finding that is %s", rule.ID, one.Severity())
		}
		for severity := range found {
			assert.True(t, said[severity], "%s: no case makes a finding %s", rule.ID, severity)
		}
	}
}

// TestSeverityPage prints the matrix and what every rule makes of it.
func TestSeverityPage(t *testing.T) {
	lines := []string{
		"# Severities",
		"",
		"This page is printed from the rules by `go test . -update`.",
		"",
		"What a finding is worth comes from three questions: what is hurt, how surely, and how soon. A rule answers them; nobody picks a severity.",
		"An *error* certainly breaks the server, its data or its lock, at once or at the next fault. What only readers of the files meet is a *note*.",
		"",
		"One warning fires on more than half of [public compose files](corpus.md): `maxmemory-not-set`. Five of six servers there have no ceiling, and what else runs on the host pays for it.",
		"",
	}
	for _, hurt := range []lint.Hurt{lint.Data, lint.Neighbours, lint.Readers} {
		lines = append(lines, "| "+hurt.String()+" | at once | at the next fault | some day |", "|---|---|---|---|")
		for _, surely := range []lint.Surely{lint.Certain, lint.Conditional, lint.Possible} {
			row := "| " + surely.String()
			for _, soon := range []lint.Soon{lint.AtOnce, lint.AtFault, lint.Sometimes} {
				row += " | " + lint.Case{Hurt: hurt, Surely: surely, Soon: soon}.Severity().String()
			}
			lines = append(lines, row+" |")
		}
		lines = append(lines, "")
	}
	lines = append(lines, "| rule | when | what is hurt | how surely | how soon | severity |", "|---|---|---|---|---|---|")
	for _, rule := range rules.Known() {
		for _, one := range rule.Guide.Cases {
			lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s | %s | %s |", rule.ID, one.When, one.Hurt, one.Surely, one.Soon, one.Severity()))
		}
	}
	compare(t, "docs/severities.md", strings.Join(lines, "\n")+"\n")
}
