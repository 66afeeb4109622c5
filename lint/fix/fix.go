// Package fix applies what rules offer: in rounds, until nothing is left to
// apply. What it changes is looked at before it is written: a fix that does not
// cure, that brings another finding, or that means more than it says is dropped.
package fix

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

// Look is what is seen of a project.
type Look struct {
	Wanted   []lint.Finding // whose fixes are to be applied
	Findings []lint.Finding // all that its rules find
	Unseen   []compose.Unseen
	Refusals []compose.Refusal
	Meaning  map[string]string // all that it means, by paths as those of lint.Fix.Meaning
	Files    map[string]bool   // that were read, as shown
	Size     int               // of what was read, in bytes
}

// Project is looked at as often as its files change.
type Project func() Look

// Files are what is to be written, until it is.
type Files interface {
	Read(file string) ([]byte, error) // fs.ErrNotExist where there is none
	Put(file string, content []byte) error
	Take(file string) error // undoes all that was put there
}

// Applied is a fix that was applied.
type Applied struct {
	Finding lint.Finding
	Fix     *lint.Fix
	Step    int // those of one step were applied together, to the texts that the step before has left
}

// Dropped is a fix that was not.
type Dropped struct {
	Finding lint.Finding
	Why     string
}

// Change is what becomes of a file.
type Change struct {
	File     string
	Old, New []byte
	Create   bool
	Mode     fs.FileMode
	Secret   bool // what it is to hold is not shown
}

// Outcome is what a run has come to; nothing is written yet.
type Outcome struct {
	Applied []Applied
	Dropped []Dropped
	Changes []Change // in the order of their names
	Looks   []Look   // what is seen of each project now
	CutOff  bool     // there are fixes that were not tried any more
}

// The bounds of a run, which is not to end late because of fixes that undo each
// other or because of many that do not stand. Each project may be looked at a few
// times, and more often as long as what was looked at does not sum up to more.
const (
	fewLooks  = 8
	mostOfOne = 8 << 20 // bytes
	mostOfAll = 8 * mostOfOne
)

// Apply applies the fixes that the projects want, the unsafe ones only where
// they are asked for.
func Apply(projects []Project, files Files, unsafe bool) (*Outcome, error) {
	r := &run{
		projects: projects, files: files, unsafe: unsafe, changed: map[string]*Change{}, dropped: map[string]bool{},
		looks: make([]Look, len(projects)), looked: make([]int, len(projects)), bytes: make([]int, len(projects)), together: make([]int, len(projects)),
	}
	for i := range projects {
		r.looks[i], r.together[i] = r.look(i), math.MaxInt
	}
	// What did not go may go once others are applied.
	for {
		applied := len(r.outcome.Applied)
		if err := r.rounds(); err != nil {
			return nil, err
		}
		if len(r.outcome.Dropped) == 0 || len(r.outcome.Applied) == applied || r.outcome.CutOff {
			break
		}
		r.dropped, r.outcome.Dropped = map[string]bool{}, nil
		for i := range projects {
			r.looks[i] = r.look(i)
		}
	}
	r.outcome.Looks = r.looks
	for _, name := range slices.Sorted(maps.Keys(r.changed)) {
		if change := r.changed[name]; change.Create || string(change.Old) != string(change.New) {
			r.outcome.Changes = append(r.outcome.Changes, *change)
		}
	}
	return &r.outcome, nil
}

// rounds goes on until no project has a fix left to try.
func (r *run) rounds() error {
	for progress := true; progress; {
		progress = false
		for i := range r.projects {
			tried, err := r.round(i)
			if err != nil {
				return err
			}
			progress = progress || tried
		}
	}
	return nil
}

type run struct {
	projects []Project
	files    Files
	unsafe   bool
	looks    []Look
	looked   []int // how often each project was looked at
	bytes    []int // what those looks were at
	allBytes int
	together []int // how many fixes of a project are tried at once
	changed  map[string]*Change
	dropped  map[string]bool // by key
	step     int
	outcome  Outcome
}

func (r *run) look(i int) Look {
	look := r.projects[i]()
	r.looked[i]++
	r.bytes[i] += look.Size
	r.allBytes += look.Size
	return look
}

// hasEnded reports whether a project was looked at as often as it may be.
func (r *run) hasEnded(i int) bool {
	return r.looked[i] >= fewLooks && (r.bytes[i] > mostOfOne || r.allBytes > mostOfAll)
}

// candidate is a finding with a fix that is to be applied.
type candidate struct {
	lint.Finding
	key string
}

