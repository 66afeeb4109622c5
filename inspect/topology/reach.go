package topology

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// places are where the services of a project are.
type places struct {
	names   map[string][]*compose.Service           // who answers to a name or an address
	known   map[*compose.Service]*inspect.Service   // what has to do with Redis
	homes   map[*compose.Service]*compose.Service   // whose network a service lives in: mostly its own
	servers map[*compose.Service][]*inspect.Service // who listens there
	onHost  []*inspect.Service                      // who listens on the host
}

// mostHops bounds the way from one service to the one whose network it is in.
const mostHops = 5

func placesOf(project *compose.Project) places {
	p := places{
		names: map[string][]*compose.Service{}, known: map[*compose.Service]*inspect.Service{},
		homes: map[*compose.Service]*compose.Service{}, servers: map[*compose.Service][]*inspect.Service{},
	}
	byName := map[string]*compose.Service{}
	for _, service := range project.Services {
		byName[service.Name] = service
		for _, name := range (&inspect.Service{Service: service}).Names() {
			p.names[name] = append(p.names[name], service)
		}
	}
	for _, service := range project.Services {
		p.homes[service] = homeOf(service, byName)
	}
	for _, s := range inspect.Services(project) {
		p.known[s.Service] = s
		if p.homes[s.Service] == nil {
			p.homes[s.Service] = s.Service // a conf file by itself is of no service
		}
		switch home := p.homes[s.Service]; {
		case !listens[s.Kind]:
		case home.Config.NetworkMode == "host":
			p.onHost = append(p.onHost, s)
		default:
			p.servers[home] = append(p.servers[home], s)
		}
	}
	return p
}

var listens = map[inspect.Kind]bool{inspect.Server: true, inspect.ClusterNode: true, inspect.Sentinel: true, inspect.Compatible: true}

func homeOf(service *compose.Service, byName map[string]*compose.Service) *compose.Service {
	for range mostHops {
		name, joins := strings.CutPrefix(service.Config.NetworkMode, "service:")
		next := byName[name]
		if !joins || next == nil {
			return service
		}
		service = next
	}
	return service
}

// address says where an address of a service leads.
func (t *Topology) address(by *compose.Service, host, port string) Address {
	return Address{Host: host, Port: port, Server: t.Reach(by, host, port)}
}

// Reach returns the service that has to do with Redis to which an address leads,
// as another service sees it; nil where none is certain: nobody or several answer
// to the name, the two share no network, or something else may answer first.
func (t *Topology) Reach(by *compose.Service, host, port string) *inspect.Service {
	if !unset.Known(host) {
		return nil
	}
	home := t.places.homes[by]
	if IsLoopback(host) {
		beside := t.places.servers[home]
		if home.Config.NetworkMode == "host" {
			beside = t.places.onHost
		}
		return onlyAt(beside, by, port)
	}
	there := t.places.names[host]
	if len(there) != 1 || redirects(by, host) {
		return nil
	}
	if other := t.places.homes[there[0]]; other != home && !inspect.ShareNetwork(home, other) {
		return nil
	}
	return t.places.known[there[0]]
}

// IsLoopback reports whether a host is the container itself.
func IsLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// redirects reports whether a service is told by itself where a name leads.
func redirects(by *compose.Service, host string) bool {
	for _, key := range []string{"extra_hosts", "links", "external_links"} {
		value := by.Value.Get(key)
		if value == nil {
			continue
		}
		for _, item := range value.Items {
			if strings.Contains(item.Text, host) {
				return true
			}
		}
		if len(value.Entries) > 0 {
			return true
		}
	}
	return false
}

// mostBeside bounds how many servers of one place are looked at.
const mostBeside = 100

// onlyAt returns the only one of several servers in one place that listens at a
// port, "" the usual one.
func onlyAt(servers []*inspect.Service, by *compose.Service, port string) *inspect.Service {
	at := slices.DeleteFunc(slices.Clone(servers[:min(len(servers), mostBeside)]), func(s *inspect.Service) bool {
		return s.Service == by || !mayListen(s, port)
	})
	if len(at) != 1 {
		return nil
	}
	return at[0]
}

func mayListen(s *inspect.Service, port string) bool {
	if port == "" {
		port = "6379"
	}
	own, tls := s.Get("port"), s.Get("tls-port")
	if s.Kind == inspect.Sentinel && !own.Set {
		own.Value = "26379"
	}
	return !own.Known && own.Value != "26379" || own.Value == port || tls.Known && tls.Value == port
}

// IsOfProject reports whether a name or an address is one of a service.
func (t *Topology) IsOfProject(host string) bool { return len(t.places.names[host]) > 0 }
