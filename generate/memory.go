package generate

import (
	"cmp"
	"fmt"
	"sort"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// budget divides the container's limit, in bytes. The kernel counts for a container what its processes hold, the pages that a
// forked child and its parent no longer share, tmpfs, socket buffers and page tables. maxmemory bounds only what the server allocates for data
// and ordinary clients. The rest of the sum is what keeps the container inside its limit all the same. docs/memory.md says what each part was
// measured by.
type budget struct {
	Limit         int64
	Process       int64 // the server's own code and tables, and a health check beside it
	Modules       int64 // what Redis 8's image loads
	Kernel        int64 // socket buffers, page tables, pages on their way to the disk
	Backlog       int64 // replication backlog, and a copy being sent by redis-cli --rdb
	Clients       int64 // clients' buffers
	MaxMemory     int64
	Fragmentation int64
	CopyOnWrite   int64 // pages that are written while a child saves, and commands that wait for the disk
	ReplicaBuffer int64 // what is written while replicas get a full copy, where the master keeps it
	RewriteBuffer int64 // what is written while the append-only file is rewritten, where the server keeps it
	Spare         int64

	LargestValue int64
	ClientShare  int64 // what one client may hold
	ClientMemory int64 // maxmemory-clients
	ReplicaLimit int64 // what may wait for one replica
}

// What the parts are worth. An idle server of Redis 7.0, 8.0 or Valkey 8.1 and 9.1 holds 4 MiB that the kernel cannot take back (tried); a health
// check adds a shell and a client for a moment.
const (
	processMemory = 12 * units.MiB
	moduleMemory  = 12 * units.MiB
	// startMemory is for the program that stays beside a server of a set, and the clients with which it looks around.
	startMemory = 8 * units.MiB
	// smallestData is the least maxmemory that gen writes: an empty server already counts 1 MiB of it.
	smallestData = 4 * units.MiB
	// fragmentation is the allocator's loss that is allowed for, in percent of maxmemory. When all values of 64 to 4096 bytes made room for
	// values of 200 to 20,000 at full speed, the server held 178 to 179 % of maxmemory (Redis 7.0.15, Valkey 9.1.2).
	fragmentation = 80
	// bufferLoss is the same for clients' buffers, which are blocks of 16 KiB and more.
	bufferLoss = 15
	// copied is how much of the data and their fragmentation has room to change during a save, in percent. Holes are not copied: when such a
	// server saved while everything was written again, all it held was 328 % of maxmemory at most, with the commands that waited for the disk.
	copied = 70
	// leastCopied is the same where maxmemory is given by hand.
	leastCopied = 25
	// idleClient is what a connected client costs before it does anything.
	idleClient = 16 * units.KiB
	// together is how many clients may send or get the largest value at the same moment.
	together = 2
	// subscribersShare is how much more memory subscribers have than keys where the server is for them, leastSubscribers the same where maxmemory
	// is given by hand.
	subscribersShare = 3
	leastSubscribers = 1
)

// demand is what the division depends on beside the limit.
type demand struct {
	release  redis.Release
	forks    bool // snapshots or append-only file: a child shares the data while the parent goes on
	aof      bool
	pubsub   bool  // memory is for subscribers' buffers
	replicas int64 // that the server may have to feed, each after a full copy
	asked    asked
}

// newBudget divides a limit. The result's MaxMemory is below smallestData where the limit is too small.
func newBudget(limit int64, d demand) budget {
	b := budget{Limit: limit, Process: processMemory}
	if d.replicas > 0 {
		b.Process += startMemory
	}
	if d.release.LoadsModules() {
		b.Modules = moduleMemory
	}
	b.Kernel = 4*units.MiB + limit/64
	b.LargestValue = cmp.Or(d.asked.value, min(max(limit/64, smallestValueLimit), largestValueLimit))
	// A value is held twice for a moment: as an argument, and as the buffer for the next one of that size.
	b.ClientShare = max(2*b.LargestValue, d.asked.client)
	b.Backlog = cmp.Or(d.asked.backlog, backlogSize(limit, d))
	if d.replicas == 0 {
		b.ReplicaLimit = cmp.Or(d.asked.replica, b.LargestValue)
		b.Backlog += b.ReplicaLimit
	}
	if !d.pubsub {
		b.Clients = cmp.Or(d.asked.clients, together*b.ClientShare+b.LargestValue) // the last for all others
	}
	data := (limit - b.fixed() - d.askedBuffers()) * 100 / d.weight(copied, subscribersShare)
	b.setMaxMemory(max(data, 0)/units.MiB*units.MiB, d)
	return b
}

// backlogSize is what a replica may have missed and still continue without a full copy. A server alone has one for redis-cli --rdb.
func backlogSize(limit int64, d demand) int64 {
	if d.replicas == 0 {
		return units.MiB
	}
	return min(max(limit/64/units.MiB*units.MiB, units.MiB), units.GiB)
}

// replicaBuffers is how many times what waits for replicas is held by the master. Since 7.0 all replicas read from one buffer. Where a full
// copy has a connection of its own, what is written in the meantime waits at the replica, which has room for it: nothing saves there.
func (d demand) replicaBuffers() int64 {
	switch {
	case d.copiesBeside():
		return 0
	case d.release.Engine == redis.Redis && !d.release.AtLeast(7, 0):
		return d.replicas
	}
	return min(d.replicas, 1)
}

// copiesBeside tells whether a full copy has a connection of its own: repl-rdb-channel of Redis 8.0, on by default, and
// dual-channel-replication-enabled of Valkey 8.0.
func (d demand) copiesBeside() bool { return d.replicas > 0 && d.release.AtLeast(8, 0) }

// weight is what one byte of data costs, in percent. With a save that goes on while pages are written it costs the copies of them, with replicas
// what is written while they get a full copy: as much as the data, where the master keeps it.
func (d demand) weight(copied, subscribers int64) int64 {
	weight := int64(100 + fragmentation)
	if d.forks {
		weight += (weight*copied + 99) / 100
	}
	if d.forks && d.aof && d.rewritesInMemory() {
		weight += 100
	}
	if d.asked.replica == 0 {
		weight += 100 * d.replicaBuffers()
	}
	if d.pubsub {
		weight += subscribers * (100 + bufferLoss)
	}
	return weight
}

// rewritesInMemory tells whether a rewrite of the append-only file keeps every write in memory until it ends, as before 7.0.
func (d demand) rewritesInMemory() bool {
	return d.release.Engine == redis.Redis && !d.release.AtLeast(7, 0)
}

// askedBuffers is the room for replicas where [redis] says how much may wait for one.
func (d demand) askedBuffers() int64 { return d.asked.replica * d.replicaBuffers() }

// fixed is all that does not grow with the data.
func (b budget) fixed() int64 {
	return b.Process + b.Modules + b.Kernel + b.Backlog + b.Clients
}

// setMaxMemory enters a size of the data and what follows from it. newBudget has entered all that does not.
func (b *budget) setMaxMemory(bytes int64, d demand) {
	b.MaxMemory = bytes
	b.Fragmentation = bytes * fragmentation / 100
	b.ClientMemory = b.Clients
	if d.replicas > 0 {
		b.ReplicaLimit = cmp.Or(d.asked.replica, max(bytes, units.MiB))
		b.ReplicaBuffer = b.ReplicaLimit * d.replicaBuffers()
	}
	if d.forks && d.aof && d.rewritesInMemory() {
		b.RewriteBuffer = bytes
	}
	rest := max(b.Limit-b.fixed()-b.MaxMemory-b.Fragmentation-b.ReplicaBuffer-b.RewriteBuffer, 0)
	if d.forks {
		b.CopyOnWrite = min(rest, b.MaxMemory+b.Fragmentation)
		rest -= b.CopyOnWrite
	}
	if d.pubsub {
		b.Clients = rest
		b.ClientMemory = cmp.Or(d.asked.clients, rest*100/(100+bufferLoss)/units.MiB*units.MiB)
		rest = 0
	}
	b.Spare = rest
}

// largestAtOnce is how many clients may send or get the largest value at the same moment. Where the server is for subscribers, keys have little
// room beside the buffers: a value is there as the one before, as the request, as the buffer behind it, and something else is there too.
func (b budget) largestAtOnce(d demand) int64 {
	number := b.ClientMemory / b.ClientShare
	if d.pubsub {
		number = min(number, b.MaxMemory/(4*b.LargestValue))
	}
	return max(number, 1)
}

// largestMaxMemory is the most that may be asked for by hand.
func (b budget) largestMaxMemory(d demand) int64 {
	fixed := b.fixed() + d.askedBuffers()
	if d.pubsub {
		fixed -= b.Clients
	}
	return max((b.Limit-fixed)*100/d.weight(leastCopied, leastSubscribers)/units.MiB*units.MiB, 0)
}

// smallestLimit is the least container that leaves room for data, in whole MiB.
func smallestLimit(d demand) int64 {
	return units.MiB * int64(sort.Search(int(intent.LargestMemory/units.MiB), func(size int) bool {
		return newBudget(int64(size)*units.MiB, d).MaxMemory >= smallestData
	}))
}

// fedText says whom a server of a set has to feed, which takes memory.
func (d *decider) fedText() string {
	if d.replicas() == 0 {
		return ""
	}
	return " that feeds " + units.Count(d.replicas(), "replica")
}

// BudgetLine is a line of the README's table of memory.
type BudgetLine struct{ Name, Size, Why string }

// table lists the parts; they add up to the limit.
func (b budget) table(d demand) []BudgetLine {
	lines := []BudgetLine{
		{"server and health check", units.Readable(b.Process), "code, libraries, an empty server"},
		{"modules", units.Readable(b.Modules), "the image of Redis 8 loads search, JSON, time series and filters"},
		{"kernel", units.Readable(b.Kernel), "socket buffers, page tables"},
		{"replication", units.Readable(b.Backlog), d.backlogText()},
		{"clients", units.Readable(b.Clients), b.clientsText(d)},
		{"**data (`maxmemory`)**", "**" + units.Readable(b.MaxMemory) + "**", "keys, values and their overhead"},
		{"fragmentation", units.Readable(b.Fragmentation), fmt.Sprintf("%d %% of the data: what the allocator cannot hand out again when the sizes of values change", fragmentation)},
		{"copy on write", units.Readable(b.CopyOnWrite), b.copyText()},
		{"rewrite", units.Readable(b.RewriteBuffer), "what is written while the append-only file is rewritten, as much as the data"},
		{"full copies", units.Readable(b.ReplicaBuffer), "what is written while replicas get a full copy"},
		{"spare", units.Readable(b.Spare), "rounding"},
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
	if d.replicas == 0 {
		return "the backlog, and a copy that `--rdb` fetches"
	}
	return "the backlog"
}

func (b budget) clientsText(d demand) string {
	if d.pubsub {
		return fmt.Sprintf("%s for the buffers of subscribers and other clients, and %d %% that the allocator loses", units.Readable(b.ClientMemory), bufferLoss)
	}
	return "all clients' requests and replies"
}

func (b budget) copyText() string {
	whole := b.MaxMemory + b.Fragmentation
	return fmt.Sprintf("%d %% of the data and their fragmentation may change while a child saves them", b.CopyOnWrite*100/max(whole, 1))
}

// sum is the arithmetic in one line.
func (b budget) sum() string {
	return fmt.Sprintf("%s for the container, less %s that do not grow with the data", units.Readable(b.Limit), units.Readable(b.fixed()))
}

func (d *decider) choosePolicy() {
	d.plan.Policy = d.role.Policy
	if d.intent.Policy == "" || !d.intent.Usable("maxmemory-policy") {
		return
	}
	d.plan.Policy = d.intent.Policy
	if directive, ok := d.release.Directive("maxmemory-policy"); ok {
		if c := intent.OneOf(d.intent.Policy, directive.Enum); c != nil {
			c.Message = fmt.Sprintf("maxmemory-policy of %s %s", d.release, c.Message)
			d.refuse(c, "maxmemory-policy")
		}
	}
}

func (d *decider) chooseMemory() {
	i := d.intent
	if !i.Usable("memory", "role", "persistence", "maxmemory", "topology", "replicas") || d.release == (redis.Release{}) {
		return
	}
	replicas := d.replicas()
	d.demand = demand{
		release: d.release, forks: d.plan.Persistent || replicas > 0, aof: d.plan.AOF, pubsub: d.role.Name == "pubsub", replicas: replicas,
		asked: d.askedSizes(),
	}
	b := newBudget(i.Memory, d.demand)
	if smallest := smallestLimit(d.demand); i.Memory < smallest {
		d.refuse(intent.Faultf(fmt.Sprintf("write at least memory = %q", strings.ToUpper(units.Compose(smallest))),
			"%s is too small for %s as a %s with persistence %q%s", units.Readable(i.Memory), d.release, d.role.Name, d.persistence, d.fedText()+d.demand.asked.text()), "memory")
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
		d.refuse(intent.Faultf(fmt.Sprintf("write at most maxmemory = %q, or more memory", strings.ToUpper(units.Compose(largest))),
			"%s of data do not fit into a container of %s with what else it needs", units.Readable(d.intent.MaxMemory), units.Readable(b.Limit)), "maxmemory")
	case d.intent.MaxMemory < smallestData:
		d.refuse(intent.Faultf(`write at least maxmemory = "4M"`, "%s leaves no room for data", units.Readable(d.intent.MaxMemory)), "maxmemory")
	}
}
