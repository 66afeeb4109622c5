package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/secrets"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/baseline"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/fix"
	"github.com/rcomp/rcomp/lint/ignore"
	"github.com/rcomp/rcomp/rules"
)

// fixing applies what the findings of a run offer.
type fixing struct {
	*judgement
	targets []compose.Target
	trees   []*disk.Tree
	before  secrets.Collection // what no output may hold of the files as they were
	after   secrets.Collection // and as they are to be
}

// fixes ends what an earlier run has left, applies what is wanted, and writes
// it or shows what it would write. What is left to report is judged then.
func (j *judgement) fixes(targets []compose.Target) error {
	f := &fixing{judgement: j, targets: targets}
	for _, target := range targets {
		if !slices.Contains(f.trees, target.Tree) {
			f.trees = append(f.trees, target.Tree)
		}
	}
	for _, conf := range j.confs {
		if !slices.Contains(f.trees, conf.tree) {
			f.trees = append(f.trees, conf.tree)
		}
	}
	if err := f.recover(); err != nil {
		return err
	}
	outcome, err := fix.Apply(f.projects(targets), f, j.unsafeFixes)
	if err != nil {
		return err
	}
	if j.observeFixes != nil {
		j.observeFixes(targets, outcome)
	}
	if j.diff {
		return f.show(outcome)
	}
	return f.write(outcome)
}

// recover goes on with what a run that was killed has left half written.
func (f *fixing) recover() error {
	for _, tree := range f.trees {
		if !tree.CutOff() {
			continue
		}
		if f.diff {
			return fmt.Errorf("a run of --fix was cut off in %q: run it again to end it", tree.Show(tree.Path()))
		}
		done, err := tree.Recover()
		if err != nil {
			return fmt.Errorf("cannot end the fixes that were cut off in %q: %w", tree.Show(tree.Path()), err)
		}
		for _, each := range []struct {
			files []string
			what  string
		}{
			{done.Finished, "finished what an earlier run was to write"}, {done.Undone, "undid what an earlier run had written"},
			{done.Left, "left as somebody has changed it since an earlier run was cut off"},
		} {
			for _, file := range each.files {
				fmt.Fprintf(f.stderr, "rcomp: %s: %s\n", display.CleanPath(file), each.what)
			}
		}
		for _, file := range slices.Concat(done.Finished, done.Undone) {
			tree.Forget(f.roots.Absolute(file))
		}
	}
	return nil
}

// projects are those that are judged: a part of another is judged with that.
func (f *fixing) projects(targets []compose.Target) (projects []fix.Project) {
	type seen struct {
		first   string // of its files
		secrets *secrets.Collection
	}
	kept := map[string]bool{}
	for _, one := range compose.Judge(targets, func(project *compose.Project) seen {
		if one := f.judge(project); one.untouched || one.failed != nil || one.unreadable != nil {
			return seen{}
		}
		return seen{project.Files[0], inspect.SecretsOf(project)}
	}) {
		if one.secrets != nil {
			kept[one.first] = true
			f.before.Join(one.secrets)
		}
	}
	for _, target := range targets {
		if kept[target.Tree.Show(target.Group[0])] {
			projects = append(projects, func() fix.Look { return f.look(compose.Load(target.Tree, target.Group)) })
		}
	}
	for _, conf := range f.confs {
		if project, err := f.alone(conf); err == nil {
			f.before.Join(inspect.SecretsOf(project))
			projects = append(projects, func() fix.Look {
				project, err := f.alone(conf)
				if err != nil {
					return fix.Look{Refusals: []compose.Refusal{{Message: "it is no conf file any more"}}}
				}
				return f.look(project)
			})
		}
	}
	return projects
}

// alone reads a conf file that is judged by itself.
func (f *fixing) alone(conf confFile) (*compose.Project, error) {
	found, err := f.settings.For(conf.tree, filepath.Dir(conf.path))
	if err != nil {
		return nil, err
	}
	if found.Excludes(fromSettings(found, conf.tree, conf.path)) {
		return nil, errNotOurs
	}
	project, err := compose.Alone(conf.tree, conf.path)
	if err == nil && !inspect.Alone(project, f.engine) {
		err = errNotOurs
	}
	return project, err
}

// look judges a project by all rules; of what they find, what the user wants to
// hear of is to be fixed.
func (f *fixing) look(project *compose.Project) fix.Look {
	look := fix.Look{Refusals: project.Refusals, Files: map[string]bool{}}
	if err := tell(f.settings)(project); err != nil {
		look.Refusals = append(look.Refusals, compose.Refusal{Message: err.Error()})
		return look
	}
	judged := lint.Judge(project, slices.DeleteFunc(slices.Clone(rules.All), func(rule *lint.Rule) bool { return project.IsAlone() && !rule.Alone }))
	look.Findings = slices.Clone(judged.Findings)
	if !f.noIgnores {
		ignore.Collect(project).Apply(judged)
	}
	if err := f.applySettings(judged); err != nil {
		look.Refusals = append(look.Refusals, compose.Refusal{Message: err.Error()})
		return look
	}
	look.Wanted = f.unknown(judged)
	look.Unseen = project.Unseen
	look.Meaning = inspect.Meaning(project)
	for file, text := range project.Texts() {
		look.Files[file] = true
		look.Size += len(text)
	}
	return look
}

