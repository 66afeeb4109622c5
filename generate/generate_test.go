package generate

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/redis"
)

// compile returns the files of an intent that must be right, by path.
func compile(t *testing.T, intent string) (deployment.Plan, map[string]string) {
	t.Helper()
	plan, problems := Compile("redis.toml", []byte(intent))
	require.Empty(t, problems, intent)
	files, err := Files(plan)
	require.NoError(t, err)
	contents := map[string]string{}
	for _, file := range files {
		contents[file.Path] = string(file.Content)
	}
	return plan, contents
}

func releases() []redis.Release {
	var all []redis.Release
	for _, engine := range []redis.Engine{redis.Redis, redis.Valkey} {
		all = append(all, redis.Releases(engine)...)
	}
	return all
}

func intentFor(release redis.Release, role, more string) string {
	return fmt.Sprintf("name = \"shop\"\nrole = %q\nmemory = \"512M\"\nengine = %q\nversion = \"%d.%d\"\n%s",
		role, release.Engine, release.Major, release.Minor, more)
}

// requireLoads fails where the release would refuse the file, would ignore a
// line, or would be told something twice.
func requireLoads(t *testing.T, release redis.Release, conf string) {
	t.Helper()
	lines, syntax := redis.ParseConf([]byte(conf), release)
	require.Empty(t, syntax)
	var assignments []redis.Assignment
	seen := map[string]int{}
	for _, line := range lines {
		directive, ok := release.Directive(line.Name.Text)
		require.True(t, ok, "%s does not know %s", release, line.Name.Text)
		require.False(t, directive.Ignored, "%s ignores %s", release, directive.Name)
		_, err := release.Canonical(directive, line.Texts())
		require.NoError(t, err, "%s %v", directive.Name, line.Texts())
		seen[directive.Name]++
		if directive.Name != "client-output-buffer-limit" && directive.Name != "save" {
			require.Equal(t, 1, seen[directive.Name], directive.Name)
		}
		assignments = append(assignments, redis.Assignment{Name: line.Name.Text, Args: line.Texts()})
	}
	_, problems := release.Apply(assignments)
	require.Empty(t, problems)
}

// requireClean fails on what a template leaves behind.
func requireClean(t *testing.T, path, content string) {
	t.Helper()
	if strings.HasPrefix(path, credentials.Directory) && !strings.HasSuffix(path, ".gitignore") {
		require.Empty(t, content)
		return
	}
	leftovers := []string{"{{", "}}", "<no value>", "%!(", "map[", " \n"}
	switch filepath.Ext(path) {
	case ".sh": // is indented with tabs
		leftovers = append(leftovers, "\n\n\n")
	case ".md": // may have any number of empty lines
		leftovers = append(leftovers, "\t")
	default:
		leftovers = append(leftovers, "\n\n\n", "\t")
	}
	own := strings.ReplaceAll(content, `{{ index .Service.Labels "com.docker.stack.namespace" }}`, "") // is for the swarm
	for _, leftover := range leftovers {
		require.False(t, strings.Contains(own, leftover), "%s holds %q", path, leftover)
	}
	require.True(t, strings.HasSuffix(content, "\n") && !strings.HasSuffix(content, "\n\n"), path)
	require.True(t, ondisk.Intact([]byte(content)), path)
}

func TestSameIntentGivesSameBytes(t *testing.T) {
	const intent = "name = \"shop\"\nrole = \"queue\"\nmemory = \"1G\"\nnetworks = [\"a\", \"b\"]\n[redis]\nmaxclients = 50\nhz = 20\n"
	_, first := compile(t, intent)
	for range 20 {
		_, again := compile(t, intent)
		require.Equal(t, first, again)
	}
}

func TestRoleDecides(t *testing.T) {
	for role, want := range map[string][]string{
		"cache":         {"maxmemory-policy allkeys-lru", "save \"\"", "appendonly no"},
		"session-store": {"maxmemory-policy volatile-lru", "save \"\"", "appendonly yes", "appendfsync everysec"},
		"queue":         {"maxmemory-policy noeviction", "save \"\"", "appendonly yes", "appendfsync everysec"},
		"rate-limit":    {"maxmemory-policy volatile-ttl", "save 300 1", "appendonly no", "stop-writes-on-bgsave-error yes"},
		"pubsub":        {"maxmemory-policy noeviction", "save \"\"", "appendonly no"},
		"database":      {"maxmemory-policy noeviction", "save 3600 1", "appendonly yes"},
	} {
		_, files := compile(t, "name = \"shop\"\nrole = \""+role+"\"\nmemory = \"512M\"\n")
		lines := strings.Split(files["redis.conf"], "\n")
		for _, line := range want {
			assert.Contains(t, lines, line, role)
		}
		assert.Equal(t, strings.Contains(files["redis.conf"], "appendonly yes") || role == "rate-limit",
			strings.Contains(files["docker-compose.yml"], "source: data"), "volume of %s", role)
	}
}

