// Package view spells a deployment as files have it: bytes and durations become
// words of Compose, of redis.conf and of people.
package view

import (
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
)

// View is what templates see: the deployment, spelt as files have it, and what
// follows from files that are made before.
type View struct {
	deployment.Plan
	Digest     string             // filled in when the file is complete
	ConfDigest string             // of redis.conf
	Configs    []Mount            // files that are configs
	Mounts     map[string][]Mount // what services have, by their kind
}

// Dialect is what runs a deployment.
func (v View) Dialect() Dialect {
	if v.Stack != nil {
		return Stack
	}
	return Compose
}

// Kinds are the kinds of services that a deployment has.
func (v View) Kinds() []Kind {
	kinds := []Kind{v.memberKind()}
	for _, beside := range []struct {
		has  bool
		kind Kind
	}{
		{v.Topology == intent.Sentinel, Sentinel},
		{v.Cluster != nil, Creator},
		{v.Proxy != nil, Proxy},
		{v.Exporter != nil, Exporter},
	} {
		if beside.has {
			kinds = append(kinds, beside.kind)
		}
	}
	return kinds
}

// memberKind is what servers are.
func (v View) memberKind() Kind {
	switch v.Topology {
	case intent.Standalone:
		return Single
	case intent.Cluster:
		return Node
	}
	return Server
}

// Kind is a kind of service. A topology only chooses kinds.
type Kind string

// The kinds of services.
const (
	Single   Kind = "single"   // a server that is alone
	Server   Kind = "server"   // of a set
	Node     Kind = "node"     // of a cluster
	Sentinel Kind = "sentinel" // of a set with failover
	Creator  Kind = "creator"  // forms a cluster
	Proxy    Kind = "proxy"    // leads to the master of a set
	Exporter Kind = "exporter" // shows Prometheus what members measure
)

// Dialect is what runs a deployment.
type Dialect string

// The dialects.
const (
	Compose Dialect = "compose"
	Stack   Dialect = "stack"
)

// Mount is a file as a service has it.
type Mount struct {
	File   string // relative to the output directory
	Target string // path in the container
	Name   string // of the config in a swarm
}
