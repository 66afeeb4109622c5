package editor

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/redis"
)

func headOf(directive redis.Directive) string {
	head := fmt.Sprintf("**%s** · %s", directive.Name, typeOf(directive))
	if directive.Section != "" {
		head += " · " + directive.Section
	}
	return head
}

// typeOf says what a directive takes.
func typeOf(directive redis.Directive) string {
	switch directive.Type {
	case redis.Bool:
		return "yes or no"
	case redis.Enum:
		return strings.Join(directive.Enum, ", ")
	case redis.Memory, redis.SignedMemory:
		return "size in bytes"
	case redis.MemoryOrPercent:
		return "size in bytes, or percent"
	case redis.Int:
		return "number"
	case redis.Octal:
		return "permissions"
	case redis.Special:
		return "a form of its own"
	case redis.FileOnly:
		return "not seen by CONFIG GET"
	}
	return "text"
}

// factsOf says what holds for a directive whatever is written.
func factsOf(directive redis.Directive, spelling string) string {
	var facts []string
	switch {
	case directive.HasDefault:
		facts = append(facts, "default "+code(directive.Default))
	case !directive.Ignored:
		facts = append(facts, "no default")
	}
	if directive.HasRange {
		facts = append(facts, fmt.Sprintf("from %s to %s", code(strconv.FormatInt(directive.Min, 10)), code(strconv.FormatUint(directive.Max, 10))))
	}
	switch {
	case directive.Ignored:
		facts = append(facts, "accepted, and without any effect")
	case directive.Immutable:
		facts = append(facts, "changes only with a restart")
	case directive.Type != redis.FileOnly:
		facts = append(facts, "CONFIG SET changes it while the server runs")
	}
	if directive.Sensitive {
		facts = append(facts, "a secret")
	}
	if spelling != directive.Name {
		facts = append(facts, code(spelling)+" is another name of it")
	}
	return strings.Join(facts, " · ")
}

// sinceOf says which releases know a spelling.
func sinceOf(spelling string) string {
	var facts []string
	for _, engine := range []redis.Engine{redis.Redis, redis.Valkey} {
		since, known := redis.Since(engine, spelling)
		if !known {
			facts = append(facts, fmt.Sprintf("not in %s", engine))
			continue
		}
		fact := "since " + since.String()
		if since == redis.Releases(engine)[0] {
			fact += " or before"
		}
		if removed, gone := redis.RemovedIn(engine, spelling); gone {
			fact += fmt.Sprintf(", until %s", removed)
		}
		facts = append(facts, fact)
	}
	return strings.Join(facts, " · ")
}

func aboutSentinel(directive redis.SentinelDirective) protocol.MarkupContent {
	var facts []string
	if directive.HasDefault {
		facts = append(facts, "default "+code(directive.Default))
	}
	if directive.Secret {
		facts = append(facts, "its last word is a secret")
	}
	if directive.State {
		facts = append(facts, "the sentinel writes it itself")
	}
	return markdown("**sentinel "+directive.Name+"**", code(directive.Syntax), strings.Join(facts, " · "))
}
