package generate

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// What [redis] sets is taken from the data, so that the sum still is the limit.
func TestSizesOfRedisAreInTheSum(t *testing.T) {
	for line, data := range map[string]string{
		"":                                   "maxmemory 68mb",
		`maxmemory-clients = "40mb"`:         "maxmemory 62mb",
		`proto-max-bulk-len = "16mb"`:        "maxmemory 45mb",
		`repl-backlog-size = "32mb"`:         "maxmemory 58mb",
		`client-query-buffer-limit = "32mb"`: "maxmemory 53mb",
		`client-output-buffer-limit = "slave 32mb 16mb 60"`: "maxmemory 59mb",
	} {
		assert.Equal(t, data, maxMemoryLine(t, "role = \"database\"\nversion = \"7.0\"\n[redis]\n"+line), line)
	}
	for line, data := range map[string]string{
		"":                            "maxmemory 44mb",
		`maxmemory-clients = "100mb"`: "maxmemory 64mb",
		`maxmemory-clients = "150mb"`: "maxmemory 32mb",
		`repl-backlog-size = "32mb"`:  "maxmemory 38mb",
		`proto-max-bulk-len = "16mb"`: "maxmemory 41mb",
	} {
		assert.Equal(t, data, maxMemoryLine(t, "role = \"pubsub\"\nversion = \"7.0\"\n[redis]\n"+line), line)
	}
}

// TestWritesDuringACopyAreInTheSum where they wait at the master: only Redis 8.0
// copies over a connection of its own.
func TestWritesDuringACopyAreInTheSum(t *testing.T) {
	for lines, data := range map[string]string{
		"engine = \"redis\"\nversion = \"7.0\"\ntopology = \"replicated\"":                                                            "maxmemory 50mb",
		"engine = \"redis\"\nversion = \"8.0\"\ntopology = \"sentinel\"":                                                              "maxmemory 62mb",
		"engine = \"redis\"\nversion = \"8.0\"\ntopology = \"sentinel\"\n[redis]\nrepl-rdb-channel = false":                           "maxmemory 47mb",
		"engine = \"valkey\"\nversion = \"8.1\"\ntopology = \"replicated\"":                                                           "maxmemory 50mb",
		"engine = \"valkey\"\nversion = \"8.1\"\ntopology = \"replicated\"\n[redis]\ndual-channel-replication-enabled = true":         "maxmemory 50mb",
		"engine = \"valkey\"\nversion = \"8.1\"\ntopology = \"sentinel\"":                                                             "maxmemory 50mb",
		"engine = \"valkey\"\nversion = \"9.1\"\ntopology = \"cluster\"":                                                              "maxmemory 50mb",
		"engine = \"valkey\"\nversion = \"8.1\"\ntopology = \"sentinel\"\n[redis]\nclient-output-buffer-limit = \"replica 20mb 0 0\"": "maxmemory 60mb",
	} {
		assert.Equal(t, data, maxMemoryLine(t, "role = \"database\"\n"+lines), lines)
	}
}

// TestLargestValuesLeaveTheBacklogItsRoom: the engines count it as data, of which
// subscribers leave little. Two clients of a set of 1G had no room.
func TestLargestValuesLeaveTheBacklogItsRoom(t *testing.T) {
	for lines, promised := range map[string]string{
		"":                            "as of 2 clients at once",
		"topology = \"replicated\"\n": "as of one client at once",
		"topology = \"replicated\"\n[redis]\nproto-max-bulk-len = \"8mb\"\n": "as of 3 clients at once",
	} {
		_, files := compile(t, "name = \"store\"\nrole = \"pubsub\"\nmemory = \"1G\"\nengine = \"valkey\"\nversion = \"8.1\"\n"+lines)
		assert.Contains(t, files["README.md"], promised, lines)
	}
}

// maxMemoryLine is how much data a server may hold in 256M with lines of an intent.
func maxMemoryLine(t *testing.T, lines string) string {
	t.Helper()
	intent, problems := intent.Read("intent.toml", []byte("name = \"store\"\nmemory = \"256M\"\n"+lines+"\n"))
	require.Empty(t, problems)
	plan, problems := deployment.Decide(intent)
	require.Empty(t, problems, lines)
	return "maxmemory " + units.Conf(plan.Budget.MaxMemory)
}
