package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/units"
)

// SurvivalLine is a line of the README's table of what the set survives.
type SurvivalLine struct{ When, Then string }

func (l SurvivalLine) String() string { return row(l.When, l.Then) }

// WatchLine is a line of a table of the README: what is seen, how, and when to act, or what it is and what to do.
type WatchLine struct{ What, How, When string }

func (l WatchLine) String() string { return row(l.What, l.How, l.When) }

// row is a line of a table.
func row(cells ...string) string {
	line := "|"
	for _, cell := range cells {
		if cell != "" {
			line += " " + cell
		}
		line += " |"
	}
	return line
}

// Survival says what happens to the set when it loses something, or a node of the swarm.
func (r readme) Survival() []SurvivalLine {
	if r.Stack != nil {
		return append(r.survival(), r.loss()...)
	}
	return r.survival()
}

// survival is of containers. The times are of the fault tests.
func (r readme) survival() []SurvivalLine {
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

// FullDisk was tried on Redis 7.0.15: writes went on when there was room again, but an append-only file that was being written when a file system of 160 MiB was full had a hole, and could not
// be read at the next start.
func (r readme) FullDisk() WatchLine {
	anew := "`BGSAVE`"
	if r.AOF {
		anew = "`BGREWRITEAOF`"
	}
	return WatchLine{"clients get `MISCONF`", "nothing can be written to the disk, most likely because it is full",
		"make room, and writes go on by themselves; then " + anew + ", which writes everything anew: a file that was cut short may be no good at the next start"}
}

// BadDays are what operators may meet, and what to do then.
func (r readme) BadDays() []WatchLine {
	lines := r.badDays()
	if len(lines) > 0 && r.Stack != nil {
		lines = append(lines, WatchLine{"a task stays `Pending`: `no suitable node`", "no node has the label, or none that is up", "give the label, or bring the node back"})
	}
	return lines
}

func (r readme) badDays() []WatchLine {
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

// noLink is how a replica without its master is seen: by its health check or, where nobody is unhealthy for that, by what it says.
func (r readme) noLink() WatchLine {
	const why = "it cannot reach the master, or its password is another"
	if r.Stack != nil {
		return WatchLine{"a server says `master_link_status:down`", why, "`docker service logs` of both"}
	}
	return WatchLine{"a server is unhealthy: `no link to the master`", why, "`docker compose logs` of both"}
}

// badDaysOfSentinels are those of a set with failover.
func (r readme) badDaysOfSentinels() []WatchLine {
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

// Watch is what to look at, and when to act.
func (r readme) Watch() []WatchLine {
	lines := append(r.watchOfCluster(),
		r.healthWatch(),
		r.memoryWatch(),
		r.fullWatch(),
		WatchLine{"clients", "`INFO clients`: `connected_clients`", "above 80 % of `maxclients`"},
		WatchLine{"slow events", "`LATENCY DOCTOR`, `SLOWLOG GET`", "any that users feel"},
	)
	if r.RDB {
		lines = append(lines, WatchLine{"snapshots", "`INFO persistence`: `rdb_last_bgsave_status`", "not `ok`: writes are refused until one succeeds"})
	}
	if r.AOF {
		lines = append(lines, WatchLine{"append-only file", "`INFO persistence`: `aof_last_write_status`, `aof_delayed_fsync`", "not `ok`, or growing: the disk is full or too slow"})
	}
	return append(lines, r.watchOfSet()...)
}

// watchOfCluster is whether a cluster is whole, which what forms it says.
func (r readme) watchOfCluster() []WatchLine {
	switch {
	case r.Cluster == nil:
		return nil
	case r.Stack != nil:
		return []WatchLine{{"cluster", fmt.Sprintf("`docker service logs --tail 1 %s_%s`", r.Name, r.Creator()), "not `whole`"}}
	}
	return []WatchLine{{"cluster", "`docker compose ps " + r.Creator() + "`", "unhealthy"}}
}

// watchOfSet is what to watch of several servers beside each of them.
func (r readme) watchOfSet() []WatchLine {
	if len(r.Members) == 0 {
		return nil
	}
	lines := []WatchLine{{"replicas", "`INFO replication` of the master: `connected_slaves`, `lag`", fmt.Sprintf("fewer than %d, or a lag of more than a few seconds", r.Replicas)}}
	if len(r.Sentinels) > 0 {
		lines = append(lines, WatchLine{"sentinels", "`SENTINEL CKQUORUM " + r.PrimaryName() + "`, `INFO sentinel`: `sentinel_tilt`", "not `OK`, or 1"})
	}
	if r.Proxy != nil {
		lines = append(lines, WatchLine{"proxy", "`docker compose ps " + r.Proxy.Name + "`", "unhealthy: it has no master to pass"})
	}
	return lines
}

// healthWatch is where the health checks are seen.
func (r readme) healthWatch() WatchLine {
	if r.Stack != nil {
		return WatchLine{"tasks", fmt.Sprintf("`docker stack ps %s`", r.Name), "`Failed` or `Pending`: the swarm replaces what is unhealthy, and says why"}
	}
	return WatchLine{"health", "`docker compose ps`", "unhealthy: nothing restarts a container for that"}
}

// memoryWatch is about the container where a full server evicts: there its memory is full all the time, as it should be.
func (r readme) memoryWatch() WatchLine {
	if r.Policy == "noeviction" {
		return WatchLine{"memory", "`INFO memory`: `used_memory` against `maxmemory`", "above 90 % for long"}
	}
	return WatchLine{"memory", "`INFO memory`: `used_memory_rss` against `maxmemory`; to be full is normal", fmt.Sprintf("above %d %% for long: the allocator loses more than is set aside", 100+memory.Fragmentation)}
}

// fullWatch is how a server is seen to be too small. One that evicts is full on every ordinary day.
func (r readme) fullWatch() WatchLine {
	if r.Policy == "noeviction" {
		return WatchLine{"refused writes", "`INFO errorstats`: `errorstat_OOM`", "more than 0: it is full"}
	}
	return WatchLine{"evictions", "`INFO stats`: `evicted_keys`", "growing faster than the use of the service explains"}
}

// loss says what the loss of a node of the swarm means, which depends on how the labels are spread.
func (r readme) loss() []SurvivalLine {
	lines := []SurvivalLine{{"the only node is lost", "everything until it is back"}}
	if len(r.Sentinels) == 0 {
		return append(lines, SurvivalLine{"one of several nodes is lost", "what it ran is away until it is back, since the volume is there: a replica, or with the master all writes"})
	}
	return append(lines,
		SurvivalLine{"one node of three is lost, each with one label", "as a crash of its server and sentinel: another server takes over"},
		SurvivalLine{"two nodes of three are lost", "no majority of the sentinels: nobody takes over, and a swarm of three managers takes no commands"})
}

// FullDiskRow is none where nothing is kept.
func (r readme) FullDiskRow() []WatchLine {
	if !r.Persistent {
		return nil
	}
	return []WatchLine{r.FullDisk()}
}

// Budgets are the parts of the memory.
func (r readme) Budgets() []string {
	var rows []string
	for _, line := range r.Budget.Table(r.Workload) {
		rows = append(rows, row(line.Name, line.Size, line.Why))
	}
	return rows
}

// SecretRows and SecretNames are the secrets by their paths and by their names.
func (r readme) SecretRows() []string  { return r.secrets(r.SecretPath) }
func (r readme) SecretNames() []string { return r.secrets(func(name string) string { return name }) }

func (r readme) secrets(called func(string) string) []string {
	var rows []string
	for _, secret := range r.Secrets {
		rows = append(rows, row("`"+called(secret.Name)+"`", where(secret.User != "", "`"+secret.User+"`"), secret.Why))
	}
	return rows
}

// MemberRows say where everybody lives, and where the data are.
func (r readme) MemberRows() []string {
	switch {
	case r.Stack != nil:
		return r.membersOfStack()
	case r.Cluster != nil:
		return r.nodeRows()
	}
	var rows []string
	for _, member := range r.Members {
		rows = append(rows, row("`"+member.Name+"`", member.Address.String()+":6379", r.volume(member)))
	}
	for _, member := range r.Sentinels {
		rows = append(rows, row("`"+member.Name+"`", member.Address.String()+":26379", r.volume(member)))
	}
	if r.proxied() {
		rows = append(rows, row("`"+r.Proxy.Name+"`", r.Proxy.Address.String()+":6379", "none"))
	}
	return rows
}

func (r readme) membersOfStack() []string {
	var rows []string
	for _, member := range slices.Concat(r.Stack.Servers, r.Sentinels) {
		volume := r.volume(member)
		if !r.mayRestore() {
			volume = "none"
		}
		rows = append(rows, row("`"+member.Name+"`", "`"+member.Label+"`", volume))
	}
	if r.Cluster != nil {
		rows = append(rows, row("`"+r.Creator()+"`", "none: it may run anywhere", "none"))
	}
	return rows
}

func (r readme) nodeRows() []string {
	var rows []string
	for _, node := range r.Cluster.Nodes {
		address := node.Name
		if r.published() {
			address = r.Cluster.Host.String()
		}
		rows = append(rows, row(node.Name, fmt.Sprintf("`%s:%d`", address, node.Port), "`"+node.Address.String()+"`", r.volume(node.Member)))
	}
	return rows
}

// volume is one as the engine calls it.
func (r readme) volume(member deployment.Member) string {
	return "`" + r.Name + "_" + member.Volume + "`"
}

// Connect is what clients have to know.
func (r readme) Connect() []string {
	network := row("network", "`"+r.NetworkName+"`"+where(r.isSet(), r.AlsoNetworks()))
	switch {
	case r.isOne() && r.byCompose():
		return r.connectOne()
	case r.isOne():
		return []string{network, row("address", "`"+r.Name+":6379`"), row("user and password", r.UsersText())}
	case r.watched():
		return []string{
			network,
			row("sentinels", r.SentinelEndpoints()),
			row("password of the sentinels", "content of `secrets/sentinel-password`"),
			row("name of the set", "`"+r.PrimaryName()+"`"),
			row("user and password"+where(r.byCompose(), " of the servers"), r.UsersText()),
		}
	}
	rows := []string{
		network,
		row("master, for writes", "`"+r.Leader()+":6379`"),
		row("replicas, for reads that may be a moment old", r.ReplicaEndpoints()),
	}
	if r.Publish != "" {
		rows = append(rows, row("master, from the host", "`"+r.Publish+"`"))
	}
	return append(rows, row("user and password", r.UsersText()))
}

func (r readme) connectOne() []string {
	inside, outside := fmt.Sprintf("`%s:6379` on the network `%s`", r.Name, r.NetworkName), "no port is published; use the shell below"
	if r.onHost() {
		inside = "only from one that has `network_mode: host` as well"
	}
	if r.Publish != "" {
		outside = "`" + r.Publish + "`"
	}
	rows := []string{row("from a container", inside), row("from the host", outside)}
	if r.hasUsers() {
		return append(rows, row("users", "see below"))
	}
	return append(rows, row("user", "`default`"), row("password", "content of `secrets/redis-password`"))
}

// ProxyRows are where the proxy listens.
func (r readme) ProxyRows() []string {
	rows := []string{row("on these networks", "`"+r.Proxy.Name+":6379`")}
	if r.Publish != "" {
		rows = append(rows, row("from the host", "`"+r.Publish+"`"))
	}
	return rows
}

// SpreadLabels give each label to a node of its own.
func (r readme) SpreadLabels() []string {
	var lines []string
	for n, label := range r.Stack.Labels {
		lines = append(lines, fmt.Sprintf("docker node update %s NODE%d", addLabels([]string{label}), n+1))
	}
	return lines
}

// HostLabels and HostRows spread a cluster over nodes of the swarm.
func (r readme) HostLabels() []string {
	var lines []string
	for _, host := range r.Stack.Hosts {
		var labels []string
		for _, member := range host.Members {
			labels = append(labels, member.Label)
		}
		lines = append(lines, fmt.Sprintf("docker node update %s NODE%d", addLabels(labels), host.Number))
	}
	return lines
}

func (r readme) HostRows() []string {
	var rows []string
	for _, host := range r.Stack.Hosts {
		var runs []string
		for _, member := range host.Members {
			runs = append(runs, "`"+member.Name+"`"+where(member.Follows != "", " (follows `"+member.Follows+"`)"))
		}
		rows = append(rows, row(fmt.Sprintf("NODE%d", host.Number), strings.Join(runs, ", ")))
	}
	return rows
}

// Alerts are those that Prometheus can give.
func (r readme) Alerts() []string {
	rows := []string{row("a member does not answer", "`redis_up == 0`")}
	add := func(has bool, alert, when string) {
		if has {
			rows = append(rows, row(alert, "`"+when+"`"))
		}
	}
	add(!r.evicts(), "memory is nearly full", "redis_memory_used_bytes / redis_memory_max_bytes > 0.9")
	add(r.evicts(), "more is lost to fragmentation than is set aside (that the data reach `maxmemory` is normal)", "redis_memory_used_rss_bytes / redis_memory_max_bytes > "+r.ResidentShare())
	add(true, "clients are refused", "increase(redis_rejected_connections_total[5m]) > 0")
	add(r.RDB, "a snapshot failed", "redis_rdb_last_bgsave_status == 0")
	add(r.AOF, "the append-only file cannot be written", "redis_aof_last_write_status == 0")
	add(r.isSet(), "a replica has no master", "redis_master_link_up == 0")
	add(r.Cluster != nil, "slots are not served", "redis_cluster_state == 0")
	add(r.watched(), "sentinels hold the master for lost", `redis_sentinel_master_status{master_status!="ok"}`)
	add(r.watched(), "a failover would find no majority", "redis_sentinel_master_ckquorum_status == 0")
	return rows
}

// evicts tells that a full server makes room.
func (r readme) evicts() bool { return r.Policy != "noeviction" }

// Picture is the deployment as Mermaid draws it.
func (r readme) Picture() []string {
	if r.Cluster != nil {
		return r.pictureOfCluster()
	}
	lines := []string{"flowchart LR", "  application([application])"}
	for n, member := range r.Members {
		lines = append(lines, fmt.Sprintf("  server%d[(%q)]", n, member.Name))
	}
	if r.watched() {
		lines = append(lines, "  subgraph sentinels")
		for n, member := range r.Sentinels {
			lines = append(lines, fmt.Sprintf("    sentinel%d[%q]", n, member.Name))
		}
		lines = append(lines, "  end", `  application -- "who leads?" --> sentinels`, `  sentinels -. "watch, promote" .-> server0`)
	}
	lines = append(lines, `  application -- "reads and writes" --> server0`)
	if r.proxied() {
		lines = append(lines, fmt.Sprintf("  plain([application without Sentinel support]) --> proxy[%q]", r.Proxy.Name),
			`  proxy -- "who leads?" --> sentinels`, `  proxy -- "reads and writes" --> server0`)
	}
	for n := range r.Members[1:] {
		lines = append(lines, fmt.Sprintf(`  server0 -- "replication" --> server%d`, n+1))
	}
	lines = append(lines, r.pictureOfExporter("members", "server", len(r.Members))...)
	if r.measured() && r.watched() {
		lines = append(lines, "  exporter --> sentinels")
	}
	return lines
}

func (r readme) pictureOfCluster() []string {
	lines := []string{"flowchart TB", "  clients([clients that know clusters])"}
	for n, shard := range r.Cluster.Shards {
		lines = append(lines, fmt.Sprintf(`  clients --> master%d["%s<br>%d to %d"]`, n, shard.Master, shard.First, shard.Last))
		for m, replica := range shard.Replicas {
			lines = append(lines, fmt.Sprintf(`  replica%dx%d[%q] -. "follows" .-> master%d`, n, m, replica, n))
		}
	}
	return append(lines, r.pictureOfExporter("nodes", "master", len(r.Cluster.Shards))...)
}

func (r readme) pictureOfExporter(measured, each string, count int) []string {
	if !r.measured() {
		return nil
	}
	lines := []string{fmt.Sprintf(`  prometheus([Prometheus]) -- "metrics of all %s" --> exporter[%q]`, measured, r.Exporter.Name)}
	for n := range count {
		lines = append(lines, fmt.Sprintf("  exporter --> %s%d", each, n))
	}
	return lines
}
