package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var clientWithoutFailover = &lint.Rule{
	ID:       "client-without-failover",
	Group:    "clients",
	Severity: lint.Warning,
	Summary:  "A client knows one server of a set, and not the sentinels that may replace it",
	Why: `
Sentinels tell their clients who the master is. Who was told one server's name keeps
it: while that server is gone the client has none, and when it comes back it is a
replica, which refuses every write with READONLY. Then the sentinels are of no use
to that client.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/reference/sentinel-clients/"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    networks: {default: {ipv4_address: 10.0.0.1}}\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n  web:\n    image: example/web:1\n    environment: {REDIS_URL: \"redis://one:6379\"}\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    networks: {default: {ipv4_address: 10.0.0.1}}\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n  web:\n    image: example/web:1\n    environment: {REDIS_SENTINELS: \"sentinel:26379\", REDIS_MASTER: main}\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n",
		Mend:     "Give the client the sentinels and the master's name, or put something in front of the servers that asks the sentinels.",
		Ignore:   "Where the client finds the sentinels by itself.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the environment of the client, what its library calls the sentinels and the master, such as:",
		Lines:  []string{"REDIS_SENTINELS: <sentinel>:26379"},
		Choose: "<sentinel>",
	},
	Check: func(p *lint.Pass) {
		t, told := topology.Of(p.Project), map[*compose.Service]bool{}
		for _, s := range t.Services {
			told[s.Service] = true // a replica, a sentinel or a tool is no application
		}
		for _, use := range t.Uses {
			master := use.Address.Server
			if master == nil || told[use.By] || !keepsAddress(use) || t.WatcherOf(master) == nil || len(t.ReplicasOf(master)) == 0 || speaksOfSentinels(use.By) {
				continue
			}
			told[use.By] = true
			p.Report(use.At, use.By, "%q is told of %q alone: once the sentinels have made another server the master, its writes are refused", use.By.Name, master.Name)
		}
	},
}

// keepsAddress reports whether a use is that of an application, which writes.
func keepsAddress(use topology.Use) bool {
	switch use.Purpose {
	case topology.ForClients, topology.ForJobs, topology.ForCache:
		return !topology.IsLoopback(use.Host)
	}
	return false
}

// speaksOfSentinels reports whether a service may know the sentinels: something
// that it is told speaks of them, or not all that it is told is seen.
func speaksOfSentinels(service *compose.Service) bool {
	environment, whole := service.Glimpse()
	said := []string{service.Name, service.Config.Image}
	for _, variable := range environment {
		said = append(said, variable.Name, variable.Value)
	}
	for _, key := range []string{"command", "entrypoint"} {
		command, _ := service.Command(key)
		said = append(said, command.Texts()...)
	}
	all := strings.ToLower(strings.Join(said, " "))
	return !whole || strings.Contains(all, "sentinel") || strings.Contains(all, "26379")
}
