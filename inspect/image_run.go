package inspect

import (
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/dockerfile"
	"github.com/rcomp/rcomp/lint/position"
)

// A RUN is followed as a start script is: what it does to files as far as its
// commands are plain. What may have changed is not known.

// run follows a RUN.
func (i *imageFiles) run(step *dockerfile.Run) {
	if len(step.Words) == 0 {
		return
	}
	last := step.Words[len(step.Words)-1]
	f := &files{project: i.project, image: i, bare: i.bare, absent: i.absent, written: map[string]content{}}
	sh := &shell{
		variables: map[string]string{}, files: f, directory: nonEmpty(join(i.directory, step.Directory), "/"), author: "a RUN of the Dockerfile",
		known: func(name string) (string, bool) {
			if value, set := step.Variables.Get(name); set {
				return value, true
			}
			return unknown("${" + name + "}"), true // of the image below
		},
	}
	if !unset.Known(sh.directory) || !sh.followRun(step) {
		i.forget("a RUN of the Dockerfile cannot be followed")
		return
	}
	i.asked = append(i.asked, f.asked...)
	for _, read := range f.seen {
		if !slices.ContainsFunc(i.seen, func(seen content) bool { return seen.shown == read.shown }) {
			i.seen = append(i.seen, read)
		}
	}
	script := word{text: last.Text, at: last.At, lines: last.Lines}
	for _, target := range slices.Compact(slices.Sorted(slices.Values(f.log))) {
		found := f.written[target]
		switch {
		case step.Mounts:
			found = content{why: "a RUN of the Dockerfile writes it"}
		case found.state == present && found.shown == "":
			before, _ := i.read(i.host, target)
			earlier := before.scripts[max(0, len(before.scripts)-maxScripts+1):]
			found.scripts = append(slices.Clip(earlier), script)
		}
		if found.state == opaque {
			i.cover(target, found.why)
			continue
		}
		i.put(target, found, last.At)
	}
	i.judgeRuns(sh)
}

// maxScripts is how many of the RUNs that write a file are looked through for
// each of its lines.
const maxScripts = 16

// followRun follows the words of a RUN.
func (s *shell) followRun(step *dockerfile.Run) bool {
	texts := make([]string, len(step.Words))
	for i, word := range step.Words {
		texts[i] = word.Text
	}
	inShell := isShell(path.Base(texts[0]))
	switch {
	case step.Script || inShell && len(texts) == 3 && texts[1] == "-c":
		return inShell && s.follow(texts[len(texts)-1])
	case !s.affords(strings.Join(texts, " ")):
		return false
	}
	s.start = s.directory
	s.simple(texts, nil, nil)
	return !s.spent
}

// judgeRuns looks at the programs of a RUN: an installer may bring conf files,
// and a program of the project may do anything.
func (i *imageFiles) judgeRuns(sh *shell) {
	for _, run := range sh.commands() {
		words := run.words
		for skipsOptions[path.Base(words[0])] != nil {
			texts := texts(unwrap(placed(words, position.Span{}), skipsOptions[path.Base(words[0])]))
			if len(texts) == 0 {
				break
			}
			words = texts
		}
		switch name := path.Base(words[0]); {
		case name == "mkdir":
			i.makeDirectories(words[1:], run.directory)
		case leavesConfs[name] || onlyReads(name, words[1:]):
		case interprets[name] || i.isCopied(join(run.directory, words[0])):
			i.forget("a RUN of the Dockerfile runs " + unset.Plain(words[0]))
		default:
			i.bare = false
		}
	}
}

// makeDirectories keeps what mkdir makes: a file that is copied there goes into
// it.
func (i *imageFiles) makeDirectories(names []string, in string) {
	for _, name := range names {
		if !strings.HasPrefix(name, "-") && unset.Known(name) {
			i.put(join(in, name), content{state: directory}, position.Span{})
		}
	}
}

// leavesConfs are programs that bring no file but those that are followed.
var leavesConfs = map[string]bool{
	"set": true, "umask": true, "chown": true, "chmod": true, "sleep": true, "true": true, ":": true, "test": true,
	"[": true, "touch": true, "id": true, "ls": true, "exit": true, "chgrp": true, "sed": true, "addgroup": true, "adduser": true,
	"groupadd": true, "useradd": true, "usermod": true, "groupmod": true, "dos2unix": true,
}

// interprets are programs that run what they are given.
var interprets = map[string]bool{
	"sh": true, "bash": true, "ash": true, "dash": true, "python": true, "python3": true, "perl": true, "ruby": true, "node": true, "make": true, "eval": true,
}

// isCopied reports whether a program came with the project.
func (i *imageFiles) isCopied(program string) bool {
	found, ok := i.read(i.host, program)
	return ok && found.state == present
}
