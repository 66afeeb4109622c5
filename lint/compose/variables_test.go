package compose_test

import (
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const dotenvFile = "-- .env --\nSET=one\nEMPTY=\nQUOTED=\"two words\"\nNESTED=${SET}-${SET}\nOUTER=${NOT_HERE}\nDEFAULTED=${NOT_HERE:-kept}\nRAW='$SET'\n"

func TestInterpolation(t *testing.T) {
	for _, test := range []struct {
		text, want string
		variables  []unset.Variable
	}{
		{"${SET}", "one", nil},
		{"$SET.", "one.", nil},
		{"a${SET}b${SET}c", "aonebonec", nil},
		{"${EMPTY}", "", nil},
		{"${SET:-x}", "one", nil},
		{"${EMPTY:-x}", "x", nil},
		{"${EMPTY-x}", "", nil},
		{"${UNSET:-x}", "x", nil},
		{"${UNSET-x}", "x", nil},
		{"${UNSET:-}", "${UNSET}", []unset.Variable{{Name: "UNSET"}}},
		{"${UNSET-}", "${UNSET}", []unset.Variable{{Name: "UNSET"}}},
		{"${EMPTY-}", "", nil},
		{"${SET:?must be}", "one", nil},
		{"${SET:+x}", "x", nil},
		{"${EMPTY:+x}", "", nil},
		{"${EMPTY+x}", "x", nil},
		{"${UNSET:-${SET}}", "one", nil},
		{"${UNSET:-${OTHER:-deep}}", "deep", nil},
		{"${UNSET:-a}${SET}${UNSET:-b}", "aoneb", nil},
		{"$$SET $${SET}", "$SET ${SET}", nil},
		{"pa$$w0rd", "pa$w0rd", nil},
		{"${QUOTED}", "two words", nil},
		{"${NESTED}", "one-one", nil},
		{"${DEFAULTED}", "kept", nil},
		{"${RAW}", "$SET", nil},
		{"${UNSET}", "${UNSET}", []unset.Variable{{Name: "UNSET"}}},
		{"pa$UNSET", "pa${UNSET}", []unset.Variable{{Name: "UNSET"}}},
		{"${A}:${B}", "${A}:${B}", []unset.Variable{{Name: "A"}, {Name: "B"}}},
		{"${UNSET:?e}", "${UNSET}", []unset.Variable{{Name: "UNSET", Required: true}}},
		{"${UNSET?}", "${UNSET}", []unset.Variable{{Name: "UNSET", Required: true}}},
		{"${EMPTY:?e}", "${EMPTY}", []unset.Variable{{Name: "EMPTY", Required: true}}},
		{"${UNSET:+--requirepass ${UNSET}}", "--requirepass ${UNSET}", []unset.Variable{{Name: "UNSET", Guarded: true}}},
		{"${UNSET:+--appendonly yes}", "${UNSET}", []unset.Variable{{Name: "UNSET", Guarded: true}}},
		{"${SET:+--dir ${SET}}", "--dir one", nil},
		{"${UNSET:-${OTHER}}", "${OTHER}", []unset.Variable{{Name: "OTHER"}}},
		{"${OUTER}", "${NOT_HERE}", []unset.Variable{{Name: "NOT_HERE"}}},
	} {
		t.Run(test.text, func(t *testing.T) {
			project := sound(t, "services:\n  redis:\n    image: redis\n    labels:\n      - 'l="+test.text+"'\n"+dotenvFile)
			redis := project.Service("redis")
			text := redis.Value.Get("labels").Items[0].Text
			assert.Equal(t, "l="+test.want, unset.Plain(text))
			assert.Equal(t, test.variables, unset.VariablesIn(text))
			assert.Equal(t, test.variables == nil, unset.Known(text))
			assert.Equal(t, test.variables, redis.Unresolved("labels"))
		})
	}
}

// What a file gives as a default is a value, and can be told from one that is set.
func TestDefaults(t *testing.T) {
	project := sound(t, "include: [{path: part/compose.yml}]\nservices: {redis: {image: redis}}\n"+
		"-- part/compose.yml --\nservices: {part: {image: 'redis:${HERE:-7}'}}\n-- part/.env --\nHERE=8\n"+dotenvFile)
	for _, test := range []struct {
		text string
		want []string
	}{
		{"${UNSET:-x}", []string{"UNSET"}},
		{"a${UNSET-x}b${HERE:-y}", []string{"UNSET", "HERE"}},
		{"${EMPTY:-x}", []string{"EMPTY"}},
		{"${UNSET:-${SET}}", []string{"UNSET"}},
		{"${UNSET:-${OTHER:-deep}}", []string{"OTHER", "UNSET"}},
		{"${UNSET:-}", nil},
		{"${UNSET:-${OTHER}}", nil},
		{"${EMPTY-x}", nil},
		{"${SET:-x}", nil},
		{"${UNSET:+x}", nil},
		{"$${UNSET:-x}", nil},
		{"x", nil},
		{"${", nil},
	} {
		assert.Equal(t, test.want, project.Service("redis").Defaults(test.text, "compose.yml"), test.text)
	}
	// A file that is included has a .env of its own.
	assert.Empty(t, project.Service("part").Defaults("${HERE:-7}", "part/compose.yml"))
}

func TestProjectName(t *testing.T) {
	for _, test := range []struct{ name, files, want string }{
		{"of .env", "name: other\nservices: {r: {image: r, labels: ['n=${COMPOSE_PROJECT_NAME}']}}\n-- .env --\nCOMPOSE_PROJECT_NAME=shop\n", "shop"},
		{"of the file", "name: my-shop\nservices: {r: {image: r, labels: ['n=${COMPOSE_PROJECT_NAME}']}}\n", "my-shop"},
		{"of the file, with a variable", "name: ${X:-a}-b\nservices: {r: {image: r, labels: ['n=${COMPOSE_PROJECT_NAME}']}}\n", "a-b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			project := sound(t, test.files)
			assert.Equal(t, test.want, project.Name)
			assert.Equal(t, "n="+test.want, project.Service("r").Value.Get("labels").Items[0].Text)
			value, set := project.Variable("COMPOSE_PROJECT_NAME")
			assert.Equal(t, test.want, value)
			assert.True(t, set)
		})
	}
	project := sound(t, "services: {r: {image: r, labels: ['n=${COMPOSE_PROJECT_NAME}']}}\n-- My.Shop/compose.yml --\nservices: {r: {image: r, labels: ['n=${COMPOSE_PROJECT_NAME}']}}\n", "My.Shop/compose.yml")
	assert.Equal(t, "myshop", strings.TrimPrefix(project.Service("r").Value.Get("labels").Items[0].Text, "n="))
}

