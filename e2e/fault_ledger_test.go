package e2e

import (
	"slices"
	"sort"
	"sync"
	"time"
)

// ledger holds every acknowledged write.
type ledger struct {
	mu   sync.Mutex
	all  []acknowledgement // in the order of their replies
	lost map[string]bool   // keys that a verification missed already
}

// add takes in an acknowledgement that has just come, in the order of the replies.
func (l *ledger) add(one acknowledgement) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := len(l.all)
	for i > 0 && l.all[i-1].replied.After(one.replied) {
		i--
	}
	l.all = slices.Insert(l.all, i, one)
}

// snapshot returns all acknowledgements until now.
func (l *ledger) snapshot() []acknowledgement {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}

// countSince counts the acknowledged writes that were sent after a moment, by some nodes.
func (l *ledger) countSince(moment time.Time, nodes ...string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	count := 0
	for i := len(l.all) - 1; i >= 0 && l.all[i].replied.After(moment); i-- {
		if l.all[i].sent.After(moment) && slices.Contains(nodes, l.all[i].node) {
			count++
		}
	}
	return count
}

// unverified returns the acknowledgements that no verification missed yet.
func (l *ledger) unverified() []acknowledgement {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []acknowledgement
	for _, one := range l.all {
		if !l.lost[one.key()] {
			left = append(left, one)
		}
	}
	return left
}

// miss remembers lost writes, so that each is counted for one fault only.
func (l *ledger) miss(lost []acknowledgement) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost == nil {
		l.lost = map[string]bool{}
	}
	for _, one := range lost {
		l.lost[one.key()] = true
	}
}

// forget drops everything: the servers that acknowledged it are gone on purpose.
func (l *ledger) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all, l.lost = nil, nil
}

// between returns the acknowledgements that came after from and until to, of a snapshot.
func between(all []acknowledgement, from, to time.Time) []acknowledgement {
	first := sort.Search(len(all), func(i int) bool { return all[i].replied.After(from) })
	end := sort.Search(len(all), func(i int) bool { return all[i].replied.After(to) })
	return all[first:max(first, end)]
}

// noticeable is the shortest time between two acknowledgements that counts as
// one without writes. Four writers bring one every few milliseconds; a busy
// machine makes them pause, but not for this long.
const noticeable = time.Second

// gaps returns the times without an acknowledgement from the last one before
// from until to, of a snapshot: the longest of them, and the sum of those that
// are noticeable.
func gaps(all []acknowledgement, from, to time.Time) (longest, sum time.Duration) {
	first := sort.Search(len(all), func(i int) bool { return all[i].replied.After(from) })
	last := from
	if first > 0 {
		last = all[first-1].replied
	}
	end := acknowledgement{replied: to}
	for _, one := range append(between(all, from, to), end) {
		gap := one.replied.Sub(last)
		longest = max(longest, gap)
		if gap >= noticeable {
			sum += gap
		}
		last = one.replied
	}
	return longest, sum
}
