package mutate

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Mutant is a project with one change.
type Mutant struct {
	Project
	Kind string // of the change
	Edit string // what was changed, as a person would say it
	File string // where
}

// String names a mutant so that it can be found again.
func (m Mutant) String() string {
	return fmt.Sprintf("%s/%s: %s: %s", m.Name, m.File, m.Kind, m.Edit)
}

// change turns a text into another one and says how; changed is the text
// itself where the change does not apply.
type change func(r *rand.Rand, text string) (changed, edit string)

// kind is one way to spoil a compose file.
type kind struct {
	name  string
	apply change
}

// kinds are all ways, those that work on the tree first.
var kinds = slices.Concat(treeKinds, textKinds)

// Kinds returns the names of all kinds of changes.
func Kinds() []string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.name
	}
	return names
}

// maxTries bounds how often a place is looked for at which a change applies.
const maxTries = 200

// Mutants makes a number of different mutants of some projects. Every kind of
// change takes its turn; the rest is chance, which the seed decides.
func Mutants(bases []Project, seed uint64, count int) []Mutant {
	var mutants []Mutant
	seen := map[string]bool{}
	for i := 0; len(mutants) < count && i < maxTries*count; i++ {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		mutant, ok := mutate(r, bases, kinds[i%len(kinds)])
		if id := mutant.Name + mutant.File + mutant.Files[mutant.File]; ok && !seen[id] {
			seen[id] = true
			mutants = append(mutants, mutant)
		}
	}
	return mutants
}

func mutate(r *rand.Rand, bases []Project, kind kind) (Mutant, bool) {
	for range maxTries {
		base := pick(r, bases)
		path := pick(r, base.yamlFiles())
		changed, edit := kind.apply(r, base.Files[path])
		if changed != base.Files[path] {
			return Mutant{Project: base.with(path, changed), Kind: kind.name, Edit: edit, File: path}, true
		}
	}
	return Mutant{}, false
}

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }
