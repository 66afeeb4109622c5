// Package topology works out who of a compose project is related to whom: who
// replicates a server, who watches it, which nodes form a cluster and who makes
// it one, which exporter, backup and client uses which server.
package topology

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"
)

// Topology is that of one project. Everything is in the order of the files.
type Topology struct {
	Services     []*inspect.Service
	Replications []Replication
	Watches      []Watch
	Masters      []*Master
	Clusters     []Cluster
	Uses         []Use

	project  *compose.Project
	places   places
	replicas map[*inspect.Service][]Replication // by whom they follow
	masters  map[*inspect.Service]*inspect.Service
	watchers map[*inspect.Service]*inspect.Service
	uses     map[*inspect.Service][]Use
	unseen   bool // further replicas may be there
}

// Replication is a server that is told to follow another.
type Replication struct {
	Replica *inspect.Service
	Address Address
	Login   Login
	At      position.Span
}

// Address is where somebody is sent, and who is there.
type Address struct {
	Host, Port string           // as written; may hold marks
	Server     *inspect.Service // nil: none of the project for certain
}

type topologyKey struct{}

// Of returns the topology of a project, which is worked out once.
func Of(project *compose.Project) *Topology {
	return compose.Once(project, topologyKey{}, func() *Topology {
		t := &Topology{
			Services: inspect.Services(project), project: project, places: placesOf(project),
			replicas: map[*inspect.Service][]Replication{}, masters: map[*inspect.Service]*inspect.Service{},
			watchers: map[*inspect.Service]*inspect.Service{}, uses: map[*inspect.Service][]Use{},
		}
		t.findReplications()
		t.findWatches()
		t.findClusters()
		t.findUses()
		return t
	})
}

func (t *Topology) findReplications() {
	for _, s := range inspect.Servers(t.project) {
		setting, given := s.Given("replicaof")
		if !given || len(setting.Args) != 2 {
			continue
		}
		r := Replication{
			Replica: s, Address: t.address(s.Service, setting.Args[0], setting.Args[1]), At: setting.Origin.Span,
			Login: loginOf(s, "masteruser", "masterauth"),
		}
		t.Replications = append(t.Replications, r)
		if master := r.Address.Server; master != nil && master != s {
			t.masters[s], t.replicas[master] = master, append(t.replicas[master], r)
		}
	}
	for _, service := range t.project.Services {
		t.unseen = t.unseen || t.places.known[service] == nil && maybeServer.MatchString(service.Name+" "+service.Config.Image)
	}
	for _, s := range t.Services {
		stores := s.Kind == inspect.Server || s.Kind == inspect.ClusterNode
		t.unseen = t.unseen || stores && (s.Opaque != "" || s.Partial) || slices.ContainsFunc(s.ClientCalls(), follows)
	}
}

// maybeServer is what a service is called that may be a server, where nobody sees
// what it runs.
var maybeServer = regexp.MustCompile(`(?i)redis|valkey|slave|replica`)

// follows reports whether a call of a client makes a server a replica.
func follows(call inspect.Probe) bool {
	return len(call.Command) > 0 && (strings.EqualFold(call.Command[0], "replicaof") || strings.EqualFold(call.Command[0], "slaveof"))
}

// MasterOf returns the server that another replicates; nil where it is none, or
// not surely one of the project.
func (t *Topology) MasterOf(replica *inspect.Service) *inspect.Service { return t.masters[replica] }

// ReplicasOf returns what replicates a server.
func (t *Topology) ReplicasOf(master *inspect.Service) []Replication { return t.replicas[master] }

// FollowedFromElsewhere reports whether a server may have replicas that are not
// seen: in another project or on another host, by a command, or one of which not
// all is known.
func (t *Topology) FollowedFromElsewhere(master *inspect.Service) bool {
	_, external := master.Neighbours()
	return t.unseen || external != "" || master.OnHost() || len(master.Config.Ports) > 0
}
