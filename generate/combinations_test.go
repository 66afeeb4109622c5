package generate

import (
	"bytes"
	"fmt"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/generate/render/view"
	"github.com/rcomp/rcomp/redis"
)

// option is something that an intent may say beside engine, version, topology
// and role. Tables come last in an intent.
type option struct {
	name, lines string
	topologies  []string // that take it; all where there are none
}

var (
	withReplicas  = []string{intent.Replicated, intent.Sentinel, intent.Cluster}
	withSentinels = []string{intent.Sentinel}
)

var options = []option{
	{name: "alpine", lines: "variant = \"alpine\"\n"},
	{name: "many CPUs", lines: "cpus = 6\nlog-size = \"1G\"\nlog-files = 9\n"},
	{name: "published", lines: "publish = \"127.0.0.1:7000\"\n", topologies: []string{intent.Standalone, intent.Replicated}},
	{name: "published on IPv6", lines: "publish = \"[::1]:7000\"\n", topologies: []string{intent.Standalone, intent.Replicated}},
	{name: "networks", lines: "networks = [\"shop_default\", \"1\"]\n"},
	{name: "host network", lines: "network-mode = \"host\"\n", topologies: []string{intent.Standalone}},
	{name: "encrypted on the host network", lines: "network-mode = \"host\"\npublish = \"[::1]:7000\"\n[tls]\nauthority = \"development\"\n", topologies: []string{intent.Standalone}},
	{name: "times", lines: "restart = \"on-failure:3\"\nstop-grace = \"10m\"\n"},
	{name: "policy", lines: "maxmemory-policy = \"allkeys-lfu\"\nmaxmemory = \"64M\"\n"},
	{name: "snapshots", lines: "persistence = \"both\"\nsave = [\"60 1000\", \"900 1\"]\nfsync = \"always\"\n"},
	{name: "one replica", lines: "replicas = 1\n", topologies: withReplicas},
	{name: "many replicas", lines: "replicas = 5\nmin-replicas-to-write = 2\nsubnet = \"192.168.77.0/24\"\n", topologies: withReplicas},
	{name: "many sentinels", lines: "sentinels = 9\nquorum = 6\ndown-after = \"30s\"\n", topologies: withSentinels},
	{name: "slow failover", lines: "down-after = \"5m\"\n", topologies: withSentinels},
	{name: "proxy", lines: "proxy = true\npublish = \"127.0.0.1:7000\"\n", topologies: withSentinels},
	{name: "proxy for many", lines: "proxy = true\nsentinels = 9\nreplicas = 5\ndown-after = \"5m\"\nnetworks = [\"1\"]\n[redis]\nmaxclients = 50\n", topologies: withSentinels},
	{name: "exporter", lines: "exporter = true\nexporter-publish = \"127.0.0.1:9121\"\nnetworks = [\"1\"]\n[tls]\nauthority = \"development\"\nclients = \"certificate\"\n"},
	{name: "exporter beside users", lines: "exporter = true\n[[users]]\nname = \"web\"\npreset = \"application\"\n"},
	{name: "exporter in a swarm", lines: "target = \"swarm\"\nexporter = true\n"},
	{name: "swarm", lines: "target = \"swarm\"\n"},
	{name: "swarm, other persistence", lines: "target = \"swarm\"\npersistence = \"rdb\"\nvariant = \"alpine\"\n"},
	{name: "TLS", lines: tlsTableLines},
	{name: "TLS on a port of its own in a swarm", lines: "target = \"swarm\"\nexporter = true\n" + tlsTableLines + "port = 6380\n", topologies: []string{intent.Standalone}},
	{name: "TLS beside plain text", lines: "publish = \"127.0.0.1:7000\"\nexporter = true\n" + tlsTableLines + "port = 6380\nplain-text = true\n", topologies: []string{intent.Standalone}},
	{name: "TLS beside plain text in a swarm", lines: "target = \"swarm\"\n" + tlsTableLines + "port = 6380\nplain-text = true\n", topologies: []string{intent.Standalone}},
	{name: "TLS and users", lines: everyPreset + tlsTableLines + "clients = \"certificate\"\nnames = [\"redis.example.com\"]\n"},
	{name: "TLS and a proxy", lines: "proxy = true\npublish = \"127.0.0.1:7000\"\n" + tlsTableLines, topologies: withSentinels},
	{name: "TLS with certificates and a proxy", lines: "proxy = true\n" + tlsTableLines + "clients = \"certificate\"\n", topologies: withSentinels},
	{name: "users in a swarm", lines: "target = \"swarm\"\n" + everyPreset},
	{name: "TLS in a swarm", lines: "target = \"swarm\"\nsecrets-version = 2\n" + tlsTableLines},
	{name: "TLS with certificates and users in a swarm", lines: "target = \"swarm\"\nvariant = \"alpine\"\n" + everyPreset + tlsTableLines + "clients = \"certificate\"\n"},
	{name: "directives", lines: "[redis]\nmaxclients = 50\nhz = 20\ntcp-keepalive = 0\nnotify-keyspace-events = \"\"\nLazyFree-lazy-expire = false\n"},
	{name: "directives of replication", lines: "[redis]\nrepl-timeout = 90\nrepl-diskless-sync-delay = 0\nrepl-backlog-size = \"4mb\"\n" +
		"repl-ping-replica-period = 5\nclient-output-buffer-limit = [\"slave 64mb 32mb 60\", \"pubsub 1mb 1mb 10\"]\n"},
}

