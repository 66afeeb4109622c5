package rules

import (
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
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
what follows always succeeds. Write "> /dev/null 2>&1".
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
				if why := neverFails(s, strings.Join(test[1:], " ")); why != "" && test[0] == "CMD-SHELL" {
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
)

// neverFails says how a check throws its result away, "" where it does not.
func neverFails(s *inspect.Service, script string) string {
	debian := (s.Image.Family == redis.OfficialRedis || s.Image.Family == redis.ValkeyImage) && s.Built == nil && s.Image.Tag != "" && !strings.Contains(s.Image.Tag, "alpine")
	if at := swallows.FindStringSubmatchIndex(script); at != nil && !endsBefore.MatchString(script[:at[2]]) {
		return `ends in "` + strings.TrimSpace(script[at[2]:at[3]]) + `"`
	}
	switch {
	case background.MatchString(script):
		return "runs in the background"
	case debian && bothOfBash.MatchString(script) && !strings.Contains(script, "bash"):
		// dash of Debian 12 (redis 7.0.15): 0 with no server, where bash says 1
		return `says "&>", which sends it to the background in dash`
	}
	return ""
}
