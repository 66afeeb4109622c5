package e2e

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// faultPlan is what a set is to suffer, one after the other.
type faultPlan struct {
	// rows begins the names under which the long form remembers what it
	// finished; without it nothing is remembered.
	rows   string
	faults []fault
	// bound is how long a set may take after a fault until it is whole and
	// acknowledges again.
	bound time.Duration
}

// settled is how long a set must stay whole to count as whole: longer than the
// two seconds that sentinels need to tell each other, so that a failover which
// is about to begin is seen.
const settled = 3 * time.Second

// flowing is how many writes must be acknowledged after a fault to count as
// writing again.
const flowing = 100

// faultRun is a set under writes.
type faultRun struct {
	t        *testing.T
	set      *set
	plan     faultPlan
	where    *addresses
	ledger   *ledger
	namings  *namings
	returned []*returning // nodes that came back from the present fault
	allOff   time.Time    // when the present fault killed the master, and left nobody to take over
}

// returning is a node on its way back, and when it was there.
type returning struct {
	*prober
	at time.Time
}

// row is the name of one fault of the plan.
func (p faultPlan) row(number int) string {
	return fmt.Sprintf("%s: %d, %s", p.rows, number+1, p.faults[number].name)
}

// finishedBefore returns what an earlier run finished of the plan, by number.
func (p faultPlan) finishedBefore(t *testing.T) map[int]faultRow {
	t.Helper()
	rows := map[int]faultRow{}
	for number := range p.faults {
		var one faultResult
		if p.rows != "" && finished(t, p.row(number), &one) {
			rows[number] = one.row()
		}
	}
	return rows
}

// runFaults puts a set that start starts under writes and lets it suffer the
// plan, but for what an earlier run finished. A set that does not heal fails
// the test, unless it can be made anew; then its row says so.
func runFaults(t *testing.T, start func() *set, plan faultPlan) faultReport {
	t.Helper()
	before := plan.finishedBefore(t)
	if len(before) < len(plan.faults) {
		sufferAll(t, start(), plan, before)
	}
	var report faultReport
	for number := range plan.faults {
		report = append(report, before[number])
	}
	return report
}

// sufferAll lets a set suffer what of the plan is not finished, and adds it to that.
func sufferAll(t *testing.T, s *set, plan faultPlan, rows map[int]faultRow) {
	t.Helper()
	redis.SetLogger(quiet{})
	ctx, stop := context.WithCancel(context.Background())
	r := &faultRun{t: t, set: s, plan: plan, where: &addresses{set: s}, ledger: &ledger{}, namings: &namings{}}
	waitForWriters := s.startWriting(ctx, r.where, r.ledger)
	var watching sync.WaitGroup
	watching.Go(func() { r.namings.watch(ctx, s, r.where) })
	defer func() {
		stop()
		r.stopProbers()
		waitForWriters()
		watching.Wait()
	}()
	require.NoError(t, r.awaitWriting(time.Now()), "the set does not come up")
	for number, next := range plan.faults {
		if _, done := rows[number]; done {
			continue
		}
		row := r.suffer(next)
		rows[number] = row
		switch {
		case row.bad() && s.renew == nil:
			t.Log(s.story(row.begin))
		case plan.rows != "":
			remember(t, plan.row(number), row.begin, row.result())
		}
	}
}

// suffer lets the set suffer one fault and measures it.
func (r *faultRun) suffer(f fault) faultRow {
	r.t.Helper()
	r.returned, r.allOff = nil, time.Time{}
	begin := time.Now()
	row := faultRow{fault: f.name, master: r.namings.present()}
	require.NotEmpty(r.t, row.master)
	f.strike(r, row.master)
	err := r.awaitWriting(time.Now())
	row.end = time.Now()
	r.finishProbers()
	if err == nil {
		row.lost, err = r.verify()
		row.lost, row.unwritten = parted(row.lost, r.allOff)
	}
	r.judge(&row, begin)
	if err != nil {
		row.failure = err.Error()
	}
	r.t.Log(row)
	if err != nil {
		r.renew(err)
	}
	return row
}

// judge fills in what the acknowledgements and namings since the fault say.
func (r *faultRun) judge(row *faultRow, begin time.Time) {
	all, known := r.ledger.snapshot(), r.namings.known()
	row.begin = begin
	row.acknowledged = len(between(all, begin, row.end))
	row.longest, row.without = gaps(all, begin, row.end)
	row.overlaps = overlaps(all, known, begin)
	for _, back := range r.returned {
		for _, one := range back.wrong(known) {
			row.assents++
			if one.confirmed {
				row.confirmed++
			}
		}
	}
}

