package schema

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// said is each fault as `line:column path message; meant`.
func said(t *testing.T, source string) []string {
	t.Helper()
	root := parse(t, source)
	var lines []string
	for _, fault := range compare(t, source, root).Faults {
		node := fault.Origin.Node
		line := fmt.Sprintf("%d:%d %s %s", node.Line, node.Column, strings.Join(fault.Path, "."), fault.Message)
		if fault.Meant != "" {
			line += "; " + fault.Meant
		}
		lines = append(lines, line)
	}
	return lines
}

// service is a compose file of one service with some more lines.
func service(lines string) string {
	return "services:\n  cache:\n    image: redis\n    " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n"
}

func TestFaultsHaveTheirPlaceAndComposesWords(t *testing.T) {
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"nothing", "", nil},
		{"a number in a list", service("command: [redis-server, --port, 6379]"), []string{"4:37 services.cache.command.2 must be a string"}},
		{"all numbers of a list", service("command: [1, --port, 2.0, true]"), []string{
			"4:15 services.cache.command.0 must be a string",
			"4:26 services.cache.command.2 must be a string",
			"4:31 services.cache.command.3 must be a string",
		}},
		{"neither of two types", service("command: 5"), []string{"4:14 services.cache.command must be an array or string"}},
		{"a list of types", service("read_only: [a]"), []string{"4:16 services.cache.read_only must be a boolean or string"}},
		{"a list for a mapping", service("healthcheck:\n  - test"), []string{"5:7 services.cache.healthcheck must be a mapping"}},
		{"a service of nothing", "services:\n  cache:\n", []string{"2:9 services.cache must be a mapping"}},
		{"services of nothing", "services:\n", []string{"1:10 services must be a mapping"}},
		{"a deployment of nothing", service("deploy:"), nil},
		{"the form that was meant", service("volumes:\n  - type: bind\n    sauce: a\n    target: 5"), []string{
			"6:9 services.cache.volumes.0 additional properties 'sauce' not allowed; source",
			"7:17 services.cache.volumes.0.target must be a string",
		}},
		{"what is missing", service("ulimits: {nofile: {}}"), []string{"4:23 services.cache.ulimits.nofile missing properties 'soft', 'hard'"}},
		{"one thing that is missing", service("extends: {file: a.yaml}"), []string{"4:14 services.cache.extends missing property 'service'"}},
		{"a word that is not known", service("depends_on: {a: {condition: service_healty}}"), []string{
			"4:33 services.cache.depends_on.a.condition value must be one of 'service_started', 'service_healthy', 'service_completed_successfully'; service_healthy",
		}},
		{"the only word", service("gpus: some"), []string{"4:11 services.cache.gpus value must be 'all'"}},
		{"a word that a pattern does not know", service("pull_policy: every_day"), []string{
			"4:18 services.cache.pull_policy 'every_day' does not match pattern '^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$'",
		}},
		{"a number too great", service("oom_score_adj: 1001"), []string{"4:20 services.cache.oom_score_adj must be less than or equal to 1000"}},
		{"a number too small", service("cpu_count: -1"), []string{"4:16 services.cache.cpu_count must be greater than or equal to 0"}},
		{"a whole number with a point", service("scale: 2.0"), nil},
		{"no whole number", service("scale: 2.5"), []string{"4:12 services.cache.scale must be an integer or string"}},
		{"no number", "x-a: .nan\nservices:\n  a: {image: b, cpus: .inf}\n", []string{"1:6 x-a must be a finite number", "3:23 services.a.cpus must be a finite number"}},
		{"twice the same", service("cap_add: [A, B, A, A]"), []string{
			"4:21 services.cache.cap_add items at 0 and 2 are equal",
			"4:24 services.cache.cap_add items at 0 and 3 are equal",
		}},
		{"twice the same mapping", service("volumes: [{type: bind, target: /a}, {target: /a, type: bind}]"), []string{"4:41 services.cache.volumes items at 0 and 1 are equal"}},
		{"twice the same number", service("expose: [80, 80.0, \"80\"]"), []string{"4:18 services.cache.expose items at 0 and 1 are equal"}},
		{"a name with a blank", "services:\n  my cache: {image: redis}\n", []string{"2:3 services additional properties 'my cache' not allowed"}},
		{"in several places", "services:\n  a: {image: 5}\n  b: {ports: 80}\nvolumes: []\nextra: 1\n", []string{
			"2:14 services.a.image must be a string",
			"3:14 services.b.ports must be an array",
			"4:10 volumes must be a mapping",
			"5:1  additional properties 'extra' not allowed; x-extra",
		}},
		{"triggers of nothing", "jobs:\n  a: {image: b, triggers: {}}\n", []string{"2:27 jobs.a.triggers missing property 'manual'"}},
		{"a job without triggers", "jobs:\n  a: {image: b}\n", []string{"2:6 jobs.a missing property 'triggers'"}},
		{"a key that looks like two", service("'it''s \"a\"': 1"), []string{`4:5 services.cache additional properties 'it\'s "a"' not allowed`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.source == "" {
				assert.Empty(t, Check(nil).Faults)
				return
			}
			assert.Equal(t, c.want, said(t, c.source))
		})
	}
}

