package generate

import (
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// asked are the sizes in bytes that [redis] sets and that have a part in the budget, 0 where it does not.
type asked struct {
	value   int64 // the largest value
	client  int64 // the most that one client may hold
	clients int64 // the most that all of them may
	backlog int64
	replica int64 // the most that may wait for one
}

// text says why a limit is too small that would do otherwise.
func (a asked) text() string {
	if a == (asked{}) {
		return ""
	}
	return " with the sizes that [redis] sets"
}

// askedSizes reads what [redis] says of memory. That the words are right was judged before.
func (d *decider) askedSizes() asked {
	return asked{
		value:   d.rawSize("proto-max-bulk-len"),
		client:  max(d.rawSize("client-query-buffer-limit"), d.rawBufferLimit("normal")),
		clients: d.rawSize("maxmemory-clients"),
		backlog: d.rawSize("repl-backlog-size"),
		replica: d.rawBufferLimit("replica"),
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
