package generate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/render/view"
)

// TestPasswordsOfExporter starts the exporter with passwords that JSON has to
// quote, and reads its file as it does.
func TestPasswordsOfExporter(t *testing.T) {
	cases := []struct {
		name, lines, address string
		want                 map[string]string
	}{
		{"one server", "", "redis://shop:6379", map[string]string{"redis://exporter@shop:6379": `a "quoted\" one`}},
		{"one server with a port of its own for TLS", "[tls]\nauthority = \"development\"\nport = 6380\nplain-text = true\n", "rediss://shop:6380",
			map[string]string{"rediss://exporter@shop:6380": `a "quoted\" one`}},
		{"a set", "topology = \"sentinel\"\nreplicas = 1\n[tls]\nauthority = \"development\"\nclients = \"certificate\"\n", "", map[string]string{
			"rediss://exporter@shop-1:6379": `a "quoted\" one`, "rediss://exporter@shop-2:6379": `a "quoted\" one`,
			"rediss://default@shop-sentinel-1:26379": "another", "rediss://default@shop-sentinel-2:26379": "another", "rediss://default@shop-sentinel-3:26379": "another",
		}},
		{"a published cluster", "topology = \"cluster\"\nreplicas = 1\npublish = \"192.168.1.10:7001\"\n", "", map[string]string{
			"redis://exporter@shop-1:7001": `a "quoted\" one`, "redis://exporter@shop-2:7002": `a "quoted\" one`, "redis://exporter@shop-3:7003": `a "quoted\" one`,
			"redis://exporter@shop-4:7004": `a "quoted\" one`, "redis://exporter@shop-5:7005": `a "quoted\" one`, "redis://exporter@shop-6:7006": `a "quoted\" one`,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			plan, files := compile(t, "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\nexporter = true\n"+c.lines)
			m := newMachine(t, plan.Secrets)
			m.write("run/secrets/exporter-password", "a \"quoted\\\" one\r\n")
			m.write("run/secrets/sentinel-password", "another\n")
			m.write("run/exporter/.keep", "")
			m.write("bin/redis_exporter", "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$ROOT/started\"\n")
			require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", "redis_exporter"), 0o755))
			x := view.View{Plan: plan}
			plain := func(word string) string { return strings.Trim(word, `"`) }
			m.run(strings.Replace(files["start-exporter.sh"], "exec /redis_exporter", "exec redis_exporter", 1),
				"SCHEME="+x.Scheme(), "ADDRESS="+plain(x.ExporterAddress()), "SERVERS="+plain(x.ExporterServers()), "SENTINELS="+plain(x.ExporterSentinels()))

			var passwords map[string]string
			require.NoError(t, json.Unmarshal([]byte(m.read("run/exporter/passwords.json")), &passwords), m.read("run/exporter/passwords.json"))
			assert.Equal(t, c.want, passwords)
			info, err := os.Stat(filepath.Join(m.root, "run/exporter/passwords.json"))
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

			arguments := m.read("started")
			assert.Contains(t, arguments, "-redis.addr="+c.address+"\n")
			assert.NotContains(t, arguments, "quoted")
			assert.Equal(t, plan.TLS != nil, strings.Contains(arguments, "-tls-ca-cert-file="))
			assert.Equal(t, plan.TLS != nil, strings.Contains(arguments, "-tls-client-key-file="))
		})
	}
}

// TestTargetsOfExporter holds the targets of the README to the passwords: the
// exporter finds a password by scheme, user, name and port.
func TestTargetsOfExporter(t *testing.T) {
	plan, files := compile(t, "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\ntopology = \"sentinel\"\nexporter = true\n")
	targets := view.View{Plan: plan}.ExporterTargets()
	assert.Equal(t, []string{
		"redis://shop-1:6379", "redis://shop-2:6379", "redis://shop-3:6379",
		"redis://default@shop-sentinel-1:26379", "redis://default@shop-sentinel-2:26379", "redis://default@shop-sentinel-3:26379",
	}, targets)
	for _, target := range targets {
		assert.Contains(t, files["README.md"], fmt.Sprintf("          - %s\n", target))
	}
}

func TestExporterMayWhatItsReleaseHas(t *testing.T) {
	cases := []struct{ lines, has, lacks string }{
		{"version = \"6.2\"\n", "+latency|latest", "histogram"},
		{"version = \"7.0\"\n", "+latency|histogram", "commandlog"},
		{"version = \"8.6\"\n", "+latency|histogram", "commandlog"},
		{"engine = \"valkey\"\nversion = \"7.2\"\n", "+latency|histogram", "commandlog"},
		{"engine = \"valkey\"\nversion = \"8.1\"\n", "+commandlog|len", "cluster|"},
		{"topology = \"cluster\"\n", "+cluster|info", "commandlog"},
	}
	for _, c := range cases {
		plan, _ := compile(t, "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\nexporter = true\n"+c.lines)
		at := slices.IndexFunc(plan.Users, func(user deployment.User) bool { return user.Name == intent.Exporter })
		require.GreaterOrEqual(t, at, 0, c.lines)
		assert.Contains(t, plan.Users[at].Rules, c.has, c.lines)
		assert.NotContains(t, plan.Users[at].Rules, c.lacks, c.lines)
	}
}

var heading = regexp.MustCompile(`(?m)^##+ .*$`)

// TestMetricsAreNoHeadOfOtherThings holds the README's section of metrics to
// its place: what follows it is a section of its own.
func TestMetricsAreNoHeadOfOtherThings(t *testing.T) {
	for _, topology := range intent.Topologies {
		for _, target := range intent.Targets {
			_, files := compile(t, fmt.Sprintf("name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\nexporter = true\ntopology = %q\ntarget = %q\n", topology, target))
			headings := heading.FindAllString(files["README.md"], -1)
			at := slices.Index(headings, "## Metrics")
			require.GreaterOrEqual(t, at, 0, "%s %s", topology, target)
			assert.Equal(t, "## Watch", headings[at+1], "%s %s", topology, target)
		}
	}
}
