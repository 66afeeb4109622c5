package subnet

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/generate/intent"
)

// A name leads to the same range every day, which no engine takes by itself.
func TestOf(t *testing.T) {
	for n := range 2000 {
		range24 := Of(fmt.Sprint("name-", n))
		assert.Equal(t, range24, Of(fmt.Sprint("name-", n)))
		assert.Equal(t, 24, range24.Bits())
		second := range24.Addr().As4()[1]
		assert.Equal(t, byte(10), range24.Addr().As4()[0])
		assert.NotZero(t, second, "10.0.0.0/16 is what people write by hand")
	}
	assert.Equal(t, "10.1.0.0/24", numbered(0).String())
	assert.Equal(t, "10.255.255.0/24", numbered(derived-1).String())
}

// The hint goes on from the name's own range, and from the last one to the first.
func TestHint(t *testing.T) {
	taken := func(ranges ...string) []intent.TakenSubnet {
		var all []intent.TakenSubnet
		for _, text := range ranges {
			all = append(all, intent.TakenSubnet{Prefix: netip.MustParsePrefix(text)})
		}
		return all
	}
	first := netip.MustParsePrefix("10.9.255.0/24")
	assert.Equal(t, `write subnet = "10.9.255.0/24"`, Hint(first, nil))
	assert.Equal(t, `write subnet = "10.11.0.0/24"`, Hint(first, taken("10.9.255.0/24", "10.10.0.0/16")))
	assert.Equal(t, `write subnet = "10.1.0.0/24"`, Hint(netip.MustParsePrefix("10.255.255.0/24"), taken("10.255.0.0/16")))
	assert.Equal(t, "write a subnet that is free", Hint(first, taken("10.0.0.0/8")))
}

func TestAddresses(t *testing.T) {
	in := netip.MustParsePrefix("10.7.7.0/24")
	assert.Equal(t, "10.7.7.11", At(in, FirstServer).String())
	assert.Equal(t, "10.7.7.121", At(in, Proxy).String())
	assert.Equal(t, "10.7.7.128/25", Upper(in).String())
	assert.False(t, Upper(in).Contains(At(in, Proxy)), "who has no fixed address takes nobody's")
}
