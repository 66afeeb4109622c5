package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/edit"
)

var queueEvicts = &lint.Rule{
	ID:       "queue-evicts",
	Group:    "clients",
	Severity: lint.Warning,
	Summary:  "Jobs are kept in a server that drops keys when it is full",
	Why: `
A queue's keys have no time to live. With an allkeys policy the server drops any
of them once its memory is full: jobs are gone without a word, or half of one is,
and the worker waits for ever. BullMQ, Sidekiq and Celery ask for noeviction, by
which a full server refuses new jobs. Give the cache a server of its own.
`,
	Refs: []string{"https://docs.bullmq.io/guide/going-to-production"},
	Guide: lint.Guide{
		Fault:    "services:\n  queue:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 256mb --maxmemory-policy allkeys-lru\n  worker:\n    image: example/app:1\n    environment: {CELERY_BROKER_URL: \"redis://queue:6379/0\"}\n",
		NearMiss: "services:\n  queue:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 256mb --maxmemory-policy noeviction\n  worker:\n    image: example/app:1\n    environment: {CELERY_BROKER_URL: \"redis://queue:6379/0\"}\n",
		Mend:     "Set maxmemory-policy noeviction, and run the cache on a server of its own.",
		Ignore:   "Where lost jobs are made again.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where: "in the command or the conf file of the server that keeps the jobs; a cache has a server of its own:",
		Lines: []string{"maxmemory-policy noeviction"},
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			policy, given := s.Certain("maxmemory-policy")
			if !given || !strings.HasPrefix(policy.Value, "allkeys-") {
				continue
			}
			if limit := s.Get("maxmemory"); limit.Known && limit.Value == "0" {
				continue // it is never full
			}
			for _, use := range topology.Of(p.Project).UsesOf(s) {
				if use.Queue != "" && isClient(use) && keepsJobs(use.Use) {
					offer(p.Report(policy.Origin.Span, s.Service, "%q keeps the jobs of %q (%s), and its policy %s drops any key when it is full: jobs are lost", s.Name, use.By.Name, use.Queue, policy.Value), setDirectives(edit.New(p.Project, "set maxmemory-policy to noeviction").Unsafe("writes are refused when it is full, where keys were dropped").Reveals(), s, directive{"maxmemory-policy", "noeviction"}))
					break
				}
			}
		}
	},
}

// keepsJobs reports whether jobs surely go where a service says: the variable is
// the queue's, or neither another server nor another place for jobs is spoken of.
func keepsJobs(use inspect.Use) bool {
	name := strings.ToUpper(use.Variable)
	switch {
	case strings.Contains(name, "CACHE") || strings.Contains(name, "RESULT"):
		return false
	case strings.Contains(name, "BROKER") || strings.Contains(name, "QUEUE") || strings.Contains(name, strings.ToUpper(use.Queue)):
		return true
	}
	for _, other := range inspect.Uses(use.By.Project) {
		if other.By == use.By && other.Host != use.Host {
			return false
		}
	}
	environment, whole := use.By.Glimpse()
	command, _ := use.By.Command("command")
	return whole && !otherBroker.MatchString(strings.Join(command.Texts(), " ")) && !slices.ContainsFunc(environment, func(variable compose.Environment) bool {
		return broker.MatchString(strings.ToUpper(variable.Name)) && !ofRedis.MatchString(variable.Value)
	})
}

var (
	broker      = regexp.MustCompile(`BROKER|^QUEUE_(CONNECTION|DRIVER)$`)
	ofRedis     = regexp.MustCompile(`^(rediss?|valkeys?)(://|$)`)
	otherBroker = regexp.MustCompile(`\bqueue:(work|listen) (database|sqs|beanstalkd|sync)\b`)
)
