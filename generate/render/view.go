package render

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
)

// View is what templates see: the deployment, and what follows from files that are made before.
type View struct {
	deployment.Plan
	Digest     string             // filled in when the file is complete
	ConfDigest string             // of redis.conf
	Configs    []Mount            // files that services have
	Mounts     map[string][]Mount // the same, by the kind of the service
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
	kinds := slices.Clone(kindsOfTopology[v.Topology])
	if v.Proxy != nil {
		kinds = append(kinds, Proxy)
	}
	if v.Exporter != nil {
		kinds = append(kinds, Exporter)
	}
	return kinds
}

var kindsOfTopology = map[string][]Kind{
	intent.Standalone: {Single},
	intent.Replicated: {Server},
	intent.Sentinel:   {Server, Sentinel},
	intent.Cluster:    {Node, Creator},
}

// Hosts are all that have a fixed address.
func (v View) Hosts() []deployment.Member {
	hosts := append(append([]deployment.Member{}, v.Members...), v.Sentinels...)
	if v.Proxy != nil {
		hosts = append(hosts, v.Proxy.Member)
	}
	return hosts
}

// ImageRemark stands behind the image of a release that has ended: whoever wrote the intent was told, and lint need not say it again.
func (v View) ImageRemark() string {
	if v.Past == "" {
		return ""
	}
	return fmt.Sprintf(" # rcomp: ignore[image-ended] %s asks for it; %s", v.Source, v.Past)
}

// Member is what a server is called in programs and files.
func (v View) Member() string {
	if v.Cluster != nil {
		return "node"
	}
	return "server"
}

// MemberMounts are the files of a server.
func (v View) MemberMounts() []Mount { return v.Mounts[string(v.Kinds()[0])] }

// StartsHow goes on with what the start program does, up to the entrypoint.
func (v View) StartsHow() string {
	if v.Cluster != nil {
		return "puts the addresses of nodes.conf right, and starts\n# the server through"
	}
	return "finds out whom to follow, and starts the server\n# through"
}

// MemberStart is how long a server may take until it is healthy, and MemberWaits what for beside its data.
func (v View) MemberStart() string {
	if v.Cluster != nil && v.Stack == nil {
		return v.Cluster.StartPeriod
	}
	return v.StartPeriod
}

func (v View) MemberWaits() string {
	if v.Cluster != nil && v.Stack == nil {
		return ", and a minute until the last node answers"
	}
	return ""
}

// OtherFiles are what a server has open beside its clients and its own files.
func (v View) OtherFiles() string {
	if v.Cluster != nil {
		return " and the other nodes"
	}
	return ""
}

// ClientFiles are the files of TLS that a client of the deployment needs.
func (v View) ClientFiles() []string {
	if v.TLS == nil {
		return nil
	}
	return v.TLS.ClientFiles
}

// Alive is what being healthy means to a swarm.
func (v View) Alive() string {
	if v.Cluster != nil {
		return "gives a name only to what is healthy. So a node that loads, that has no link to its master,\n# that finds no cluster or that waits before it starts its server is healthy."
	}
	return "brings clients to it only once it is healthy. So a server that loads, that lost its\n# master, whose disk is full or that waits to learn whom to follow is healthy: any reply is life."
}

// CreatorReads is what the container that forms a cluster needs its capability for.
func (v View) CreatorReads() string {
	if v.TLS != nil {
		return "secrets whoever owns them"
	}
	return "password whoever owns it"
}

// Alone is what the files say of one server, with users or with a password alone.
type Alone struct {
	Puts, Password string // words of a comment
	Secret, CLI    string // of the health check
}

// Alone is the view of one server.
func (v View) Alone() Alone {
	if len(v.Users) > 0 {
		return Alone{"users into files", "No password is", "health-password", v.CLI + " --user health"}
	}
	return Alone{"password into one file", "The password is never", "redis-password", v.CLI}
}

// ExporterNetworks are those of the members, and one that publishes its port.
func (v View) ExporterNetworks() []string {
	networks := slices.Clone(v.Networks)
	if len(v.Members) > 0 {
		networks = append(networks, v.OtherNetworks...)
	}
	if v.ExporterPublished() {
		networks = append(networks, intent.Exporter)
	}
	return networks
}

// ExporterPublished tells whether the host listens for the exporter.
func (v View) ExporterPublished() bool { return v.Exporter != nil && v.Exporter.Publish != "" }
