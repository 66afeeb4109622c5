package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/editor"
	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/lint/settings"
	"github.com/rcomp/rcomp/rules"
)

func (p *program) lspCommand() *cli.Command {
	return &cli.Command{
		Name:  "lsp",
		Usage: "serve an editor, over the Language Server Protocol on standard input and output",
		Description: "Findings while compose files, redis.conf, sentinel.conf, users.acl, redis.toml\n" +
			"and .rcomp.toml are written, what words in them mean, and what may stand\n" +
			"there. Editors start it: see docs/editor.md.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "stdio", DisableDefaultText: true, Usage: "speak on standard input and output, as it does anyway: some editors say so"},
		},
		Action: p.lsp,
	}
}

func (p *program) lsp(c *cli.Context) error {
	if _, err := p.atMost(c, 0); err != nil {
		return err
	}
	known := &knownReaders{}
	return editor.Serve(c.App.Reader, p.raw, p.stderr, editor.Tool{
		Version: version(), Rules: rules.Known(), Refresh: known.forget,
		Judge:    func(roots *disk.Roots, paths []string) (*editor.Look, error) { return look(roots, paths, known) },
		Settings: generic(settings.Schema(vocabulary())), Intent: generic(intent.Schema()),
	})
}

// generic is a value as a reader of its JSON has it.
func generic(value map[string]any) map[string]any {
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	var read map[string]any
	_ = json.Unmarshal(text, &read) // what was just written
	return read
}

// look judges what an editor has open as lint would without any flag. Settings
// that are half written say nothing until they can be read: what else there is
// to see does not come and go with them.
func look(roots *disk.Roots, paths []string, known *knownReaders) (*editor.Look, error) {
	judged, faults := ownFaults(roots, paths)
	silent := map[string]bool{}
	for {
		seen, err := lookOnce(roots, judged, known)
		if err == nil {
			seen.Faults = append(seen.Faults, faults...)
			return seen, nil
		}
		broken := faultsIn(err)
		if len(broken) == 0 || silent[broken[0].Span.File] {
			return nil, err
		}
		for _, fault := range broken {
			silent[fault.Span.File] = true
			if err := roots.Provide(roots.Absolute(fault.Span.File), nil); err != nil {
				return nil, err
			}
			if !slices.Contains(faults, fault) {
				faults = append(faults, fault)
			}
		}
	}
}

// lookOnce is look where settings can be read; its error may be their faults.
func lookOnce(roots *disk.Roots, paths []string, known *knownReaders) (*editor.Look, error) {
	said := &strings.Builder{}
	quiet := &program{stdout: display.NewWriter(io.Discard), stderr: display.NewWriter(said), raw: io.Discard}
	options := lintOptions{rules: rules.All, selected: map[string]bool{}, maxWarnings: -1, ignoreUnknown: true}
	for _, rule := range rules.Known() {
		options.selected[rule.ID] = true
	}
	j := &judgement{program: quiet, lintOptions: options, roots: roots, ownRoots: roots, settings: settings.NewFinder(vocabulary())}
	j.readers = known.of(j)
	seen := &editor.Look{}
	var mutex sync.Mutex
	j.keep = func(project *compose.Project) {
		mutex.Lock()
		defer mutex.Unlock()
		seen.Projects = append(seen.Projects, project)
		if refusal, ok := project.Unreadable(); ok {
			seen.Faults = append(seen.Faults, editor.Fault{Span: refusal.Span, Message: refusal.Message})
		}
	}
	result, err := j.result(nil, paths)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(seen.Projects, func(a, b *compose.Project) int { return strings.Compare(a.Files[0], b.Files[0]) })
	seen.Result, seen.Troubles = result, strings.TrimSpace(said.String())
	return seen, nil
}

// ownFaults finds what is wrong with the files that are rcomp's own, and leaves
// those that lint judges.
func ownFaults(roots *disk.Roots, paths []string) (judged []string, faults []editor.Fault) {
	for _, path := range paths {
		switch name := filepath.Base(path); {
		case name == settings.Name:
			faults = append(faults, faultsOf(roots, path, settingsFaults)...)
		case editor.IsIntent(name):
			faults = append(faults, faultsOf(roots, path, intentFaults)...)
		default:
			judged = append(judged, path)
		}
	}
	return judged, faults
}

