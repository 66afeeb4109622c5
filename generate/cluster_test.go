package generate

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/redis"
)

func clusterIntent(release redis.Release, more string) string {
	return intentFor(release, "queue", "topology = \"cluster\"\n"+more)
}

// addedToNode are the lines that start-node.sh puts under redis.conf.
func addedToNode(plan deployment.Plan) string {
	c, node := plan.Cluster, plan.Cluster.Nodes[1]
	added := fmt.Sprintf("masterauth secret\ncluster-announce-ip %s\n", node.Address)
	if plan.Port == 0 {
		added += fmt.Sprintf("port %d\n", node.Port)
	}
	if c.AnnouncesName && !c.Host.IsValid() {
		added += fmt.Sprintf("cluster-announce-hostname %s\n", node.Name)
	}
	return added
}

func TestEveryReleaseLoadsAsNodeOfACluster(t *testing.T) {
	for _, release := range releases() {
		named := release.Engine == redis.Valkey || release.AtLeast(7, 0)
		intents := []string{"", "masters = 15\nreplicas = 5\n"}
		if named {
			intents = append(intents, "publish = \"192.168.1.9:7000\"\n")
		}
		for _, more := range intents {
			t.Run(fmt.Sprint(release, " ", more), func(t *testing.T) {
				plan, files := compile(t, clusterIntent(release, more))
				requireLoads(t, release, files["redis.conf"]+addedToNode(plan))
				assert.Equal(t, named, plan.Cluster.AnnouncesName)
				assert.Equal(t, named, strings.Contains(files["redis.conf"], "\ncluster-preferred-endpoint-type hostname\n"))
				for path, content := range files {
					if path == "docker-compose.yml" || path == "redis.conf" || path == "README.md" {
						requireClean(t, path, content)
					}
				}
			})
		}
	}
}

func TestMembersOfACluster(t *testing.T) {
	plan, files := compile(t, "name = \"cart\"\nrole = \"cache\"\nmemory = \"1G\"\ntopology = \"cluster\"\nmasters = 4\nreplicas = 2\nsubnet = \"10.7.7.0/24\"\n")
	require.Len(t, plan.Members, 12)
	last := deployment.Member{Name: "cart-12", Address: netip.MustParseAddr("10.7.7.22"), Volume: "data-12", Label: "cart-12"}
	assert.Equal(t, last, plan.Members[11])
	assert.Equal(t, deployment.Node{Member: last, Port: 6379}, plan.Cluster.Nodes[11])
	assert.Equal(t, deployment.Shard{Master: "cart-2", First: 4096, Last: 8191, Replicas: []string{"cart-6", "cart-10"}}, plan.Cluster.Shards[1])
	assert.Equal(t, []int64{12288, 16383}, []int64{plan.Cluster.Shards[3].First, plan.Cluster.Shards[3].Last})
	assert.Equal(t, 12, strings.Count(files["docker-compose.yml"], "OWN_SETTING: cluster-announce-hostname cart-"))
	assert.Contains(t, files["docker-compose.yml"], "ip_range: 10.7.7.128/25", "who has no fixed address takes none of the nodes'")
	assert.Contains(t, files["docker-compose.yml"], `MASTERS: "4"`)
	assert.Len(t, plan.Secrets, 4, "no sentinel asks for a password")
}

func TestPublishedClusterKeepsItsBusInside(t *testing.T) {
	_, files := compile(t, "name = \"cart\"\nrole = \"cache\"\nmemory = \"1G\"\ntopology = \"cluster\"\npublish = \"192.168.1.9:7000\"\n")
	compose := files["docker-compose.yml"]
	assert.Contains(t, compose, `- "192.168.1.9:7000:7000"`)
	assert.Contains(t, compose, `- "192.168.1.9:7005:7005"`)
	assert.Equal(t, 6, strings.Count(compose, "192.168.1.9:"))
	assert.NotContains(t, compose, "17000")
	assert.NotContains(t, compose, "internal: true")
	assert.Contains(t, files["redis.conf"], "\ncluster-announce-hostname 192.168.1.9\n")
	assert.NotContains(t, files["redis.conf"], "\nport ")
}

// A promoted replica has nobody behind it until the lost node is back. It must
// be able to write.
func TestMinReplicasOfAClusterSurviveAFailover(t *testing.T) {
	for more, want := range map[string]int64{"": 0, "replicas = 2\n": 1, "min-replicas-to-write = 1\n": 1} {
		plan, _ := compile(t, clusterIntent(redis.DefaultRelease(redis.Redis), more))
		assert.Equal(t, want, plan.MinReplicas, more)
	}
}

func TestImpossibleClustersAreRefused(t *testing.T) {
	const cluster = good + "topology = \"cluster\"\n"
	for _, bad := range []struct{ intent, place, message, hint string }{
		{cluster + "masters = 1\n", "5:11", "one master has no majority", `topology = "sentinel"`},
		{cluster + "masters = 2\n", "5:11", "2 masters have no majority", "masters = 3"},
		{cluster + "masters = 16\n", "5:11", "/24 network", "masters = 15"},
		{cluster + "masters = \"3\"\n", "5:11", "must be a whole number", "without quotes"},
		{cluster + "replicas = 0\n", "5:12", "nobody to take over", ""},
		{cluster + "sentinels = 3\n", "5:13", "no meaning", `topology = "sentinel"`},
		{good + "masters = 3\n", "4:11", "no meaning", `topology = "cluster"`},
		{cluster + "publish = \"127.0.0.1:7000\"\n", "5:11", "to every container itself", "192.168.1.10:7000"},
		{cluster + "publish = \"[2001:db8::7]:7000\"\n", "5:11", "no colon", "IPv4"},
		{cluster + "publish = \"192.168.1.9:55531\"\n", "5:11", "55531 to 55536", "at most port 55530"},
		{cluster + "version = \"6.2\"\npublish = \"192.168.1.9:7000\"\n", "6:11", "the bus, which has no password", `version = "7.0"`},
		{cluster + "version = \"6.2\"\nnetworks = [\"shop\"]\n", "6:12", "no other network reaches", "shop_redis"},
		{cluster + "min-replicas-to-write = 2\n", "5:25", "refuse every write", "min-replicas-to-write = 1"},
	} {
		t.Run(strings.TrimPrefix(bad.intent, good), func(t *testing.T) {
			_, problems := Compile("redis.toml", []byte(bad.intent))
			require.Len(t, problems, 1, "%v", problems)
			assert.Equal(t, bad.place, fmt.Sprintf("%d:%d", problems[0].Line, problems[0].Column))
			assert.Contains(t, problems[0].Message, bad.message)
			assert.Contains(t, problems[0].Hint, bad.hint)
		})
	}
	_, files := compile(t, cluster+"publish = \"192.168.1.9:55530\"\n")
	assert.Contains(t, files["docker-compose.yml"], "55535:55535", "the last port whose bus port exists")
}
