package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var serverEnds = &lint.Rule{
	ID:       "server-ends",
	Group:    "start",
	Severity: lint.Error,
	Summary:  "The container ends as soon as it is started",
	Why: `
A server stops where it cannot enter its directory or make its append-only file
there, open its log, its socket or its users, set up TLS, or listen anywhere; and
one that goes into the background takes the container with it. With a restart policy it does so for ever, and
looks like a server that is just starting. It is said only where nothing unseen
can change it.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --daemonize yes\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: sh -c 'redis-server --daemonize yes && exec tail -f /dev/null'\n",
		Mend:     "Start the container without -d and look at its last line. Take daemonize out; mount what the server looks for; log to the standard output, which an empty logfile does.",
		Ignore:   "Where the container is meant to end, as one that only shows that it can start.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, what the message says is in the way:",
		Lines:  []string{"command: redis-server <options>"},
		Choose: "<options>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, end := range s.Ends() {
				if !saidElsewhere[end.Reason] {
					offer(p.Report(end.At, s.Service, "%q ends at once: %s", s.Name, end.Message), start(s, end))
				}
			}
		}
	},
}

// saidElsewhere are the ends that rules of their own report.
var saidElsewhere = map[inspect.EndReason]bool{
	inspect.EndRefused:         true, // directive-unknown and directive-invalid
	inspect.EndConfNotWritable: true, // sentinel-conf-not-writable
}
