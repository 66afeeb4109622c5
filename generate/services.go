package generate

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/render"
)

// What the files of both dialects say of servers that are a set or a cluster.

// Hosts are all that have a fixed address.
func (p view) Hosts() []deployment.Member {
	hosts := append(append([]deployment.Member{}, p.Members...), p.Sentinels...)
	if p.Proxy != nil {
		hosts = append(hosts, p.Proxy.Member)
	}
	return hosts
}

// ImageRemark stands behind the image of a release that has ended: whoever wrote the intent was told, and lint need not say it again.
func (p view) ImageRemark() string {
	if p.Past == "" {
		return ""
	}
	return fmt.Sprintf(" # rcomp: ignore[image-ended] %s asks for it; %s", p.Source, p.Past)
}

// Member is what a server is called in programs and files.
func (p view) Member() string {
	if p.Cluster != nil {
		return "node"
	}
	return "server"
}

// MemberMounts are the files of a server.
func (p view) MemberMounts() []render.Mount { return p.Mounts[string(kindsOf(p.Plan)[0])] }

// StartsHow goes on with what the start program does, up to the entrypoint.
func (p view) StartsHow() string {
	if p.Cluster != nil {
		return "puts the addresses of nodes.conf right, and starts\n# the server through"
	}
	return "finds out whom to follow, and starts the server\n# through"
}

// MemberStart is how long a server may take until it is healthy, and MemberWaits what for beside its data.
func (p view) MemberStart() string {
	if p.Cluster != nil && p.Stack == nil {
		return p.Cluster.StartPeriod
	}
	return p.StartPeriod
}

func (p view) MemberWaits() string {
	if p.Cluster != nil && p.Stack == nil {
		return ", and a minute until the last node answers"
	}
	return ""
}

// OtherFiles are what a server has open beside its clients and its own files.
func (p view) OtherFiles() string {
	if p.Cluster != nil {
		return " and the other nodes"
	}
	return ""
}

// ClientFiles are the files of TLS that a client of the deployment needs.
func (p view) ClientFiles() []string {
	if p.TLS == nil {
		return nil
	}
	return p.TLS.ClientFiles
}

// Alive is what being healthy means to a swarm.
func (p view) Alive() string {
	if p.Cluster != nil {
		return "gives a name only to what is healthy. So a node that loads, that has no link to its master,\n# that finds no cluster or that waits before it starts its server is healthy."
	}
	return "brings clients to it only once it is healthy. So a server that loads, that lost its\n# master, whose disk is full or that waits to learn whom to follow is healthy: any reply is life."
}

// CreatorReads is what the container that forms a cluster needs its capability for.
func (p view) CreatorReads() string {
	if p.TLS != nil {
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
func (p view) Alone() Alone {
	if len(p.Users) > 0 {
		return Alone{"users into files", "No password is", "health-password", p.CLI + " --user health"}
	}
	return Alone{"password into one file", "The password is never", "redis-password", p.CLI}
}

// ExporterNetworks are those of the members, and one that publishes its port.
func (p view) ExporterNetworks() []string {
	networks := slices.Clone(p.Networks)
	if len(p.Members) > 0 {
		networks = append(networks, p.OtherNetworks...)
	}
	if p.ExporterPublished() {
		networks = append(networks, intent.Exporter)
	}
	return networks
}

// ExporterPublished tells whether the host listens for the exporter.
func (p view) ExporterPublished() bool { return p.Exporter != nil && p.Exporter.Publish != "" }