func TestWhatWasMeant(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{service("commnad: a"), "command"},
		{service("depend_on: [a]"), "depends_on"},
		{service("environmnet: {}"), "environment"},
		{service("port: []"), "ports"},
		{service("Ports: []"), "ports"},
		{service("cap-add: []"), "cap_add"},
		{service("memory: 1g"), "mem_limit"},
		{service("--memory: 1g"), "mem_limit"},
		{service("name: a"), "container_name"},
		{service("env: {}"), "environment"},
		{service("replicas: 2"), "deploy.replicas"},
		{service("resources: {}"), "deploy.resources"},
		{service("retries: 2"), "healthcheck.retries"},
		{service("dockerfile: a"), "build.dockerfile"},
		{service("context: a"), "build.context"},
		{service("deploy: {image: a}"), "services.cache.image"},
		{service("deploy: {memory: 1g}"), "resources.limits.memory"},
		{service("deploy: {resources: {limits: {mem_limit: 1g}}}"), "services.cache.mem_limit"},
		{service("healthcheck: {test: a, depends_on: [b]}"), "services.cache.depends_on"},
		{service("depends_on: {a: {condition: service_started, restarted: true}}"), "restart"},
		{service("networks: {a: {alias: [b]}}"), "aliases"},
		{service("services: {}"), "services"},
		{"service:\n  a: {image: b}\n", "services"},
		{"volume:\n  a:\n", "volumes"},
		{"common:\n  restart: always\n", "x-common"},
		{"redis:\n  image: redis\n", "services.redis"},
		{"base: &base\n  image: redis\n", "x-base"},
		{service("quxotic: 1"), ""},
	} {
		root := parse(t, c.source)
		faults := compare(t, c.source, root).Faults
		require.Len(t, faults, 1, c.source)
		assert.Equal(t, c.want, faults[0].Meant, c.source)
	}
}

// marked is a value of a variable that has no value.
func marked() *model.Value {
	return &model.Value{Kind: model.String, Text: "${A}", Marked: true}
}

func TestAVariableWithoutAValueFitsAnyScalar(t *testing.T) {
	for _, c := range []struct {
		name, key string
		fits      bool
	}{
		{"a number", "oom_score_adj", true}, {"a bound", "cpu_percent", true}, {"a truth value", "use_api_socket", true},
		{"one of several words", "cgroup", true}, {"a pattern", "pull_policy", true}, {"a text or a list", "command", true},
		{"a mapping", "healthcheck", false}, {"a list", "ports", false}, {"a mapping or nothing", "deploy", false},
		{"a list or a mapping", "environment", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := service(c.key + ": a")
			root := valueOf(source, parse(t, source))
			root.Find("services", "cache").Entry(c.key).Value = marked()
			assert.Equal(t, c.fits, len(Check(root).Faults) == 0, "%v", Check(root).Faults)
		})
	}
}

