package disk

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// Kind is a kind of work that input can cause. Each is bounded by itself.
type Kind int

// The kinds of work.
const (
	BytesRead         Kind = iota // of files, however often one is read
	BytesParsed                   // of compose files
	BytesInterpolated             // that variables make of texts
	Nodes                         // of YAML that are visited, after aliases
	Services                      // that are judged
	Words                         // that commands are split into
	ShellSteps                    // that scripts are followed for
	ConfLines                     // of configurations that servers read
	FilesMatched                  // by patterns
	DirectoryEntries              // that are listed or held against a pattern
	kinds
)

func (k Kind) String() string {
	return [...]string{
		"bytes read", "bytes of compose files", "bytes interpolated", "nodes visited", "services", "words", "shell steps", "lines of configuration", "files matched", "directory entries",
	}[k]
}

// allowance is how much of one kind a project may cause: something whatever it
// is, and more for every KiB of different files that it brings itself, so that
// a large project is judged as a small one is and a bomb is not. The sum is
// never above most.
type allowance struct{ base, perKiB, most int64 }

// allowances keep any input of 4 MB under 5 s of a processor and 300 MB of
// memory.
var allowances = [kinds]allowance{
	// A project of many services reads each conf again for each of them.
	BytesRead: {base: 4 << 20, perKiB: 4 << 10, most: 16 << 20},
	// The largest of 548 public compose files has 103 KB. A node of YAML takes a
	// hundred times the memory of its text.
	BytesParsed: {base: 1 << 20, most: 1 << 20},
	// A text with variables in it is at most as long as a value, many times.
	BytesInterpolated: {base: 1 << 20, perKiB: 1 << 10, most: 2 << 20},
	// Four bytes are a short key and its value. Compose gives a document 100,000
	// visits (defaultMaxNodeVisits of compose-go's loader), and a project may have
	// many.
	Nodes:    {base: 200_000, perKiB: 256, most: 1_200_000},
	Services: {base: 6_000, most: 6_000},
	// No system runs a command of more than 2 MB (ARG_MAX of Linux, execve(2)).
	Words: {base: 100_000, perKiB: 256, most: 300_000},
	// A script is followed once for each service that runs it.
	ShellSteps: {base: 100_000, perKiB: 256, most: 1_200_000},
	// Each server reads its conf anew; Redis' own, with all comments, has 2,400 lines.
	ConfLines: {base: 200_000, most: 200_000},
	// A conf directory has tens of files.
	FilesMatched:     {base: 10_000, most: 10_000},
	DirectoryEntries: {base: 125_000, most: 125_000},
}

// runShare is how many times what one project may cause all of a run may.
const runShare = 8

// runMost is the most that a run reads of all files together, however large
// the repository is: what is read stays in memory.
const runMost = 128 << 20

// ErrBudget is what every error of a budget that ended is.
var ErrBudget = errors.New("a budget ended")

// Ended says which budget ended, and at which file where it is known.
type Ended struct {
	Kind  Kind
	Limit int64
	Where string // a file or pattern as shown to the user; "" where the caller knows better
}

func (e *Ended) Error() string {
	text := fmt.Sprintf("it causes too much work: more than %d %s", e.Limit, e.Kind)
	if e.Where != "" {
		text += fmt.Sprintf(", at %q", e.Where)
	}
	return text
}

// Is makes every budget that ended ErrBudget.
func (e *Ended) Is(target error) bool { return target == ErrBudget }

// Budget bounds the work of a project, or of a whole run. It counts and never
// looks at a clock: the same input ends at the same place on every machine.
type Budget struct {
	stopped *atomic.Bool // of the tree that it is for; nil: nothing stops it
	mutex   sync.Mutex
	share   int64 // how many times the allowances it has
	spent   [kinds]int64
	ended   [kinds]*Ended
	files   map[string]int64 // the size of each file that was read
	written int64            // the sum of files
}

// NewBudget returns the budget of one project.
func NewBudget() *Budget { return &Budget{share: 1, files: map[string]int64{}} }

// NewRunBudget returns the budget of a run over many projects.
func NewRunBudget() *Budget { return &Budget{share: runShare, files: map[string]int64{}} }

// Spend takes n of a kind. Its error is an *Ended. A budget that ended stays
// so, and its error stays the first.
func (b *Budget) Spend(kind Kind, n int) error { return b.spendAt(kind, int64(n), "") }

func (b *Budget) spendAt(kind Kind, n int64, where string) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.spend(kind, n, where)
}

// spend is Spend for who holds the mutex.
func (b *Budget) spend(kind Kind, n int64, where string) error {
	if b.ended[kind] != nil {
		return b.ended[kind]
	}
	limit := b.limit(kind)
	if b.stopped != nil && b.stopped.Load() || n < 0 || n > limit-b.spent[kind] {
		b.ended[kind] = &Ended{kind, limit, where}
		return b.ended[kind]
	}
	b.spent[kind] += n
	return nil
}

func (b *Budget) limit(kind Kind) int64 {
	allowed := allowances[kind]
	limit := b.share * min(allowed.base+b.written*allowed.perKiB>>10, allowed.most)
	if kind == BytesRead {
		return min(limit, runMost)
	}
	return limit
}

// read counts that a file was read. A file counts as written once.
func (b *Budget) read(file string, size int64, where string) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.write(file, size)
	return b.spend(BytesRead, size, where)
}

func (b *Budget) write(file string, size int64) {
	if _, known := b.files[file]; !known {
		b.files[file] = size
		b.written += size
	}
}

// Left returns the error of a budget that ended, nil where there is something
// left of the kind.
func (b *Budget) Left(kind Kind) error { return b.spendAt(kind, 0, "") }

// Spent is how much of a kind was taken.
func (b *Budget) Spent(kind Kind) int64 {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.spent[kind]
}

// Ended returns the first kind of the budget that ended, in the order of the
// kinds, nil where none did.
func (b *Budget) Ended() *Ended {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, ended := range b.ended {
		if ended != nil {
			return ended
		}
	}
	return nil
}

// Add charges a run with what one of its projects spent. Where projects are
// added in their order, which of them a run has no budget for does not depend
// on how many are judged at the same time. The error is that of the first kind
// that ended.
func (b *Budget) Add(project *Budget) error {
	project.mutex.Lock()
	defer project.mutex.Unlock()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for file, size := range project.files {
		b.write(file, size)
	}
	var first error
	for kind, n := range project.spent {
		if err := b.spend(Kind(kind), n, ""); err != nil && first == nil {
			first = err
		}
	}
	return first
}
