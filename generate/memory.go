package generate

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// budget divides the container's limit, in bytes. The kernel counts for a container what its processes hold, the pages that a
// forked child and its parent no longer share, tmpfs, socket buffers and page tables. maxmemory bounds only what the server allocates for data
// and ordinary clients. The rest of the sum is what keeps the container inside its limit all the same.
type budget struct {
	Limit         int64
	Process       int64 // the server's own code and tables, and a health check beside it
	Modules       int64 // what Redis 8's image loads
	Kernel        int64 // socket buffers, page tables, pages on their way to the disk
	Backlog       int64 // replication backlog, and a copy being sent by redis-cli --rdb
	AOFBuffers    int64 // commands that wait for the disk; not part of maxmemory
	Clients       int64 // clients' buffers; 0 where they are meant to live inside maxmemory
	MaxMemory     int64
	Fragmentation int64
	CopyOnWrite   int64 // pages that are written while a child saves
	Spare         int64

	ClientMemory int64 // maxmemory-clients
	ClientShare  int64 // what one client may hold
}

// What the parts are worth. An idle server of Redis 7.0, 8.0 or Valkey 8.1 holds 12 to 14 MiB with its libraries (tried); a health check
// adds a shell and a client for a moment.
const (
	processMemory = 20 * mebibyte
	moduleMemory  = 12 * mebibyte
	// startMemory is for the program that stays beside a server of a set, and the clients with which it looks around.
	startMemory = 8 * mebibyte
	// smallestData is the least maxmemory that gen writes: an empty server already counts 1 MiB of it.
	smallestData = 4 * mebibyte
	// fragmentation is the allocator's loss that is allowed for, in percent of maxmemory.
	fragmentation = 15
	// leastCopied is the share of the data, in percent, that must have room to change during a save when maxmemory is given by hand.
	leastCopied = 25
	// idleClient is what a connected client costs before it does anything.
	idleClient = 16 * kibibyte
)

// demand is what the division depends on beside the limit.
type demand struct {
	release  redis.Release
	forks    bool // snapshots or append-only file: a child shares the data while the parent goes on
	aof      bool
	pubsub   bool  // memory is for subscribers' buffers, which are inside maxmemory
	replicas int64 // that the server may have to feed, each after a full copy
}

// loadsModules tells whether the release's image loads modules beside the core.
func loadsModules(r redis.Release) bool {
	return r.Engine == redis.Redis && r.AtLeast(8, 0)
}

// newBudget divides a limit. The result's MaxMemory is below smallestData where the limit is too small.
func newBudget(limit int64, d demand) budget {
	b := budget{Limit: limit, Process: processMemory}
	if d.replicas > 0 {
		b.Process += startMemory
	}
	if loadsModules(d.release) {
		b.Modules = moduleMemory
	}
	b.Kernel = 4*mebibyte + limit/64
	if d.forks {
		b.Kernel += 4 * mebibyte
	}
	b.ClientShare = min(max(limit/16, 4*mebibyte), gibibyte)
	b.Backlog = mebibyte + b.ClientShare/4
	if d.replicas > 0 {
		b.Backlog = backlogSize(limit) + b.ClientShare*d.replicaBuffers()
	}
	if d.aof {
		b.AOFBuffers = aofBuffers(limit, d.release)
	}
	if !d.pubsub {
		b.Clients = b.ClientShare
	}
	b.ClientMemory = b.Clients
	data := (limit - b.fixed()) * 100 / b.weight(d)
	b.setMaxMemory(max(data, 0)/mebibyte*mebibyte, d)
	return b
}

// backlogSize is what a replica may have missed and still continue without a full copy.
func backlogSize(limit int64) int64 {
	return min(max(limit/64/mebibyte*mebibyte, mebibyte), gibibyte)
}

// replicaBuffers is how many times what waits for a replica is held. Since 7.0 all replicas read from one buffer.
func (d demand) replicaBuffers() int64 {
	if d.release.Engine == redis.Redis && !d.release.AtLeast(7, 0) {
		return d.replicas
	}
	return 1
}

// aofBuffers is the room for commands that wait for the disk. Before 7.0 a rewrite also keeps every write in memory, twice, until it ends.
func aofBuffers(limit int64, r redis.Release) int64 {
	share := int64(16)
	if r.Engine == redis.Redis && !r.AtLeast(7, 0) {
		share = 8
	}
	return min(max(limit/share, 64/share*mebibyte), gibibyte)
}

// fixed is all that does not grow with the data.
func (b budget) fixed() int64 {
	return b.Process + b.Modules + b.Kernel + b.Backlog + b.AOFBuffers + b.Clients
}

// weight is what one byte of data costs, in percent. A save that goes on while every page is written copies all of them.
func (b budget) weight(d demand) int64 {
	if d.forks {
		return 2 * (100 + fragmentation)
	}
	return 100 + fragmentation
}

// setMaxMemory enters a size of the data and what follows from it.
func (b *budget) setMaxMemory(bytes int64, d demand) {
	b.MaxMemory = bytes
	b.Fragmentation = bytes * fragmentation / 100
	if d.pubsub {
		b.ClientMemory = bytes * 3 / 4
	}
	b.CopyOnWrite = 0
	rest := b.Limit - b.fixed() - b.MaxMemory - b.Fragmentation
	if d.forks {
		b.CopyOnWrite = min(max(rest, 0), b.MaxMemory+b.Fragmentation)
	}
	b.Spare = rest - b.CopyOnWrite
}

