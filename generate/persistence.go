package generate

func (d *decider) choosePersistence() {
	i := d.intent
	d.role, _ = findRole(i.Role)
	d.persistence = i.Persistence
	if d.persistence == "" {
		d.persistence = d.role.persistence
	}
	if !i.usable("role", "persistence") {
		return
	}
	p := &d.plan
	p.RDB = d.persistence == persistRDB || d.persistence == persistBoth
	p.AOF = d.persistence == persistAOF || d.persistence == persistBoth
	p.Persistent = p.RDB || p.AOF
	p.KeepsData = map[bool]string{true: "yes", false: "no"}[p.Persistent]
	if len(i.Save) > 0 && !p.RDB {
		d.refuse(complain(`write persistence = "rdb" or "both"`, "save needs snapshots, but persistence is %q", d.persistence), "save")
	}
	if i.Fsync != "" && !p.AOF {
		d.refuse(complain(`write persistence = "aof" or "both"`, "fsync needs an append-only file, but persistence is %q", d.persistence), "fsync")
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
