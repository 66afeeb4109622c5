package deployment

import (
	"fmt"
	"hash/fnv"
	"net/netip"

	"github.com/rcomp/rcomp/generate/intent"
)

// Where the members of a set live in their subnet. Docker keeps the first address for the gateway, and gives containers without a fixed
// address one of the upper half.
const (
	firstServer   = 11
	firstSentinel = 101
)

// chooseSubnet gives every member a fixed address. A stopped container's name leaves the engine's DNS, and a look-up that waits for an
// answer makes a sentinel lose its sense of time (TILT); addresses that are written down do neither. A swarm gives addresses itself, of the subnet of the
// intent where there is one.
func (d *decider) chooseSubnet() {
	i, p := d.intent, &d.plan
	d.refuseSameNetwork()
	if !i.Usable("name", "subnet") {
		return
	}
	subnet, place, what := i.Subnet, "subnet", "subnet %s"
	if !subnet.IsValid() && i.Target == intent.Swarm {
		return
	}
	if !subnet.IsValid() {
		subnet, place, what = subnetOf(i.Name), "name", "the subnet that belongs to this name, %s,"
	}
	if d.refuseTaken(subnet, place, what) {
		return
	}
	p.Subnet = subnet.String()
	if i.Target == intent.Swarm {
		return
	}
	upper := subnet.Addr().As4()
	upper[3] = 128
	p.FreeAddresses = netip.PrefixFrom(netip.AddrFrom4(upper), 25).String()
	assign(p.Members, subnet, firstServer)
	assign(p.Sentinels, subnet, firstSentinel)
}

// refuseTaken refuses a subnet that another file of the repository has, and tells whether it did. What says which subnet is meant, place where
// the intent says so.
func (d *decider) refuseTaken(subnet netip.Prefix, place, what string) bool {
	i := d.intent
	other, taken := overlapping(subnet, i.Taken)
	if taken {
		d.refuse(intent.Faultf(freeSubnet(subnetOf(i.Name), i.Taken), what+" overlaps %s in %q, line %d", subnet, other.Prefix, other.File, other.Line), place)
	}
	return taken
}

// derived is how many subnets names lead to: 10.1.0.0 to 10.255.255.0. Engines take theirs from 172.17.0.0/12 and 192.168.0.0/16.
const derived = 255 * 256

// subnetOf derives a subnet from a name.
func subnetOf(name string) netip.Prefix {
	hash := fnv.New32a()
	hash.Write([]byte(name))
	return numbered(hash.Sum32() % derived)
}

// refuseSameNetwork refuses foreign networks with a name that the set's own one has, in docker-compose.yml or in the engine.
func (d *decider) refuseSameNetwork() {
	for _, name := range d.intent.Networks {
		if name == ownNetwork || name == d.intent.Name+"_"+ownNetwork {
			d.refuse(intent.Faultf("leave it out: the members join it anyway. Another project's network needs another name",
				"%q is the name of the set's own network", name), "networks")
		}
	}
}

// ownNetwork is what docker-compose.yml calls the network that a set brings.
const ownNetwork = "redis"

func numbered(number uint32) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(1 + number/256), byte(number % 256), 0}), 24)
}

func overlapping(subnet netip.Prefix, taken []intent.TakenSubnet) (intent.TakenSubnet, bool) {
	for _, other := range taken {
		if other.Prefix.Overlaps(subnet) {
			return other, true
		}
	}
	return intent.TakenSubnet{}, false
}

// freeSubnet is the hint that names the first free subnet from one on.
func freeSubnet(first netip.Prefix, taken []intent.TakenSubnet) string {
	address := first.Addr().As4()
	start := uint32(address[1]-1)*256 + uint32(address[2])
	for n := range uint32(derived) {
		subnet := numbered((start + n) % derived)
		if _, found := overlapping(subnet, taken); !found {
			return fmt.Sprintf("write subnet = %q", subnet)
		}
	}
	return "write a subnet that is free"
}

func assign(list []Member, subnet netip.Prefix, first byte) {
	for n := range list {
		address := subnet.Addr().As4()
		address[3] += first + byte(n)
		list[n].Address = netip.AddrFrom4(address).String()
	}
}