// unknown leaves out the findings that a baseline knows.
func (f *fixing) unknown(judged *lint.Judgement) (kept []lint.Finding) {
	result := lint.Join([]*lint.Judgement{judged})
	k := &knownFindings{f.judgement, result, map[string]*baseline.Baseline{}}
	for _, finding := range judged.Findings {
		path, err := k.baselineOf(finding.Home)
		if err == nil && (path == "" || !k.files[path].Takes(k.entry(finding, path))) {
			kept = append(kept, finding)
		}
	}
	return kept
}

// tree is the one that a file is in: the innermost, since a repository may hold
// others.
func (f *fixing) tree(file string) (tree *disk.Tree, path string, err error) {
	path = f.roots.Absolute(file)
	for _, each := range f.trees {
		if within := path == each.Path() || strings.HasPrefix(path, each.Path()+string(filepath.Separator)); within && (tree == nil || len(each.Path()) > len(tree.Path())) {
			tree = each
		}
	}
	if tree == nil {
		return nil, "", disk.ErrOutside
	}
	return tree, path, nil
}

// Read returns what a file is to hold so far.
func (f *fixing) Read(file string) ([]byte, error) {
	tree, path, err := f.tree(file)
	if err != nil {
		return nil, err
	}
	return tree.With(disk.NewBudget()).ReadFile(path)
}

// Put makes a file hold what it is to hold, for those who look at it.
func (f *fixing) Put(file string, content []byte) error {
	tree, path, err := f.tree(file)
	if err != nil {
		return err
	}
	return tree.Put(path, content)
}

// Take undoes Put.
func (f *fixing) Take(file string) error {
	tree, path, err := f.tree(file)
	if err != nil {
		return err
	}
	return tree.Take(path)
}

// show prints what would be written.
func (f *fixing) show(outcome *fix.Outcome) error {
	f.sayDropped(outcome)
	if len(outcome.Changes) > 0 {
		f.found()
	}
	for _, target := range f.targets {
		f.after.Join(inspect.SecretsOf(compose.Load(target.Tree, target.Group)))
	}
	for _, conf := range f.confs {
		if project, err := f.alone(conf); err == nil {
			f.after.Join(inspect.SecretsOf(project))
		}
	}
	private := map[string]bool{} // files that are made for a secret
	for _, change := range outcome.Changes {
		private[change.File] = change.Secret
	}
	before, after := f.before.Secrets(), f.after.Secrets()
	shown := func(file string, number int, text string, isNew bool) string {
		if private[file] {
			return display.Hidden
		}
		of := before
		if isNew {
			of = after
		}
		// What is a secret of the other side is none to be shown here either.
		return cleanLine(number, before.Hide(after.Hide(of.Masked(file, number, text))))
	}
	return fix.Diff(f.stdout, outcome.Changes, shown, f.color)
}

// cleanLine is a line that is fit to be shown. What ends it and what begins a
// file stay: a diff may be given to a program that applies it.
func cleanLine(number int, text string) string {
	text, mark := strings.CutPrefix(text, "\ufeff")
	text, carriage := strings.CutSuffix(text, "\r")
	text = display.Clean(text)
	if mark && number == 1 {
		text = "\ufeff" + text
	}
	if carriage {
		text += "\r"
	}
	return text
}

// write writes the files of each repository all or none, and says what was
// done.
func (f *fixing) write(outcome *fix.Outcome) error {
	byTree := map[*disk.Tree][]disk.Change{}
	var order []*disk.Tree
	for _, change := range outcome.Changes {
		tree, path, err := f.tree(change.File)
		if err != nil {
			return err
		}
		if byTree[tree] == nil {
			order = append(order, tree)
		}
		byTree[tree] = append(byTree[tree], disk.Change{Path: path, Old: change.Old, New: change.New, Create: change.Create, Mode: change.Mode})
	}
	for _, tree := range order {
		if err := tree.Commit(byTree[tree]); err != nil {
			return fmt.Errorf("nothing is fixed in %q: %w", tree.Show(tree.Path()), err)
		}
	}
	f.sayDropped(outcome)
	if !f.printsText() || len(outcome.Applied) == 0 {
		return nil
	}
	hidden := f.before.Secrets()
	slices.SortStableFunc(outcome.Applied, func(a, b fix.Applied) int { return a.Finding.Span.Compare(b.Finding.Span) })
	for _, applied := range outcome.Applied {
		at := applied.Finding.Span
		text := fmt.Sprintf("%s [%s]", applied.Fix.Title, applied.Finding.Rule.ID)
		if applied.Fix.Else != "" {
			text += ": " + applied.Fix.Else
		}
		fmt.Fprintf(f.stdout, "%s:%d: fixed: %s\n", display.CleanPath(at.File), at.Start.Line, display.Clean(hidden.Hide(text)))
	}
	fmt.Fprintf(f.stdout, "fixed %s in %s\n", plural(len(outcome.Applied), "finding"), plural(len(outcome.Changes), "file"))
	return nil
}

// sayDropped says which fixes were not applied.
func (f *fixing) sayDropped(outcome *fix.Outcome) {
	hidden := f.before.Secrets()
	if outcome.CutOff {
		fmt.Fprintln(f.stderr, "rcomp: not all fixes were tried, since too many did not go together: run it again for those that are left, or for one rule, with --only RULE")
	}
	for _, dropped := range outcome.Dropped {
		at := dropped.Finding.Span
		fmt.Fprintf(f.stderr, "%s:%d: not fixed: %s [%s]\n", display.CleanPath(at.File), at.Start.Line, display.Clean(hidden.Hide(dropped.Why)), dropped.Finding.Rule.ID)
	}
}
