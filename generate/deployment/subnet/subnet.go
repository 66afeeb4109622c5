// Package subnet gives the members of a set addresses of their own: which range
// a name leads to, whether somebody has it, and who is where in it.
package subnet

import (
	"fmt"
	"hash/fnv"
	"net/netip"

	"github.com/rcomp/rcomp/generate/intent"
)

// Where the members of a set live in their subnet. Docker keeps the first
// address for the gateway, and gives containers without a fixed address one of
// the upper half.
const (
	FirstServer   = 11
	FirstSentinel = 101
	Proxy         = 121
)

// derived is how many subnets names lead to: 10.1.0.0 to 10.255.255.0. Engines
// take theirs from 172.17.0.0/12 and 192.168.0.0/16.
const derived = 255 * 256

// Of derives a subnet from a name.
func Of(name string) netip.Prefix {
	hash := fnv.New32a()
	hash.Write([]byte(name))
	return numbered(hash.Sum32() % derived)
}

func numbered(number uint32) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(1 + number/256), byte(number % 256), 0}), 24)
}

// Overlapping is the first range of others that overlaps a subnet.
func Overlapping(subnet netip.Prefix, taken []intent.TakenSubnet) (intent.TakenSubnet, bool) {
	for _, other := range taken {
		if other.Prefix.Overlaps(subnet) {
			return other, true
		}
	}
	return intent.TakenSubnet{}, false
}

// Hint names the first free subnet from one on.
func Hint(first netip.Prefix, taken []intent.TakenSubnet) string {
	address := first.Addr().As4()
	start := uint32(address[1]-1)*256 + uint32(address[2])
	for n := range uint32(derived) {
		subnet := numbered((start + n) % derived)
		if _, found := Overlapping(subnet, taken); !found {
			return fmt.Sprintf("write subnet = %q", subnet)
		}
	}
	return "write a subnet that is free"
}

// At is an address of a subnet by its number, counted from the beginning; none
// where there is no subnet.
func At(subnet netip.Prefix, number int) netip.Addr {
	if !subnet.IsValid() {
		return netip.Addr{}
	}
	address := subnet.Addr().As4()
	address[3] += byte(number)
	return netip.AddrFrom4(address)
}

// Upper is the half for containers without a fixed address.
func Upper(subnet netip.Prefix) netip.Prefix {
	address := subnet.Addr().As4()
	address[3] = 128
	return netip.PrefixFrom(netip.AddrFrom4(address), 25)
}