// Whatever Compose wants at a place, a variable without a value is no error.
func TestUnsetVariablesAreNeverAnError(t *testing.T) {
	for _, body := range []string{
		"image: ${X}",
		"image: redis:${X}",
		"ports: ['${X}:6379']",
		"ports: ['${A}:${X}:6379']",
		"ports: ['127.0.0.1:${X}:${Y}']",
		"ports: ['${X}']",
		"ports: ['${X}:6379/${P}']",
		"ports: [{target: '${X}', published: '${Y}', protocol: '${P}', mode: '${M}'}]",
		"expose: ['${X}']",
		"mem_limit: ${X}",
		"mem_limit: ${X}m",
		"memswap_limit: ${X}",
		"mem_reservation: ${X}",
		"mem_swappiness: ${X}",
		"shm_size: ${X}",
		"cpus: ${X}",
		"cpu_shares: ${X}",
		"pids_limit: ${X}",
		"scale: ${X}",
		"init: ${X}",
		"read_only: ${X}",
		"privileged: ${X}",
		"restart: ${X}",
		"network_mode: ${X}",
		"pull_policy: ${X}",
		"platform: ${X}",
		"user: ${X}:${Y}",
		"stop_grace_period: ${X}",
		"stop_signal: ${X}",
		"sysctls: {net.core.somaxconn: '${X}'}",
		"ulimits: {nofile: {soft: '${X}', hard: '${X}'}}",
		"extra_hosts: ['host:${X}']",
		"extra_hosts: ['${X}']",
		"dns: ['${X}']",
		"devices: ['${X}:/dev/x']",
		"tmpfs: ['/data:size=${X}']",
		"tmpfs: ${X}",
		"env_file: ${X}",
		"env_file: [{path: '${X}', required: '${Y}'}]",
		"environment: ['${X}']",
		"environment: {A: '${X}'}",
		"labels: ['${X}=y']",
		"cap_add: ['${X}']",
		"security_opt: ['${X}']",
		"logging: {driver: '${X}', options: {max-size: '${Y}'}}",
		"depends_on: ['${X}']",
		"links: ['${X}']",
		"networks: ['${X}']",
		"networks: {back: {ipv4_address: '${X}'}}",
		"volumes: ['${X}:/data']",
		"volumes: ['${X}/data:/data:${M}']",
		"volumes: ['data:${X}']",
		"volumes: ['${X}']",
		"volumes: [{type: '${X}', source: data, target: /data}]",
		"volumes: [{type: volume, source: '${X}', target: /data, read_only: '${R}', volume: {nocopy: '${N}'}}]",
		"volumes: [{type: tmpfs, target: /data, tmpfs: {size: '${X}', mode: '${M}'}}]",
		"configs: ['${X}']",
		"configs: [{source: '${X}', target: /c, mode: '${M}'}]",
		"secrets: ['${X}']",
		"secrets: [{source: '${X}', uid: '${U}', mode: '${M}'}]",
		"container_name: ${X}\n    image: redis",
		"command: ${X}",
		"command: redis-server ${X}",
		"command: ['${X}']",
		"entrypoint: ${X}",
		"healthcheck: {test: '${X}', interval: '${I}', timeout: '${T}', start_period: '${S}', start_interval: '${J}', retries: '${R}', disable: '${D}'}",
		"healthcheck: {test: [CMD, '${X}']}",
		"healthcheck: {test: ['${X}']}",
		"deploy: {mode: '${X}', replicas: '${R}'}",
		"deploy: {resources: {limits: {memory: '${M}', cpus: '${C}', pids: '${P}'}, reservations: {memory: '${M}', cpus: '${C}'}}}",
		"deploy: {restart_policy: {condition: '${X}', delay: '${D}', max_attempts: '${A}', window: '${W}'}}",
		"deploy: {update_config: {parallelism: '${P}', delay: '${D}', order: '${O}', failure_action: '${F}', max_failure_ratio: '${M}', monitor: '${N}'}}",
		"deploy: {rollback_config: {parallelism: '${P}', delay: '${D}', order: '${O}', monitor: '${N}'}}",
		"deploy: {placement: {constraints: ['${X}'], max_replicas_per_node: '${M}'}}",
		"mem_limit: 1g\n    deploy: {resources: {limits: {memory: '${M}'}}}",
		"build: {context: '${X}', args: ['A=${Y}'], shm_size: '${S}'}",
		"profiles: ['${X}']",
		"blkio_config: {weight: '${X}'}",
		"oom_score_adj: ${X}",
		"logging: {driver: json-file, options: {max-file: '${X}'}}",
		"ipc: ${X}",
		"pid: ${X}",
		"gpus: ${X}",
		"group_add: ['${X}']",
		"isolation: ${X}",
		"runtime: ${X}",
		"extends: {file: '${X}', service: a}",
		"extends: {file: other.yml, service: '${X}'}",
	} {
		t.Run(body, func(t *testing.T) {
			project := load(t, "services:\n  redis:\n    "+body+"\n  other: {image: redis}\nnetworks: {back: }\nvolumes: {data: }\n-- other.yml --\nservices: {a: {image: a}}\n")
			if len(project.Refusals) > 0 && project.Refusals[0].Kind == compose.Fragment {
				return // a body without an image is one, whatever the variable
			}
			require.Empty(t, project.Refusals)
			require.NotNil(t, project.Service("other"), "%v", project.Unseen)
			if strings.HasPrefix(body, "container_name") {
				require.Empty(t, project.Unseen)
			}
			if !strings.HasPrefix(body, "extends:") { // what it is besides is not known
				require.NotNil(t, project.Service("redis"), "%v", project.Unseen)
			}
		})
	}
}