const (
	tlsTableLines = "[tls]\nauthority = \"development\"\n"
	everyPreset   = "[[users]]\nname = \"web\"\npreset = \"application\"\nkeys = [\"cart:*\"]\nchannels = [\"news:*\"]\n" +
		"[[users]]\nname = \"reports\"\npreset = \"read-only\"\n[[users]]\nname = \"listener\"\npreset = \"subscriber\"\n" +
		"[[users]]\nname = \"speaker\"\npreset = \"publisher\"\n[[users]]\nname = \"metrics\"\npreset = \"exporter\"\n[[users]]\nname = \"copier\"\npreset = \"backup\"\n"
)

func (o option) fits(topology string) bool {
	return len(o.topologies) == 0 || slices.Contains(o.topologies, topology)
}

// combination is an intent beside engine and version, and what is special about it.
type combination struct{ topology, role, what, lines string }

// combinations are those of one release: every role in every topology, with
// every persistence where turn comes around to it, and every option.
func combinations(release redis.Release, turn int) []combination {
	var all []combination
	for n, topology := range intent.Topologies {
		for m, role := range intent.Roles() {
			for p, persistence := range []string{intent.PersistNone, intent.PersistRDB, intent.PersistAOF, intent.PersistBoth} {
				if topology == intent.Standalone || (turn+n+m+p)%4 == 0 {
					all = append(all, combination{topology, role, persistence, fmt.Sprintf("persistence = %q\n", persistence)})
				}
			}
		}
		for m, o := range options {
			if o.fits(topology) && !clusterWithoutNames(release, topology, o) {
				role := "database" // has the files that snapshots need
				if o.name != "snapshots" {
					role = intent.Roles()[(turn+n+m)%len(intent.Roles())]
				}
				all = append(all, combination{topology, role, o.name, o.lines})
			}
		}
	}
	return all
}

// TestCombinations compiles what an intent may ask for in every release and
// holds every file to what its reader takes.
func TestCombinations(t *testing.T) {
	tried := 0
	for turn, release := range releases() {
		for _, c := range combinations(release, turn) {
			tried++
			t.Run(fmt.Sprintf("%s %s %s %s", release, c.topology, c.role, c.what), func(t *testing.T) {
				requireCombination(t, release, intentFor(release, c.role, fmt.Sprintf("topology = %q\n%s", c.topology, c.lines)))
			})
		}
	}
	assert.Greater(t, tried, 1000)
}

