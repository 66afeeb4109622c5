package view

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
