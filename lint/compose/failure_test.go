package compose_test

import (
	"testing"

	"github.com/rcomp/rcomp/lint/compose"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFailures(t *testing.T) {
	const redis = "services:\n  redis:\n    image: redis\n"
	for _, test := range []struct {
		name, files string
		load        []string
		kind        compose.FailureKind
		at, message string
		service     string
		judged      bool // its services are known nevertheless
	}{
		{
			name: "no YAML", files: "services:\n  redis:\n    image: \"redis\n  x: ]\n",
			kind: compose.NotYAML, at: "compose.yml:4:3 x: ]", message: "found unexpected end of stream",
		},
		{
			name: "a tab as indentation", files: "services:\n\tredis: {}\n",
			kind: compose.NotYAML, at: "compose.yml:2:2 redis: {}", message: "found character that cannot start any token",
		},
		{
			name: "a key twice", files: redis + "    image: valkey\n",
			kind: compose.NotYAML, at: "compose.yml:4:5 image", service: "redis", message: `mapping key "image" already defined at line 3`,
		},
		{
			name: "a merge of what is no mapping", files: "services:\n  redis:\n    image: redis\n    environment:\n      <<: [A=b]\n",
			kind: compose.NotYAML, at: "compose.yml:5:7 <<", service: "redis", message: "map merge requires map or sequence of maps as the value",
		},
		{
			name: "an anchor that is not there", files: "services:\n  redis:\n    image: *none\n",
			kind: compose.NotYAML, at: "compose.yml:3:5 image: *none", message: `unknown anchor 'none' referenced`,
		},
		{
			name: "an unknown property", files: redis + "    init: true\n    memory: 1g\n    restart: always\n",
			kind: compose.Refused, at: "compose.yml:5:5 memory", service: "redis",
			message: "Compose refuses it: services.redis additional properties 'memory' not allowed; did you mean \"mem_limit\"?",
		},
		{
			name: "two unknown properties: the first", files: redis + "    zzz: 1\n    aaa: 1\n",
			kind: compose.Refused, at: "compose.yml:4:5 zzz", service: "redis",
			message: "Compose refuses it: services.redis additional properties 'zzz' not allowed",
		},
		{
			name: "an unknown property of a property", files: redis + "    healthcheck:\n      test: x\n      intervall: 3s\n",
			kind: compose.Refused, at: "compose.yml:6:7 intervall", service: "redis",
			message: "Compose refuses it: services.redis.healthcheck additional properties 'intervall' not allowed; did you mean \"interval\"?",
		},
		{
			name: "a property of another type of mount", files: redis + "    volumes:\n      - type: bind\n        source: .\n        target: /x\n        mode: '0755'\n",
			kind: compose.Refused, at: "compose.yml:8:9 mode", service: "redis",
			message: "Compose refuses it: services.redis.volumes.0 additional properties 'mode' not allowed",
		},
		{
			name: "an unknown property at the top", files: redis + "volume: {}\n",
			kind: compose.Refused, at: "compose.yml:4:1 volume", judged: true,
			message: "Compose refuses it: additional properties 'volume' not allowed; did you mean \"volumes\"?",
		},
		{
			name: "a wrong type", files: redis + "    ports: 6379\n",
			kind: compose.Refused, at: "compose.yml:4:12 6379", service: "redis",
			message: "Compose refuses it: services.redis.ports must be an array",
		},
		{
			name: "a number in a command", files: redis + "    command: [redis-server, --port, 6379]\n",
			kind: compose.Refused, at: "compose.yml:4:37 6379", service: "redis",
			message: "Compose refuses it: services.redis.command.2 must be a string",
		},
		{
			name: "a wrong duration", files: redis + "    healthcheck: {test: x, interval: often}\n",
			kind: compose.Refused, at: "compose.yml:4:38 often", service: "redis",
		},
		{
			name: "a wrong size", files: redis + "    mem_limit: much\n",
			kind: compose.Refused, at: "compose.yml:4:16 much", service: "redis",
		},
		{
			name: "a wrong port", files: redis + "    ports:\n      - 6379:6379\n      - redis:6379\n",
			kind: compose.Refused, at: "compose.yml:6:9 redis:6379", service: "redis",
		},
		{
			name: "a healthcheck that begins with no CMD", files: redis + "    healthcheck:\n      test: [\"redis-cli\", \"ping\"]\n",
			kind: compose.Inconsistent, at: `compose.yml:5:14 "redis-cli"`, service: "redis", judged: true,
		},
		{
			name: "a lone quote in a command", files: redis + "    command: redis-server --requirepass it's\n",
			kind: compose.Refused, at: "compose.yml:4:14 redis-server --requirepass it's", service: "redis",
		},
		{
			name: "a lone parenthesis in a command", files: redis + "    command: redis-server --requirepass pa(ss\n",
			kind: compose.Refused, at: "compose.yml:4:14 redis-server --requirepass pa(ss", service: "redis",
		},
		{
			name: "a malformed variable", files: redis + "    command: redis-server ${1X}\n",
			kind: compose.Refused, at: "compose.yml:4:14 redis-server ${1X}", service: "redis",
		},
		{
			name: "an undefined volume", files: redis + "    volumes:\n      - /x:/y\n      - data:/data\n",
			kind: compose.Undefined, at: "compose.yml:6:9 data:/data", service: "redis", judged: true,
			message: `Compose refuses it: service "redis" refers to undefined volume "data"`,
		},
		{
			name: "an undefined network", files: redis + "    networks: [default, back]\n",
			kind: compose.Undefined, at: "compose.yml:4:25 back", service: "redis", judged: true,
			message: `Compose refuses it: service "redis" refers to undefined network "back"`,
		},
		{
			name: "an undefined network of a mapping", files: redis + "    networks:\n      back:\n        aliases: [r]\n",
			kind: compose.Undefined, at: "compose.yml:5:7 back", service: "redis", judged: true,
		},
		{
			name: "an undefined secret", files: redis + "    secrets: [password]\n",
			kind: compose.Undefined, at: "compose.yml:4:15 password", service: "redis", judged: true,
		},
		{
			name: "an undefined config", files: redis + "    configs: [{source: conf}]\n",
			kind: compose.Undefined, service: "redis", judged: true, at: "compose.yml:4:24 conf",
		},
		{
			name: "depends_on of what is not there", files: redis + "    depends_on:\n      db: {condition: service_started}\n",
			kind: compose.Undefined, at: "compose.yml:5:7 db", service: "redis", judged: true,
			message: `Compose refuses it: service "redis" depends on undefined service "db"`,
		},
		{
			name: "depends_on in a circle", files: "services:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, depends_on: [a]}\n",
			kind: compose.Inconsistent, at: "compose.yml:3:30 a", service: "b", judged: true,
		},
		{
			name: "a container name and replicas", files: redis + "    container_name: one\n    deploy: {replicas: 2}\n",
			kind: compose.Inconsistent, at: "compose.yml:4:21 one", service: "redis", judged: true,
		},
		{
			name: "two memory limits that differ", files: redis + "    mem_limit: 1g\n    deploy:\n      resources:\n        limits:\n          memory: 2g\n",
			kind: compose.Inconsistent, at: "compose.yml:4:16 1g", service: "redis", judged: true,
		},
		{
			name: "a wrong thing in the override", files: redis + "    ports: ['6379:6379']\n-- o.yml --\nservices:\n  redis:\n    ports: ['1:2:3:4:5']\n",
			load: []string{"compose.yml", "o.yml"},
			kind: compose.Refused, at: "o.yml:3:13 '1:2:3:4:5'", service: "redis",
		},
		{
			name: "extends a file that is not there", files: "services:\n  redis:\n    extends:\n      file: none.yml\n      service: base\n",
			kind: compose.Refused, at: "compose.yml:4:13 none.yml", service: "redis",
			message: `Compose refuses it: "none.yml" is not there`,
		},
		{
			name: "extends a service that is not there", files: redis + "    extends: base\n",
			kind: compose.Refused, at: "compose.yml:4:14 base", service: "redis",
		},
		{
			name: "extends in a circle", files: "services:\n  a: {image: a, extends: b}\n  b: {extends: a}\n",
			kind: compose.Refused, at: "compose.yml:2:26 b", service: "a", judged: true,
			message: "Compose refuses it: services extend each other in a circle",
		},
		{
			name: "include of a file that is not there", files: "include: [none.yml]\n" + redis,
			kind: compose.Refused, at: "compose.yml:1:11 none.yml", judged: true,
			message: `Compose refuses it: "none.yml" is not there`,
		},
		{
			name: "include in a circle", files: "include:\n  - other.yml\n" + redis + "-- other.yml --\ninclude: [compose.yml]\nservices: {o: {image: o}}\n",
			kind: compose.Refused, at: "other.yml:1:11 compose.yml", judged: true,
		},
		{
			name: "an included file that is no YAML", files: "include: [other.yml]\n" + redis + "-- other.yml --\nservices:\n  o: {image: o\n",
			kind: compose.NotYAML, at: "other.yml:2:3 o: {image: o", judged: true,
		},
		{
			name: "a wrong network", files: redis + "networks:\n  a: {driver: bridge}\n  b: {drivers: bridge}\n",
			kind: compose.Refused, at: "compose.yml:6:7 drivers", judged: true,
			message: "Compose refuses it: networks.b additional properties 'drivers' not allowed; did you mean \"driver\"?",
		},
		{
			name: "services that are a list", files: "services:\n  - redis\n",
			kind: compose.Refused, at: "compose.yml:1:1 services",
		},
		{
			name: "a service that is a text", files: "services:\n  redis: redis\n",
			kind: compose.Refused, at: "compose.yml:2:10 redis", service: "redis",
		},
		{
			name: "the format of Compose v1", files: "redis:\n  image: redis\n",
			kind: compose.Version1, at: "compose.yml:1:1 redis", service: "redis", judged: true,
			message: `"redis" stands at the top level, as in the format of Compose v1, which Compose refuses today: put the services under services`,
		},
		{
			name: "a fragment", files: "services:\n  web: {image: web}\n  redis:\n    mem_limit: 1g\n",
			kind: compose.Fragment, at: "compose.yml:3:3 redis", service: "redis", judged: true,
			message: `Compose refuses it: service "redis" has neither an image nor a build context`,
		},
		{
			name: "a fragment beside its base", files: redis + "-- extra.yml --\nservices:\n  redis:\n    mem_limit: 1g\n", load: []string{"extra.yml"},
			kind: compose.Fragment, at: "extra.yml:2:3 redis", service: "redis", judged: true,
		},
		{name: "an empty file", files: "-- compose.yml --\n", kind: compose.Refused, at: "compose.yml:1:1 ?", message: "Compose refuses it: the file is empty"},
		{name: "comments alone", files: "# nothing\n", kind: compose.Refused, at: "compose.yml:1:1 #", message: "Compose refuses it: the file is empty"},
		{name: "a list at the top", files: "- services\n", kind: compose.Refused, at: "compose.yml:1:1 -", message: "Compose refuses it: the top level must be a mapping"},
		{name: "a text at the top", files: "services\n", kind: compose.Refused, at: "compose.yml:1:1 services", message: "Compose refuses it: the top level must be a mapping"},
		{name: "no services", files: "volumes: {data: }\n", kind: compose.NoServices, at: "compose.yml:1:1 v", message: "the file has no services"},
		{
			name: "the second of two documents", files: redis + "---\nservices:\n  redis: {memory: 1g}\n",
			kind: compose.Refused, at: "compose.yml:6:11 memory", service: "redis",
		},
		{name: "no file", files: redis, load: []string{"other.yml"}, kind: compose.Unreadable, at: "other.yml:1:1 ?", message: "no such file or directory"},
		{name: "UTF-16", files: "\xff\xfes\x00e\x00", kind: compose.Unreadable, at: "compose.yml:1:1 \ufffd", message: "it is UTF-16 text: only UTF-8 is read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var first *compose.Refusal
			for range 4 {
				project := load(t, test.files, test.load...)
				require.NotEmpty(t, project.Refusals)
				if first != nil {
					require.Equal(t, *first, project.Refusals[0])
					continue
				}
				first = &project.Refusals[0]
				assert.Equal(t, test.kind, first.Kind)
				assert.Equal(t, test.at, seen(project, first.Span))
				assert.Equal(t, test.service, first.Service)
				if test.message != "" {
					assert.Equal(t, test.message, first.Message)
				}
				assert.NotContains(t, first.Message, "/tmp/")
				assert.NotContains(t, first.Message, "\n")
				assert.Equal(t, test.judged, len(project.Services) > 0)
			}
		})
	}
}

