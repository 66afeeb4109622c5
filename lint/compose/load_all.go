package compose

import (
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
	"golang.org/x/sync/errgroup"
)

// LoadAll loads projects side by side; their order stays. Each has a budget of
// its own, and all of them together that of a run: where it ends the projects
// after that are not loaded, whichever were the quicker.
func LoadAll(targets []Target) []*Project {
	run := ledger{loaded: make([]*Project, len(targets)), budget: disk.NewRunBudget()}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, target := range targets {
		group.Go(func() error {
			if run.ended() == nil {
				run.enter(i, Load(target.Tree, target.Group))
			}
			return nil
		})
	}
	_ = group.Wait() // nothing that it ran returns an error
	for i, target := range targets {
		if i >= run.next {
			run.loaded[i] = unaffordable(target, run.end)
		}
	}
	return run.loaded
}

// ledger charges a run with its projects in their order.
type ledger struct {
	mutex  sync.Mutex
	loaded []*Project
	next   int // the first that is not charged
	budget *disk.Budget
	end    error // why the run has nothing for those from next on
}

func (l *ledger) ended() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.end
}

// enter notes a project that was loaded, and charges those whose turn it is.
func (l *ledger) enter(i int, project *Project) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.loaded[i] = project
	for l.end == nil && l.next < len(l.loaded) && l.loaded[l.next] != nil {
		l.end = l.budget.Add(l.loaded[l.next].Tree().Budget())
		l.next++
	}
}

// unaffordable is a project that a run had no budget for.
func unaffordable(target Target, end error) *Project {
	var files []string
	for _, path := range target.Group {
		files = append(files, target.Tree.Show(path))
	}
	message := fmt.Sprintf("not read: what was read before it took all that a run may take (%v)", end)
	start := position.Span{File: files[0], Start: position.At(1, 1), End: position.At(1, 2)}
	return &Project{
		Files: files, path: target.Group[0], Directory: filepath.Dir(target.Group[0]), tree: target.Tree, memory: map[any]any{},
		Refusals: []Refusal{{Kind: TooMuch, Span: start, Message: message}},
	}
}
