package deployment

import (
	"time"

	"github.com/rcomp/rcomp/generate/deployment/subnet"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Proxy is the HAProxy beside a set with sentinels: one address that leads to
// the master, for clients that cannot ask sentinels.
type Proxy struct {
	Member
	Image       string
	MaxClients  int64 // that are passed at a time
	MaxConn     int64 // the same, and HAProxy's questions to itself
	OpenFiles   int64
	MemoryLimit int64         // bytes
	Majority    int           // of the sentinels
	Silence     time.Duration // that a server may take for an answer
	Patience    time.Duration // that a sentinel may take
}

// proxyImage is the newest release of HAProxy's line 3.0, which gets fixes
// until 2029, that the official image had on 2026-07-03
// (docker-library/haproxy, versions.json).
const proxyImage = "haproxy:3.0.25"

const (
	// Silences is how many answers in a row have to stay out until a server or
	// a sentinel counts as silent. haproxy.cfg has the same as fall.
	Silences = 2
	// ownConnections are what HAProxy keeps for the checks that ask it for the
	// votes, and for the container's health check.
	ownConnections = 64
	// ProxyBase is what HAProxy 3.0 takes before it passes anything, five times
	// over (6 MiB seen).
	ProxyBase = 32 * units.MiB
	// ProxyClient is two full buffers, one for each direction.
	ProxyClient = 2 * 16 * units.KiB
	// keptForOthers are a server's connections for its operators and health
	// checks, beside two for each sentinel and one for each replica.
	keptForOthers = 10
)

// proxyOf puts a proxy beside the sentinels that it asks, and bounds it by what
// one server takes.
func proxyOf(i *intent.Intent, s Set, m Memory) (*Proxy, []intent.Problem) {
	if !i.Proxy || s.Topology != intent.Sentinel || len(s.Sentinels) == 0 {
		return nil, nil
	}
	refused := i.Refusals()
	if i.Target == intent.Swarm {
		refused.Refuse(intent.Faultf("leave proxy out, and let clients ask the sentinels", "a proxy is not written for target %q", intent.Swarm), "proxy")
		return nil, refused.Problems
	}
	x := &Proxy{
		Member:   Member{Name: i.Name + "-proxy", Address: subnet.At(s.Subnet, subnet.Proxy)},
		Image:    proxyImage,
		Majority: len(s.Sentinels)/2 + 1,
		// A master counts as silent after as long as the sentinels wait, so
		// that a slow moment does not cut its clients off.
		Silence:  s.DownAfter / Silences,
		Patience: intent.LeastDownAfter / Silences,
	}
	others := int64(2*len(s.Sentinels)+len(s.Members)) + keptForOthers
	x.MaxClients = max(m.MaxClients-others, m.MaxClients/4, 1)
	x.MaxConn = x.MaxClients + ownConnections
	checks := int64(len(s.Members) * (len(s.Sentinels) + 2))
	x.OpenFiles = max(2*x.MaxConn+2*checks+128, 1024)
	x.MemoryLimit = (ProxyBase + x.MaxConn*ProxyClient + units.MiB - 1) / units.MiB * units.MiB
	return x, nil
}
