package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// epoch is the moment from which the cases below count in milliseconds.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func after(milliseconds int) time.Time {
	return epoch.Add(time.Duration(milliseconds) * time.Millisecond)
}

// by is a write that a node acknowledged in one time span.
func by(node string, sent, replied int) acknowledgement {
	return acknowledgement{sequence: sent, node: node, sent: after(sent), replied: after(replied)}
}

// names are namings of ten milliseconds each, a hundred apart, from 0 on. What
// was before the first is not known.
func names(masters ...string) []naming {
	var all []naming
	for i, master := range masters {
		all = append(all, naming{asked: after(100 * i), answered: after(100*i + 10), master: master})
	}
	return all
}

func TestOverlapsAreCertain(t *testing.T) {
	for _, test := range []struct {
		name  string
		all   []acknowledgement
		known []naming
		found int
	}{
		{"one node", []acknowledgement{by("a", 20, 25), by("a", 40, 45)}, names("a", "a"), 0},
		{"a failover", []acknowledgement{by("a", 20, 25), by("b", 220, 225), by("b", 320, 325)},
			names("a", "a", "b", "b", "b"), 0},
		{"the old master goes on", []acknowledgement{by("a", 20, 25), by("b", 220, 225), by("a", 230, 235)},
			names("a", "a", "b", "b", "b"), 1},
		{"both go on", []acknowledgement{by("a", 20, 25), by("b", 220, 225), by("a", 230, 235), by("b", 240, 245)},
			names("a", "a", "b", "b", "b"), 2},
		{"named later than it acknowledges", []acknowledgement{by("a", 20, 25), by("b", 120, 125), by("a", 130, 135), by("b", 340, 345)},
			names("a", "a", "a", "b", "b"), 1},
		{"under way at the same time", []acknowledgement{by("a", 20, 25), by("b", 220, 240), by("a", 230, 250)},
			names("a", "a", "b", "b"), 0},
		{"and back again", []acknowledgement{by("a", 20, 25), by("b", 120, 125), by("a", 320, 325)},
			names("a", "b", "b", "a", "a"), 0},
		{"back before the majority heard of it", []acknowledgement{by("a", 20, 25), by("b", 120, 125), by("a", 220, 225)},
			names("a", "b", "b", "b", "b", "a"), 0},
		{"back before the next naming", []acknowledgement{by("a", 20, 25), by("b", 120, 125), by("a", 290, 295)},
			names("a", "b", "b", "a", "a"), 0},
		{"no sentinel to say so", []acknowledgement{by("a", 20, 25), by("b", 120, 125), by("a", 290, 295)}, nil, 1},
		{"a late reply of the old master, once", []acknowledgement{by("a", 20, 25), by("a", 210, 215), by("b", 220, 225)},
			names("a", "a", "b"), 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Len(t, overlaps(test.all, test.known, epoch), test.found)
		})
	}
}

func TestAssentsOfTheNamedMasterAreRight(t *testing.T) {
	for _, test := range []struct {
		name          string
		known         []naming
		sent, replied int
		wrong         bool
	}{
		{"another is named", names("b", "b", "b"), 120, 130, true},
		{"it is named", names("a", "a", "a"), 120, 130, false},
		{"it is named next", names("b", "b", "a"), 120, 130, false},
		{"it was named before", names("a", "a", "b"), 120, 130, false},
		{"it is named as soon as the majority heard of it", names("b", "b", "b", "b", "a"), 120, 130, false},
		{"it is named much later", append(names("b", "b", "b"), naming{asked: after(29000), answered: after(29010), master: "a"}), 120, 130, true},
		{"nobody was asked since", names("b", "b"), 120, 130, false},
		{"nobody had answered before", names("b", "b", "b"), 5, 8, false},
		{"named for a moment", names("b", "a", "b"), 50, 115, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &prober{service: "a", said: []assent{{sent: after(test.sent), replied: after(test.replied)}}}
			assert.Equal(t, test.wrong, len(p.wrong(test.known)) == 1)
		})
	}
}

