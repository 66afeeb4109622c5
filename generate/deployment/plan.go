// Package deployment decides what an intent comes to: servers, sentinels,
// nodes, who logs in, what is kept, and how memory is divided. It prints and
// writes nothing.
package deployment

import (
	"github.com/rcomp/rcomp/generate/deployment/container"
	"github.com/rcomp/rcomp/generate/deployment/image"
	"github.com/rcomp/rcomp/generate/intent"
)

// Plan is a deployment, part by part. A part follows from the intent and from
// the parts before it; how anything is spelt is a matter of the files.
type Plan struct {
	Name      string
	Source    string // the intent's file name, with the way from the files
	Elsewhere bool   // a flag of gen says where the files are
	Role      intent.Role
	image.Image
	Persistence
	Set
	Cluster *Cluster // nil in other topologies
	Network
	Access
	Stack *Stack // nil unless the target is a swarm
	Memory
	Proxy    *Proxy    // nil where clients ask the sentinels themselves
	TLS      *TLS      // nil for plain text
	Exporter *Exporter // nil without metrics for Prometheus
	container.Container
	Times
}

// Decide takes every decision. With problems the Plan is of no use.
func Decide(i intent.Intent) (Plan, []intent.Problem) {
	var problems []intent.Problem
	p := Plan{Name: i.Name, Source: i.Cited(), Elsewhere: i.Asked}
	p.Role, _ = intent.FindRole(i.Role) // one that is none was refused when it was read
	p.Image = part(image.Of(&i))(&problems)
	p.Persistence = part(persistenceOf(&i, p.Role))(&problems)
	p.Set = part(setOf(&i, p.Role))(&problems)
	p.Cluster = part(clusterOf(&i, p.Image, p.Set))(&problems)
	p.Network = part(networkOf(&i, p.Set, p.Cluster))(&problems)
	p.Access = part(accessOf(&i, p.Release, p.Set))(&problems)
	p.Stack = part(stackOf(&i, p.Set))(&problems)
	p.Memory = part(memoryOf(&i, p.Role, p.Release, p.Persistence, p.Set))(&problems)
	p.Proxy = part(proxyOf(&i, p.Set, p.Memory))(&problems)
	p.TLS = part(tlsOf(&i, p.Set, p.Cluster, p.Proxy))(&problems)
	p.Exporter = part(exporterOf(&i, p.Set, p.Cluster, p.TLS))(&problems)
	p.Container = container.Of(&i, p.Release, p.Alone())
	p.Times = part(timesOf(&i, p.Persistence, p.Set, p.Memory))(&problems)
	intent.SortProblems(problems)
	if len(problems) > 0 || i.Broken() {
		return Plan{}, problems
	}
	return p, nil
}

// part takes what a decision comes to, and adds its problems to those of others.
func part[P any](decided P, problems []intent.Problem) func(all *[]intent.Problem) P {
	return func(all *[]intent.Problem) P {
		*all = append(*all, problems...)
		return decided
	}
}
