package rules

import (
	"net/netip"
	"slices"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var stackPortAddress = &lint.Rule{
	ID:       "stack-port-address",
	Group:    "swarm",
	Severity: lint.Warning,
	Summary:  "A stack publishes a port on every machine, whatever address is written",
	Why: `
A swarm has no addresses for published ports: docker stack deploy prints a warning
for "127.0.0.1:6379:6379", and opens the port on all interfaces of all machines.
For a server without a password that is an error. Publish nothing; services of
the stack share a network.
`,
	Refs: []string{"https://docs.docker.com/engine/swarm/ingress/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    ports: [\"127.0.0.1:6379:6379\"]\n    deploy: {placement: {constraints: [node.labels.db == 1]}}\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    deploy: {placement: {constraints: [node.labels.db == 1]}}\n",
		Mend:     "Publish nothing, or keep the port shut by a firewall that Docker does not go around.",
		Ignore:   "Where a firewall stands before every machine.",
		Cases: []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce},
			{When: "there is no password", Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, a port of the machine that the container is on, behind its firewall; or none:",
		Lines:  []string{"ports:", "  - target: 6379", "    published: <port>", "    mode: host"},
		Choose: "<port>",
	},
	Check: func(p *lint.Pass) {
		if !p.IsStack {
			return
		}
		for _, s := range inspect.Stores(p.Project) {
			if ofCompose(s) {
				continue
			}
			for _, port := range s.Ports() {
				address, err := netip.ParseAddr(port.Address)
				if !port.Known || err != nil || address.IsUnspecified() {
					continue
				}
				finding := p.Report(port.At, s.Service, "port %s of %q is published on every machine of the swarm: the address is not read", port.Text, s.Name)
				if isOpen(s) {
					finding.Severity = lint.Error
					finding.Message += ", and there is no password"
				}
			}
		}
	},
}

// ofCompose reports whether a service has what only Compose reads: the file may
// well be for one machine, and Compose heeds the address. A network that single
// containers attach to may be made by either.
func ofCompose(s *inspect.Service) bool {
	for _, key := range []string{"build", "container_name", "restart"} {
		if s.Has(key) {
			return true
		}
	}
	if s.Has("deploy") {
		return false
	}
	return slices.ContainsFunc(s.Config.Networks, func(network compose.Network) bool {
		attachable := s.Project.Value("networks", network.Name, "attachable")
		return attachable != nil && attachable.Text == "true"
	})
}
