package readme

import (
	"fmt"

	"github.com/rcomp/rcomp/generate/units"
)

// Survival says what happens to the set when it loses something, or a node of the swarm.
func (r Readme) Survival() []SurvivalLine {
	if r.Stack != nil {
		return append(r.survival(), r.loss()...)
	}
	return r.survival()
}

// survival is of containers. The times are of the fault tests.
func (r Readme) survival() []SurvivalLine {
	switch {
	case len(r.Members) == 0:
		return nil
	case len(r.Sentinels) == 0:
		return []SurvivalLine{
			{"a replica stops", "nothing for clients of the master; it catches up when it is back"},
			{"the master stops or crashes", "no writes until it runs again; reads go on at the replicas"},
			{"the master's volume is lost", "the master does not start over replicas that have data: see the table of bad days"},
		}
	}
	downAfter := fmt.Sprintf("%d s", int64(r.Plan.DownAfter.Seconds()))
	lines := []SurvivalLine{
		{"a replica stops", "nothing for clients; it catches up when it is back"},
		{"the master is stopped in order (`docker stop`, update, restart)", "another server takes over in 3 to 4 s; no confirmed write is lost"},
		{"the master crashes, hangs or is cut off", "another server takes over in about " + downAfter + " and 2 s more; writes that no replica had are lost"},
		{"the master comes back", "it joins as a replica; it accepts no write in between"},
		{"a volume is lost", "its server copies all data from the master; an empty server never leads over one with data"},
		{units.Count(int64((len(r.Sentinels)-1)/2), "sentinel") + " less", "nothing for clients"},
		{"more sentinels away", "the master goes on; nobody takes over for it, and a server that restarts waits for them"},
		{"everything stops", "the server that led last leads again, with its data"},
		{"the master stays off after everything stopped", "a replica takes over after about 40 s; it has what it had received"},
	}
	if r.Proxy != nil {
		lines = append(lines,
			SurvivalLine{"the proxy stops", "its clients are cut off until it runs again, which takes about 3 s; those that ask the sentinels notice nothing"},
			SurvivalLine{"so many sentinels are away that the rest is no majority", "the proxy cuts its clients off, since nobody can say for certain who leads"})
	}
	return lines
}

// loss says what the loss of a node of the swarm means, which depends on how
// the labels are spread.
func (r Readme) loss() []SurvivalLine {
	lines := []SurvivalLine{{"the only node is lost", "everything until it is back"}}
	if len(r.Sentinels) == 0 {
		return append(lines, SurvivalLine{"one of several nodes is lost", "what it ran is away until it is back, since the volume is there: a replica, or with the master all writes"})
	}
	return append(lines,
		SurvivalLine{"one node of three is lost, each with one label", "as a crash of its server and sentinel: another server takes over"},
		SurvivalLine{"two nodes of three are lost", "no majority of the sentinels: nobody takes over, and a swarm of three managers takes no commands"})
}

// BadDays are what operators may meet, and what to do then.
func (r Readme) BadDays() []WatchLine {
	lines := r.badDays()
	if len(lines) > 0 && r.Stack != nil {
		lines = append(lines, WatchLine{"a task stays `Pending`: `no suitable node`", "no node has the label, or none that is up", "give the label, or bring the node back"})
	}
	return lines
}

