package generate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

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

// TestCopiesShareTheConnection where the engine can be told so: a replica that
// keeps what is written during its copy takes several times as much memory.
func TestCopiesShareTheConnection(t *testing.T) {
	const directive = "dual-channel-replication-enabled no\n"
	for _, release := range releases() {
		for _, topology := range intent.Topologies {
			_, files := compile(t, intentFor(release, "database", fmt.Sprintf("topology = %q\n", topology)))
			off := topology != intent.Standalone && release.Engine == redis.Valkey && release.AtLeast(8, 0)
			assert.Equal(t, off, strings.Contains(files["redis.conf"], directive), "%s %s", release, topology)
		}
	}
}
