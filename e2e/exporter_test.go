package e2e

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const exporterService = generatedName + "-exporter"

// TestExporterOfSet scrapes an encrypted set as its README tells Prometheus to,
// and looks for what the exporter must not have.
func TestExporterOfSet(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	prepareExporterImage(t)
	port := freePort(t)
	s := newGeneratedSet(t, releases(t)[0],
		fmt.Sprintf("exporter = true\nexporter-publish = \"127.0.0.1:%d\"\n[tls]\nauthority = \"development\"\nclients = \"certificate\"\n", port))
	s.encryption = &tls.Config{RootCAs: s.trust(), Certificates: []tls.Certificate{s.certificate()}}
	s.stack.requireSilentLint()
	s.awaitWhole(&addresses{set: s})
	exporter := exporterAt(fmt.Sprintf("http://127.0.0.1:%d", port))
	targets := exporterTargets(t, s.stack.directory)
	require.Len(t, targets, len(s.services()))

	masters := 0
	for _, target := range targets {
		var metrics string
		eventually(t, target+" is scraped", func() bool {
			metrics = exporter.scrape(t, target, "")
			return strings.Contains(metrics, "\nredis_up 1\n")
		})
		if strings.Contains(target, "sentinel") {
			assert.Contains(t, metrics, `redis_sentinel_master_ckquorum_status{`, target)
			assert.Regexp(t, `(?m)^redis_sentinel_master_status\{.*master_status="ok"\} 1$`, metrics, target)
			continue
		}
		requireServerMetrics(t, metrics)
		leads := strings.Count(metrics, `role="master"`)
		masters += leads
		assert.Equal(t, 1-leads, strings.Count(metrics, "\nredis_master_link_up{"), target)
	}
	assert.Equal(t, 1, masters)
	checkExporterRights(s, exporter, targets)
	checkExporterSecrecy(s)

	s.onContainers("stop", s.nodes[2])
	began := time.Now()
	assert.Contains(t, exporter.scrape(t, targets[2], ""), "\nredis_up 0\n", "a server that is away")
	if long {
		assert.Less(t, time.Since(began), 10*time.Second, "what Prometheus gives a scrape")
	}
}

// TestExporterOfServer scrapes one server of each release, on which nothing is
// refused, and logs in as everybody did before.
func TestExporterOfServer(t *testing.T) {
	prepareExporterImage(t)
	everyRelease(t, func(t *testing.T, release release) {
		s := newStack(t)
		port := freePort(t)
		s.write("redis.toml", fmt.Sprintf("name = %q\nrole = \"cache\"\nmemory = \"128M\"\nengine = %q\nversion = %q\nexporter = true\nexporter-publish = \"127.0.0.1:%d\"\n",
			generatedName, release.engine, release.version, port))
		mustRun(t, s.directory, rcompPath(t), "gen")
		s.up()
		server := s.server(generatedName).withPassword(s.secret("redis"))
		assert.Equal(t, "OK", server.command("set", "kept", "x"))
		metrics := exporterAt(fmt.Sprintf("http://127.0.0.1:%d", port)).get(t, "/metrics")
		require.Contains(t, metrics, "\nredis_up 1\n")
		requireServerMetrics(t, metrics)
		assert.Empty(t, server.command("acl", "log"), "refused")
		assert.NotContains(t, s.server(exporterService).logs(), "level=error")
	})
}

// requireServerMetrics looks for one metric of each command that the exporter sends.
func requireServerMetrics(t *testing.T, metrics string) {
	t.Helper()
	for _, name := range []string{
		"redis_memory_used_bytes", "redis_memory_max_bytes", "redis_rejected_connections_total", "redis_rdb_last_bgsave_status", "redis_aof_last_write_status",
		"redis_instance_info", "redis_slowlog_length", "redis_slowlog_last_id", "redis_commands_latencies_usec_bucket", "redis_db_keys",
	} {
		assert.Regexp(t, `(?m)^`+name+`[ {]`, metrics)
	}
}