// Where much is wrong, all of it is named in the order of the file.
func TestEveryFaultEveryTime(t *testing.T) {
	root := write(t, `services:
  a: {image: a, networks: [x, y], volumes: ['v:/v', 'w:/w'], depends_on: [q]}
  b: {image: b, mem_limit: much, zzz: 1, yyy: 2, ports: [redis:redis]}
  c: {restart: always}
networks: {n: {driverr: x, internall: y}}
volumes: {m: {driverr: x}}
`)
	tree := open(t, root)
	first := compose.Load(tree, []string{root + "/compose.yml"})
	require.NotEmpty(t, first.Refusals)
	for range 20 {
		assert.Equal(t, first.Refusals, compose.Load(tree, []string{root + "/compose.yml"}).Refusals)
	}
	var places []string
	for _, refusal := range first.Refusals {
		places = append(places, seen(first, refusal.Span))
	}
	assert.Equal(t, []string{
		"compose.yml:2:28 x", "compose.yml:2:31 y", "compose.yml:2:75 q",
		"compose.yml:3:28 much", "compose.yml:3:34 zzz", "compose.yml:3:42 yyy", "compose.yml:3:58 redis:redis", "compose.yml:4:3 c",
		"compose.yml:5:16 driverr", "compose.yml:5:28 internall", "compose.yml:6:15 driverr",
	}, places)
}

func TestSeveralDocumentsAreMerged(t *testing.T) {
	project := sound(t, "services:\n  redis:\n    image: redis\n    init: true\n---\nservices:\n  redis:\n    image: valkey\n")
	redis := project.Service("redis")
	assert.Equal(t, "valkey", redis.Config.Image)
	assert.Equal(t, "compose.yml:8:12 valkey", seen(project, redis.At("image")))
	assert.Equal(t, "compose.yml:4:11 true", seen(project, redis.At("init")))
}

func TestResetAndOverrideTags(t *testing.T) {
	project := sound(t, "services:\n  redis:\n    image: redis\n    ports: ['1:1']\n    volumes: ['/a:/a']\n-- o.yml --\nservices:\n  redis:\n    ports: !reset []\n    volumes: !override ['/b:/b']\n", "compose.yml", "o.yml")
	redis := project.Service("redis")
	assert.Empty(t, redis.Config.Ports)
	require.Len(t, redis.Config.Volumes, 1)
	assert.Equal(t, "o.yml:4:25 '/b:/b'", seen(project, redis.At("volumes", 0)))
}
