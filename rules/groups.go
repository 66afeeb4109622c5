package rules

// Group is what several rules are about: they are selected and turned off
// together.
type Group struct{ Name, About string }

// Groups are all groups, in the order of the rules. Some have no rule yet.
var Groups = []Group{
	{"start", "whether the server starts at all"},
	{"memory", "ceilings, eviction and limits"},
	{"access", "who is let in"},
	{"secrets", "where passwords stand"},
	{"exposure", "from where the server can be reached"},
	{"persistence", "what outlives a restart"},
	{"health", "health checks"},
	{"lifecycle", "starting, stopping, restarting"},
	{"image", "which image runs, and how long it stays the same"},
	{"configuration", "whether conf files and variables reach the server"},
	{"replication", "replicas and their master"},
	{"sentinel", "sentinels"},
	{"cluster", "cluster nodes"},
	{"swarm", "stacks of a swarm"},
	{"clients", "what other services do with a server"},
	{"operation", "what it takes to run it for long"},
	{"compose", "the compose file itself"},
	{"rcomp", "rcomp's own comments and settings"},
}

// GroupNames are the names of Groups.
func GroupNames() []string {
	names := make([]string, len(Groups))
	for i, group := range Groups {
		names[i] = group.Name
	}
	return names
}
