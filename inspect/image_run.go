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
	f := onlyWritten(&container{project: i.project, image: i, bare: i.bare, absent: i.absent})
	shared := &following{
		author: "a RUN of the Dockerfile",
		known: func(name string) (string, bool) {
			if value, set := step.Variables.Get(name); set {
				return value, true
			}
			return unknown("${" + name + "}"), true // of the image below
		},
	}
	sh := newShell(shared, anyShell, f, nonEmpty(join(i.directory, step.Directory), "/"))
	ok := unset.Known(sh.directory)
	if ok {
		sh, ok = sh.followRun(step)
	}
	if !ok {
		i.forget("a RUN of the Dockerfile cannot be followed")
		return
	}
	f = sh.files
	i.asked = append(i.asked, f.asked...)
	for _, read := range f.seen {
		if !slices.ContainsFunc(i.seen, func(seen content) bool { return seen.shown == read.shown }) {
			i.seen = append(i.seen, read)
		}
	}
	script := word{text: last.Text, at: last.At, lines: last.Lines}
	for _, target := range f.writtenPaths() {
		found := f.written.get(target)
		switch {
		case step.Mounts:
			found = content{why: "a RUN of the Dockerfile writes it"}
		case found.state == present && found.shown == "":
			before, _ := i.read(i.host, target)
			earlier := before.scripts[max(0, len(before.scripts)-maxScripts+1):]
			found.scripts = append(slices.Clip(earlier), script)
		}
		switch found.state {
		case opaque:
			i.cover(target, found.why)
			continue
		case missing:
			i.add(layer{target: target, covers: true, content: found})
			continue
		}
		i.put(target, found, last.At)
	}
	i.judgeRuns(sh)
}

// maxScripts is how many of the RUNs that write a file are looked through for
// each of its lines.
const maxScripts = 16

// followRun follows the words of a RUN. Of what hangs on a condition nothing is
// known.
func (s *shell) followRun(step *dockerfile.Run) (after *shell, ok bool) {
	texts := make([]string, len(step.Words))
	for i, word := range step.Words {
		texts[i] = word.Text
	}
	var ways []*shell
	inShell := isShell(path.Base(texts[0]))
	switch {
	case step.Script || inShell && len(texts) == 3 && texts[1] == "-c":
		if ways, ok = s.follow(texts[len(texts)-1]); !inShell || !ok {
			return nil, false
		}
	case !s.affords(strings.Join(texts, " ")):
		return nil, false
	default:
		ways = s.simple(texts, nil)
	}
	after = one(ways)
	return after, !s.spent && after.opaque == ""
}

// judgeRuns looks at the programs of a RUN: an installer may bring conf files,
// and a program of the project may do anything.
func (i *imageFiles) judgeRuns(sh *shell) {
	for _, run := range sh.commands {
		words := run.words
		for skipsOptions[path.Base(words[0])] != nil {
			texts := texts(unwrap(placed(words, position.Span{}), skipsOptions[path.Base(words[0])]))
			if len(texts) == 0 {
				break
			}
			words = texts
		}
		switch name := path.Base(words[0]); {
		case leavesConfs[name] || onlyReads(name, words[1:]):
		case interprets[name] || i.isCopied(join(run.directory, words[0])):
			i.forget("a RUN of the Dockerfile runs " + unset.Plain(words[0]))
		default:
			i.bare = false
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