func TestGaps(t *testing.T) {
	var l ledger
	for _, replied := range []int{0, 500, 6500, 1000, 9000, 9100} {
		l.add(by("a", replied, replied))
	}
	all := l.snapshot()
	require.True(t, all[2].replied.Before(all[3].replied), "not in the order of the replies")

	longest, sum := gaps(all, after(2000), after(9500))
	assert.Equal(t, 5500*time.Millisecond, longest, "from the last reply before the fault")
	assert.Equal(t, 8*time.Second, sum)
	longest, _ = gaps(all, after(2000), after(20000))
	assert.Equal(t, 10900*time.Millisecond, longest, "until the end when nothing follows")
	longest, _ = gaps(nil, after(2000), after(3000))
	assert.Equal(t, time.Second, longest)
	assert.Len(t, between(all, after(500), after(9000)), 3)
	assert.Equal(t, 2, l.countSince(after(8000), "b", "a"))
	assert.Zero(t, l.countSince(after(8000), "b"))
}

func TestLossesAreCountedOnce(t *testing.T) {
	var l ledger
	l.add(by("a", 1, 2))
	l.add(by("a", 3, 4))
	l.miss(l.unverified()[:1])
	assert.Equal(t, []acknowledgement{by("a", 3, 4)}, l.unverified())
	l.forget()
	assert.Empty(t, l.snapshot())
}

func TestUnwrittenIsWhatDiedWithAllServers(t *testing.T) {
	all := []acknowledgement{by("a", 900, 1000), by("a", 2900, 3001), by("a", 4000, 4999)}
	lost, unwritten := parted(all, after(5000))
	assert.Equal(t, all[:1], lost, "older than a server may wait")
	assert.Equal(t, all[1:], unwritten)
	lost, unwritten = parted(all, time.Time{})
	assert.Equal(t, all, lost, "somebody was left")
	assert.Empty(t, unwritten)
}

func TestMajorityIsOfAllSentinels(t *testing.T) {
	for _, test := range []struct {
		votes []string
		named string
	}{
		{[]string{"a", "a", "a"}, "a"},
		{[]string{"a", "b", "b"}, "b"},
		{[]string{"a", "", ""}, ""},
		{[]string{"a", "b", ""}, ""},
		{[]string{"", "", ""}, ""},
	} {
		assert.Equal(t, test.named, majority(test.votes, 3), test.votes)
	}
}

func TestSameSeedSameFaults(t *testing.T) {
	order := func(seed uint64) (names []string) {
		for _, one := range shuffled(seed, 2*len(kindsOfForm())+1) {
			names = append(names, one.name)
		}
		return names
	}
	assert.Equal(t, order(1), order(1))
	assert.NotEqual(t, order(1), order(2))
	assert.Len(t, order(1), 2*len(kindsOfForm())+1)
	seen := map[string]bool{}
	for _, name := range order(1)[:len(kindsOfForm())] {
		seen[name] = true
	}
	assert.Len(t, seen, len(kindsOfForm()), "a kind comes again before all others came")
}

func TestMedianAndWorst(t *testing.T) {
	for _, test := range []struct{ times, want []time.Duration }{
		{nil, []time.Duration{0, 0}},
		{[]time.Duration{3}, []time.Duration{3, 3}},
		{[]time.Duration{9, 1, 5}, []time.Duration{5, 9}},
		{[]time.Duration{9, 1, 5, 7}, []time.Duration{6, 9}},
	} {
		median, worst := medianAndWorst(test.times)
		assert.Equal(t, test.want, []time.Duration{median, worst})
	}
}

func TestReportSumsByKind(t *testing.T) {
	report := faultReport{
		{fault: "cut", acknowledged: 10, lost: make([]acknowledgement, 2), longest: 4 * time.Second},
		{fault: "kill", acknowledged: 5, longest: time.Second, failure: "no quorum"},
		{fault: "cut", acknowledged: 1, longest: 8 * time.Second, assents: 3, confirmed: 1, overlaps: make([]overlap, 1)},
	}
	lines := strings.Split(strings.TrimSpace(report.markdown()), "\n")
	assert.Equal(t, []string{
		"| cut | 2 | 11 | 2 | 6.0, 8.0 | 3 (WAIT satisfied: 1) | 1 |",
		"| kill | 1 | 5 | 0, not healed: 1 | 1.0, 1.0 | 0 (WAIT satisfied: 0) | 0 |",
		"| **all** | 3 | 16 | 2, not healed: 1 | 4.0, 8.0 | 3 (WAIT satisfied: 1) | 1 |",
	}, lines[2:])
}
