package e2e

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// probePace is how often a returned node is asked to write.
	probePace = 20 * time.Millisecond
	// probeConfirm is how long WAIT waits behind such a write.
	probeConfirm = 20 * time.Millisecond
)

// prober asks one node to write, directly and whatever the sentinels say, as a
// client with an old address would.
type prober struct {
	service string
	stop    context.CancelFunc
	done    chan struct{}
	said    []assent // to be read when done is closed
}

// assent is an OK to such a write.
type assent struct {
	sent, replied time.Time
	confirmed     bool // WAIT said that enough replicas have it
}

// probe begins to ask a node that is about to return.
func (s *set) probe(service string, where *addresses) *prober {
	ctx, stop := context.WithCancel(context.Background())
	p := &prober{service: service, stop: stop, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		client := s.node(service, s.writer, where.plainly)
		defer client.Close()
		for ; ctx.Err() == nil; pause(ctx, probePace) {
			p.ask(client, s.confirmations)
		}
	}()
	return p
}

// ask writes a key that no verification reads.
func (p *prober) ask(client *redis.Client, confirmations int) {
	ctx := context.Background()
	pipeline := client.Pipeline()
	set := pipeline.Set(ctx, "probed:"+p.service, "", 0)
	reached := pipeline.Do(ctx, "wait", confirmations, probeConfirm.Milliseconds())
	sent := time.Now()
	_, _ = pipeline.Exec(ctx) // the commands say which of them failed
	if set.Err() != nil {
		return
	}
	replicas, err := reached.Int()
	p.said = append(p.said, assent{sent: sent, replied: time.Now(), confirmed: err == nil && replicas >= confirmations})
}

// probeAtLeast is how long the long form asks a node after its return.
const probeAtLeast = 10 * time.Second

// finish ends the prober of a node that has found its place in a whole set, in
// the long form not before its time.
func (p *prober) finish(returned time.Time) {
	if long {
		time.Sleep(time.Until(returned.Add(probeAtLeast)))
	}
	p.stop()
	<-p.done
}

// wrong returns the assents of a node that was certainly not the named master
// when it gave them.
func (p *prober) wrong(known []naming) []assent {
	var wrong []assent
	for _, one := range p.said {
		if certainlyNot(p.service, known, one.sent, one.replied) {
			wrong = append(wrong, one)
		}
	}
	return wrong
}
