package rules

import (
	"strconv"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var clusterAnnounceUnreachable = &lint.Rule{
	ID:       "cluster-announce-unreachable",
	Group:    "cluster",
	Severity: lint.Error,
	Summary:  "A cluster node announces an address at which the other nodes do not reach it",
	Why: `
What cluster-announce-ip says is where the other nodes go from then on, not only
clients. 127.0.0.1 leads each of them to itself: the nodes lose each other, and the
cluster stays down. The host's address leads to published ports, and the nodes talk
on the bus port, which is the client port plus 10000: it has to be published, too.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/#redis-cluster-and-docker"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes --cluster-announce-ip 127.0.0.1\n  two:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes --cluster-announce-ip 127.0.0.1\n    network_mode: host\n  two:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes --port 6380\n    network_mode: host\n",
		Mend:     "Announce an address that nodes and clients reach, and publish both ports of it.",
		Ignore:   "Where something that is not seen leads the address to the node.",
		Cases: []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce},
			{When: "the address is not the container's own, and the bus port is not published", Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, the ports of clients and of the bus:",
		Lines:  []string{"ports: [\"<port>:<port>\", \"1<port>:1<port>\"]"},
		Choose: "<port>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, s := range inspect.Servers(p.Project) {
			announced, given := s.Certain("cluster-announce-ip")
			if s.Kind != inspect.ClusterNode || !given || announced.Value == "" || s.Config.NetworkMode != "" || s.StartsMore() || s.IsJoined() || nodesOf(p) < 2 || chosen(s, "cluster-announce-ip") {
				continue
			}
			if topology.IsLoopback(announced.Value) {
				p.Report(announced.Origin.Span, s.Service, "%q announces %s, where each of the other nodes finds itself: they lose it, and the cluster stays down", s.Name, announced.Value)
				continue
			}
			bus := busPort(s)
			if bus.Value != "" && !t.IsOfProject(announced.Value) && publishes(s, s.Get("port")) && !publishes(s, bus) {
				p.Report(announced.Origin.Span, s.Service, "%q announces %s and publishes its port, and not %s, by which the nodes talk: where that is the host's address they do not reach it", s.Name, announced.Value, bus.Value).Severity = lint.Warning
			}
		}
	},
}

// chosen reports whether the value of a directive is only the default of a
// variable: whoever runs the file chooses it.
func chosen(s *inspect.Service, directive string) bool {
	for _, at := range s.ArgumentsAt(directive) {
		if _, isDefault := s.Default(at); isDefault {
			return true
		}
	}
	return false
}

// nodesOf counts the cluster nodes of a project.
func nodesOf(p *lint.Pass) (count int) {
	for _, s := range inspect.Servers(p.Project) {
		if s.Kind == inspect.ClusterNode {
			count += s.Config.Count()
		}
	}
	return count
}

// busPort is the port in the container by which nodes talk; without a value where
// it is not known.
func busPort(s *inspect.Service) inspect.Setting {
	if own, given := s.Given("cluster-port"); given && own.Value != "0" {
		return own
	}
	port := s.Get("port")
	number, err := strconv.Atoi(port.Value)
	if !port.Known || err != nil || number == 0 || s.Get("tls-cluster").Value == "yes" {
		return inspect.Setting{}
	}
	return inspect.Setting{Value: strconv.Itoa(number + 10000), Known: true}
}

// publishes reports whether a port of a container may be published.
func publishes(s *inspect.Service, port inspect.Setting) bool {
	for _, published := range s.Ports() {
		if covers(published.Container, port) {
			return true
		}
	}
	return false
}
