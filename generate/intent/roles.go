package intent

// The values of persistence.
const (
	PersistNone = "none"
	PersistRDB  = "rdb"
	PersistAOF  = "aof"
	PersistBoth = "both"
)

// The values of topology.
const (
	Standalone = "standalone"
	Replicated = "replicated"
	Sentinel   = "sentinel"
	Cluster    = "cluster"
)

// Topologies are all values of topology, the default first.
var Topologies = []string{Standalone, Replicated, Sentinel, Cluster}

// The values of target.
const (
	Compose = "compose"
	Swarm   = "swarm"
)

// Targets are all values of target, the default first.
var Targets = []string{Compose, Swarm}

// The values of variant.
const (
	VariantDebian = "debian"
	VariantAlpine = "alpine"
)

// Role is what the use of a server decides.
type Role struct {
	Name        string
	Title       string
	Use         string // what it is good for
	Policy      string
	Full        string // what the policy does to such data, and why it is the right one
	Persistence string
	Why         string // of the persistence as the role has it
	Short       Short
	MinReplicas int64 // that have to follow closely for the master of a set to accept a write
}

// Short is a role in a few words, for a table.
type Short struct{ Full, Kept, Lost string }

// roles are the uses that an intent can name.
var roles = []Role{
	{
		Name: "cache", Title: "Cache",
		Short:       Short{"the keys unused for longest go", "none", "everything"},
		Use:         "Every key can be made again from somewhere else.",
		Policy:      "allkeys-lru",
		Full:        "When memory is full, the keys that were not used for longest make room.",
		Persistence: PersistNone,
		Why:         "A cache fills itself again, and an old one would serve stale values. Without snapshots no memory is set aside for them.",
	},
	{
		Name: "session-store", Title: "Session store",
		Short:  Short{"sessions unused for longest go; keys without a time to live stay", "append-only file", "about a second"},
		Use:    "Sessions carry a time to live and survive a restart.",
		Policy: "volatile-lru",
		Full: "When memory is full, the longest idle session makes room for a new one: to refuse writes would keep everyone from " +
			"logging in. Keys without a time to live stay.",
		Persistence: PersistAOF,
		Why:         "A restart must not log everyone out. The append-only file loses at most about a second of logins in a crash.",
	},
	{
		Name: "queue", Title: "Queue",
		Short:       Short{"producers get an error", "append-only file", "about a second"},
		Use:         "A job that was accepted must not disappear.",
		Policy:      "noeviction",
		Full:        "When memory is full, producers get an error and can wait; nothing is evicted.",
		Persistence: PersistAOF,
		Why: `Every accepted job is in the append-only file within about a second. fsync = "always" in the intent makes that ` +
			"before the reply, at the price of latency.",
		MinReplicas: 1,
	},
	{
		Name: "rate-limit", Title: "Rate limiter",
		Short:  Short{"the counters that expire next go", "snapshot every five minutes and at a planned stop", "up to five minutes"},
		Use:    "Counters live for seconds to hours.",
		Policy: "volatile-ttl",
		Full: "When memory is full, the counter whose window ends first makes room: its limit was about to be lifted anyway. Keys " +
			"without a time to live stay.",
		Persistence: PersistRDB,
		Why: "A snapshot is taken every five minutes and on a planned stop, so a restart does not lift every limit. A crash loses up to " +
			"five minutes of counting.",
	},
	{
		Name: "pubsub", Title: "Publish and subscribe",
		Short:       Short{"publishing goes on, slow subscribers are disconnected", "none", "messages are never kept"},
		Use:         "Messages go to those who listen at that moment. Most of the memory is for subscribers that are slow to read.",
		Policy:      "noeviction",
		Full:        "When memory is full, keys cannot be written; publishing goes on, and the slowest subscribers are disconnected.",
		Persistence: PersistNone,
		Why:         "There is nothing to keep: a message that was sent is gone.",
	},
	{
		Name: "database", Title: "Database",
		Short:       Short{"writes get an error", "append-only file, and a snapshot an hour", "about a second"},
		Use:         "The data are nowhere else.",
		Policy:      "noeviction",
		Full:        "When memory is full, writes get an error; nothing is evicted.",
		Persistence: PersistBoth,
		Why: "The append-only file loses at most about a second in a crash. The hourly snapshot is a second copy in another format, " +
			"and what backups take.",
		MinReplicas: 1,
	},
}

// Roles returns the names of the roles.
func Roles() []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	return names
}

// FindRole returns the role of a name.
func FindRole(name string) (Role, bool) {
	for _, r := range roles {
		if r.Name == name {
			return r, true
		}
	}
	return Role{}, false
}