func TestEveryDecisionCanBeOverridden(t *testing.T) {
	const base = "name = \"shop\"\nrole = \"database\"\nmemory = \"1GiB\"\n"
	for line, want := range map[string]string{
		`version = "7.2.4"`:  "image: redis:7.2.4 # rcomp: ignore[image-vulnerable]",
		`engine = "valkey"`:  "image: valkey/valkey:",
		`variant = "alpine"`: "-alpine\n",
		`image = "harbor.example.com/hub/library/redis:8.6.3"`: "image: harbor.example.com/hub/library/redis:8.6.3 # rcomp: ignore[image-vulnerable]",
		`publish = "127.0.0.1:7000"`:                           `- "127.0.0.1:7000:6379"`,
		`publish = "[::1]:7000"`:                               `- "[::1]:7000:6379"`,
		`networks = ["shop_default", "1"]`:                     "- shop_default\n      - \"1\"\n",
		`persistence = "none"`:                                 "appendonly no\n",
		`save = ["60 1000", "900 1"]`:                          "save 60 1000\nsave 900 1\n",
		`fsync = "always"`:                                     "appendfsync always\n",
		`maxmemory = "100M"`:                                   "maxmemory 100mb\n",
		`maxmemory-policy = "allkeys-lfu"`:                     "maxmemory-policy allkeys-lfu\n",
		`restart = "no"`:                                       "restart: \"no\"\n",
		`restart = "on-failure:3"`:                             "restart: on-failure:3\n",
		`stop-grace = "10m"`:                                   "stop_grace_period: 600s",
		`cpus = 1.5`:                                           "cpus: 1.5\n",
		`cpus = 4`:                                             "io-threads 3\n",
		`log-size = "1G"`:                                      "max-size: 1g\n",
		`log-files = 7`:                                        "max-file: \"7\"\n",
		"[redis]\nmaxclients = 50":                             "maxclients 50\n",
		"[redis]\ntcp-keepalive = \"0\"":                       "tcp-keepalive 0\n",
		"[redis]\nactivedefrag = true":                         "activedefrag yes\n",
		"[redis]\nnotify-keyspace-events = \"\"":               "notify-keyspace-events \"\"\n",
		"[redis]\nclient-output-buffer-limit = [\"pubsub 1mb 1mb 10\"]": "client-output-buffer-limit pubsub 1mb 1mb 10\n",
		"[redis]\nLazyFree-lazy-expire = false":                         "lazyfree-lazy-expire no\n",
		"[redis]\nsearch-timeout = 100":                                 "search-timeout 100\n",
	} {
		t.Run(line, func(t *testing.T) {
			plan, files := compile(t, base+line+"\n")
			all := files["docker-compose.yml"] + files["redis.conf"]
			assert.Contains(t, all, want)
			if !strings.Contains(line, "search-") {
				requireLoads(t, redis.DefaultRelease(engineOf(line)), files["redis.conf"])
			}
			requireClean(t, "docker-compose.yml", files["docker-compose.yml"])
			requireServices(t, plan, files["docker-compose.yml"])
		})
	}
}

func engineOf(line string) redis.Engine {
	if strings.Contains(line, "valkey") {
		return redis.Valkey
	}
	return redis.Redis
}

func TestOnlyUnpublishedServersAreIsolated(t *testing.T) {
	const base = "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\n"
	_, files := compile(t, base)
	assert.Contains(t, files["docker-compose.yml"], "internal: true")
	assert.NotContains(t, files["docker-compose.yml"], "ports:")
	_, files = compile(t, base+"publish = \"127.0.0.1:6379\"\n")
	assert.NotContains(t, files["docker-compose.yml"], "internal: true", "an internal network publishes no port")
}

// Names that YAML would read as something else than text.
func TestNamesStayText(t *testing.T) {
	for _, name := range []string{"no", "123", "0x1f", "1e3", "null", "true", "a-", "x_y"} {
		_, files := compile(t, "name = \""+name+"\"\nrole = \"cache\"\nmemory = \"512M\"\n")
		var document struct {
			Name     any
			Services map[any]any
		}
		require.NoError(t, yaml.Unmarshal([]byte(files["docker-compose.yml"]), &document))
		assert.Equal(t, any(name), document.Name)
		assert.Contains(t, document.Services, any(name))
	}
}

func TestCapabilitiesAreWhatTheEntrypointNeeds(t *testing.T) {
	for version, want := range map[string]bool{"6.2": false, "7.4": false, "8.0": true, "8.6": true} {
		_, files := compile(t, "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\nversion = \""+version+"\"\n")
		assert.Equal(t, want, strings.Contains(files["docker-compose.yml"], "- SETPCAP"), version)
	}
}
