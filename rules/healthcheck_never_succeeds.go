package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var healthcheckNeverSucceeds = &lint.Rule{
	ID:       "healthcheck-never-succeeds",
	Group:    "health",
	Severity: lint.Error,
	Summary:  "The health check fails however well the server is",
	Why: `
It asks a port on which nobody listens, asks without encryption where there is
nothing else, runs a program that the image has not, or looks for a reply that
the server never gives. The container is never healthy: what waits for it with
service_healthy does not start, up --wait fails, and a swarm kills it again and
again. redis-cli asks port 6379 unless -p or a URL says another.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/tools/cli/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --port 6380\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --port 6380\n    healthcheck: {test: [CMD, redis-cli, -p, \"6380\", ping]}\n",
		Mend:     "Ask the port that the server listens on, with --tls where it is encrypted, by the client that the image has.",
		Ignore:   "Never: Docker says unhealthy for ever.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the health check, what the server answers where it listens:",
		Lines:  []string{"test: [\"CMD-SHELL\", \"redis-cli -p <port> ping | grep -q PONG\"]"},
		Choose: "<port>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			test := checkWords(s)
			if len(test) == 0 || neverFails(s, test) != "" || sharesPorts(s) || hasOtherWay(test) {
				continue
			}
			at := s.At("healthcheck", "test")
			if why := lacksProgram(s, test); why != "" {
				offer(p.Report(at, s.Service, "the health check of %q %s: it is never healthy", s.Name, why), replaceCheck(s))
				continue
			}
			if word := neverSaid(test); word != "" {
				offer(p.Report(at, s.Service, "the health check of %q looks for %q, and the reply to PING is PONG: it is never healthy", s.Name, word), replaceCheck(s))
				continue
			}
			probes, seen := s.Health()
			if !seen || len(probes) != 1 || probes[0].Unread || probes[0].Inert != "" {
				continue
			}
			if why := reachesNobody(s, probes[0]); why != "" {
				offer(p.Report(probes[0].At, s.Service, "the health check of %q %s: it is never healthy", s.Name, why), replaceCheck(s))
			}
		}
	},
}

// checkWords are the words of a health check that the compose file writes, nil
// where it is turned off or not known. A shell gets one text: the words behind it
// are its own.
func checkWords(s *inspect.Service) []string {
	words := writtenCheck(s)
	if slices.ContainsFunc(words, func(word string) bool { return !unset.Known(word) }) {
		return nil
	}
	return words
}

// writtenCheck are the words of the check of a service, known or not.
func writtenCheck(s *inspect.Service) []string {
	check := s.Config.HealthCheck
	if check == nil || check.Disable || len(check.Test) < 2 || s.Partial {
		return nil
	}
	words := check.Test
	if words[0] == "CMD-SHELL" {
		words = words[:2]
	}
	return words
}

// hasOtherWay reports whether a check goes on where its first command fails,
// other than to fail itself.
func hasOtherWay(test []string) bool {
	script := fails.ReplaceAllString(strings.TrimSpace(test[len(test)-1]), "")
	return strings.Contains(script, "||") || strings.ContainsAny(script, ";\n")
}

var fails = regexp.MustCompile(`\|\|\s*(exit( [1-9]\d*)?|false)\s*;?$`)

// pongCheck is a search for a word in the reply to a PING.
var pongCheck = regexp.MustCompile(`\bping\s*(?:2>&1\s*)?\|\s*grep\s+((?:-[a-zA-Z]+\s+)*)["']?([A-Za-z]+)["']?`)

// neverSaid returns the word that a check looks for in vain: one that is taken
// for the reply. Others, as LOADING, are looked for in order not to find them.
func neverSaid(test []string) string {
	match := pongCheck.FindStringSubmatch(test[len(test)-1])
	switch {
	case match == nil || strings.ContainsAny(match[1], "ivcL") || strings.Contains(test[len(test)-1], "PONG"):
		return ""
	case strings.EqualFold(match[2], "PONG") || match[2] == "OK":
		return match[2]
	}
	return ""
}

// reachesNobody says why a call of the client finds no server.
func reachesNobody(s *inspect.Service, probe inspect.Probe) string {
	own := probe.Host == "" || probe.Host == "localhost" || probe.Host == "127.0.0.1" || probe.Host == "::1" || probe.Host == s.Name
	port, known := probe.PortNumber()
	plain, encrypted := listens(s)
	asked := fmt.Sprint(port)
	if !own || !known || s.StartsMore() || probe.Socket != "" || plain == "" || encrypted == "" || !unset.Known(probe.Port) {
		return ""
	}
	switch {
	case asked != plain && asked != encrypted && plain == "0":
		return fmt.Sprintf("asks port %s, and the server listens on %s", asked, encrypted)
	case asked != plain && asked != encrypted:
		return fmt.Sprintf("asks port %s, and the server listens on %s", asked, plain)
	case asked == encrypted && asked != plain && !probe.TLS:
		return "asks without --tls a port that takes nothing else"
	case asked == encrypted && probe.TLS && s.Get("tls-auth-clients").Value == "yes" && s.Get("tls-auth-clients").Known && !slices.Contains(probe.Words, "--cert"):
		return "gives no certificate, which tls-auth-clients asks for by default"
	}
	return ""
}
