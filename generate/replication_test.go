package generate

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/redis"
)

// TestNobodyWaitsForTheOnlyReplica: a set of two servers goes on writing when
// one of them is away, unless the intent says otherwise.
func TestNobodyWaitsForTheOnlyReplica(t *testing.T) {
	cases := []struct {
		role, lines string
		want        int64
		says        string
	}{
		{"queue", "replicas = 1\n", 0, "accepts writes alone"},
		{"database", "replicas = 1\n", 0, "With replicas = 2 a database waits for one of them"},
		{"database", "replicas = 1\nmin-replicas-to-write = 1\n", 1, "without one replica nothing can be written"},
		{"database", "", 1, "without one replica nothing can be written"},
		{"database", "min-replicas-to-write = 0\n", 0, "accepts writes alone, so a database goes on while every replica is away"},
		{"cache", "replicas = 1\n", 0, "accepts writes alone, so a cache goes on"},
	}
	for _, topology := range []string{intent.Replicated, intent.Sentinel} {
		for _, c := range cases {
			plan, files := compile(t, fmt.Sprintf("name = \"shop\"\nrole = %q\nmemory = \"512M\"\ntopology = %q\n%s", c.role, topology, c.lines))
			assert.Equal(t, c.want, plan.MinReplicas, "%s %s", topology, c.lines)
			assert.Contains(t, strings.ReplaceAll(files["redis.conf"], "\n# ", " "), c.says)
			assert.Contains(t, files["README.md"], c.says)
		}
	}
}

// TestCopiesHaveAConnectionOfTheirOwn where the engine has one to switch on, but
// for sentinels, who would know each replica twice. Redis 8 has it switched on.
func TestCopiesHaveAConnectionOfTheirOwn(t *testing.T) {
	const directive = "dual-channel-replication-enabled yes\n"
	for _, release := range releases() {
		for _, topology := range intent.Topologies {
			_, files := compile(t, intentFor(release, "database", fmt.Sprintf("topology = %q\n", topology)))
			own := topology == intent.Replicated && release.Engine == redis.Valkey && release.AtLeast(8, 0)
			assert.Equal(t, own, strings.Contains(files["redis.conf"], directive), "%s %s", release, topology)
		}
	}
}

// TestSubnetOfAStackIsFree: networks of one swarm cannot share addresses, and a
// stack without a subnet takes none.
func TestSubnetOfAStackIsFree(t *testing.T) {
	decide := func(lines string) []intent.Problem {
		read, problems := intent.Read("redis.toml", []byte(lines))
		require.Empty(t, problems)
		read.Taken = []intent.TakenSubnet{{Prefix: netip.MustParsePrefix("10.77.0.0/16"), File: "other/docker-stack.yml", Line: 7}}
		_, problems = deployment.Decide(read)
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
