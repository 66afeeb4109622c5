package compose

import (
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
	"golang.org/x/sync/errgroup"
)

// LoadAll loads projects side by side; their order stays.
func LoadAll(targets []Target) []*Project {
	return Each(targets, func(p *Project) *Project { return p })
}

// Each loads projects side by side and makes something of each, in their
// order. What that takes is charged to the run, like the loading itself.
func Each[Result any](targets []Target, look func(*Project) Result) []Result {
	return each(targets, keepAll, look)
}

// Judge loads projects side by side, makes something of each that is to be
// judged, and forgets it: what a run needs of memory does not grow with the
// number of its projects. The results are in the order of the targets.
//
// A file that is only a part of something else is no project: one that another
// file includes is judged with that one; one that lacks what a file beside it
// declares is merged over that file, or judged without what it lacks.
func Judge[Result any](targets []Target, judge func(*Project) Result) []Result {
	return each(targets, (*Project).isPart, judge)
}

func keepAll(*Project) bool { return false }

// each is Judge with what is held to be a part.
//
// Each project has a budget of its own, and all of them together that of a
// run: where it ends, there is nothing for the projects after that, whichever
// were the quicker.
func each[Result any](targets []Target, isPart func(*Project) bool, judge func(*Project) Result) []Result {
	run := ledger{budget: disk.NewRunBudget(), accounts: make([]*account, len(targets))}
	results, parts := make([]*Result, len(targets)), make([]*Project, len(targets))
	var group errgroup.Group
	var fault panicked
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, target := range targets {
		group.Go(func() error {
			defer fault.hold()
			if run.ended() != nil {
				return nil
			}
			project := Load(target.Tree, target.Group)
			if isPart(project) {
				parts[i] = project
			} else {
				result := judge(project)
				results[i] = &result
			}
			run.enter(i, &account{project.Tree().Budget(), project.brought()})
			return nil
		})
	}
	_ = group.Wait() // nothing that it ran returns an error
	fault.pass()
	brought := run.brought()
	var all []Result
	for i, target := range targets {
		switch {
		case i >= run.next:
			all = append(all, judge(unaffordable(target, run.end)))
		case parts[i] == nil:
			all = append(all, *results[i])
		case brought[parts[i].path]:
		case run.end != nil:
			all = append(all, judge(unaffordable(target, run.end)))
		default:
			all = append(all, judgePart(parts[i], &run, judge))
		}
	}
	return all
}

// judgePart judges a part together with what it is a part of. All that it takes
// beyond the part's own loading is charged to the run.
func judgePart[Result any](part *Project, run *ledger, judge func(*Project) Result) Result {
	part.tree = part.tree.With(disk.NewBudget())
	whole := part.completed(run)
	result := judge(whole)
	if whole != part {
		run.charge(whole.tree.Budget())
	}
	run.charge(part.tree.Budget())
	return result
}

// brought lists the compose files that a project reads beside its base.
func (p *Project) brought() []string {
	var paths []string
	for path := range p.parsed {
		if path != p.path {
			paths = append(paths, path)
		}
	}
	return paths
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
