package deployment

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// minReplicasReason says what the number costs.
func (d *decider) minReplicasReason() string {
	p := d.plan
	if p.MinReplicas == 0 && d.role.MinReplicas > 0 && d.spareReplicas() == 0 {
		alone := "while its one replica restarts it has nobody behind it"
		if len(p.Sentinels) > 0 {
			alone = "of two servers, the promoted one has nobody behind it until the other is back"
		}
		return "The master accepts writes alone: " + alone + ", and would refuse every write until then. What it accepts then is lost should it be lost too. " +
			"With replicas = 2 a " + d.role.Name + " waits for one of them."
	}
	if p.MinReplicas == 0 {
		return "The master accepts writes alone, so a " + d.role.Name + " goes on while every replica is away. What it accepts then is lost should it be lost too, " +
			"and a master that is cut off accepts writes that are thrown away when it returns."
	}
	return fmt.Sprintf("The master refuses writes (NOREPLICAS) unless %s acknowledged within %d seconds. A master that is cut off therefore stops before another one "+
		"is promoted. The price: without %s nothing can be written.", units.Count(p.MinReplicas, "replica"), p.MinReplicasMaxLag, units.Count(p.MinReplicas, "replica"))
}

// SurvivalLine is a line of the README's table of what the set survives.
type SurvivalLine struct{ When, Then string }

// describeSet fills in the README of a set.
func (d *decider) describeSet() {
	p := &d.plan
	p.SetText = "a master and " + units.Count(d.replicas(), "replica")
	if len(p.Sentinels) > 0 {
		p.SetText += fmt.Sprintf(", and %d sentinels of which %d have to agree", len(p.Sentinels), p.Quorum)
	}
	var replicas []string
	for n, member := range p.Members[1:] {
		p.ReplicaNumbers = append(p.ReplicaNumbers, n+1)
		replicas = append(replicas, member.Name)
	}
	p.ReplicaNames = strings.Join(replicas, " ")
	p.ReplicaEndpoints = endpoints(p.Members[1:], "6379")
	p.SentinelEndpoints = endpoints(p.Sentinels, "26379")
	p.HostText = "All of it runs on one host. It survives the loss of containers, processes and volumes, not the loss of that host."
	p.WaitText = d.waitText()
	p.MinReplicasText = strings.Join(p.MinReplicasComment, " ")
}

func endpoints(list []Member, port string) string {
	var all []string
	for _, member := range list {
		all = append(all, "`"+member.Name+":"+port+"`")
	}
	return strings.Join(all, ", ")
}

// survival says what happens to the set when it loses something. The times are of the fault tests.
func (d *decider) survival() []SurvivalLine {
	p := d.plan
	switch {
	case len(p.Members) == 0:
		return nil
	case len(p.Sentinels) == 0:
		return []SurvivalLine{
			{"a replica stops", "nothing for clients of the master; it catches up when it is back"},
			{"the master stops or crashes", "no writes until it runs again; reads go on at the replicas"},
			{"the master's volume is lost", "the master does not start over replicas that have data: see the table of bad days"},
		}
	}
	downAfter := strings.TrimSuffix(p.DownAfter, "000") + " s"
	lines := []SurvivalLine{
		{"a replica stops", "nothing for clients; it catches up when it is back"},
		{"the master is stopped in order (`docker stop`, update, restart)", "another server takes over in 3 to 4 s; no confirmed write is lost"},
		{"the master crashes, hangs or is cut off", "another server takes over in about " + downAfter + " and 2 s more; writes that no replica had are lost"},
		{"the master comes back", "it joins as a replica; it accepts no write in between"},
		{"a volume is lost", "its server copies all data from the master; an empty server never leads over one with data"},
		{units.Count(int64((len(p.Sentinels)-1)/2), "sentinel") + " less", "nothing for clients"},
		{"more sentinels away", "the master goes on; nobody takes over for it, and a server that restarts waits for them"},
		{"everything stops", "the server that led last leads again, with its data"},
		{"the master stays off after everything stopped", "a replica takes over after about 40 s; it has what it had received"},
	}
	if p.Proxy != nil {
		lines = append(lines,
			SurvivalLine{"the proxy stops", "its clients are cut off until it runs again, which takes about 3 s; those that ask the sentinels notice nothing"},
			SurvivalLine{"so many sentinels are away that the rest is no majority", "the proxy cuts its clients off, since nobody can say for certain who leads"})
	}
	return lines
}

