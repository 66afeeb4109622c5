package rules

import (
	"net/netip"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
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
	Check: func(p *lint.Pass) {
		if !p.IsStack {
			return
		}
		for _, s := range inspect.Stores(p.Project) {
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
