package deployment

import (
	"net/netip"
	"strconv"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Proxy is the HAProxy beside a set with sentinels: one address that leads to the master, for clients that cannot ask sentinels.
type Proxy struct {
	Member
	Image       string
	MaxClients  int64 // that are passed at a time
	MaxConn     int64 // the same, and HAProxy's questions to itself
	OpenFiles   int64
	MemoryLimit string
	Majority    int   // of the sentinels
	Silence     int64 // milliseconds that a server may take for an answer
	Patience    int64 // milliseconds that a sentinel may take
}

// proxyImage is the newest release of HAProxy's line 3.0, which gets fixes until 2029, that the official image had on 2026-07-03
// (docker-library/haproxy, versions.json).
const proxyImage = "haproxy:3.0.25"

const (
	proxyAddress = 121
	// Silences is how many answers in a row have to stay out until a server or a sentinel counts as silent. haproxy.cfg has the same as fall.
	Silences = 2
	// ownConnections are what HAProxy keeps for the checks that ask it for the votes, and for the container's health check.
	ownConnections = 64
	// ProxyBase is what HAProxy 3.0 takes before it passes anything, five times over (6 MiB seen).
	ProxyBase = 32 * units.MiB
	// ProxyClient is two full buffers, one for each direction.
	ProxyClient = 2 * 16 * units.KiB
	// keptForOthers are a server's connections for its operators and health checks, beside two for each sentinel and one for each replica.
	keptForOthers = 10
)

// chooseProxy puts the proxy beside the sentinels that it asks.
func (d *decider) chooseProxy() {
	i, p := d.intent, &d.plan
	if !i.Proxy || p.Topology != intent.Sentinel || len(p.Sentinels) == 0 {
		return
	}
	if i.Target == intent.Swarm {
		d.refuse(intent.Faultf("leave proxy out, and let clients ask the sentinels", "a proxy is not written for target %q", intent.Swarm), "proxy")
		return
	}
	proxy := []Member{{Name: i.Name + "-proxy", Key: yamlWord(i.Name + "-proxy")}}
	if subnet, err := netip.ParsePrefix(p.Subnet); err == nil {
		assign(proxy, subnet, proxyAddress)
	}
	p.Proxy = &Proxy{
		Member:   proxy[0],
		Image:    proxyImage,
		Majority: len(p.Sentinels)/2 + 1,
		// A master counts as silent after as long as the sentinels wait, so that a slow moment does not cut its clients off.
		Silence:  (max(i.DownAfter, intent.LeastDownAfter) / Silences).Milliseconds(),
		Patience: (intent.LeastDownAfter / Silences).Milliseconds(),
	}
}

// describeProxy bounds the proxy by what one server takes.
func (d *decider) describeProxy() {
	p := &d.plan
	if p.Proxy == nil {
		return
	}
	clients, _ := strconv.ParseInt(p.MaxClients, 10, 64)
	others := int64(2*len(p.Sentinels)+len(p.Members)) + keptForOthers
	x := p.Proxy
	x.MaxClients = max(clients-others, clients/4, 1)
	x.MaxConn = x.MaxClients + ownConnections
	checks := int64(len(p.Members) * (len(p.Sentinels) + 2))
	x.OpenFiles = max(2*x.MaxConn+2*checks+128, 1024)
	x.MemoryLimit = units.Compose((ProxyBase + x.MaxConn*ProxyClient + units.MiB - 1) / units.MiB * units.MiB)
}