func faultsOf(roots *disk.Roots, path string, find func(tree *disk.Tree, path string, source []byte) []editor.Fault) []editor.Fault {
	tree, absolute, _, err := roots.Locate(path)
	if err != nil {
		return nil
	}
	source, err := tree.ReadFile(absolute)
	if err != nil {
		return nil
	}
	return find(tree, absolute, source)
}

func settingsFaults(tree *disk.Tree, path string, source []byte) []editor.Fault {
	_, err := settings.Read(position.NewText(tree.Show(path), source), filepath.Dir(path), vocabulary())
	return faultsIn(err)
}

// faultsIn are the faults of settings that an error is made of.
func faultsIn(err error) []editor.Fault {
	fault := (*settings.Fault)(nil)
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var faults []editor.Fault
		for _, one := range several.Unwrap() {
			faults = append(faults, faultsIn(one)...)
		}
		return faults
	}
	if errors.As(err, &fault) {
		return []editor.Fault{{Span: fault.Span, Message: fault.Message}}
	}
	return nil
}

// intentFaults is what gen would say before it writes anything.
func intentFaults(tree *disk.Tree, path string, source []byte) []editor.Fault {
	shown := tree.Show(path)
	if len(source) > intent.Largest {
		at := position.Span{File: shown, Start: position.At(1, 1), End: position.At(1, 1)}
		return []editor.Fault{{Span: at, Message: fmt.Sprintf("an intent has at most %d KiB", intent.Largest>>10)}}
	}
	one := generation{intent: path}
	found, err := one.surroundings(source)
	if err != nil {
		at := position.Span{File: shown, Start: position.At(1, 1), End: position.At(1, 1)}
		return []editor.Fault{{Span: at, Message: err.Error()}}
	}
	_, problems := generate.Compile(asText(path), source, found)
	var faults []editor.Fault
	for _, problem := range problems {
		at := position.Span{File: shown, Start: position.At(problem.Line, problem.Column), End: position.At(problem.Line, problem.EndColumn)}
		faults = append(faults, editor.Fault{Span: at, Message: strings.TrimSuffix(problem.Message+"; "+problem.Hint, "; ")})
	}
	return faults
}

// knownReaders remembers which compose files read a conf: to find out, all of a
// repository are looked at, and while somebody types that stays the same.
type knownReaders struct {
	mutex sync.Mutex
	found map[string][]compose.Group // by the conf's path; nil: not asked yet
}

func (k *knownReaders) forget() {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.found = nil
}

// of is a way to find readers that searches only for what is not known yet.
func (k *knownReaders) of(j *judgement) func(*compose.Finder, string) (bool, error) {
	search := j.searchReaders()
	return func(find *compose.Finder, conf string) (bool, error) {
		k.mutex.Lock()
		defer k.mutex.Unlock()
		if groups, known := k.found[conf]; known {
			tree, _, _, err := j.roots.Locate(conf)
			if err == nil {
				find.Add(tree, groups...)
			}
			return len(groups) > 0, err
		}
		apart := compose.NewFinder(j.roots)
		found, err := search(apart, conf)
		if err != nil {
			return false, err
		}
		groups := []compose.Group{}
		for _, target := range apart.Targets {
			groups = append(groups, target.Group)
			find.Add(target.Tree, target.Group)
		}
		if k.found == nil {
			k.found = map[string][]compose.Group{}
		}
		k.found[conf] = groups
		return found, nil
	}
}

// result judges what is named, and leaves out what nobody wants to hear of.
func (j *judgement) result(merged, paths []string) (*lint.Result, error) {
	if len(paths) == 0 {
		return &lint.Result{}, nil
	}
	targets, err := j.targets(merged, paths)
	if err != nil {
		return nil, err
	}
	result, err := j.join(append(compose.Judge(targets, j.judge), j.judgeConfs()...))
	if err == nil {
		err = j.leaveOutKnown(result)
	}
	if err != nil {
		return nil, err
	}
	result.Merge()
	return result, nil
}
