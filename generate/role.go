package generate

// The values of persistence.
const (
	persistNone = "none"
	persistRDB  = "rdb"
	persistAOF  = "aof"
	persistBoth = "both"
)

// role is what the use of a server decides.
type role struct {
	name        string
	title       string
	use         string // what it is good for
	policy      string
	full        string // what the policy does to such data, and why it is the right one
	persistence string
	why         string // of the persistence as the role has it
	minReplicas int64  // that have to follow closely for the master of a set to accept a write
}

// roles are the uses that an intent can name.
var roles = []role{
	{
		name: "cache", title: "Cache",
		use:         "Every key can be made again from somewhere else.",
		policy:      "allkeys-lru",
		full:        "When memory is full, the keys that were not used for longest make room.",
		persistence: persistNone,
		why:         "A cache fills itself again, and an old one would serve stale values. Without snapshots no memory is set aside for them.",
	},
	{
		name: "session-store", title: "Session store",
		use:    "Sessions carry a time to live and survive a restart.",
		policy: "volatile-lru",
		full: "When memory is full, the longest idle session makes room for a new one: to refuse writes would keep everyone from " +
			"logging in. Keys without a time to live stay.",
		persistence: persistAOF,
		why:         "A restart must not log everyone out. The append-only file loses at most about a second of logins in a crash.",
	},
	{
		name: "queue", title: "Queue",
		use:         "A job that was accepted must not disappear.",
		policy:      "noeviction",
		full:        "When memory is full, producers get an error and can wait; nothing is evicted.",
		persistence: persistAOF,
		why: `Every accepted job is in the append-only file within about a second. fsync = "always" in the intent makes that ` +
			"before the reply, at the price of latency.",
		minReplicas: 1,
	},
	{
		name: "rate-limit", title: "Rate limiter",
		use:    "Counters live for seconds to hours.",
		policy: "volatile-ttl",
		full: "When memory is full, the counter whose window ends first makes room: its limit was about to be lifted anyway. Keys " +
			"without a time to live stay.",
		persistence: persistRDB,
		why: "A snapshot is taken every five minutes and on a planned stop, so a restart does not lift every limit. A crash loses up to " +
			"five minutes of counting.",
	},
	{
		name: "pubsub", title: "Publish and subscribe",
		use:         "Messages go to those who listen at that moment. Most of the memory is for subscribers that are slow to read.",
		policy:      "noeviction",
		full:        "When memory is full, keys cannot be written; publishing goes on, and the slowest subscribers are disconnected.",
		persistence: persistNone,
		why:         "There is nothing to keep: a message that was sent is gone.",
	},
	{
		name: "database", title: "Database",
		use:         "The data are nowhere else.",
		policy:      "noeviction",
		full:        "When memory is full, writes get an error; nothing is evicted.",
		persistence: persistBoth,
		why: "The append-only file loses at most about a second in a crash. The hourly snapshot is a second copy in another format, " +
			"and what backups take.",
		minReplicas: 1,
	},
}

// Roles returns the names of the roles.
func Roles() []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.name
	}
	return names
}

func findRole(name string) (role, bool) {
	for _, r := range roles {
		if r.name == name {
			return r, true
		}
	}
	return role{}, false
}

// savePoints are the snapshots of a server whose intent names none. With an append-only file beside it a snapshot an hour is enough;
// alone it bounds what a crash loses to five minutes.
var savePoints = map[string][]string{
	persistRDB:  {"300 1"},
	persistBoth: {"3600 1"},
}

// policyText says what each policy does when memory is full.
var policyText = map[string]string{
	"noeviction":      "When memory is full, commands that need more get an OOM error; nothing is evicted.",
	"allkeys-lru":     "When memory is full, the keys that were not used for longest are evicted.",
	"allkeys-lfu":     "When memory is full, the keys that are used least often are evicted.",
	"allkeys-lrm":     "When memory is full, the keys that were not written for longest are evicted.",
	"allkeys-random":  "When memory is full, keys are evicted at random.",
	"volatile-lru":    "When memory is full, keys with a time to live that were not used for longest are evicted; the others stay.",
	"volatile-lfu":    "When memory is full, keys with a time to live that are used least often are evicted; the others stay.",
	"volatile-lrm":    "When memory is full, keys with a time to live that were not written for longest are evicted; the others stay.",
	"volatile-random": "When memory is full, keys with a time to live are evicted at random; the others stay.",
	"volatile-ttl":    "When memory is full, the keys that would expire next are evicted; keys without a time to live stay.",
}

// persistenceText says what each persistence means where it is not the role's own.
var persistenceText = map[string]string{
	persistNone: "Nothing is kept: a restart begins empty.",
	persistRDB:  "Snapshots are taken as save says and on a planned stop. A crash loses what was written since the last one.",
	persistAOF:  "A restart reads the append-only file. A crash loses what had not reached the disk.",
	persistBoth: "A restart reads the append-only file. The snapshots are a second copy in another format, and what backups take.",
}

var fsyncText = map[string]string{
	"everysec": "The disk is a second behind at most, unless it cannot keep up.",
	"always":   "Every write is on the disk before its reply. Each one waits for the disk.",
	"no":       "The kernel decides when to write: a crash of the host can lose half a minute.",
}

// lossText says what is lost when the server or its host dies.
func lossText(persistence, fsync string) string {
	lost := map[string]string{"everysec": "up to about a second of writes", "always": "no write that was answered", "no": "up to half a minute of writes"}
	switch persistence {
	case persistNone:
		return "all of them are gone with every restart."
	case persistRDB:
		return "a crash loses what was written since the last snapshot, and a lost disk all but the backups."
	}
	return "a crash of the host loses " + lost[fsync] + ", and a lost disk all but the backups."
}