func TestUnsetVariablesOutsideServices(t *testing.T) {
	for _, top := range []string{
		"name: ${X}",
		"networks: {back: {driver: '${X}', internal: '${I}', ipam: {config: [{subnet: '${S}'}]}}}",
		"networks: {back: {name: '${X}', external: '${E}'}}",
		"volumes: {data: {name: '${X}', driver_opts: {device: '${D}'}}}",
		"secrets: {password: {file: '${X}'}}",
		"secrets: {password: {environment: '${X}'}}",
		"configs: {conf: {content: 'requirepass ${X}'}}",
		"include: ['${X}']",
		"include: [{path: more.yml, env_file: '${X}'}]",
	} {
		t.Run(top, func(t *testing.T) {
			project := load(t, top+"\nservices: {redis: {image: redis}}\n-- more.yml --\nservices: {m: {image: m}}\n")
			require.Empty(t, project.Refusals)
			require.NotNil(t, project.Service("redis"))
		})
	}
}

// Compose refuses this, and a variable elsewhere does not hide it.
func TestVariablesHideNoRefusal(t *testing.T) {
	for _, body := range []string{
		"volumes: ['${X}:/y', 'missing:/data']",
		"networks: ['${X}', missing]",
		"depends_on: ['${X}', missing]",
		"mem_limit: ${X}\n    cpu_shares: many",
	} {
		project := load(t, "services:\n  redis:\n    image: redis\n    "+body+"\n")
		require.NotEmpty(t, project.Refusals, body)
		assert.Contains(t, []string{"'missing:/data'", "missing", "many"}, under(project, project.Refusals[0].Span), body)
	}
}

