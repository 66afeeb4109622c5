package deployment

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// fedText says whom a server of a set has to feed, which takes memory.
func (d *decider) fedText() string {
	if d.replicas() == 0 {
		return ""
	}
	return " that feeds " + units.Count(d.replicas(), "replica")
}

func (d *decider) choosePolicy() {
	chosen := d.intent.Policy != "" && d.intent.Usable("maxmemory-policy")
	if !chosen {
		d.plan.Policy = d.role.Policy
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
	d.workload = memory.Workload{
		Release: d.release, Forks: d.plan.Persistent || replicas > 0, AOF: d.plan.AOF, PubSub: d.role.Name == "pubsub", Replicas: replicas,
		Asked: d.askedSizes(),
	}
	b := memory.New(i.Memory, d.workload)
	if smallest := memory.SmallestLimit(d.workload); i.Memory < smallest {
		d.refuse(intent.Faultf(fmt.Sprintf("write at least memory = %q", strings.ToUpper(units.Compose(smallest))),
			"%s is too small for %s as a %s with persistence %q%s", units.Readable(i.Memory), d.release, d.role.Name, d.plan.Kind, d.fedText()+d.workload.Asked.Text()), "memory")
		return
	}
	if i.MaxMemory != 0 {
		d.checkMaxMemory(b)
		b.SetMaxMemory(i.MaxMemory, d.workload)
	}
	d.budget = b
}

func (d *decider) checkMaxMemory(b memory.Budget) {
	largest := b.LargestMaxMemory(d.workload)
	switch {
	case d.intent.MaxMemory > largest:
		d.refuse(intent.Faultf(fmt.Sprintf("write at most maxmemory = %q, or more memory", strings.ToUpper(units.Compose(largest))),
			"%s of data do not fit into a container of %s with what else it needs", units.Readable(d.intent.MaxMemory), units.Readable(b.Limit)), "maxmemory")
	case d.intent.MaxMemory < memory.SmallestData:
		d.refuse(intent.Faultf(`write at least maxmemory = "4M"`, "%s leaves no room for data", units.Readable(d.intent.MaxMemory)), "maxmemory")
	}
}

// askedSizes reads what [redis] says of memory. That the words are right was judged before.
func (d *decider) askedSizes() memory.Asked {
	return memory.Asked{
		Value:   d.rawSize("proto-max-bulk-len"),
		Client:  max(d.rawSize("client-query-buffer-limit"), d.rawBufferLimit("normal")),
		Clients: d.rawSize("maxmemory-clients"),
		Backlog: d.rawSize("repl-backlog-size"),
		Replica: d.rawBufferLimit("replica"),
	}
}

// rawSize is a size of [redis]. A share of maxmemory is taken of the container, which is more.
func (d *decider) rawSize(name string) int64 {
	text, ok := d.rawValue(name)
	if !ok {
		return 0
	}
	if percent, share := strings.CutSuffix(text, "%"); share {
		number, _ := strconv.ParseInt(percent, 10, 64)
		return d.intent.Memory / 100 * number
	}
	bytes, _ := redis.ParseMemory(text)
	return bytes
}

// rawBufferLimit is what [redis] lets the server hold for a client of a class. slave is the old name of replica.
func (d *decider) rawBufferLimit(class string) int64 {
	var bytes int64
	for _, raw := range d.raw {
		if d.release.Name(raw.Name) != "client-output-buffer-limit" {
			continue
		}
		words := strings.Fields(strings.ToLower(strings.Join(raw.Values, " ")))
		for at := 0; at+3 < len(words); at += 4 {
			if strings.Replace(words[at], "slave", "replica", 1) == class {
				bytes, _ = redis.ParseMemory(words[at+1])
			}
		}
	}
	return bytes
}