// largestMaxMemory is the most that may be asked for by hand.
func (b budget) largestMaxMemory(d demand) int64 {
	weight := int64(100 + fragmentation)
	if d.forks {
		weight = (weight*(100+leastCopied) + 99) / 100
	}
	return max((b.Limit-b.fixed())*100/weight/mebibyte*mebibyte, 0)
}

// smallestLimit is the least container that leaves room for data, in whole MiB.
func smallestLimit(d demand) int64 {
	limit := mebibyte
	for newBudget(limit, d).MaxMemory < smallestData {
		limit += mebibyte
	}
	return limit
}

// fedText says whom a server of a set has to feed, which takes memory.
func (d *decider) fedText() string {
	if d.replicas() == 0 {
		return ""
	}
	return " that feeds " + count(d.replicas(), "replica")
}

// BudgetLine is a line of the README's table of memory.
type BudgetLine struct{ Name, Size, Why string }

// table lists the parts; they add up to the limit.
func (b budget) table(d demand) []BudgetLine {
	lines := []BudgetLine{
		{"server and health check", readableSize(b.Process), "code, libraries, an empty server"},
		{"modules", readableSize(b.Modules), "the image of Redis 8 loads search, JSON, time series and filters"},
		{"kernel", readableSize(b.Kernel), "socket buffers, page tables, pages on their way to the disk"},
		{"replication", readableSize(b.Backlog), d.backlogText()},
		{"append-only file buffers", readableSize(b.AOFBuffers), "commands that wait for a slow disk"},
		{"clients", readableSize(b.Clients), "all clients' requests and replies"},
		{"**data (`maxmemory`)**", "**" + readableSize(b.MaxMemory) + "**", "keys, values and their overhead"},
		{"fragmentation", readableSize(b.Fragmentation), fmt.Sprintf("%d %% of the data: what the allocator cannot hand out again", fragmentation)},
		{"copy on write", readableSize(b.CopyOnWrite), b.copyText()},
		{"spare", readableSize(b.Spare), "rounding"},
	}
	if d.pubsub {
		lines[6].Why = fmt.Sprintf("%s of it for the buffers of subscribers, the rest for keys", readableSize(b.ClientMemory))
	}
	kept := lines[:0]
	for _, line := range lines {
		if line.Size != "0 KiB" {
			kept = append(kept, line)
		}
	}
	return kept
}

func (d demand) backlogText() string {
	switch {
	case d.replicas == 0:
		return "1 MiB of backlog, and a copy that `--rdb` fetches"
	case d.replicaBuffers() > 1:
		return fmt.Sprintf("the backlog, and what waits for each of %d replicas", d.replicas)
	}
	return "the backlog, and what waits for replicas"
}

func (b budget) copyText() string {
	whole := b.MaxMemory + b.Fragmentation
	if b.CopyOnWrite == whole {
		return "all data may change while a child saves them"
	}
	return fmt.Sprintf("%d %% of the data may change while a child saves them", b.CopyOnWrite*100/max(whole, 1))
}

// sum is the arithmetic in one line.
func (b budget) sum() string {
	return fmt.Sprintf("%s for the container, less %s for everything but the data", readableSize(b.Limit), readableSize(b.fixed()))
}

func (d *decider) choosePolicy() {
	d.plan.Policy = d.role.policy
	if d.intent.Policy == "" || !d.intent.usable("maxmemory-policy") {
		return
	}
	d.plan.Policy = d.intent.Policy
	if directive, ok := d.release.Directive("maxmemory-policy"); ok {
		if c := oneOf(d.intent.Policy, directive.Enum); c != nil {
			c.message = fmt.Sprintf("maxmemory-policy of %s %s", d.release, c.message)
			d.refuse(c, "maxmemory-policy")
		}
	}
}

func (d *decider) chooseMemory() {
	i := d.intent
	if !i.usable("memory", "role", "persistence", "maxmemory", "topology", "replicas") || d.release == (redis.Release{}) {
		return
	}
	replicas := d.replicas()
	d.demand = demand{
		release: d.release, forks: d.plan.Persistent || replicas > 0, aof: d.plan.AOF, pubsub: d.role.name == "pubsub", replicas: replicas,
	}
	b := newBudget(i.Memory, d.demand)
	if smallest := smallestLimit(d.demand); i.Memory < smallest {
		d.refuse(complain(fmt.Sprintf("write at least memory = %q", strings.ToUpper(composeSize(smallest))),
			"%s is too small for %s as a %s with persistence %q%s", readableSize(i.Memory), d.release, d.role.name, d.persistence, d.fedText()), "memory")
		return
	}
	if i.MaxMemory != 0 {
		d.checkMaxMemory(b)
		b.setMaxMemory(i.MaxMemory, d.demand)
	}
	d.budget = b
}

func (d *decider) checkMaxMemory(b budget) {
	largest := b.largestMaxMemory(d.demand)
	switch {
	case d.intent.MaxMemory > largest:
		d.refuse(complain(fmt.Sprintf("write at most maxmemory = %q, or more memory", strings.ToUpper(composeSize(largest))),
			"%s of data do not fit into a container of %s with what else it needs", readableSize(d.intent.MaxMemory), readableSize(b.Limit)), "maxmemory")
	case d.intent.MaxMemory < smallestData:
		d.refuse(complain(`write at least maxmemory = "4M"`, "%s leaves no room for data", readableSize(d.intent.MaxMemory)), "maxmemory")
	}
}
