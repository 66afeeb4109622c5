// Package overrides is what [redis] of an intent sets, as far as other decisions
// depend on it, and which lines of redis.conf it takes the place of.
package overrides

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/redis"
)

// Overrides are the directives that an intent sets itself, for a release.
type Overrides struct {
	Release    redis.Release
	Directives []intent.RawDirective
}

// Of judges [redis].
func Of(refused *intent.Refusals, i *intent.Intent, release redis.Release) Overrides {
	limit := i.Memory
	if !i.Usable("memory") {
		limit = intent.LargestMemory
	}
	directives, problems := i.Overrides(release, limit)
	refused.Problems = append(refused.Problems, problems...)
	return Overrides{release, directives}
}

// named are the directives under a name, or under another one that the release
// has for it.
func (o Overrides) named(name string) []intent.RawDirective {
	return slices.DeleteFunc(slices.Clone(o.Directives), func(raw intent.RawDirective) bool { return o.Release.Name(raw.Name) != o.Release.Name(name) })
}

// Value is that of a directive that [redis] sets.
func (o Overrides) Value(name string) (string, bool) {
	for _, raw := range o.named(name) {
		return raw.Values[len(raw.Values)-1], true
	}
	return "", false
}

// Says tells whether [redis] has a line of redis.conf. Of the limits of output
// it may have those of some classes of clients.
func (o Overrides) Says(name string, arguments []string) bool {
	return slices.ContainsFunc(o.named(name), func(raw intent.RawDirective) bool {
		return name != "client-output-buffer-limit" || slices.ContainsFunc(limitsIn(raw), func(l outputLimit) bool { return l.class == arguments[0] })
	})
}

// Sizes are what [redis] says of memory, for a server of a limit. That the words
// are right was judged before.
func (o Overrides) Sizes(limit int64) memory.Asked {
	return memory.Asked{
		Value:   o.size("proto-max-bulk-len", limit),
		Client:  max(o.size("client-query-buffer-limit", limit), o.outputLimit("normal")),
		Clients: o.size("maxmemory-clients", limit),
		Backlog: o.size("repl-backlog-size", limit),
		Replica: o.outputLimit("replica"),
	}
}

// size is a size of [redis]. A share of maxmemory is taken of the container,
// which is more.
func (o Overrides) size(name string, limit int64) int64 {
	text, ok := o.Value(name)
	if !ok {
		return 0
	}
	if percent, share := strings.CutSuffix(text, "%"); share {
		number, _ := strconv.ParseInt(percent, 10, 64)
		return limit / 100 * number
	}
	bytes, _ := redis.ParseMemory(text)
	return bytes
}

// outputLimit is what [redis] lets the server hold for a client of a class.
func (o Overrides) outputLimit(class string) int64 {
	var bytes int64
	for _, raw := range o.named("client-output-buffer-limit") {
		for _, limit := range limitsIn(raw) {
			if limit.class == class {
				bytes, _ = redis.ParseMemory(limit.hard)
			}
		}
	}
	return bytes
}

// outputLimit is what a class of clients may leave unread. Beyond the hard
// limit a client is disconnected at once.
type outputLimit struct{ class, hard string }

// limitsIn reads lines of client-output-buffer-limit, of which each has a
// class, two limits and the seconds for the second, or several of these. slave
// is the old name of replica.
func limitsIn(raw intent.RawDirective) []outputLimit {
	var limits []outputLimit
	words := strings.Fields(strings.ToLower(strings.Join(raw.Values, " ")))
	for class := range slices.Chunk(words, 4) {
		if len(class) == 4 {
			limits = append(limits, outputLimit{strings.Replace(class[0], "slave", "replica", 1), class[1]})
		}
	}
	return limits
}