func TestVariablesWithoutValuesAreNotTheSameThingTwice(t *testing.T) {
	source := service("cap_add: [a, b, c]")
	root := valueOf(source, parse(t, source))
	list := root.Find("services", "cache", "cap_add")
	list.Items[0], list.Items[1] = marked(), marked()
	assert.Empty(t, Check(root).Faults)
}

func TestASharedFaultIsReportedOnceAndRefusesEveryService(t *testing.T) {
	source := "x-a: &a {image: 5, commnad: b}\nservices:\n  one: *a\n  two: {<<: *a, tty: []}\n  three: {image: c}\n  my four: {}\n"
	assert.Equal(t, []string{
		"1:17 services.one.image must be a string",
		"1:20 services.one additional properties 'commnad' not allowed; command",
		"4:22 services.two.tty must be a boolean or string",
		"6:3 services additional properties 'my four' not allowed",
	}, said(t, source))

	result := Check(valueOf(source, parse(t, source)))
	assert.Equal(t, map[string]bool{"one": true, "two": true, "my four": true}, result.Services)
	var services []string
	for _, fault := range result.Faults {
		services = append(services, fault.Service)
	}
	assert.Equal(t, []string{"one", "one", "two", "my four"}, services)
}

func TestFaultsBeyondAThousandAreCounted(t *testing.T) {
	var source strings.Builder
	source.WriteString("services:\n")
	for i := range 1500 {
		fmt.Fprintf(&source, "  s%d: {image: 5}\n", i)
	}
	result := Check(valueOf(source.String(), parse(t, source.String())))
	assert.Len(t, result.Faults, 1000)
	assert.Equal(t, 500, result.More)
	assert.Len(t, result.Services, 1500)
}

// TestAliasesCostWhatIsWritten checks a list of lists of lists that stands
// for 10^40 scalars: it would not end if each were looked at.
func TestAliasesCostWhatIsWritten(t *testing.T) {
	nested := func(kind model.Kind) *model.Value {
		value := &model.Value{Kind: model.String, Text: "a"}
		for range 40 {
			outer := &model.Value{Kind: kind}
			for i := range 10 {
				outer.Items = append(outer.Items, value)
				outer.Entries = append(outer.Entries, model.Entry{Name: fmt.Sprint("k", i), Value: value})
			}
			value = outer
		}
		return value
	}
	mapping := func(entries ...model.Entry) *model.Value {
		return &model.Value{Kind: model.Mapping, Entries: entries}
	}
	for _, kind := range []model.Kind{model.Sequence, model.Mapping} {
		bomb, twin := nested(kind), nested(kind)
		root := mapping(
			model.Entry{Name: "x-bomb", Value: bomb},
			model.Entry{Name: "services", Value: mapping(model.Entry{Name: "a", Value: mapping(
				model.Entry{Name: "volumes", Value: &model.Value{Kind: model.Sequence, Items: []*model.Value{bomb, twin}}},
			)})},
		)
		result := Check(root)
		assert.NotEmpty(t, result.Faults)
		assert.Less(t, len(result.Faults), 50)
	}
}

func BenchmarkCheck(b *testing.B) {
	source, err := os.ReadFile("testdata/shop.yaml")
	require.NoError(b, err)
	text := string(source)
	for i := range 7 { // with the three of the file ten services
		text = strings.Replace(text, "\nnetworks:\n", fmt.Sprintf("\n  copy%d:\n    image: redis:7\n    command: [redis-server, --maxmemory, 100mb]\n    ports: [\"%d:6379\"]\n    environment: {A: 1, B: c, D: true}\n    volumes: [cache:/data]\n    depends_on: {cache: {condition: service_healthy}}\n    healthcheck: {test: [CMD, redis-cli, ping], interval: 5s}\n    networks: [back]\n    restart: always\nnetworks:\n", i, 6400+i), 1)
	}
	root := valueOf(text, parse(b, text))
	require.Empty(b, Check(root).Faults)
	b.ReportAllocs()
	for b.Loop() {
		Check(root)
	}
}