func TestEnvironment(t *testing.T) {
	const files = `services:
  redis:
    image: redis
    env_file:
      - first.env
      - {path: second.env, required: false}
      - {path: absent.env, required: false}
    environment:
      OWN: value
      BOTH: from-service
      OUTER: ${UNSET}
      HANDED:
-- first.env --
# a comment
FIRST=one
export BOTH="from file"
TWICE=a
-- second.env --
TWICE=b
  SPACED = c
REFERS=${SET}/${FIRST}/${UNSET}
-- .env --
SET=dot
`
	project := sound(t, files)
	var lines []string
	for _, variable := range project.Service("redis").Environment() {
		value := unset.Plain(variable.Value)
		if !variable.Set {
			value = "(handed through)"
		}
		lines = append(lines, variable.Name+"="+value+" | "+seen(project, variable.Span))
	}
	assert.Equal(t, []string{
		"BOTH=from-service | compose.yml:10:13 from-service",
		"FIRST=one | first.env:2:1 FIRST=one",
		"HANDED=(handed through) | compose.yml:12:7 HANDED",
		"OUTER=${UNSET} | compose.yml:11:14 ${UNSET}",
		"OWN=value | compose.yml:9:12 value",
		"REFERS=dot/one/${UNSET} | second.env:3:1 REFERS=${SET}/${FIRST}/${UNSET}",
		"SPACED=c | second.env:2:3 SPACED = c",
		"TWICE=b | second.env:1:1 TWICE=b",
	}, lines)
}

// YAML numbers reach the container as YAML reads them: 012 is ten.
func TestEnvironmentValuesAsYAMLReadsThem(t *testing.T) {
	project := sound(t, "services:\n  redis:\n    image: redis\n    environment: {A: 012, B: 1e3, C: 0x1f, D: 'x', E: true}\n")
	values := map[string]string{}
	for _, variable := range project.Service("redis").Environment() {
		values[variable.Name] = variable.Value
	}
	assert.Equal(t, map[string]string{"A": "10", "B": "1000", "C": "31", "D": "x", "E": "true"}, values)
	list := sound(t, "services:\n  redis:\n    image: redis\n    environment:\n      - REDISCLI_AUTH=\"x\"\n      - N=012\n")
	environment := list.Service("redis").Environment()
	assert.Equal(t, "012", environment[0].Value)
	assert.Equal(t, `"x"`, environment[1].Value, "quotes are part of the value")
}

func TestMissingEnvironmentFileIsNoted(t *testing.T) {
	project := sound(t, "services:\n  redis:\n    image: redis\n    env_file: absent.env\n")
	project.Service("redis").Environment()
	project.Service("redis").Environment()
	require.Len(t, project.Unseen, 1)
	assert.Equal(t, "compose.yml:4:15 absent.env", seen(project, project.Unseen[0].Span))
	assert.Equal(t, `the environment file "absent.env" is not known: no such file or directory`, project.Unseen[0].Message)
}

// Included files have the variables of their own .env file besides.
func TestVariablesOfIncludedFiles(t *testing.T) {
	project := sound(t, `include:
  - sub/compose.yml
  - path: other/compose.yml
    env_file: named.env
services:
  own: {image: "own:${INNER:-none}"}
-- .env --
BOTH=outer
-- sub/.env --
INNER=sub
BOTH=inner
-- sub/compose.yml --
services:
  a:
    image: redis
    command: redis-server --port ${INNER} --dir ${BOTH}
-- named.env --
INNER=named
-- other/compose.yml --
services:
  b:
    image: redis
    command: redis-server --port ${INNER} --dir ${BOTH}
`)
	for name, want := range map[string]string{"a": "sub", "b": "named"} {
		service := project.Service(name)
		command, _ := service.Command("command")
		assert.Equal(t, []string{"redis-server", "--port", want, "--dir", "outer"}, command.Texts())
	}
	assert.Equal(t, "own:none", project.Service("own").Config.Image)
}

func TestMalformedDotenvIsNoted(t *testing.T) {
	project := sound(t, "services: {redis: {image: redis}}\n-- .env --\nA='open\n")
	require.Len(t, project.Unseen, 1)
	assert.Equal(t, ".env", project.Unseen[0].Span.File)
	assert.Contains(t, project.Unseen[0].Message, "cannot be used: ")
}
