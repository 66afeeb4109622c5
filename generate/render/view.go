package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/deployment/subnet"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// View is what templates see: the deployment, spelt as files have it, and what follows from files that are made before.
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

// What Compose and stack files say.

func (v View) Service() string           { return yamlWord(v.Name) }
func (v View) Title() string             { return v.Role.Title }
func (v View) Image() string             { return v.Plan.Image.Reference }
func (v View) Restart() string           { return yamlWord(v.Plan.Restart) }
func (v View) KeepsData() string         { return yesOrNo(v.Persistent) }
func (v View) StartPeriod() string       { return units.Seconds(v.Plan.StartPeriod) }
func (v View) StopGrace() string         { return units.Seconds(v.Plan.StopGrace) }
func (v View) SentinelStart() string     { return units.Seconds(v.SentinelStartPeriod) }
func (v View) ClusterStart() string      { return units.Seconds(v.ClusterStartPeriod) }
func (v View) HandOverSeconds() int64    { return int64(v.HandOver.Seconds()) }
func (v View) MemoryLimit() string       { return units.Compose(v.Budget.Limit) }
func (v View) MemoryReservation() string { return units.Compose(v.Budget.Idle()) }
func (v View) LogSize() string           { return units.Compose(v.Plan.LogSize) }
func (v View) Networks() []string        { return yamlWords(v.Plan.Networks) }
func (v View) OtherNetworks() []string   { return yamlWords(v.Plan.OtherNetworks) }
func (v View) MemberNames() string       { return names(v.Members) }
func (v View) SentinelNames() string     { return names(v.Sentinels) }
func (v View) SentinelList() string      { return orEmptyText(names(v.Sentinels)) }
func (v View) Creator() string           { return yamlWord(v.Cluster.Creator) }

// HostAddress is where a server listens in the host's own network, "" where it has another.
func (v View) HostAddress() string {
	if !v.Host.IsValid() {
		return ""
	}
	return v.Host.Addr().String()
}

// Subnet is the range of the members, "" where whoever runs them chooses.
func (v View) Subnet() string {
	if !v.Plan.Subnet.IsValid() {
		return ""
	}
	return v.Plan.Subnet.String()
}

// FreeAddresses is the part of the subnet for containers without a fixed address.
func (v View) FreeAddresses() string { return subnet.Upper(v.Plan.Subnet).String() }

func names(list []deployment.Member) string {
	var all []string
	for _, member := range list {
		all = append(all, member.Name)
	}
	return strings.Join(all, " ")
}

// Hosts are all that have a fixed address.
func (v View) Hosts() []deployment.Member {
	hosts := slices.Concat(v.Members, v.Sentinels)
	if v.Proxy != nil {
		hosts = append(hosts, v.Proxy.Member)
	}
	return hosts
}

// ImageRemark stands behind the image of a release that has ended, or has a known vulnerability: whoever wrote the intent was told, and lint need not
// say it again.
func (v View) ImageRemark() string {
	if v.Ended == nil && v.Vulnerable != "" {
		return fmt.Sprintf(" # rcomp: ignore[image-vulnerable] %s asks for it; it has %s", v.Source, v.Vulnerable)
	}
	return v.SentinelImageRemark()
}

// SentinelImageRemark is the same for a sentinel: it runs no scripts and holds no data, and lint says nothing of vulnerabilities there.
func (v View) SentinelImageRemark() string {
	if v.Ended == nil {
		return ""
	}
	return fmt.Sprintf(" # rcomp: ignore[image-ended] %s asks for it; security fixes for %s ended on %s", v.Source, v.Ended.Line, v.Ended.Date)
}
