package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/baseline"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// knownFindings leaves out what baselines know: that of the command line, or
// else that of each project's settings.
type knownFindings struct {
	*judgement
	result *lint.Result
	files  map[string]*baseline.Baseline // by absolute path
}

func (j *judgement) leaveOutKnown(result *lint.Result) error {
	k := &knownFindings{j, result, map[string]*baseline.Baseline{}}
	kept := result.Findings[:0]
	for _, finding := range result.Findings {
		path, err := k.baselineOf(finding.Home)
		if err != nil {
			return err
		}
		if path == "" || !k.files[path].Takes(k.entry(finding, path)) {
			kept = append(kept, finding)
		}
	}
	result.Findings = kept
	return k.takeLeave()
}

// takeLeave says what baselines know that is gone.
func (k *knownFindings) takeLeave() error {
	for _, home := range k.homes {
		if _, err := k.baselineOf(home); err != nil { // one without any finding has one too
			return err
		}
	}
	if len(k.files) == 0 {
		return nil
	}
	read := map[string]bool{}
	for file := range k.read {
		read[k.roots.Absolute(file)] = true
	}
	paths := make([]string, 0, len(k.files))
	for path := range k.files {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		known := k.files[path]
		k.result.Known += known.Known()
		for _, entry := range known.Gone(func(e baseline.Entry) bool { return k.speaksOf(e, path, read) }) {
			message := fmt.Sprintf("%s of %q in %s: --write-baseline takes it off the list", entry.Rule, entry.Service, entry.File)
			if entry.Service == "" {
				message = fmt.Sprintf("%s in %s: --write-baseline takes it off the list", entry.Rule, entry.File)
			}
			k.result.Gone = append(k.result.Gone, lint.Gone{At: entry.At(), Rule: entry.Rule, File: entry.File, Service: entry.Service, Message: message})
		}
	}
	return nil
}

// speaksOf reports whether this run would have found an entry, were it still
// there: its rule was run, and its file was read or is no more.
func (k *knownFindings) speaksOf(entry baseline.Entry, path string, read map[string]bool) bool {
	if !k.ran(entry.Rule) {
		return false
	}
	file := filepath.Join(filepath.Dir(path), filepath.FromSlash(entry.File))
	if read[file] {
		return true
	}
	for _, home := range k.homes {
		if _, err := home.Tree.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// baselineOf is the path of a project's baseline, which is read then; "" for
// none.
func (k *knownFindings) baselineOf(home *lint.Home) (string, error) {
	tree, path, err := k.baselinePath(home)
	if err != nil || path == "" || k.files[path] != nil {
		return path, err
	}
	source, err := tree.ReadFile(path)
	if err != nil {
		return "", unreadableBaseline(tree.Show(path), err)
	}
	k.files[path], err = baseline.Read(position.NewText(tree.Show(path), source))
	return path, err
}

func (k *knownFindings) baselinePath(home *lint.Home) (*disk.Tree, string, error) {
	if k.baseline != "" {
		return k.ownFile(k.baseline)
	}
	found, err := k.settings.For(home.Tree, home.Directory)
	if err != nil || found.Baseline == "" {
		return nil, "", err
	}
	path := filepath.Join(found.Directory(), filepath.FromSlash(found.Baseline))
	if k.ownSettings {
		return k.ownFile(path)
	}
	// What a file of the project names is opened as such.
	return home.Tree, path, nil
}

// ownFile finds a file that the user names, wherever it is.
func (j *judgement) ownFile(path string) (*disk.Tree, string, error) {
	tree, absolute, _, err := j.ownRoots.Locate(path)
	if err != nil {
		return nil, "", unreadableBaseline(path, err)
	}
	return tree, absolute, nil
}

// unreadableBaseline says of a baseline that is not there how to make it.
func unreadableBaseline(file string, err error) error {
	hint := ""
	if errors.Is(err, fs.ErrNotExist) {
		hint = fmt.Sprintf("; rcomp lint --write-baseline %s makes it", file)
	}
	return fmt.Errorf("cannot read the baseline %q: %w%s", file, err, hint)
}

// entry is a finding as a baseline at a path has it.
func (k *knownFindings) entry(finding lint.Finding, path string) baseline.Entry {
	file := k.roots.Absolute(finding.Span.File)
	name := filepath.ToSlash(file)
	if below, err := filepath.Rel(filepath.Dir(path), file); err == nil {
		name = filepath.ToSlash(below)
	}
	return baseline.NewEntry(finding, name, k.result.Marked(finding.Span))
}

// writeKnown writes what was found as a baseline.
func (j *judgement) writeKnown(result *lint.Result) error {
	path, err := filepath.Abs(j.writeBaseline)
	if err == nil {
		var directory string
		directory, err = disk.Resolve(filepath.Dir(path))
		path = filepath.Join(directory, filepath.Base(path))
	}
	if err != nil {
		return fmt.Errorf("cannot write the baseline %q: %w", j.writeBaseline, err)
	}
	k := &knownFindings{judgement: j, result: result}
	var entries []baseline.Entry
	for _, finding := range result.Findings {
		entries = append(entries, k.entry(finding, path))
	}
	if err := disk.WriteFile(path, baseline.Format(entries)); err != nil {
		return fmt.Errorf("cannot write the baseline %q: %w", j.writeBaseline, err)
	}
	fmt.Fprintf(j.stdout, "wrote %s to %s\n", plural(len(entries), "finding"), display.Clean(j.writeBaseline))
	return nil
}