func TestClusterBeforeNamesKeepsToItsOwnAddresses(t *testing.T) {
	for _, release := range releases() {
		for _, o := range options {
			if clusterWithoutNames(release, intent.Cluster, o) {
				_, problems := Compile("redis.toml", []byte(intentFor(release, "queue", fmt.Sprintf("topology = %q\n%s", intent.Cluster, o.lines))))
				require.Len(t, problems, 1)
				assert.Contains(t, o.lines, problems[0].Key)
			}
		}
	}
}

// clusterWithoutNames knows what fits and is refused: before 7.0 a cluster
// sends clients on by address alone, which neither another network nor a swarm
// can do with.
func clusterWithoutNames(release redis.Release, topology string, o option) bool {
	return topology == intent.Cluster && o.fits(topology) && (strings.Contains(o.lines, "networks = ") || strings.Contains(o.lines, "swarm")) &&
		release.Engine == redis.Redis && !release.AtLeast(7, 0)
}

func requireCombination(t *testing.T, release redis.Release, intent string) {
	t.Helper()
	plan, files := compile(t, intent)
	for path, content := range files {
		switch {
		case path == "redis.conf":
			requireLoads(t, release, content+addedToServer(plan))
		case path == "sentinel.conf":
			requireSentinelLoads(t, release, content+addedToSentinel(plan))
		case strings.HasSuffix(path, ".sh"):
			requireShell(t, path, content)
		case path == "docker-compose.yml":
			requireServices(t, plan, content)
		case path == "docker-stack.yml":
			requireStack(t, content)
		}
		requireClean(t, path, content)
	}
}

// addedToServer are the lines that start-server.sh puts under redis.conf, and
// the arguments that it gives.
func addedToServer(plan deployment.Plan) string {
	if plan.Topology != intent.Replicated && plan.Topology != intent.Sentinel {
		return ""
	}
	return fmt.Sprintf("\nmasterauth secret\nreplica-announce-ip %s\nreplicaof %s 6379\nreplica-priority 0\n", plan.Members[1].Name, plan.Members[0].Name)
}

// addedToSentinel are the lines that start-sentinel.sh puts under sentinel.conf.
func addedToSentinel(plan deployment.Plan) string {
	return fmt.Sprintf("\nrequirepass secret\nsentinel sentinel-pass secret\nsentinel announce-ip %s\nsentinel monitor %s %s 6379 %d\nsentinel auth-pass %[2]s secret\n",
		plan.Sentinels[0].Name, plan.Name, plan.Members[0].Name, plan.Quorum)
}

// requireSentinelLoads fails where a sentinel of the release would refuse the
// file, or take a line for something else.
func requireSentinelLoads(t *testing.T, release redis.Release, conf string) {
	t.Helper()
	lines, syntax := redis.ParseConf([]byte(conf), release)
	require.Empty(t, syntax)
	var assignments []redis.Assignment
	for _, line := range lines {
		_, known := release.Directive(line.Name.Text)
		require.True(t, known, "%s does not know %s", release, line.Name.Text)
		if line.Name.Text == "sentinel" {
			word, ok := release.SentinelDirective(line.Texts()[0])
			require.True(t, ok, "%s does not know sentinel %s", release, line.Texts()[0])
			require.False(t, word.State, "a sentinel writes %s itself", word.Name)
		}
		assignments = append(assignments, redis.Assignment{Name: line.Name.Text, Args: line.Texts()})
	}
	_, problems := release.Apply(assignments)
	require.Empty(t, problems)
}

// shellRead are scripts that sh has read already: most are the same in every combination.
var shellRead = map[string]bool{}

// requireShell fails where sh cannot read a script.
func requireShell(t *testing.T, path, content string) {
	t.Helper()
	if shellRead[content] {
		return
	}
	require.True(t, strings.HasPrefix(content, "#!/bin/sh\n"), path)
	command := exec.Command("sh", "-n")
	command.Stdin = bytes.NewReader([]byte(content))
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s: %s", path, output)
	shellRead[content] = true
}

