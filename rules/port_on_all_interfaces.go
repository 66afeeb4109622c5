package rules

import (
	"slices"
	"strconv"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var portOnAllInterfaces = &lint.Rule{
	ID:       "port-on-all-interfaces",
	Group:    "exposure",
	Severity: lint.Warning,
	Summary:  "A port is published on every interface of the host",
	Why: `
"6379:6379" opens the port to everybody who reaches the host; Docker's rules
come before those of ufw and firewalld. Services of the same project need no
published port at all. For a tool on the host itself write
"127.0.0.1:6379:6379". Where the server has no password, password-missing says so
in the place of this.
`,
	Refs: []string{"https://docs.docker.com/engine/network/packet-filtering-firewalls/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    ports: [\"6379:6379\"]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    ports: [\"127.0.0.1:6379:6379\"]\n",
		Mend:     "Publish on 127.0.0.1, or not at all: containers of one network reach each other anyway.",
		Ignore:   "Where other hosts are clients, and a firewall that Docker does not go around stands before it.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, the address that is to be reached; none where only this project's services ask:",
		Lines:  []string{"ports:", "  - \"<address>:6379:6379\""},
		Choose: "<address>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Stores(p.Project), inspect.Sentinels(p.Project)...) {
			if s.OnHost() {
				continue // Docker ignores ports there
			}
			for _, port := range s.Ports() {
				switch {
				case isSaidElsewhere(s, port):
				case port.Everywhere():
					offer(p.Report(port.At, s.Service, "port %s of %q is published on every interface of the host: whoever reaches the host reaches it, past ufw and firewalld", port.Text, s.Name), publishLocally(s, port))
				case port.Variable != "":
					offer(p.Report(port.At, s.Service, "port %s of %q is published on every interface of the host, unless %s brings an address with it: whoever reaches the host reaches it", port.Text, s.Name, port.Variable), publishLocally(s, port))
				}
			}
		}
	},
}

// isSaidElsewhere reports whether another finding is about a port: of an open
// server password-missing says what is worse, and who mends the port of a node
// mends that of its bus.
func isSaidElsewhere(s *inspect.Service, port inspect.Port) bool {
	clients := s.Get("port").Value
	if said, _ := exposure(s); s.Kind != inspect.Sentinel && isOpen(s) && (port.Container == said.Container || isBus(s, port, clients)) {
		return true
	}
	return slices.ContainsFunc(s.Ports(), func(other inspect.Port) bool {
		return isBus(s, port, other.Container) && (other.Everywhere() || other.Variable != "")
	})
}

// isBus reports whether the nodes of a cluster talk by a port where clients ask
// at another. Of a server that is not seen the numbers tell.
func isBus(s *inspect.Service, port inspect.Port, clients string) bool {
	if bus := s.Get("cluster-port"); s.Kind == inspect.ClusterNode && bus.Known && bus.Value != "" && bus.Value != "0" {
		return port.Container == bus.Value && clients != bus.Value
	}
	number, err := strconv.Atoi(clients)
	return err == nil && (s.Kind == inspect.ClusterNode || s.Opaque != "") && port.Container == strconv.Itoa(number+busOffset)
}

// busOffset is how far the port of the bus is above that of the clients.
const busOffset = 10000
