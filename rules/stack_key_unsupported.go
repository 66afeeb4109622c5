package rules

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

var stackKeyUnsupported = &lint.Rule{
	ID:       "stack-key-unsupported",
	Group:    "swarm",
	Severity: lint.Warning,
	Summary:  "A stack refuses keys of the service, or drops them without a word",
	Why: `
docker stack deploy reads an older format than Compose. With mem_limit, cpus or a
depends_on with conditions it refuses the whole file. It drops tmpfs and ipv4_address
without a word: nothing is mounted there, and the address is another one at every
start, whatever sentinels, replicas and clients were told.
`,
	Refs: []string{"https://docs.docker.com/reference/cli/docker/stack/deploy/", "https://docs.docker.com/reference/compose-file/legacy-versions/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    mem_limit: 1g\n    deploy: {placement: {constraints: [node.labels.db == 1]}}\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    deploy: {placement: {constraints: [node.labels.db == 1]}, resources: {limits: {memory: 1g}}}\n",
		Mend:     "Write limits below deploy.resources, a tmpfs as a volume of that type, and names in the place of addresses.",
		Ignore:   "Where Compose alone starts the file, and what is below deploy is for nobody.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, what a stack reads in the place of mem_limit and of tmpfs:",
		Lines:  []string{"deploy: {resources: {limits: {memory: <size>}}}", "volumes:", "  - {type: tmpfs, target: /data}"},
		Choose: "<size>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Stores(p.Project), inspect.Sentinels(p.Project)...) {
			if !s.OfStack() || ofCompose(s) || slices.ContainsFunc(onlyOfCompose, func(key string) bool { return s.Has(key) }) {
				continue
			}
			refused, dropped := keysOf(s, refusedByStacks), keysOf(s, droppedByStacks)
			switch {
			case len(refused) > 0:
				p.Report(refused[0].at, s.Service, "docker stack deploy refuses the file for %s of %q: nothing of it starts", namesOf(refused), s.Name)
			case len(dropped) > 0:
				p.Report(dropped[0].at, s.Service, "docker stack deploy drops %s of %q: %s", namesOf(dropped), s.Name, dropped[0].then)
			}
		}
	},
}

// stackKey is a key that a stack does not heed.
type stackKey struct {
	name string
	then string // what follows for a server
	is   func(s *inspect.Service) (at position.Span, ok bool)
}

// onlyOfCompose are keys of how Compose is used, which a stack refuses as well: who
// writes them starts the file with Compose.
var onlyOfCompose = []string{"profiles", "pull_policy", "develop", "scale"}

// refusedByStacks are what stops docker stack deploy: forbidden, or not in its
// format (tried with docker stack config of 28.2.2; cli/compose/types in docker/cli).
var refusedByStacks = []stackKey{
	{name: "mem_limit"}, {name: "mem_reservation"}, {name: "memswap_limit"}, {name: "mem_swappiness"}, {name: "oom_kill_disable"},
	{name: "cpus"}, {name: "cpu_quota"}, {name: "cpu_shares"}, {name: "cpuset"}, {name: "pids_limit"}, {name: "group_add"}, {name: "volumes_from"},
	{name: "depends_on with conditions", is: waitsOnCondition},
}

// droppedByStacks are what it takes no notice of, and a server does (cli/compose/convert
// in docker/cli). What it drops besides, such as privileged, security_opt or
// devices, changes nothing for a server.
var droppedByStacks = []stackKey{
	{name: "tmpfs", then: "nothing is mounted there"},
	{"ipv4_address", "it has another address at every start", hasFixedAddress},
	{"network_mode", "it is in networks of the stack alone", leavesNetworks},
}

type foundKey struct {
	stackKey
	at position.Span
}

// keysOf lists which of some keys a service has.
func keysOf(s *inspect.Service, keys []stackKey) (found []foundKey) {
	for _, key := range keys {
		at, ok := s.KeyAt(key.name), key.is == nil && s.Has(key.name)
		if key.is != nil {
			at, ok = key.is(s)
		}
		if ok {
			found = append(found, foundKey{key, at})
		}
	}
	return found
}

func namesOf(keys []foundKey) string {
	var names []string
	for _, key := range keys {
		names = append(names, key.name)
	}
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s and %s", strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
}

// waitsOnCondition recognises the long form of depends_on as it is written.
func waitsOnCondition(s *inspect.Service) (at position.Span, ok bool) {
	entry, ok := s.Entry("depends_on")
	ok = ok && entry.Value.Origin.Node != nil && entry.Value.Origin.Node.Kind == yaml.MappingNode
	return s.KeyAt("depends_on"), ok
}

func hasFixedAddress(s *inspect.Service) (at position.Span, ok bool) {
	for _, network := range s.Config.Networks {
		if s.Has("networks", network.Name, "ipv4_address") {
			return s.KeyAt("networks", network.Name, "ipv4_address"), true
		}
	}
	return at, false
}

func leavesNetworks(s *inspect.Service) (at position.Span, ok bool) {
	mode := s.Config.NetworkMode
	return s.KeyAt("network_mode"), mode == "host" || strings.HasPrefix(mode, "service:") || strings.HasPrefix(mode, "container:")
}
