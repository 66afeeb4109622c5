package generate

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// The values of keys that only sets of servers have.

func readTopology(i *Intent, s string) *complaint {
	i.Topology = s
	c := oneOf(s, topologies)
	if meant, ok := meantTopology[strings.ToLower(s)]; ok && c != nil {
		c.hint = meant
	}
	return c
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

func readReplicas(i *Intent, value any) *complaint {
	number, ok := value.(int64)
	switch {
	case !ok:
		return complain("write it without quotes, as in replicas = 2", "must be a whole number, not %s", typeName(value))
	case number < 1:
		return complain(`write replicas = 1, or leave topology out for one server`, "a set without replicas has nobody to take over or to read from")
	case number > mostReplicas:
		return complain(fmt.Sprintf("write replicas = %d", mostReplicas), "one master feeds at most %d replicas here, not %d", mostReplicas, number)
	}
	i.Replicas = number
	return nil
}

func readSentinels(i *Intent, value any) *complaint {
	number, ok := value.(int64)
	switch {
	case !ok:
		return complain("write it without quotes, as in sentinels = 3", "must be a whole number, not %s", typeName(value))
	case number < 1:
		return complain(`write sentinels = 3, or topology = "replicated" for no failover`, "without sentinels nobody promotes a replica")
	case number == 1:
		return complain("write sentinels = 3", "a single sentinel has no majority to ask: when it is down or wrong, so is the failover")
	case number == 2:
		return complain("write sentinels = 3", "two sentinels need both for a majority: the loss of either ends failover")
	case number > mostSentinels:
		return complain(fmt.Sprintf("write sentinels = %d", mostSentinels), "more than %d sentinels only take longer to agree", mostSentinels)
	case number%2 == 0:
		return complain(fmt.Sprintf("write sentinels = %d or %d", number-1, number+1),
			"%d sentinels survive no more losses than %d, and can split in halves", number, number-1)
	}
	i.Sentinels = number
	return nil
}

func readQuorum(i *Intent, value any) *complaint {
	number, ok := value.(int64)
	if !ok || number < 1 || number > mostSentinels {
		return complain("leave it out for a majority", "must be a whole number between 1 and %d", mostSentinels)
	}
	i.Quorum = number
	return nil
}

func readMinReplicas(i *Intent, value any) *complaint {
	number, ok := value.(int64)
	if !ok || number < 0 || number > mostReplicas {
		return complain("0 lets the master write alone", "must be a whole number between 0 and %d", mostReplicas)
	}
	i.MinReplicas = number
	return nil
}

func readDownAfter(i *Intent, s string) *complaint {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil || d%time.Second != 0 || d > longestDownAfter:
		return complain(`write a duration as in "5s"`, "must be whole seconds between 5s and 5m, not %q", s)
	case d < leastDownAfter:
		return complain(`write down-after = "5s"`, "%s is too short: a sentinel may choose the new master by what it heard up to 5s ago, which has to be after the fault", s)
	}
	i.DownAfter = d
	return nil
}

// engineBridge is Docker's default bridge. A network that overlaps it is refused at the start (tried: "Pool overlaps with other one").
var engineBridge = netip.MustParsePrefix("172.17.0.0/16")

var privateNetworks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
}

func readSubnet(i *Intent, s string) *complaint {
	const hint = `write a private IPv4 network of 256 addresses, as in "10.77.12.0/24"`
	prefix, err := netip.ParsePrefix(s)
	switch {
	case err != nil || !prefix.Addr().Is4():
		return complain(hint, "%q is not an IPv4 network", s)
	case prefix.Bits() != 24:
		return complain(hint, "%q is not a /24 network", s)
	case prefix.Masked() != prefix:
		return complain(fmt.Sprintf("write subnet = %q", prefix.Masked()), "%q has address bits beyond its length", s)
	}
	if engineBridge.Contains(prefix.Addr()) {
		return complain(hint, "%q is part of %s, which the engine keeps for its own bridge", s, engineBridge)
	}
	for _, private := range privateNetworks {
		if private.Contains(prefix.Addr()) {
			i.Subnet = prefix
			return nil
		}
	}
	return complain(hint, "%q is not in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, the private networks", s)
}
