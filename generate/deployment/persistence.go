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
