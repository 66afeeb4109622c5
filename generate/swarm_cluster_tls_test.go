package generate

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/render"
)

// Where only TLS is spoken, releases from 7.2 on write 0 for the port into
// nodes.conf, and the port itself behind (tried on Redis 8.0.2 and Valkey
// 8.1.1); Redis 7.0.15 writes the port in its place. Each keeps its form, and
// gets back what a node without an address lost.
func TestEncryptedNodesOfASwarmGoByNames(t *testing.T) {
	for _, c := range []struct{ name, formerly, now string }{
		{name: "newer releases", formerly: first + " 10.0.9.2:0@16379,shop-1,tls-port=6379,shard-id=aa myself,master - 0 0 1 connected 0-5460\n" +
			second + " 10.0.9.5:0@16379,shop-2,tls-port=6379,shard-id=bb master,fail? - 0 0 2 connected 5461-10921\n" +
			third + " :0@0,shop-3,tls-port=0,shard-id=cc master,noaddr - 0 0 3 disconnected 10922-16383\n" +
			follower + " fd00::3:0@16379,shop-4,shard-id=aa,tls-port=6379 slave " + first + " 0 0 1 connected\n" +
			strings.Repeat("5", 40) + " :0@0,,tls-port=0 master,fail,noaddr - 0 0 0 disconnected\nvars currentEpoch 3 lastVoteEpoch 0\n",
			now: first + " 10.0.9.5:0@16379,shop-1,tls-port=6379,shard-id=aa myself,master - 0 0 1 connected 0-5460\n" +
				second + " 10.0.9.3:0@16379,shop-2,tls-port=6379,shard-id=bb master,fail? - 0 0 2 connected 5461-10921\n" +
				third + " 10.0.9.2:0@16379,shop-3,tls-port=6379,shard-id=cc master - 0 0 3 disconnected 10922-16383\n" +
				follower + " 10.0.9.9:0@16379,shop-4,shard-id=aa,tls-port=6379 slave " + first + " 0 0 1 connected\n" +
				strings.Repeat("5", 40) + " :0@0,,tls-port=0 master,fail,noaddr - 0 0 0 disconnected\nvars currentEpoch 3 lastVoteEpoch 0\n"},
		{name: "Redis 7.0", formerly: first + " 10.0.9.2:6379@16379,shop-1 myself,master - 0 0 1 connected 0-5460\n" +
			third + " :0@0,shop-3 master,noaddr - 0 0 3 disconnected 10922-16383\n",
			now: first + " 10.0.9.5:6379@16379,shop-1 myself,master - 0 0 1 connected 0-5460\n" +
				third + " 10.0.9.2:6379@16379,shop-3 master - 0 0 3 disconnected 10922-16383\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, script := newNode(t, "target = \"swarm\"\n"+tlsTableLines)
			m.write("etc/hosts", swarmHosts)
			m.write("data/nodes.conf", c.formerly)
			m.write("data/appendonly.aof", "x")
			said := startNode(m, script, "aof")
			assert.Equal(t, c.now, m.read("data/nodes.conf"), said)
			assert.NotEmpty(t, m.read("started"), said)
		})
	}
}

// What forms the cluster and what rolls it ask by TLS, so they get what a
// client needs and no more.
func TestFilesOfAnEncryptedClusterInASwarm(t *testing.T) {
	all := []string{credentials.AuthorityFile, credentials.CertificateFile, credentials.KeyFile}
	for lines, needed := range map[string][]string{tlsTableLines: all[:1], withCertificates: all} {
		document, files := compileStack(t, swarmIntent(intent.Cluster, "secrets-version = 2\n"+lines))
		assert.Equal(t, append([]string{"operator-password"}, needed...), document.Services["shop-create"].Secrets)
		assert.Subset(t, document.Services["shop-1"].Secrets, all)
		calls, said, err := roll(t, files, "", answersOfCluster("shop-1", "shop-2", "shop-3"))
		require.NoError(t, err, said)
		mounts := map[string]string{}
		for n, file := range all {
			if n < len(needed) {
				mounts["/run/secrets/"+file] = "/shop/secrets/" + file
			}
			assert.Equal(t, "shop_"+file+"_2", document.Secrets[file].Name)
		}
		assert.Equal(t, mounts, mountsOf(calls))
		assert.Contains(t, files["redis.conf"], "\nport 0\n")
		assert.Contains(t, files["redis.conf"], "\ntls-cluster yes\n")
	}
	plan, _ := compile(t, swarmIntent(intent.Cluster, tlsTableLines))
	require.Len(t, plan.Members, 6)
	for _, member := range plan.Members {
		assert.Subset(t, plan.TLS.Names, []string{member.Name, "tasks." + member.Name})
	}
	for _, name := range plan.TLS.Names {
		assert.False(t, strings.HasPrefix(name, "10."), "containers get other addresses at each start: %s", name)
	}
}

// Files of the user's own are mounted and made secrets from where they are.
func TestOwnFilesOfAClusterInASwarm(t *testing.T) {
	year := time.Now().AddDate(1, 0, 0)
	root := newOwnAuthority(t, "root", nil, year)
	issued := func(names ...string) (deployment.Plan, []intent.Problem) {
		certificate, key := root.issue(t, leaf{names, bothUsages, time.Now().Add(-time.Hour), year, false})
		return compileOwn(t, swarmIntent(intent.Cluster, ownTable), certificate, key, root.pem)
	}
	_, problems := issued("shop-1", "shop-2", "shop-3", "shop-4", "shop-6")
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Message, "does not name shop-5")
	plan, problems := issued("shop-1", "shop-2", "shop-3", "shop-4", "shop-5", "shop-6")
	require.Empty(t, problems)
	made, err := Files(plan)
	require.NoError(t, err)
	files := map[string]string{}
	for _, file := range made {
		files[file.Path] = string(file.Content)
	}
	assert.Contains(t, files[render.StackFile], "    file: ../shop/certs/redis.pem\n")
	assert.Contains(t, files[render.StackFile], "    file: /etc/ssl/shop-ca.pem\n")
	calls, said, err := roll(t, files, "", answersOfCluster("shop-1", "shop-2", "shop-3"))
	require.NoError(t, err, said)
	assert.Equal(t, "/etc/ssl/shop-ca.pem", mountsOf(calls)["/run/secrets/"+credentials.AuthorityFile])
	assert.Contains(t, files["README.md"], "| `certs/redis-key.pem` |")
	assert.Contains(t, files["README.md"], "but for your own of TLS")
}
