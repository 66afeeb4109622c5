package deployment

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

// TestSubnetOfAStackIsFree: networks of one swarm cannot share addresses, and a
// stack without a subnet takes none.
func TestSubnetOfAStackIsFree(t *testing.T) {
	decide := func(lines string) []intent.Problem {
		read, problems := intent.Read("redis.toml", []byte(lines))
		require.Empty(t, problems)
		read.Taken = []intent.TakenSubnet{{Prefix: netip.MustParsePrefix("10.77.0.0/16"), File: "other/docker-stack.yml", Line: 7}}
		_, problems = Decide(read)
		return problems
	}
	intent := "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\ntopology = \"replicated\"\ntarget = \"swarm\"\n"
	require.Empty(t, decide(intent))
	problems := decide(intent + "subnet = \"10.77.12.0/24\"\n")
	require.Len(t, problems, 1)
	assert.Equal(t, "subnet", problems[0].Key)
	assert.Equal(t, `subnet 10.77.12.0/24 overlaps 10.77.0.0/16 in "other/docker-stack.yml", line 7`, problems[0].Message)
	assert.Regexp(t, `^write subnet = "10\.\d+\.\d+\.0/24"$`, problems[0].Hint)
}
