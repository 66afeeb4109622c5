package inspect_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/redis"
)

// images are those that run an engine of which the catalogue knows all.
var images = map[redis.Engine]string{redis.Redis: "redis", redis.Valkey: "valkey/valkey", redis.KeyDB: "eqalpha/keydb"}

// A server without arguments has every default of its release.
func TestDescribeDefaults(t *testing.T) {
	for engine, image := range images {
		for _, release := range redis.Releases(engine) {
			t.Run(fmt.Sprintf("%s %d.%d", engine, release.Major, release.Minor), func(t *testing.T) {
				reference := fmt.Sprintf("%s:%d.%d", image, release.Major, release.Minor)
				body := "services:\n  cache:\n    image: " + reference + "\n"
				if engine == redis.KeyDB {
					body += "    command: keydb-server\n" // by itself it reads a conf of the image
				}
				described := inspect.Describe(inspect.Services(project(t, body))).Services[0]
				assert.Equal(t, "cache", described.Name)
				assert.Equal(t, inspect.Server, described.Kind)
				assert.Equal(t, string(engine), described.Engine)
				assert.Equal(t, fmt.Sprintf("%d.%d", release.Major, release.Minor), described.Version)
				assert.Empty(t, described.Unknown)
				assert.Equal(t, defaults(release), values(described))
			})
		}
	}
}

// defaults is what a container of a release has, by the catalogue, and by what
// the builds of the images change in it.
func defaults(release redis.Release) map[string]string {
	all := map[string]string{}
	for _, directive := range release.Directives() {
		if !directive.Hidden && !directive.Ignored && directive.HasDefault {
			all[directive.Name] = directive.Default
		}
	}
	all["protected-mode"], all["dir"] = "no", "/data"
	return all
}

func values(described inspect.ServiceDocument) map[string]string {
	all := map[string]string{}
	for name, directive := range described.Directives {
		all[name] = directive.Value
	}
	return all
}

func TestDefaultsOfAVersionAlone(t *testing.T) {
	older := service(t, "services: {cache: {image: 'redis:7.2'}}\n")
	newer := service(t, "services: {cache: {image: 'valkey/valkey:8.1'}}\n")
	_, known := older.Release.Directive("io-threads-do-reads")
	require.True(t, known)
	assert.Equal(t, "redis 7.2", fmt.Sprintf("%s %s", older.Release.Engine, older.Version()))
	assert.True(t, older.Get("list-max-listpack-size").Known)
	assert.False(t, older.Get("extended-redis-compatibility").Known, "it came with Valkey 8.0")
	assert.Equal(t, "no", newer.Get("extended-redis-compatibility").Value)

	// A release that the catalogue lacks has no defaults that differ between releases.
	ancient := service(t, "services: {cache: {image: 'redis:5.0'}}\n")
	assert.False(t, ancient.ReleaseKnown)
	assert.Equal(t, "5.0", ancient.Version())
	described := inspect.Describe([]*inspect.Service{ancient}).Services[0]
	assert.Equal(t, map[string]string{"dir": "/data"}, values(described))
	assert.True(t, ancient.Get("maxmemory").Known, "all releases have one default")
	assert.False(t, ancient.Get("acl-pubsub-default").Known, "6.2 has another default than 7.0")
}

// secretCase sets what must not be shown.
const secretCase = `services:
  cache:
    image: redis:7.2
    command: redis-server /redis.conf --requirepass hunter2 --masterauth ${MASTER:-hunter2}
    volumes: [./redis.conf:/redis.conf]
  variable:
    image: redis:7.2
    command: redis-server --requirepass "hunter2${P}"
  guard:
    image: redis:7.2
    command: redis-sentinel /sentinel.conf
    volumes: [./sentinel.conf:/sentinel.conf]
-- redis.conf --
user alice on >hunter2 ~* +@all
tls-key-file-pass hunter2
maxmemory 100mb
-- sentinel.conf --
sentinel monitor mymaster 10.0.0.1 6379 2
sentinel auth-pass mymaster hunter2
sentinel sentinel-pass hunter2
`

func TestDescribeHidesSecrets(t *testing.T) {
	document := inspect.Describe(inspect.Services(project(t, secretCase)))
	encoded, err := json.Marshal(document)
	require.NoError(t, err)
	var printed bytes.Buffer
	require.NoError(t, inspect.Print(&printed, document, true))
	for _, text := range []string{string(encoded), printed.String()} {
		assert.NotContains(t, text, "hunter2")
		assert.Contains(t, text, "requirepass")
	}
	cache := document.Services[0]
	assert.True(t, cache.Directives["requirepass"].Secret)
	assert.Equal(t, display.Hidden, cache.Directives["requirepass"].Value)
	assert.Equal(t, inspect.OriginDocument{Kind: inspect.FromArgv, File: "compose.yml", Line: 4, Column: 39}, cache.Directives["requirepass"].Origin)
	assert.Equal(t, inspect.OriginDocument{Kind: inspect.FromConf, File: "redis.conf", Line: 3, Column: 1}, cache.Directives["maxmemory"].Origin)
	assert.Equal(t, inspect.OriginDocument{Kind: inspect.FromDefault}, cache.Directives["timeout"].Origin)
	unknown := document.Services[1].Unknown
	require.Len(t, unknown, 1)
	assert.Equal(t, "requirepass", unknown[0].Directive)
	assert.Equal(t, "its value depends on ${P}", unknown[0].Reason)
}

func TestDescribeOfNothing(t *testing.T) {
	encoded, err := json.Marshal(inspect.Describe(inspect.Services(project(t, "services: {web: {image: nginx}}\n"))))
	require.NoError(t, err)
	assert.JSONEq(t, `{"services":[]}`, string(encoded))
}

func TestPrint(t *testing.T) {
	document := inspect.Describe(inspect.Services(project(t, `services:
  cache:
    image: redis:7.2
    command: ["redis-server", "--save", "", "--maxmemory", "${SIZE}", "--loglevel", "warning"]
  guard:
    image: redis:7.2
    command: redis-sentinel /s.conf
    volumes: [guard:/s.conf]
  exporter:
    image: oliver006/redis_exporter:v1.58.0
volumes:
  guard:
`)))
	var out bytes.Buffer
	require.NoError(t, inspect.Print(&out, document, false))
	lines := strings.Split(out.String(), "\n")
	assert.Equal(t, "cache: server, redis 7.2", lines[0])
	assert.Equal(t, `  save            ""       argv compose.yml:4:31`, lines[4])
	assert.Equal(t, "  maxmemory       ?        argv compose.yml:4:45: its value is ${SIZE}", lines[5])
	assert.Regexp(t, `and \d+ defaults of redis 7\.2`, out.String())
	assert.Contains(t, out.String(), "\nguard: sentinel, redis 7.2\n")
	assert.Contains(t, out.String(), "(any other)")
	assert.Contains(t, out.String(), "\nexporter: exporter\n")
}
