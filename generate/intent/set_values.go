package intent

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// The values of keys that only sets of servers have.

const (
	// LeastMasters have a majority when one is lost.
	LeastMasters = 3
	// MostMasters leaves room for MostReplicas each in the 90 addresses that a
	// subnet has for servers.
	MostMasters = 15
	// MostReplicas is what one master feeds without chains of replicas.
	MostReplicas = 5
	// MostSentinels is where more only take longer to agree.
	MostSentinels = 9
	// LeastDownAfter is what a sentinel takes as the age of a replica's INFO
	// when it chooses one (5 s, sentinel.c of Redis 7.0 and later). With a
	// shorter time it might choose by what it heard before the master fell
	// silent.
	LeastDownAfter   = 5 * time.Second
	longestDownAfter = 5 * time.Minute
)

func topologyType() Type[Intent] {
	made := text("", func(i *Intent, s string) *Fault {
		i.Topology = s
		f := OneOf(s, Topologies)
		if meant, ok := meantTopology[strings.ToLower(s)]; ok && f != nil {
			f.Hint = meant
		}
		return f
	})
	made.schema = map[string]any{"enum": Topologies}
	return made
}

// meantTopology says what to write for what others call a topology.
var meantTopology = map[string]string{
	"ha":                `write topology = "sentinel" for failover`,
	"high-availability": `write topology = "sentinel" for failover`,
	"failover":          `write topology = "sentinel" for failover`,
	"master-replica":    `write topology = "replicated", or "sentinel" for failover`,
	"master-slave":      `write topology = "replicated", or "sentinel" for failover`,
	"primary-replica":   `write topology = "replicated", or "sentinel" for failover`,
	"single":            `leave topology out for one server`,
}

func judgeMasters(number int64) *Fault {
	switch {
	case number == 1:
		return Faultf(`write masters = 3, or topology = "sentinel" for one master with failover`, "one master has no majority of masters to name its successor")
	case number < LeastMasters:
		return Faultf("write masters = 3", "%d masters have no majority once one is lost, so no replica is ever promoted", number)
	case number > MostMasters:
		return Faultf(fmt.Sprintf("write masters = %d", MostMasters),
			"more than %d masters with up to %d replicas each do not fit into one /24 network, and hardly onto one host", MostMasters, MostReplicas)
	}
	return nil
}

func judgeReplicas(number int64) *Fault {
	switch {
	case number < 1:
		return Faultf(`write replicas = 1, or leave topology out for one server`, "a set without replicas has nobody to take over or to read from")
	case number > MostReplicas:
		return Faultf(fmt.Sprintf("write replicas = %d", MostReplicas), "one master feeds at most %d replicas here, not %d", MostReplicas, number)
	}
	return nil
}

func judgeSentinels(number int64) *Fault {
	switch {
	case number < 1:
		return Faultf(`write sentinels = 3, or topology = "replicated" for no failover`, "without sentinels nobody promotes a replica")
	case number == 1:
		return Faultf("write sentinels = 3", "a single sentinel has no majority to ask: when it is down or wrong, so is the failover")
	case number == 2:
		return Faultf("write sentinels = 3", "two sentinels need both for a majority: the loss of either ends failover")
	case number > MostSentinels:
		return Faultf(fmt.Sprintf("write sentinels = %d", MostSentinels), "more than %d sentinels only take longer to agree", MostSentinels)
	case number%2 == 0:
		return Faultf(fmt.Sprintf("write sentinels = %d or %d", number-1, number+1),
			"%d sentinels survive no more losses than %d, and can split in halves", number, number-1)
	}
	return nil
}

func judgeDownAfter(d time.Duration, err error, s string) *Fault {
	switch {
	case err != nil || d%time.Second != 0 || d > longestDownAfter:
		return Faultf(`write a duration as in "5s"`, "must be whole seconds between 5s and 5m, not %q", s)
	case d < LeastDownAfter:
		return Faultf(`write down-after = "5s"`, "%s is too short: a sentinel may choose the new master by what it heard up to 5s ago, which has to be after the fault", s)
	}
	return nil
}

// engineBridge is Docker's default bridge. A network that overlaps it is
// refused at the start (tried: "Pool overlaps with other one").
var engineBridge = netip.MustParsePrefix("172.17.0.0/16")

var privateNetworks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
}

func readSubnet(i *Intent, s string) *Fault {
	const hint = `write a private IPv4 network of 256 addresses, as in "10.77.12.0/24"`
	prefix, err := netip.ParsePrefix(s)
	switch {
	case err != nil || !prefix.Addr().Is4():
		return Faultf(hint, "%q is not an IPv4 network", s)
	case prefix.Bits() != 24:
		return Faultf(hint, "%q is not a /24 network", s)
	case prefix.Masked() != prefix:
		return Faultf(fmt.Sprintf("write subnet = %q", prefix.Masked()), "%q has address bits beyond its length", s)
	}
	if engineBridge.Contains(prefix.Addr()) {
		return Faultf(hint, "%q is part of %s, which the engine keeps for its own bridge", s, engineBridge)
	}
	for _, private := range privateNetworks {
		if private.Contains(prefix.Addr()) {
			i.Subnet = prefix
			return nil
		}
	}
	return Faultf(hint, "%q is not in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, the private networks", s)
}
