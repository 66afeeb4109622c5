package generate

import "github.com/rcomp/rcomp/generate/intent"

func (d *decider) choosePersistence() {
	i := d.intent
	d.role, _ = intent.FindRole(i.Role)
	d.persistence = i.Persistence
	if d.persistence == "" {
		d.persistence = d.role.Persistence
	}
	if !i.Usable("role", "persistence") {
		return
	}
	p := &d.plan
	p.RDB = d.persistence == intent.PersistRDB || d.persistence == intent.PersistBoth
	p.AOF = d.persistence == intent.PersistAOF || d.persistence == intent.PersistBoth
	p.Persistent = p.RDB || p.AOF
	p.KeepsData = map[bool]string{true: "yes", false: "no"}[p.Persistent]
	if len(i.Save) > 0 && !p.RDB {
		d.refuse(intent.Faultf(`write persistence = "rdb" or "both"`, "save needs snapshots, but persistence is %q", d.persistence), "save")
	}
	if i.Fsync != "" && !p.AOF {
		d.refuse(intent.Faultf(`write persistence = "aof" or "both"`, "fsync needs an append-only file, but persistence is %q", d.persistence), "fsync")
	}
	p.Save = i.Save
	if len(p.Save) == 0 {
		p.Save = savePoints[d.persistence]
	}
	if !p.RDB {
		p.Save = []string{`""`}
	}
	p.Fsync = i.Fsync
	if p.Fsync == "" {
		p.Fsync = "everysec"
	}
	p.AppendOnly = map[bool]string{true: "yes", false: "no"}[p.AOF]
}
