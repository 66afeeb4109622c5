package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var healthcheckNeverFails = &lint.Rule{
	ID:       "healthcheck-never-fails",
	Group:    "health",
	Severity: lint.Warning,
	Summary:  "The health check succeeds however ill the server is",
	Why: `
The container counts as healthy from the first check on, with a server that
loads, hangs or is gone: what waits for it starts too early, and nothing notices
when it fails. "|| true" and "; exit 0" throw the answer away. "&>" is bash: for
the sh of Debian's images, dash, the & sends the client to the background, and
what follows always succeeds. Write "> /dev/null 2>&1". A client without a command
reads them from its input, finds none and exits with 0.
`,
	Refs: []string{"https://docs.docker.com/reference/dockerfile/#healthcheck"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: \"redis-cli ping || true\"}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: \"redis-cli ping || exit 1\"}\n",
		Mend:     "Let the check end in what tells: redis-cli -e ping, or ping | grep -q PONG.",
		Ignore:   "Where a check must be there, and nobody asks for its result.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the health check, a command whose status counts:",
		Lines:  []string{"test: [\"CMD-SHELL\", \"<command>\"]"},
		Choose: "<command>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			if test := checkWords(s); len(test) > 0 {
				if why := neverFails(s, test); why != "" {
					offer(p.Report(s.At("healthcheck", "test"), s.Service, "the health check of %q %s: it never fails", s.Name, why), replaceCheck(s))
				}
			}
		}
	},
}

var (
	swallows = regexp.MustCompile(`(?:\|\||;)\s*(true|:|exit 0|echo\b[^|;&)` + "`" + `]*)\s*;?\s*$`)
	// What ends a script before its last command.
	endsBefore = regexp.MustCompile(`\b(exit|return|kill|exec)\b|\bset -\w*e`)
	background = regexp.MustCompile(`[^&>]&\s*$`)
	bothOfBash = regexp.MustCompile(`&>`)
	bareClient = regexp.MustCompile(`^\s*(\S*/)?(redis|valkey|keydb)-cli\s*$`)
	asksNobody = regexp.MustCompile("^\\s*(true|:|exit 0|sleep [\\d.]+|echo\\b[^|;&<>()`$]*)\\s*$")
)

// neverFails says how a check throws its result away, or asks for none; "" where
// it does neither.
func neverFails(s *inspect.Service, test []string) string {
	script := strings.Join(test[1:], " ")
	switch {
	case bareClient.MatchString(script) && test[0] == "CMD-SHELL" && len(s.Config.HealthCheck.Test) > len(test):
		// redis 7.0.15 on Docker 28: healthy with no server
		return fmt.Sprintf("has its words apart: the shell runs %q alone, which asks nothing", script)
	case bareClient.MatchString(script):
		return fmt.Sprintf("runs %q without a command, which asks nothing", script)
	case asksNobody.MatchString(script):
		return fmt.Sprintf("is %s, which asks no server", script)
	case test[0] == "CMD":
		return ""
	}
	if at := swallows.FindStringSubmatchIndex(script); at != nil && !endsBefore.MatchString(script[:at[2]]) {
		return `ends in "` + strings.TrimSpace(script[at[2]:at[3]]) + `"`
	}
	switch {
	case background.MatchString(script):
		return "runs in the background"
	case hasDash(s) && bothOfBash.MatchString(script) && !strings.Contains(script, "bash"):
		// dash of Debian 12 (redis 7.0.15): 0 with no server, where bash says 1
		return `says "&>", which sends it to the background in dash`
	}
	return ""
}

// hasDash reports whether the sh of an image is Debian's.
func hasDash(s *inspect.Service) bool {
	return s.Image.Plain() && s.Built == nil && s.Image.Tag != "" && !strings.Contains(s.Image.Tag, "alpine")
}