// round tries the fixes of a project that do not meet: the others have their
// turn in the next one. Of those that do not go together half are tried next,
// down to one by itself, and twice as many again once some have gone.
func (r *run) round(i int) (tried bool, err error) {
	groups := apart(alike(r.candidates(i)))
	if len(groups) == 0 {
		return false, nil
	}
	if r.hasEnded(i) {
		r.outcome.CutOff = true
		return false, nil
	}
	size := min(r.together[i], len(groups))
	batch := slices.Concat(groups[:size]...)
	why, err := r.try(i, batch)
	switch {
	case err != nil:
		return false, err
	case why == "":
		r.together[i] = max(r.together[i], 2*size)
	case size > 1:
		r.together[i] = size / 2
	default:
		for _, each := range batch {
			r.drop(each, why)
		}
	}
	return true, nil
}

func (r *run) drop(one candidate, why string) {
	r.dropped[one.key] = true
	r.outcome.Dropped = append(r.outcome.Dropped, Dropped{one.Finding, why})
}

// candidates are the fixes of a project in the order of their places.
func (r *run) candidates(i int) (all []candidate) {
	for _, finding := range r.looks[i].Wanted {
		if finding.Fix == nil || finding.Fix.Unsafe && !r.unsafe {
			continue
		}
		one := candidate{finding, keyOf(finding)}
		if !r.dropped[one.key] {
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(-cmp.Compare(a.Severity, b.Severity), a.Span.Compare(b.Span), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	return all
}

// keyOf knows a fix again, wherever it has moved.
func keyOf(f lint.Finding) string {
	return strings.Join([]string{f.Rule.ID, f.Service, f.Span.File, f.Message, f.Fix.Title}, "\x00")
}

// try applies fixes and looks at what has become of every project that reads
// what they change. Where it is not what they say, it is undone.
func (r *run) try(i int, batch []candidate) (why string, err error) {
	before := map[string][]byte{}
	edits := editsOf(batch)
	for _, file := range slices.Sorted(maps.Keys(edits)) {
		old, content, why := r.edited(file, edits[file])
		if why != "" {
			return why, r.undo(before)
		}
		before[file] = old
		if err := r.files.Put(file, content); err != nil {
			return fmt.Sprintf("cannot write %q: %v", file, err), r.undo(before)
		}
	}
	looks := map[int]Look{}
	for at := range r.projects {
		if at != i && !reads(r.looks[at], edits) {
			continue
		}
		looks[at] = r.look(at)
		var cured []candidate
		if at == i {
			cured = batch
		}
		if why := judge(r.looks[at], looks[at], cured, meaningOf(batch)); why != "" {
			return why, r.undo(before)
		}
	}
	for at, look := range looks {
		r.looks[at] = look
	}
	return "", r.keep(batch, edits, before)
}

func meaningOf(batch []candidate) (parts []string) {
	for _, one := range batch {
		parts = append(parts, one.Fix.Meaning...)
	}
	return parts
}

func reads(look Look, edits map[string][]lint.Edit) bool {
	for file := range edits {
		if look.Files[file] {
			return true
		}
	}
	return false
}

// edited is a file with edits made; old is nil where there is none yet.
func (r *run) edited(file string, edits []lint.Edit) (old, content []byte, why string) {
	old, err := r.files.Read(file)
	switch {
	case edits[0].Create && err == nil:
		return nil, nil, fmt.Sprintf("%s is there already", file)
	case edits[0].Create && errors.Is(err, fs.ErrNotExist):
		return nil, []byte(edits[0].New), ""
	case err != nil:
		return nil, nil, fmt.Sprintf("cannot read %q: %v", file, err)
	}
	content, ok := Edited(old, edits)
	if !ok {
		return nil, nil, fmt.Sprintf("its edits do not fit %q", file)
	}
	return old, content, ""
}

// undo puts back what was there before.
func (r *run) undo(before map[string][]byte) error {
	for file, old := range before {
		var err error
		if change := r.changed[file]; change == nil || old == nil {
			err = r.files.Take(file)
		} else {
			err = r.files.Put(file, old)
		}
		if err != nil {
			return fmt.Errorf("cannot undo what was to be tried: %w", err)
		}
	}
	return nil
}

// keep remembers what was applied.
func (r *run) keep(batch []candidate, edits map[string][]lint.Edit, before map[string][]byte) error {
	for file, old := range before {
		content, err := r.files.Read(file)
		if err != nil {
			return fmt.Errorf("cannot read %q: %w", file, err)
		}
		change := r.changed[file]
		if change == nil {
			change = &Change{File: file, Old: old, Create: edits[file][0].Create, Mode: edits[file][0].Mode, Secret: edits[file][0].Secret}
			r.changed[file] = change
		}
		change.New = content
	}
	r.step++
	for _, one := range batch {
		r.outcome.Applied = append(r.outcome.Applied, Applied{Finding: one.Finding, Fix: one.Fix, Step: r.step})
	}
	return nil
}