func (r Readme) badDays() []WatchLine {
	if len(r.Members) == 0 && !r.Persistent {
		return nil
	}
	if len(r.Members) == 0 {
		return []WatchLine{r.FullDisk()}
	}
	lines := r.badDaysOfSentinels()
	lines = append(lines,
		WatchLine{"a server logs `waiting: … has no data, but … has`", "its volume was lost, or is new, and others have data",
			"with sentinels nothing: the other one is promoted. Without: restore a backup, or empty all volumes if the data are not needed"},
		r.noLink(),
		WatchLine{"a replica begins its full copy again and again (the master logs `output buffer limits`)", fmt.Sprintf("more was written during the copy than the %s that may wait for it", units.Readable(r.Budget.ReplicaLimit)),
			"write more slowly until it has its copy, or raise memory in the intent"},
		WatchLine{"clients get `OOM`", "maxmemory is reached and nothing may be evicted", "free or expire keys, or raise memory in the intent"},
	)
	if r.Persistent {
		lines = append(lines, r.FullDisk())
	}
	if r.MinReplicas > 0 {
		lines = append(lines, WatchLine{"clients get `NOREPLICAS`", fmt.Sprintf("fewer replicas follow closely than the master asks for, which is %d", r.MinReplicas), "start the replicas; for a moment after a change of master it is normal"})
	}
	if r.Proxy != nil {
		lines = append(lines, WatchLine{"the proxy closes every connection at once", "no server leads that a majority of the sentinels names",
			"nothing for seconds after a failover; then look at the sentinels, as above, and at `docker compose logs " + r.Proxy.Name + "`"})
	}
	return lines
}

// FullDisk was tried on Redis 7.0.15: writes went on when there was room again,
// but an append-only file that was being written when a file system of 160 MiB
// was full had a hole, and could not be read at the next start.
func (r Readme) FullDisk() WatchLine {
	anew := "`BGSAVE`"
	if r.AOF {
		anew = "`BGREWRITEAOF`"
	}
	return WatchLine{"clients get `MISCONF`", "nothing can be written to the disk, most likely because it is full",
		"make room, and writes go on by themselves; then " + anew + ", which writes everything anew: a file that was cut short may be no good at the next start"}
}

// FullDiskRow is none where nothing is kept.
func (r Readme) FullDiskRow() []WatchLine {
	if !r.Persistent {
		return nil
	}
	return []WatchLine{r.FullDisk()}
}

// noLink is how a replica without its master is seen: by its health check or,
// where nobody is unhealthy for that, by what it says.
func (r Readme) noLink() WatchLine {
	const why = "it cannot reach the master, or its password is another"
	if r.Stack != nil {
		return WatchLine{"a server says `master_link_status:down`", why, "`docker service logs` of both"}
	}
	return WatchLine{"a server is unhealthy: `no link to the master`", why, "`docker compose logs` of both"}
}

// badDaysOfSentinels are those of a set with failover.
func (r Readme) badDaysOfSentinels() []WatchLine {
	if len(r.Sentinels) == 0 {
		return nil
	}
	lines := []WatchLine{
		{"a server logs `waiting: no majority of the sentinels names a master`", fmt.Sprintf("fewer than %d sentinels answer, or they disagree", r.Quorum), "start the sentinels; nothing else is needed"},
		{"a server logs `waiting: … followed until the end`", "it led before, and another one is taking over", "nothing: it takes seconds"},
	}
	if r.Stack == nil { // where they are unhealthy for that
		lines = append(lines, WatchLine{"a sentinel is unhealthy: `knows 1 of 2 replicas`", "it has not met everybody yet", "nothing in the first minute; then look for the member that is missing"})
	}
	return append(lines, WatchLine{"a volume of a sentinel is lost", "it forgot the others", "nothing: it asks them who leads, and they find it again"})
}

// TimeoutText is how long a node of a cluster may be silent.
func (r Readme) TimeoutText() string { return fmt.Sprintf("%d seconds", r.timeout()) }

// FailoverText is how long the slots of a lost master do not answer.
func (r Readme) FailoverText() string { return fmt.Sprintf("%d seconds", r.timeout()+failoverSeconds) }

func (r Readme) timeout() int64 { return int64(r.Plan.DownAfter.Seconds()) }

// failoverSeconds is what passes between the end of the node timeout and the
// first write to the promoted replica: news of the failure, a random delay of
// up to a second, the election (1 to 2 s, tried on Redis 7.0.15).
const failoverSeconds = 2
