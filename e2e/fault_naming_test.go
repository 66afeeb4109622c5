package e2e

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// naming is which master a majority of all sentinels named when they were asked.
type naming struct {
	asked, answered time.Time
	master          string // service; empty when no majority answered or agreed
}

// namings is what the sentinels said, in the order of time.
type namings struct {
	mu  sync.Mutex
	all []naming
}

// namingPace is how often the sentinels are asked.
const namingPace = 100 * time.Millisecond

// watch asks the sentinels until the context ends.
func (n *namings) watch(ctx context.Context, s *set, where *addresses) {
	var clients []*redis.SentinelClient
	for _, service := range s.sentinels {
		client := s.sentinelClient(service, where.plainly)
		defer client.Close()
		clients = append(clients, client)
	}
	for ; ctx.Err() == nil; pause(ctx, namingPace) {
		asked := time.Now()
		master := majority(s.namedBy(clients, where), len(clients))
		n.mu.Lock()
		n.all = append(n.all, naming{asked: asked, answered: time.Now(), master: master})
		n.mu.Unlock()
	}
}

// namedBy asks all sentinels at once; who does not answer names "".
func (s *set) namedBy(clients []*redis.SentinelClient, where *addresses) []string {
	named := make([]string, len(clients))
	var asking sync.WaitGroup
	for i, client := range clients {
		asking.Go(func() {
			address, err := client.GetMasterAddrByName(context.Background(), s.masterName).Result()
			if err == nil && len(address) == 2 {
				named[i] = where.owner(address[0])
			}
		})
	}
	asking.Wait()
	return named
}

// majority returns the name that more than half of all voters gave, or "".
func majority(votes []string, voters int) string {
	count := map[string]int{}
	for _, vote := range votes {
		if count[vote]++; vote != "" && count[vote] > voters/2 {
			return vote
		}
	}
	return ""
}

// known returns the namings that a majority made.
func (n *namings) known() []naming {
	n.mu.Lock()
	defer n.mu.Unlock()
	var known []naming
	for _, one := range n.all {
		if one.master != "" {
			known = append(known, one)
		}
	}
	return known
}

// present returns the master that a majority named last, or "" where none ever did.
func (n *namings) present() string {
	known := n.known()
	if len(known) == 0 {
		return ""
	}
	return known[len(known)-1].master
}

// hearsay is how long after a failover a majority may still name the old
// master: the sentinel that led it names the new one to clients at once, the
// others hear of it by messages that come every two seconds, on a machine that
// has better to do later.
const hearsay = 10 * time.Second

// certainlyNot says whether a node was not the named master from one moment to
// another: the last naming before, the first one after, and all between and
// within hearsay are of other nodes. Where the sentinels were silent on one
// side nothing is certain.
func certainlyNot(node string, known []naming, from, to time.Time) bool {
	first := sort.Search(len(known), func(i int) bool { return known[i].answered.After(from) }) - 1
	next := sort.Search(len(known), func(i int) bool { return known[i].asked.After(to) })
	if first < 0 || next == len(known) {
		return false
	}
	end := sort.Search(len(known), func(i int) bool { return known[i].asked.After(to.Add(hearsay)) })
	return !slices.ContainsFunc(known[first:max(next+1, end)], func(one naming) bool { return one.master == node })
}

// newlyNamed says whether a node became the named master between two moments,
// as far as the sentinels can have been seen to say it: the first naming after
// to and all within hearsay count too.
func newlyNamed(node string, known []naming, from, to time.Time) bool {
	first := sort.Search(len(known), func(i int) bool { return !known[i].answered.Before(from) })
	for i := first; i < len(known); i++ {
		if known[i].master == node && (i == 0 || known[i-1].master != node) {
			return true
		}
		if known[i].asked.After(to.Add(hearsay)) {
			return false
		}
	}
	return false
}
