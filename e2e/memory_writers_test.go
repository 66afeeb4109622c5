package e2e

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// busyWriters write at once, each on a connection of its own.
const busyWriters = 8

// sizes is a range of the bytes of values.
type sizes struct{ least, most int }

// herd is a number of writers that fill a server and know which keys they
// wrote, so that they can write and delete them again.
type herd struct {
	writers []*herdWriter
	content string // random bytes, which do not compress; values are parts of it

	// diskFollows tells whether writers may go on. Where it is nil they always may.
	diskFollows func() bool
}

// herdWriter writes keys of its own. Where the server refuses, it deletes some
// of them, as people do whose data do not expire.
type herdWriter struct {
	herd     *herd
	wire     *wire
	random   *mathrand.Rand
	name     string
	lifetime string // seconds, empty for none
	next     int
	keys     []writtenKey
	bytes    int64 // of the values of keys
	room     int64 // that keys may grow to; what was written before is left to the server's eviction
}

type writtenKey struct {
	name  string
	bytes int
}

// writersBatch is how many commands a writer sends before it reads the replies.
const writersBatch = 32

// newHerd connects the writers. They remember keys up to the bytes that the
// server may hold.
func newHerd(address, password string, maxmemory int64, lifetime string, largest int) (*herd, error) {
	content := make([]byte, 2*largest)
	if _, err := rand.Read(content); err != nil {
		return nil, err
	}
	h := &herd{content: string(content)}
	for number := range busyWriters {
		connected, err := dialWire(address, password)
		if err != nil {
			return nil, err
		}
		// What makes the server disconnect others must not end the load.
		if err := connected.do("CLIENT", "NO-EVICT", "ON"); err != nil {
			return nil, err
		}
		h.writers = append(h.writers, &herdWriter{
			herd: h, wire: connected, random: mathrand.New(mathrand.NewPCG(uint64(number), 9)),
			name: fmt.Sprint("herd:", number, ":"), lifetime: lifetime, room: maxmemory / busyWriters,
		})
	}
	return h, nil
}

func (h *herd) close() {
	for _, w := range h.writers {
		w.wire.close()
	}
}

// followDisk waits while the disk does not follow, as the kernel has a server
// wait. What a server writes down once a second is followed within that time.
func (h *herd) followDisk() {
	const longest, pause = time.Second, 5 * time.Millisecond
	for waited := time.Duration(0); h.diskFollows != nil && waited < longest && !h.diskFollows(); waited += pause {
		time.Sleep(pause)
	}
}

// each has all writers do the same at once.
func (h *herd) each(work func(*herdWriter) error) error {
	var group errgroup.Group
	for _, w := range h.writers {
		group.Go(func() error { return work(w) })
	}
	return group.Wait()
}

// write writes new keys until all writers together have sent the bytes.
func (h *herd) write(bytes int64, of sizes) error {
	return h.each(func(w *herdWriter) error {
		for sent := int64(0); sent < bytes/busyWriters; {
			n, err := w.batch(of)
			if err != nil {
				return err
			}
			sent += n
		}
		return nil
	})
}

// rewrite writes every key that is remembered again, twice, with a value of the
// same size.
func (h *herd) rewrite() error {
	return h.each(func(w *herdWriter) error {
		keys := slices.Clone(w.keys)
		for range 2 {
			for batch := range slices.Chunk(keys, writersBatch) {
				if err := w.overwrite(batch); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// rewriteMost writes the newest keys again that are four fifths of what the
// server may hold.
func (h *herd) rewriteMost() error {
	return h.each(func(w *herdWriter) error {
		newest := slices.Clone(w.keys)
		slices.Reverse(newest)
		sent := int64(0)
		for batch := range slices.Chunk(newest, writersBatch) {
			if sent > w.room*4/5 {
				break
			}
			if err := w.overwrite(batch); err != nil {
				return err
			}
			sent += bytesOf(batch)
		}
		return nil
	})
}

func bytesOf(keys []writtenKey) (sum int64) {
	for _, key := range keys {
		sum += int64(key.bytes)
	}
	return sum
}

// rewriteSome writes the keys again that are about a tenth of all.
func (h *herd) rewriteSome() error {
	return h.each(func(w *herdWriter) error {
		for range len(w.keys)/10/writersBatch + 1 {
			if err := w.overwrite(w.some()); err != nil {
				return err
			}
		}
		return nil
	})
}

// some are a batch of keys that were written one after the other, at any time.
func (w *herdWriter) some() []writtenKey {
	if len(w.keys) == 0 {
		return nil
	}
	start := w.random.IntN(len(w.keys))
	return slices.Clone(w.keys[start:min(start+writersBatch, len(w.keys))])
}

// batch sends a batch of new keys and remembers those that were accepted.
func (w *herdWriter) batch(of sizes) (int64, error) {
	w.herd.followDisk()
	keys := make([]writtenKey, writersBatch)
	for n := range keys {
		w.next++
		keys[n] = writtenKey{w.name + strconv.Itoa(w.next), of.least + w.random.IntN(of.most-of.least+1)}
		w.set(keys[n])
	}
	refused := map[int]bool{}
	if _, err := w.wire.drain(func(number int) { refused[number] = true }); err != nil {
		return 0, err
	}
	var sent int64
	for n, key := range keys {
		sent += int64(key.bytes)
		if !refused[n] {
			w.keys = append(w.keys, key)
			w.bytes += int64(key.bytes)
		}
	}
	w.forget()
	if len(refused) > 0 {
		return sent, w.makeRoom(sent)
	}
	return sent, nil
}

func (w *herdWriter) overwrite(keys []writtenKey) error {
	w.herd.followDisk()
	for _, key := range keys {
		w.set(key)
	}
	refused, err := w.wire.drain(nil)
	if err == nil && refused > 0 {
		err = w.makeRoom(bytesOf(keys))
	}
	return err
}

func (w *herdWriter) set(key writtenKey) {
	start := w.random.IntN(len(w.herd.content) - key.bytes)
	words := []string{"SET", key.name, w.herd.content[start : start+key.bytes]}
	if w.lifetime != "" {
		words = append(words, "EX", w.lifetime)
	}
	w.wire.send(words...)
}

// makeRoom deletes keys that were written at any time, as many bytes as were
// sent: what is free then lies everywhere.
func (w *herdWriter) makeRoom(bytes int64) error {
	for bytes > 0 && len(w.keys) > 0 {
		n := w.random.IntN(len(w.keys))
		bytes -= int64(w.keys[n].bytes)
		w.bytes -= int64(w.keys[n].bytes)
		w.wire.send("DEL", w.keys[n].name)
		w.keys[n] = w.keys[len(w.keys)-1]
		w.keys = w.keys[:len(w.keys)-1]
	}
	_, err := w.wire.drain(nil)
	return err
}

// forget forgets the oldest keys beyond the room.
func (w *herdWriter) forget() {
	oldest := 0
	for ; w.bytes > w.room; oldest++ {
		w.bytes -= int64(w.keys[oldest].bytes)
	}
	w.keys = w.keys[oldest:]
}