func (d *decider) waitText() string {
	if len(d.plan.Sentinels) == 0 {
		return "`WAIT 1` is worth something here only when the master's volume is lost: then that replica has the write. The master itself has it after a crash, see below."
	}
	return "`WAIT 1` holds against the loss of any one server, and was tried so. It does not hold when the master and the one replica that confirmed are lost together: " +
		fmt.Sprintf("`WAIT %d`, every replica, does, at the price that one replica that is away keeps writes from being confirmed.", d.replicas()) + d.waitForDisksText()
}

// waitForDisksText is for the loss of power, which takes what all servers still had in memory.
func (d *decider) waitForDisksText() string {
	if !d.plan.AOF || d.release.Engine == redis.Redis && !d.release.AtLeast(7, 2) {
		return ""
	}
	return " Against the loss of power on the host, where every disk may be a second behind, `WAITAOF 1 1 500` waits until the write is on the disk of the master and of a replica."
}

// fullDisk was tried on Redis 7.0.15: writes went on when there was room again, but an append-only file that was being written when a file system of 160 MiB was full had a hole, and could not
// be read at the next start.
func (d *decider) fullDisk() WatchLine {
	anew := "`BGSAVE`"
	if d.plan.AOF {
		anew = "`BGREWRITEAOF`"
	}
	return WatchLine{"clients get `MISCONF`", "nothing can be written to the disk, most likely because it is full",
		"make room, and writes go on by themselves; then " + anew + ", which writes everything anew: a file that was cut short may be no good at the next start"}
}

// badDays are what operators may meet, and what to do then.
func (d *decider) badDays() []WatchLine {
	p := d.plan
	if len(p.Members) == 0 && !p.Persistent {
		return nil
	}
	if len(p.Members) == 0 {
		return []WatchLine{d.fullDisk()}
	}
	lines := d.badDaysOfSentinels()
	lines = append(lines,
		WatchLine{"a server logs `waiting: … has no data, but … has`", "its volume was lost, or is new, and others have data",
			"with sentinels nothing: the other one is promoted. Without: restore a backup, or empty all volumes if the data are not needed"},
		d.noLink(),
		WatchLine{"a replica begins its full copy again and again (the master logs `output buffer limits`)", fmt.Sprintf("more was written during the copy than the %s that may wait for it", units.Readable(d.budget.ReplicaLimit)),
			"write more slowly until it has its copy, or raise memory in the intent"},
		WatchLine{"clients get `OOM`", "maxmemory is reached and nothing may be evicted", "free or expire keys, or raise memory in the intent"},
	)
	if p.Persistent {
		lines = append(lines, d.fullDisk())
	}
	if p.MinReplicas > 0 {
		lines = append(lines, WatchLine{"clients get `NOREPLICAS`", fmt.Sprintf("fewer replicas follow closely than the master asks for, which is %d", p.MinReplicas), "start the replicas; for a moment after a change of master it is normal"})
	}
	if p.Proxy != nil {
		lines = append(lines, WatchLine{"the proxy closes every connection at once", "no server leads that a majority of the sentinels names",
			"nothing for seconds after a failover; then look at the sentinels, as above, and at `docker compose logs " + p.Proxy.Name + "`"})
	}
	return lines
}

// noLink is how a replica without its master is seen: by its health check or, where nobody is unhealthy for that, by what it says.
func (d *decider) noLink() WatchLine {
	const why = "it cannot reach the master, or its password is another"
	if d.plan.Stack != nil {
		return WatchLine{"a server says `master_link_status:down`", why, "`docker service logs` of both"}
	}
	return WatchLine{"a server is unhealthy: `no link to the master`", why, "`docker compose logs` of both"}
}

// badDaysOfSentinels are those of a set with failover.
func (d *decider) badDaysOfSentinels() []WatchLine {
	p := d.plan
	if len(p.Sentinels) == 0 {
		return nil
	}
	lines := []WatchLine{
		{"a server logs `waiting: no majority of the sentinels names a master`", fmt.Sprintf("fewer than %d sentinels answer, or they disagree", p.Quorum), "start the sentinels; nothing else is needed"},
		{"a server logs `waiting: … followed until the end`", "it led before, and another one is taking over", "nothing: it takes seconds"},
	}
	if p.Stack == nil { // where they are unhealthy for that
		lines = append(lines, WatchLine{"a sentinel is unhealthy: `knows 1 of 2 replicas`", "it has not met everybody yet", "nothing in the first minute; then look for the member that is missing"})
	}
	return append(lines, WatchLine{"a volume of a sentinel is lost", "it forgot the others", "nothing: it asks them who leads, and they find it again"})
}
