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
	text        string // what it is good for, and what it costs
	policy      string
	persistence string
	why         string // of the persistence
}

// roles are the uses that an intent can name.
var roles = []role{
	{
		name: "cache", title: "Cache", policy: "allkeys-lru", persistence: persistNone,
		text: "Every key can be made again from somewhere else. When memory is full, the keys that were not used for longest make room.",
		why:  "A cache fills itself again, and loading an old one would serve stale values. Without snapshots no memory is set aside for them.",
	},
	{
		name: "session-store", title: "Session store", policy: "volatile-lru", persistence: persistAOF,
		text: "Sessions carry a time to live and survive a restart. When memory is full, the longest idle session makes room for a new one: " +
			"to refuse writes would keep everyone from logging in.",
		why: "A restart must not log everyone out. The append-only file loses at most about a second of logins in a crash.",
	},
	{
		name: "queue", title: "Queue", policy: "noeviction", persistence: persistAOF,
		text: "A job that was accepted must not disappear. When memory is full, producers get an error and can wait; nothing is evicted.",
		why:  `Every accepted job is in the append-only file within about a second. fsync = "always" makes that before the reply, at the price of latency.`,
	},
	{
		name: "rate-limit", title: "Rate limiter", policy: "volatile-ttl", persistence: persistRDB,
		text: "Counters live for seconds to hours. When memory is full, the counter whose window ends first makes room: its limit was about to be lifted anyway.",
		why:  "A snapshot is taken on a planned stop and every five minutes, so a restart does not lift every limit. After a crash up to five minutes of counting are lost.",
	},
	{
		name: "pubsub", title: "Publish and subscribe", policy: "noeviction", persistence: persistNone,
		text: "Messages go to those who listen at that moment and are kept nowhere. Most of the memory is for subscribers that are slow to read.",
		why:  "There is nothing to keep: a message that was sent is gone.",
	},
	{
		name: "database", title: "Database", policy: "noeviction", persistence: persistBoth,
		text: "The data are nowhere else. When memory is full, writes get an error; nothing is evicted.",
		why:  "The append-only file loses at most about a second in a crash. The hourly snapshot is a second copy in another format, and what backups take.",
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

// lossText says what is lost when the server dies.
var lossText = map[string]string{
	persistNone: "all of them are gone with every restart.",
	persistRDB:  "a crash loses what was written since the last snapshot.",
	persistAOF:  "a crash of the host loses up to about a second of writes, and a lost disk loses all but the backups.",
	persistBoth: "a crash of the host loses up to about a second of writes, and a lost disk loses all but the backups.",
}
