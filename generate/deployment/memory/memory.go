// Package memory divides a container's memory between what a server needs.
package memory

import (
	"cmp"
	"sort"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// Budget divides the container's limit, in bytes. The kernel counts for a
// container what its processes hold, the pages that a forked child and its
// parent no longer share, tmpfs, socket buffers and page tables. maxmemory
// bounds only what the server allocates for data and ordinary clients. The rest
// of the sum is what keeps the container inside its limit all the same.
// docs/memory.md says what each part was measured by.
type Budget struct {
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

// What the parts are worth. An idle server of Redis 7.0, 8.0 or Valkey 8.1 and
// 9.1 holds 4 MiB that the kernel cannot take back (tried); a health check adds
// a shell and a client for a moment.
const (
	processMemory = 12 * units.MiB
	moduleMemory  = 12 * units.MiB
	// startMemory is for the program that stays beside a server of a set, and
	// the clients with which it looks around.
	startMemory = 8 * units.MiB
	// SmallestData is the least maxmemory that gen writes: an empty server
	// already counts 1 MiB of it.
	SmallestData = 4 * units.MiB
	// Fragmentation is the allocator's loss that is allowed for, in percent of
	// maxmemory. When all values of 64 to 4096 bytes made room for values of
	// 200 to 20,000 at full speed, the server held 178 to 179 % of maxmemory
	// (Redis 7.0.15, Valkey 9.1.2).
	Fragmentation = 80
	// BufferLoss is the same for clients' buffers, which are blocks of 16 KiB and more.
	BufferLoss = 15
	// copied is how much of the data and their fragmentation has room to change
	// during a save, in percent. Holes are not copied: when such a server saved
	// while everything was written again, all it held was 328 % of maxmemory at
	// most, with the commands that waited for the disk.
	copied = 70
	// leastCopied is the same where maxmemory is given by hand.
	leastCopied = 25
	// IdleClient is what a connected client costs before it does anything.
	IdleClient = 16 * units.KiB
	// together is how many clients may send or get the largest value at the same moment.
	together = 2
	// subscribersShare is how much more memory subscribers have than keys where
	// the server is for them, leastSubscribers the same where maxmemory is
	// given by hand.
	subscribersShare = 3
	leastSubscribers = 1
)

// The limits of the engines for a single value.
const (
	smallestValueLimit = units.MiB
	largestValueLimit  = 512 * units.MiB
)

// Workload is what the division depends on beside the limit.
type Workload struct {
	Release  redis.Release
	Forks    bool // snapshots or append-only file: a child shares the data while the parent goes on
	AOF      bool
	PubSub   bool  // memory is for subscribers' buffers
	Replicas int64 // that the server may have to feed, each after a full copy
	Beside   bool  // a full copy has a connection of its own: what is written meanwhile waits at the replica
	Asked    Asked
}

// New divides a limit, and gives the data as much as there is room for. That is
// below SmallestData where the limit is too small.
func New(limit int64, w Workload) Budget {
	return Divide(limit, dataIn(limit, w, w.weight(copied, subscribersShare)), w)
}

// LargestMaxMemory is the most that may be asked for by hand.
func LargestMaxMemory(limit int64, w Workload) int64 {
	return dataIn(limit, w, w.weight(leastCopied, leastSubscribers))
}

// SmallestLimit is the least container that leaves room for data, in whole MiB.
func SmallestLimit(w Workload) int64 {
	return units.MiB * int64(sort.Search(int(intent.LargestMemory/units.MiB), func(size int) bool {
		return New(int64(size)*units.MiB, w).MaxMemory >= SmallestData
	}))
}

// dataIn is how much data a limit has room for, in whole MiB, where a byte of
// them costs so many percent.
func dataIn(limit int64, w Workload, weight int64) int64 {
	return max((limit-w.fixed(limit)-w.askedBuffers())*100/weight/units.MiB*units.MiB, 0)
}

// Divide divides a limit for data of a size. It is the one writer of a budget.
func Divide(limit, maxMemory int64, w Workload) Budget {
	b := Budget{
		Limit: limit, Process: w.process(), Modules: w.modules(), Kernel: kernel(limit), Backlog: w.backlog(limit),
		Clients:       w.clients(limit),
		MaxMemory:     maxMemory,
		Fragmentation: maxMemory * Fragmentation / 100,
		ReplicaBuffer: w.replicaLimit(limit, maxMemory) * w.replicaBuffers(),
		LargestValue:  w.largestValue(limit),
		ClientShare:   w.clientShare(limit),
		ReplicaLimit:  w.replicaLimit(limit, maxMemory),
	}
	if w.Forks && w.AOF && w.rewritesInMemory() {
		b.RewriteBuffer = maxMemory
	}
	rest := max(limit-b.Fixed()-b.MaxMemory-b.Fragmentation-b.ReplicaBuffer-b.RewriteBuffer, 0)
	if w.Forks {
		b.CopyOnWrite = min(max(rest-w.leastForSubscribers(maxMemory), 0), b.MaxMemory+b.Fragmentation)
	}
	rest -= b.CopyOnWrite
	if w.forSubscribers() {
		b.Clients = rest
		b.ClientMemory = b.Clients * 100 / (100 + BufferLoss) / units.MiB * units.MiB
		return b
	}
	b.ClientMemory, b.Spare = cmp.Or(w.Asked.Clients, b.Clients), rest
	return b
}

// What does not grow with the data.

func (w Workload) fixed(limit int64) int64 {
	return w.process() + w.modules() + kernel(limit) + w.backlog(limit) + w.clients(limit)
}

func (w Workload) process() int64 {
	if w.Replicas > 0 {
		return processMemory + startMemory
	}
	return processMemory
}

func (w Workload) modules() int64 {
	if w.Release.LoadsModules() {
		return moduleMemory
	}
	return 0
}

func kernel(limit int64) int64 { return 4*units.MiB + limit/64 }

func (w Workload) largestValue(limit int64) int64 {
	return cmp.Or(w.Asked.Value, min(max(limit/64, smallestValueLimit), largestValueLimit))
}

// clientShare has a value twice, as it is held for a moment: as an argument, and
// as the buffer for the next one of that size.
func (w Workload) clientShare(limit int64) int64 {
	return max(2*w.largestValue(limit), w.Asked.Client)
}

// clients is what clients have who are not what the server is for: subscribers
// get what the data leave, unless [redis] says what they may hold.
func (w Workload) clients(limit int64) int64 {
	if w.PubSub {
		return withLoss(w.Asked.Clients)
	}
	return cmp.Or(w.Asked.Clients, together*w.clientShare(limit)+w.largestValue(limit)) // the last for all others
}

// forSubscribers tells that they have what the data leave.
func (w Workload) forSubscribers() bool { return w.PubSub && w.Asked.Clients == 0 }

// leastForSubscribers is what copies of pages leave to subscribers at any rate.
func (w Workload) leastForSubscribers(maxMemory int64) int64 {
	if !w.forSubscribers() {
		return 0
	}
	return withLoss(leastSubscribers * maxMemory)
}

func withLoss(buffers int64) int64 { return buffers * (100 + BufferLoss) / 100 }

// backlog is that of replicas, or of a server alone, with what may wait for
// redis-cli --rdb.
func (w Workload) backlog(limit int64) int64 {
	size := cmp.Or(w.Asked.Backlog, Backlog(limit, w))
	if w.Replicas == 0 {
		size += w.replicaLimit(limit, 0)
	}
	return size
}

// replicaLimit is what may wait for one replica: as much as there are data, or
// a value where redis-cli --rdb is the only one.
func (w Workload) replicaLimit(limit, maxMemory int64) int64 {
	if w.Replicas == 0 {
		return cmp.Or(w.Asked.Replica, w.largestValue(limit))
	}
	return cmp.Or(w.Asked.Replica, max(maxMemory, units.MiB))
}

// Backlog is what a replica may have missed and still continue without a full
// copy. A server alone has one for redis-cli --rdb.
func Backlog(limit int64, w Workload) int64 {
	if w.Replicas == 0 {
		return units.MiB
	}
	return min(max(limit/64/units.MiB*units.MiB, units.MiB), units.GiB)
}

// replicaBuffers is how many times what waits for replicas is held by the
// master. Since 7.0 all replicas read from one buffer. Where it waits at the
// replica, that has room for it: nothing saves there.
func (w Workload) replicaBuffers() int64 {
	switch {
	case w.Beside:
		return 0
	case w.Release.Engine == redis.Redis && !w.Release.AtLeast(7, 0):
		return w.Replicas
	}
	return min(w.Replicas, 1)
}

// weight is what one byte of data costs, in percent. With a save that goes on
// while pages are written it costs the copies of them, with replicas what is
// written while they get a full copy: as much as the data, where the master
// keeps it.
func (w Workload) weight(copied, subscribers int64) int64 {
	weight := int64(100 + Fragmentation)
	if w.Forks {
		weight += (weight*copied + 99) / 100
	}
	if w.Forks && w.AOF && w.rewritesInMemory() {
		weight += 100
	}
	if w.Asked.Replica == 0 {
		weight += 100 * w.replicaBuffers()
	}
	if w.forSubscribers() {
		weight += withLoss(100 * subscribers)
	}
	return weight
}

// rewritesInMemory tells whether a rewrite of the append-only file keeps every
// write in memory until it ends, as before 7.0.
func (w Workload) rewritesInMemory() bool {
	return w.Release.Engine == redis.Redis && !w.Release.AtLeast(7, 0)
}

// askedBuffers is the room for replicas where [redis] says how much may wait for one.
func (w Workload) askedBuffers() int64 { return w.Asked.Replica * w.replicaBuffers() }

// Fixed is all that does not grow with the data.
func (b Budget) Fixed() int64 {
	return b.Process + b.Modules + b.Kernel + b.Backlog + b.Clients
}

// LargestAtOnce is how many clients may send or get the largest value at the
// same moment. Where the server is for subscribers, keys have little room
// beside the buffers and the backlog, which the engines count as data: a value
// is there as the one before, as the request, as the buffer behind it, and
// something else is there too.
func (b Budget) LargestAtOnce(w Workload) int64 {
	number := b.ClientMemory / b.ClientShare
	if w.PubSub {
		number = min(number, (b.MaxMemory-b.Backlog)/(4*b.LargestValue))
	}
	return max(number, 1)
}

// Idle is what the server holds when it is full and nothing else happens, in whole MiB.
func (b Budget) Idle() int64 { return (b.Process + b.Modules + b.MaxMemory) / units.MiB * units.MiB }

// CopyShare is how much of the data and their fragmentation may change during a
// save, in percent.
func (b Budget) CopyShare() int64 {
	return b.CopyOnWrite * 100 / max(b.MaxMemory+b.Fragmentation, 1)
}

// Asked are the sizes in bytes that [redis] sets and that have a part in the
// budget, 0 where it does not.
type Asked struct {
	Value   int64 // the largest value
	Client  int64 // the most that one client may hold
	Clients int64 // the most that all of them may
	Backlog int64
	Replica int64 // the most that may wait for one
}

// Text says why a limit is too small that would do otherwise.
func (a Asked) Text() string {
	if a == (Asked{}) {
		return ""
	}
	return " with the sizes that [redis] sets"
}
