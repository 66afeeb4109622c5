package readme

import (
	"fmt"
	"strconv"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/units"
)

// LimitText is the limit of a container.
func (r Readme) LimitText() string { return units.Readable(r.Budget.Limit) }

// ForEachServer says that there are several.
func (r Readme) ForEachServer() string { return where(r.isSet(), " for each server") }

// Budgets are the parts of the memory that there are. They add up to the limit.
func (r Readme) Budgets() []string {
	b := r.Budget
	parts := []struct {
		name  string
		bytes int64
		why   string
	}{
		{"server and health check", b.Process, "code, libraries, an empty server"},
		{"modules", b.Modules, "the image of Redis 8 loads search, JSON, time series and filters"},
		{"kernel", b.Kernel, "socket buffers, page tables"},
		{"replication", b.Backlog, "the backlog" + where(r.Workload.Replicas == 0, ", and a copy that `--rdb` fetches")},
		{"clients", b.Clients, r.clientsText()},
		{data, b.MaxMemory, "keys, values and their overhead"},
		{"fragmentation", b.Fragmentation, fmt.Sprintf("%d %% of the data: what the allocator cannot hand out again when the sizes of values change", memory.Fragmentation)},
		{"copy on write", b.CopyOnWrite, r.CopyReason()},
		{"rewrite", b.RewriteBuffer, "what is written while the append-only file is rewritten, as much as the data"},
		{"full copies", b.ReplicaBuffer, "what is written while replicas get a full copy"},
		{"spare", b.Spare, "rounding"},
	}
	var rows []string
	for _, part := range parts {
		size := units.Readable(part.bytes)
		switch {
		case part.bytes < least:
			continue
		case part.name == data:
			size = "**" + size + "**"
		}
		rows = append(rows, row(part.name, size, part.why))
	}
	return rows
}

const (
	data = "**data (`maxmemory`)**"
	// least is what a size of a row shows at all.
	least = units.KiB/20 + 1
)

func (r Readme) clientsText() string {
	if r.Workload.PubSub {
		return fmt.Sprintf("%s for the buffers of subscribers and other clients, and %d %% that the allocator loses", units.Readable(r.Budget.ClientMemory), memory.BufferLoss)
	}
	return "all clients' requests and replies"
}

// PolicyText says what a full server does.
func (r Readme) PolicyText() string { return r.PolicyReason() }

// ValueLimitText is the largest value, and what several of them may take at once.
func (r Readme) ValueLimitText() string {
	atOnce := r.Budget.LargestAtOnce(r.Workload)
	return fmt.Sprintf("%s; what clients send or get at the same moment may be %s together, as of %s at once with the largest",
		units.Readable(r.Budget.LargestValue), units.Readable(atOnce*r.Budget.LargestValue), units.Count(atOnce, "client"))
}

// ClientBoundMissing is a warning where nothing bounds all clients together.
func (r Readme) ClientBoundMissing() string {
	return where(!r.Knows("maxmemory-clients"), r.Release.String()+" bounds each client's buffers but not their sum: many slow clients at once can exceed the table's share.")
}

// UnwrittenText is for hosts whose kernel lets pages that are not on the disk
// yet fill a container: docs/memory.md has what was seen.
func (r Readme) UnwrittenText() string {
	if !r.AOF {
		return ""
	}
	return "Where `docker info` says `Cgroup Version: 1`, the host should also have " +
		fmt.Sprintf("`vm.dirty_bytes = %d` and `vm.dirty_background_bytes = %d`.\n", r.Budget.Limit/8, r.Budget.Limit/16) +
		"Otherwise what a server writes faster than the disk takes it fills the container, and the kernel may end it. Version 2 makes the writer wait."
}

// AllText and MastersText are sizes over all nodes and over all masters.
func (r Readme) AllText() string { return units.Readable(r.Budget.Limit * int64(len(r.Members))) }

// MastersText is the data of all masters.
func (r Readme) MastersText() string { return units.Readable(r.Budget.MaxMemory * r.Masters) }

// SentinelsTake is a line where there are sentinels.
func (r Readme) SentinelsTake() string {
	return where(r.hasSentinels(), "Each sentinel may take 64 MiB more.")
}

// residentShare is how many times maxmemory an evicting server may hold.
func (r Readme) residentShare() string {
	return strconv.FormatFloat(float64(100+memory.Fragmentation)/100, 'f', -1, 64)
}
