package generate

import (
	"hash/fnv"
	"net/netip"
)

// Where the members of a set live in their subnet. Docker keeps the first address for the gateway.
const (
	firstServer   = 11
	firstSentinel = 101
)

// chooseSubnet gives every member a fixed address. A stopped container's name leaves the engine's DNS, and a look-up that waits for an
// answer makes a sentinel lose its sense of time (TILT); addresses that are written down do neither.
func (d *decider) chooseSubnet() {
	i, p := d.intent, &d.plan
	if !i.usable("name", "subnet") {
		return
	}
	subnet := i.Subnet
	if !subnet.IsValid() {
		subnet = subnetOf(i.Name)
	}
	p.Subnet = subnet.String()
	assign(p.Members, subnet, firstServer)
	assign(p.Sentinels, subnet, firstSentinel)
}

// subnetOf derives a subnet from a name: one of 65,280 in 10.1.0.0 to 10.255.255.0. Engines take theirs from 172.17.0.0/12 and 192.168.0.0/16.
func subnetOf(name string) netip.Prefix {
	hash := fnv.New32a()
	hash.Write([]byte(name))
	number := hash.Sum32() % (255 * 256)
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(1 + number/256), byte(number % 256), 0}), 24)
}

func assign(list []Member, subnet netip.Prefix, first byte) {
	for n := range list {
		address := subnet.Addr().As4()
		address[3] += first + byte(n)
		list[n].Address = netip.AddrFrom4(address).String()
	}
}