// composeFile is what the combinations have in common.
type composeFile struct {
	Services map[string]struct {
		Image    string
		Networks yaml.Node
	}
	Networks map[string]struct {
		IPAM struct{ Config []struct{ Subnet string } }
	}
	Volumes, Secrets, Configs map[string]any
}

// requireStack fails where a stack file cannot be read, or has a service
// without an image.
func requireStack(t *testing.T, content string) {
	t.Helper()
	var file composeFile
	require.NoError(t, yaml.Unmarshal([]byte(content), &file), content)
	require.NotEmpty(t, file.Services)
	for name, service := range file.Services {
		require.NotEmpty(t, service.Image, name)
	}
}

// requireServices fails where a member is missing, or lives outside the set's
// subnet or at another's address.
func requireServices(t *testing.T, plan deployment.Plan, content string) {
	t.Helper()
	var file composeFile
	require.NoError(t, yaml.Unmarshal([]byte(content), &file), content)
	require.Len(t, file.Secrets, len(plan.Secrets))
	if len(plan.Members) == 0 {
		require.Contains(t, file.Services, plan.Name)
		return
	}
	subnet := netip.MustParsePrefix(file.Networks["redis"].IPAM.Config[0].Subnet)
	seen := map[string]bool{}
	for _, member := range append(append([]deployment.Member{}, plan.Members...), plan.Sentinels...) {
		service, ok := file.Services[member.Name]
		require.True(t, ok, "there is no service %q", member.Name)
		require.NotEmpty(t, service.Image, "%s", member.Name)
		require.Contains(t, file.Volumes, member.Volume)
		var joined map[string]struct {
			Address string `yaml:"ipv4_address"`
		}
		require.NoError(t, service.Networks.Decode(&joined))
		address := joined["redis"].Address
		require.True(t, subnet.Contains(netip.MustParseAddr(address)), "%s is not in %s", address, subnet)
		require.False(t, seen[address], "two members have %s", address)
		seen[address] = true
	}
}

// TestNothingIsSaidTwice gives [redis] each line that redis.conf has anyway: it
// is refused, or takes the place of what stood there.
func TestNothingIsSaidTwice(t *testing.T) {
	accepted := 0
	for _, release := range releases() {
		for _, topology := range intent.Topologies {
			base := intentFor(release, "database", fmt.Sprintf("topology = %q\ncpus = 6\n", topology))
			_, files := compile(t, base)
			lines, _ := redis.ParseConf([]byte(files["redis.conf"]), release)
			for _, line := range lines {
				intent := fmt.Sprintf("%s[redis]\n%s = %q\n", base, line.Name.Text, strings.Join(line.Texts(), " "))
				plan, problems := Compile("redis.toml", []byte(intent))
				if len(problems) > 0 {
					require.Len(t, problems, 1, intent)
					continue
				}
				accepted++
				conf, err := render.Print(render.File{From: render.ConfFile}, view.View{Plan: plan})
				require.NoError(t, err)
				requireLoads(t, release, string(conf)+addedToServer(plan))
			}
		}
	}
	assert.Greater(t, accepted, 500)
}

func TestNamesOfMembersStayText(t *testing.T) {
	for _, name := range []string{"no", "123", "0x1f", "1e3", "null", "a-", "x_y", strings.Repeat("a", 52)} {
		for _, topology := range []string{intent.Replicated, intent.Sentinel} {
			plan, files := compile(t, fmt.Sprintf("name = %q\nrole = \"cache\"\nmemory = \"512M\"\ntopology = %q\n", name, topology))
			var document map[string]map[any]any
			var rest any
			require.NoError(t, yaml.Unmarshal([]byte(files["docker-compose.yml"]), &rest))
			_ = yaml.Unmarshal([]byte(files["docker-compose.yml"]), &document)
			assert.Equal(t, any(name), rest.(map[string]any)["name"])
			for _, member := range append(plan.Members, plan.Sentinels...) {
				assert.Contains(t, document["services"], any(member.Name))
				assert.LessOrEqual(t, len(member.Name), 63, "a label of a host name")
			}
		}
	}
}
