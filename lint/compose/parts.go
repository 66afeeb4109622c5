package compose

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/position"
)

// isPart reports whether a project is one file that lacks what another file
// may say.
func (p *Project) isPart() bool {
	return len(p.Files) == 1 && slices.ContainsFunc(p.Refusals, Refusal.lacking)
}

// lacking reports whether another file may say what is missing.
func (r Refusal) lacking() bool { return r.Kind == Undefined || r.Kind == Fragment }

// completed is a part together with what it is a part of. Each file that is
// tried for that is charged to the run, and where it has nothing left no more
// are.
func (p *Project) completed(run *ledger) *Project {
	beside := p.beside()
	for _, base := range beside {
		if run.end != nil {
			break
		}
		merged := Load(p.tree, []string{base, p.path})
		if !merged.completes(p) {
			run.charge(merged.tree.Budget())
			continue
		}
		merged.Note(p.firstLine(), "", fmt.Sprintf("it lacks what %q declares, so it is judged as a part of that: -f %s -f %s", merged.Files[0], merged.Files[0], p.Files[0]))
		return merged
	}
	p.forgive(beside)
	return p
}

func (p *Project) firstLine() position.Span { return p.sources[p.Files[0]].LineSpan(1) }

// completes reports whether a project has what a part of it lacks, and Compose
// refuses nothing in the part's file that it does not refuse there anyway.
func (p *Project) completes(part *Project) bool {
	return p.model != nil && !slices.ContainsFunc(p.Refusals, func(r Refusal) bool {
		return r.Span.File == part.Files[0] && (r.lacking() || !slices.ContainsFunc(part.Refusals, func(own Refusal) bool {
			return own.Span == r.Span && own.Message == r.Message
		}))
	})
}

// maxBeside bounds how many files of a folder are tried as the base of a part.
const maxBeside = 20

// beside lists the compose files in the folder of a part, those that Compose
// takes by itself first.
func (p *Project) beside() []string {
	entries, err := p.tree.ReadDir(p.Directory)
	if err != nil {
		return nil
	}
	var paths []string
	for _, entry := range entries {
		path := filepath.Join(p.Directory, entry.Name())
		if composeName.MatchString(entry.Name()) && path != p.path && !entry.IsDir() {
			paths = append(paths, path)
		}
	}
	slices.SortStableFunc(paths, func(a, b string) int { return rank(a) - rank(b) })
	return paths[:min(len(paths), maxBeside)]
}

// rank is where a file stands among those that Compose takes by itself.
func rank(path string) int {
	if i := slices.Index(DefaultFileNames, filepath.Base(path)); i >= 0 {
		return i
	}
	return len(DefaultFileNames)
}

// forgive takes back what a part lacks and a file beside it declares. Of that
// there is a note.
func (p *Project) forgive(beside []string) {
	kept := p.Refusals[:0]
	var files []string
	for _, refusal := range p.Refusals {
		if file := p.declares(beside, refusal); file != "" {
			files = append(files, file)
			continue
		}
		kept = append(kept, refusal)
	}
	p.Refusals = kept
	if len(files) > 0 {
		slices.Sort(files)
		files = slices.Compact(files)
		p.partOf = strings.Join(files, ", ")
		p.Note(p.firstLine(), "", fmt.Sprintf("a part of %s, judged as far as it goes: name the files together with -f", p.partOf))
	}
}

// declares returns the file that has what a part lacks, "" where none has.
func (p *Project) declares(files []string, refusal Refusal) string {
	if !refusal.lacking() {
		return ""
	}
	for _, path := range files {
		for _, root := range p.parse(path).roots {
			section := resolve(keyed(root, refusal.lacks[0], 0))
			if refusal.Kind == Fragment {
				section = resolve(keyed(root, "services", 0))
				refusal.lacks[1] = refusal.Service
			}
			if section != nil && hasKey(section, refusal.lacks[1]) {
				return p.tree.Show(path)
			}
		}
	}
	return ""
}
