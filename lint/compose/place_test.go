package compose_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// at is a path of a service and where its value is found.
type at struct {
	path []any
	want string
}

func path(parts ...any) []any { return parts }

func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   string
		load    []string
		service string
		span    string // of the service
		at      []at
	}{
		{
			name: "an override wins, what it does not say stays in the base",
			files: `services:
  redis:
    image: redis:7
    mem_limit: 1g
    environment:
      TZ: UTC
-- compose.override.yml --
services:
  redis:
    mem_limit: 2g
    ports: ["6379:6379"]
    environment:
      - A=b
`,
			load: []string{"compose.yml", "compose.override.yml"}, service: "redis",
			span: "compose.yml:2:3 redis",
			at: []at{
				{path("image"), "compose.yml:3:12 redis:7"},
				{path("mem_limit"), "compose.override.yml:3:16 2g"},
				{path("ports", 0), `compose.override.yml:4:13 "6379:6379"`},
				{path("ports"), "compose.override.yml:4:5 ports"},
				{path("environment", "A"), "compose.override.yml:6:9 A=b"},
				{path("environment", "TZ"), "compose.yml:6:11 UTC"},
				{path("environment", "B"), "compose.override.yml:5:5 environment"},
				{path("healthcheck", "test"), "compose.yml:2:3 redis"},
			},
		},
		{
			name: "extends in the same file, in another and in a chain",
			files: `services:
  base:
    image: redis:7
    restart: always
  middle:
    extends: base
    mem_limit: 1g
  redis:
    extends:
      service: middle
    stop_grace_period: 1m
  far:
    extends: {file: other/more.yml, service: leaf}
-- other/more.yml --
services:
  leaf:
    extends: {file: ../third.yml, service: root}
    init: true
-- third.yml --
services:
  root:
    image: valkey/valkey:8
    user: "999"
`,
			service: "redis", span: "compose.yml:8:3 redis",
			at: []at{
				{path("image"), "compose.yml:3:12 redis:7"},
				{path("restart"), "compose.yml:4:14 always"},
				{path("mem_limit"), "compose.yml:7:16 1g"},
				{path("stop_grace_period"), "compose.yml:11:24 1m"},
			},
		},
		{
			name: "extends across files",
			files: `services:
  far:
    extends: {file: other/more.yml, service: leaf}
-- other/more.yml --
services:
  leaf:
    extends: {file: ../third.yml, service: root}
    init: true
-- third.yml --
services:
  root:
    image: valkey/valkey:8
    user: "999"
`,
			service: "far", span: "compose.yml:2:3 far",
			at: []at{
				{path("image"), "third.yml:3:12 valkey/valkey:8"},
				{path("user"), `third.yml:4:11 "999"`},
				{path("init"), "other/more.yml:4:11 true"},
				{path("ports"), "compose.yml:2:3 far"},
			},
		},
		{
			name: "include as a list",
			files: `include:
  - cache/compose.yml
services:
  web: {image: web}
-- cache/compose.yml --
services:
  redis:
    image: redis:7
`,
			service: "redis", span: "cache/compose.yml:2:3 redis",
			at: []at{{path("image"), "cache/compose.yml:3:12 redis:7"}},
		},
		{
			name: "include with several paths, the later over the earlier",
			files: `include:
  - path: [cache/compose.yml, cache/more.yml]
    project_directory: cache
-- cache/compose.yml --
services:
  redis:
    image: redis:7
    mem_limit: 1g
-- cache/more.yml --
services:
  redis:
    mem_limit: 2g
    init: true
`,
			service: "redis", span: "cache/compose.yml:2:3 redis",
			at: []at{
				{path("image"), "cache/compose.yml:3:12 redis:7"},
				{path("mem_limit"), "cache/more.yml:3:16 2g"},
				{path("init"), "cache/more.yml:4:11 true"},
			},
		},
		{
			name: "anchors and aliases",
			files: `x-test: &test ["CMD", "redis-cli", "ping"]
services:
  redis:
    image: &image redis:7
    healthcheck:
      test: *test
  other:
    image: *image
`,
			service: "redis", span: "compose.yml:3:3 redis",
			at: []at{
				{path("image"), "compose.yml:4:19 redis:7"},
				{path("healthcheck", "test", 1), `compose.yml:1:23 "redis-cli"`},
				{path("healthcheck", "test"), "compose.yml:6:7 test"},
			},
		},
		{
			name: "an alias in place of a scalar is where the service says it",
			files: `x-image: &image redis:7
services:
  redis:
    image: *image
`,
			service: "redis", span: "compose.yml:3:3 redis",
			at: []at{{path("image"), "compose.yml:4:12 *image"}},
		},
		{
			name: "merge keys: own first, then the list in order, nested",
			files: `x-deep: &deep
  restart: always
  init: true
x-first: &first
  <<: *deep
  mem_limit: 1g
x-second: &second
  mem_limit: 2g
  user: "999"
services:
  redis:
    <<: [*first, *second]
    image: redis:7
    init: false
  plain:
    <<: *first
    image: redis:8
`,
			service: "redis", span: "compose.yml:11:3 redis",
			at: []at{
				{path("image"), "compose.yml:13:12 redis:7"},
				{path("init"), "compose.yml:14:11 false"},
				{path("mem_limit"), "compose.yml:6:14 1g"},
				{path("user"), `compose.yml:9:9 "999"`},
				{path("restart"), "compose.yml:2:12 always"},
			},
		},
		{
			name: "a merge key among services and inside a section",
			files: `x-services: &services
  redis:
    image: redis:7
    environment: &environment
      A: one
services:
  <<: *services
  web:
    image: web
    environment:
      <<: *environment
      B: two
`,
			service: "web", span: "compose.yml:8:3 web",
			at: []at{
				{path("environment", "A"), "compose.yml:5:10 one"},
				{path("environment", "B"), "compose.yml:12:10 two"},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			project := sound(t, test.files, test.load...)
			service := project.Service(test.service)
			require.NotNil(t, service)
			assert.Equal(t, test.span, seen(project, service.Span()))
			for _, at := range test.at {
				assert.Equal(t, at.want, seen(project, service.At(at.path...)), at.path)
			}
		})
	}
}

func TestKeyAtAndHas(t *testing.T) {
	project := sound(t, "services:\n  redis:\n    image: redis:7\n    deploy: {resources: {limits: {memory: 1g}}}\n")
	redis := project.Service("redis")
	assert.Equal(t, "compose.yml:3:5 image", seen(project, redis.KeyAt("image")))
	assert.Equal(t, "compose.yml:4:35 memory", seen(project, redis.KeyAt("deploy", "resources", "limits", "memory")))
	assert.Equal(t, "compose.yml:4:26 limits", seen(project, redis.KeyAt("deploy", "resources", "limits", "cpus")))
	assert.True(t, redis.Has("deploy", "resources"))
	assert.False(t, redis.Has("deploy", "replicas"))
}

func TestItemsComeFromEveryLayer(t *testing.T) {
	project := sound(t, `services:
  redis:
    image: redis:7
    ports: ["6379:6379"]
    volumes:
      - data:/data
      - {type: bind, source: "./${NAME:-redis}.conf", target: /etc/redis.conf}
volumes: {data: }
-- compose.override.yml --
services:
  redis:
    ports:
      - "127.0.0.1:6380:6379"
`, "compose.yml", "compose.override.yml")
	redis := project.Service("redis")
	var ports []string
	for _, port := range redis.Config.Ports {
		ports = append(ports, port.Text+" "+seen(project, port.Span))
	}
	assert.Equal(t, []string{
		`6379:6379 compose.yml:4:13 "6379:6379"`,
		`127.0.0.1:6380:6379 compose.override.yml:4:9 "127.0.0.1:6380:6379"`,
	}, ports)
	mount := redis.Config.Volumes[1]
	assert.Equal(t, filepath.Join(project.Directory, "redis.conf"), mount.Source)
	assert.Equal(t, `compose.yml:7:30 "./${NAME:-redis}.conf"`, seen(project, redis.At("volumes", 1, "source")))
	assert.False(t, redis.Has("volumes", 1, "read_only"))
}

func TestTopAndLookup(t *testing.T) {
	project := sound(t, `version: "3.8"
services:
  redis: {image: redis, networks: [back]}
networks:
  back:
    driver: bridge
-- compose.override.yml --
networks:
  back:
    internal: true
`, "compose.yml", "compose.override.yml")
	span, ok := project.Top("version")
	assert.True(t, ok)
	assert.Equal(t, "compose.yml:1:1 version", seen(project, span))
	_, ok = project.Top("secrets")
	assert.False(t, ok)
	assert.Equal(t, "compose.override.yml:3:5 internal", seen(project, project.Lookup("networks", "back", "internal")))
	assert.Equal(t, "compose.yml:6:5 driver", seen(project, project.Lookup("networks", "back", "driver")))
	assert.Equal(t, "compose.override.yml:2:3 back", seen(project, project.Lookup("networks", "back", "name")))
}

func TestServicesAreInTheOrderOfTheFiles(t *testing.T) {
	for range 20 {
		project := sound(t, "services:\n  z: {image: z}\n  a: {image: a}\n  m: {image: m}\n-- o.yml --\nservices:\n  b: {image: b}\n  z: {init: true}\n", "compose.yml", "o.yml")
		var names []string
		for _, service := range project.Services {
			names = append(names, service.Name)
		}
		require.Equal(t, []string{"z", "a", "m", "b"}, names)
	}
}

func TestSpansOfScalars(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{"plain", "redis:7", "3:12 redis:7"},
		{"plain with a comment", "redis:7  # newest", "3:12 redis:7"},
		{"double quoted", `"redis:7"  # newest`, `3:12 "redis:7"`},
		{"single quoted", `'it''s:7'`, `3:12 'it''s:7'`},
		{"escaped quotes", `"a\"b\\"`, `3:12 "a\"b\\"`},
		{"an anchor before it", "&i redis:7", "3:15 redis:7"},
		{"a tag before it", "!!str redis:7", "3:18 redis:7"},
		{"quoted over two lines", "\"redis:\n      7\"", "3:12 \"redis:⏎      7\""},
		{"wide characters before it", `"é世"`, `3:12 "é世"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			project := load(t, "services:\n  redis:\n    image: "+test.value+"\n")
			require.NotNil(t, project.Service("redis"))
			assert.Equal(t, "compose.yml:"+test.want, seen(project, project.Service("redis").At("image")))
		})
	}
}