// checkExporterRights asks the exporter for keys, which it may not read, and
// the servers for what they refused before that.
func checkExporterRights(s *set, exporter exporterAt, targets []string) {
	t := s.stack.t
	t.Helper()
	for _, node := range s.nodes {
		refused := s.tool(node, "operator", "acl", "log")
		assert.Zero(t, refused.status, refused.stderr)
		assert.Empty(t, strings.TrimSpace(refused.stdout), node)
	}
	assert.NotContains(t, s.stack.server(exporterService).logs(), "NOPERM")
	leader := s.nodes[0] // of a fresh set
	assert.Contains(t, s.tool(leader, "operator", "set", "order", "canary").stdout, "OK")
	for _, target := range targets[:3] {
		assert.NotContains(t, exporter.scrape(t, target, "order"), "canary")
	}
	for _, command := range []string{"get order", "exists order", "config get requirepass", "keys *", "acl list"} {
		left := s.tool(leader, "exporter", strings.Fields(command)...)
		assert.Contains(t, left.stdout+left.stderr, "NOPERM", command)
	}
}

// tool runs redis-cli in a server's container as one of its users, by TLS.
func (s *set) tool(node, user string, words ...string) result {
	s.stack.t.Helper()
	options := []string{"--tls", "--cacert", "/run/secrets/tls-authority.pem", "--cert", "/run/secrets/tls-certificate.pem", "--key", "/run/secrets/tls-key.pem", "--user", user}
	return s.stack.server(node).withPassword(s.stack.secret(user)).ask("", append(options, words...)...)
}

// checkExporterSecrecy looks for every password wherever Docker shows something
// of the exporter.
func checkExporterSecrecy(s *set) {
	t := s.stack.t
	t.Helper()
	server := s.stack.server(exporterService)
	shown := server.inspect("{{json .}}") + server.processes() + server.logs() + mustRun(t, "", "docker", "exec", server.container, "env")
	paths, err := filepath.Glob(filepath.Join(s.stack.directory, "secrets", "*-password"))
	require.NoError(t, err)
	require.Len(t, paths, 7)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.False(t, strings.Contains(shown, strings.TrimSpace(string(content))), "%s is shown", filepath.Base(path))
	}
	mounted := strings.Fields(mustRun(t, "", "docker", "exec", server.container, "ls", "/run/secrets"))
	assert.ElementsMatch(t, []string{"exporter-password", "sentinel-password", "tls-authority.pem", "tls-certificate.pem", "tls-key.pem"}, mounted)
	assert.Equal(t, "0 600", strings.TrimSpace(mustRun(t, "", "docker", "exec", server.container, "stat", "-c", "%u %a", "/run/exporter/passwords.json")))
}

// exporterAt is the URL of an exporter.
type exporterAt string

// scrape asks for a target, and for the value of a key where one is named.
func (e exporterAt) scrape(t *testing.T, target, key string) string {
	t.Helper()
	query := url.Values{"target": {target}}
	if key != "" {
		query.Set("check-single-keys", key)
	}
	return e.get(t, "/scrape?"+query.Encode())
}

func (e exporterAt) get(t *testing.T, path string) string {
	t.Helper()
	client := http.Client{Timeout: patience}
	response, err := client.Get(string(e) + path)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, string(content))
	return string(content)
}

var exporterTarget = regexp.MustCompile(`(?m)^ +- (rediss?://\S+)$`)

// exporterTargets are those that the README gives Prometheus.
func exporterTargets(t *testing.T, directory string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(directory, "README.md"))
	require.NoError(t, err)
	var targets []string
	for _, found := range exporterTarget.FindAllStringSubmatch(string(content), -1) {
		targets = append(targets, found[1])
	}
	return targets
}

var exporterReference = regexp.MustCompile(`image: (oliver006/\S+)`)

// prepareExporterImage gives the engine the image that generated files name.
func prepareExporterImage(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile("../fixtures/gen/exporter/docker-compose.yml")
	require.NoError(t, err)
	reference := exporterReference.FindStringSubmatch(string(content))
	require.NotNil(t, reference)
	left := run(t, "", "", "engine/exporter", reference[1])
	require.Zero(t, left.status, "%s%s", left.stdout, left.stderr)
}
