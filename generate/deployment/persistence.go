package deployment

import (
	"cmp"

	"github.com/rcomp/rcomp/generate/intent"
)

// Persistence is what outlives a restart, and how often it reaches the disk.
type Persistence struct {
	Kind       string // one of those of the intent
	Persistent bool
	RDB, AOF   bool
	KeepsData  string   // yes or no
	AppendOnly string   // the same
	Save       []string // of redis.conf
	Fsync      string
}

// persistenceOf decides what a server of a role keeps. Nothing is decided where the role or the persistence was refused.
func persistenceOf(i *intent.Intent, role intent.Role) (Persistence, []intent.Problem) {
	p := Persistence{Kind: cmp.Or(i.Persistence, role.Persistence)}
	if !i.Usable("role", "persistence") {
		return p, nil
	}
	p.RDB = p.Kind == intent.PersistRDB || p.Kind == intent.PersistBoth
	p.AOF = p.Kind == intent.PersistAOF || p.Kind == intent.PersistBoth
	p.Persistent = p.RDB || p.AOF
	p.KeepsData, p.AppendOnly = yesOrNo(p.Persistent), yesOrNo(p.AOF)
	p.Fsync = cmp.Or(i.Fsync, "everysec")
	switch {
	case !p.RDB:
		p.Save = []string{`""`}
	case len(i.Save) > 0:
		p.Save = i.Save
	default:
		p.Save = savePoints[p.Kind]
	}
	var problems []intent.Problem
	if len(i.Save) > 0 && !p.RDB {
		problems = append(problems, i.Problem(intent.Faultf(`write persistence = "rdb" or "both"`, "save needs snapshots, but persistence is %q", p.Kind), "save"))
	}
	if i.Fsync != "" && !p.AOF {
		problems = append(problems, i.Problem(intent.Faultf(`write persistence = "aof" or "both"`, "fsync needs an append-only file, but persistence is %q", p.Kind), "fsync"))
	}
	return p, problems
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// savePoints are the snapshots of a server whose intent names none. With an append-only file beside it a snapshot an hour is enough;
// alone it bounds what a crash loses to five minutes.
var savePoints = map[string][]string{
	intent.PersistRDB:  {"300 1"},
	intent.PersistBoth: {"3600 1"},
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
	intent.PersistNone: "Nothing is kept: a restart begins empty.",
	intent.PersistRDB:  "Snapshots are taken as save says and on a planned stop. A crash loses what was written since the last one.",
	intent.PersistAOF:  "A restart reads the append-only file. A crash loses what had not reached the disk.",
	intent.PersistBoth: "A restart reads the append-only file. The snapshots are a second copy in another format, and what backups take.",
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
	case intent.PersistNone:
		return "all of them are gone with every restart."
	case intent.PersistRDB:
		return "a crash loses what was written since the last snapshot, and a lost disk all but the backups."
	}
	return "a crash of the host loses " + lost[fsync] + ", and a lost disk all but the backups."
}
