package e2e

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"
)

// overlap is three acknowledgements, one after the other, that show two nodes
// acknowledging at once: the outer ones are of one node, which was not named
// master again in between, the middle one is of another node.
type overlap struct{ before, other, after acknowledgement }

func (o overlap) String() string { return fmt.Sprintf("%s; %s; %s", o.before, o.other, o.after) }

// overlaps returns the acknowledgements after a moment that only two masters at
// once can explain, at most one for each. A request was acknowledged at some
// moment between its sending and its reply, so only what was sent after a reply
// counts as later, and what was under way at the same time proves nothing.
func overlaps(all []acknowledgement, known []naming, since time.Time) []overlap {
	byNode := map[string][]acknowledgement{}
	for _, one := range all {
		byNode[one.node] = append(byNode[one.node], one)
	}
	nodes := slices.Sorted(maps.Keys(byNode))
	var found []overlap
	for _, after := range all {
		if !after.replied.After(since) {
			continue
		}
		for _, node := range nodes {
			pair, ok := interrupted(byNode[after.node], byNode[node], after)
			if ok && node != after.node && !newlyNamed(after.node, known, pair.before.sent, after.replied) {
				found = append(found, pair)
				break
			}
		}
	}
	return found
}

// interrupted returns the latest acknowledgement of another node before one of
// a node, and the latest of the node itself before that.
func interrupted(own, others []acknowledgement, after acknowledgement) (overlap, bool) {
	other, found := lastBefore(others, after.sent)
	if !found {
		return overlap{}, false
	}
	before, found := lastBefore(own, other.sent)
	return overlap{before: before, other: other, after: after}, found
}

// lastBefore returns the last of some acknowledgements whose reply had come
// before a moment.
func lastBefore(ones []acknowledgement, moment time.Time) (acknowledgement, bool) {
	i := sort.Search(len(ones), func(i int) bool { return !ones[i].replied.Before(moment) })
	if i == 0 {
		return acknowledgement{}, false
	}
	return ones[i-1], true
}
