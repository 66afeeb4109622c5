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
	Save       []string // when a snapshot is taken, "3600 1"; none without snapshots
	OwnSave    bool     // the intent says when
	Fsync      string   // everysec, always or no
}

// persistenceOf decides what a server of a role keeps. Nothing is decided where
// the role or the persistence was refused.
func persistenceOf(i *intent.Intent, role intent.Role) (Persistence, []intent.Problem) {
	p := Persistence{Kind: cmp.Or(i.Persistence, role.Persistence)}
	if !i.Usable("role", "persistence") {
		return p, nil
	}
	p.RDB = p.Kind == intent.PersistRDB || p.Kind == intent.PersistBoth
	p.AOF = p.Kind == intent.PersistAOF || p.Kind == intent.PersistBoth
	p.Persistent = p.RDB || p.AOF
	p.OwnSave = len(i.Save) > 0
	p.Fsync = cmp.Or(i.Fsync, "everysec")
	switch {
	case p.RDB && p.OwnSave:
		p.Save = i.Save
	case p.RDB:
		p.Save = savePoints[p.Kind]
	}
	refused := i.Refusals()
	if p.OwnSave && !p.RDB {
		refused.Refuse(intent.Faultf(`write persistence = "rdb" or "both"`, "save needs snapshots, but persistence is %q", p.Kind), "save")
	}
	if i.Fsync != "" && !p.AOF {
		refused.Refuse(intent.Faultf(`write persistence = "aof" or "both"`, "fsync needs an append-only file, but persistence is %q", p.Kind), "fsync")
	}
	return p, refused.Problems
}

// savePoints are the snapshots of a server whose intent names none. With an
// append-only file beside it a snapshot an hour is enough; alone it bounds what
// a crash loses to five minutes.
var savePoints = map[string][]string{
	intent.PersistRDB:  {"300 1"},
	intent.PersistBoth: {"3600 1"},
}