// awaitWriting waits until writes flow that were sent after a moment and the
// set is whole, and stays so.
func (r *faultRun) awaitWriting(since time.Time) error {
	var wholeSince time.Time
	var lacks error
	for deadline := time.Now().Add(r.plan.bound); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if lacks = r.set.whole(r.where); lacks != nil {
			wholeSince = time.Time{}
			continue
		}
		if wholeSince.IsZero() {
			wholeSince = time.Now()
		}
		if time.Since(wholeSince) >= settled && r.ledger.countSince(since, r.set.nodes...) >= flowing {
			return nil
		}
	}
	if lacks == nil {
		lacks = fmt.Errorf("it is whole, and acknowledged %d writes", r.ledger.countSince(since, r.set.nodes...))
	}
	return fmt.Errorf("not healed in %v: %w", r.plan.bound, lacks)
}

// postponed is how long a server with appendfsync everysec says OK to writes
// that it has not given to the kernel yet, where the disk is busy (flushAppendOnlyFile
// in aof.c of Redis). A kill takes them with it.
const postponed = 2 * time.Second

// parted takes out of the lost writes those that the master may not have written
// down when it was killed, where nobody was left to take over before it led
// again: not even WAIT promises them.
func parted(all []acknowledgement, killed time.Time) (lost, unwritten []acknowledgement) {
	for _, one := range all {
		if !killed.IsZero() && one.replied.After(killed.Add(-postponed)) {
			unwritten = append(unwritten, one)
		} else {
			lost = append(lost, one)
		}
	}
	return lost, unwritten
}

// verifyAtOnce is how many keys one MGET reads.
const verifyAtOnce = 500

// verify returns the acknowledged writes that the master does not have and that
// no earlier fault lost.
func (r *faultRun) verify() ([]acknowledgement, error) {
	left := r.ledger.unverified()
	master := r.namings.present()
	client := r.set.node(master, r.set.writer, r.where.plainly)
	defer client.Close()
	var lost []acknowledgement
	for some := range slices.Chunk(left, verifyAtOnce) {
		missing, err := patiently(func() ([]acknowledgement, error) { return missingOf(client, some) })
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", master, err)
		}
		lost = append(lost, missing...)
	}
	if now := r.namings.present(); now != master {
		return nil, fmt.Errorf("the master changed from %s to %q after the set was whole", master, now)
	}
	r.ledger.miss(lost)
	return lost, nil
}

// patiently asks again for a while: the writers' timeouts are short on purpose,
// and on a busy machine one may be exceeded.
func patiently(ask func() ([]acknowledgement, error)) (answer []acknowledgement, err error) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(500 * time.Millisecond) {
		if answer, err = ask(); err == nil {
			return answer, nil
		}
	}
	return nil, err
}

// missingOf returns the writes whose value a server does not have.
func missingOf(client *redis.Client, some []acknowledgement) ([]acknowledgement, error) {
	var keys []string
	for _, one := range some {
		keys = append(keys, one.key())
	}
	values, err := client.MGet(context.Background(), keys...).Result()
	if err != nil {
		return nil, err
	}
	var missing []acknowledgement
	for i, one := range some {
		if values[i] != one.value() {
			missing = append(missing, one)
		}
	}
	return missing, nil
}

// renew makes a set anew that did not heal, or fails the test where it should have.
func (r *faultRun) renew(because error) {
	r.t.Helper()
	if r.set.renew == nil {
		require.NoError(r.t, because)
	}
	r.t.Logf("made anew: %v\n%s", because, r.set.stack.diagnosis())
	r.set.renew()
	r.ledger.forget()
	require.NoError(r.t, r.awaitWriting(time.Now()), "the new set does not come up")
}

// finishProbers waits until every returned node was asked for its time.
func (r *faultRun) finishProbers() {
	for _, back := range r.returned {
		back.finish(back.at)
	}
}

// stopProbers ends what a failure left running.
func (r *faultRun) stopProbers() {
	for _, back := range r.returned {
		back.stop()
		<-back.done
	}
}

// quiet keeps go-redis from printing every failed connection: here they are the rule.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}
