package inspect

import (
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/redis"

	"mvdan.cc/sh/v3/syntax"
)

// launch follows a program: a server, in which the way ends, another script,
// or something that may change files.
func (s *shell) launch(words []string, environment map[string]string, replaces bool) []*shell {
	r := s.newRun(words, s.exported(environment))
	s.status, s.doubt = maybe, nil
	if !isKnown(words[0]) {
		// It may be anything, a server too.
		s.note(r)
		s.readUp()
		s.runs = append(s.runs, r)
		s.emit(unknownOutput)
		return s.endIf(replaces, r)
	}
	inner, user := s.unwrapped(words)
	if len(inner) == 0 {
		s.status = 0
		return []*shell{s}
	}
	name := path.Base(inner[0])
	text, isProjects := s.scriptOf(inner[0])
	switch {
	case isServer(name), isSentinel(name), !isProjects && (isOwnEntrypoint(name) || name == "run.sh"):
		s.note(r)
		return s.serve(r, inner, replaces)
	case isClient(name):
		s.note(r)
		s.readUp()
		s.runs = append(s.runs, r)
		if slices.ContainsFunc(inner[1:], func(word string) bool { return strings.EqualFold(word, "shutdown") }) {
			s.runs = slices.DeleteFunc(slices.Clone(s.runs), func(r run) bool { return r.detached })
		}
		s.emit(unknownOutput)
		return s.endIf(replaces, r)
	case isProjects && !isShell(name):
		s.note(r)
		return s.startScript(r, inner, text, user, replaces)
	case isShell(name) || name == "su":
		s.note(r)
		return s.startShell(r, inner, user, replaces)
	}
	s.given = environment
	known := s.tool(inner)
	if !ignoresInput[name] {
		s.readUp()
	}
	if known {
		return s.endIf(replaces, r)
	}
	s.status = maybe
	if (harmless[name] || readers[name]) && !askers[name] {
		s.status = 0
	}
	s.note(r)
	if !harmless[name] && !askers[name] && !onlyReads(name, inner[1:]) {
		s.touches(name, inner[1:])
	}
	if strings.Contains(inner[0], "/") && (isScript(name) || strings.HasSuffix(name, "entrypoint")) {
		s.runs = append(s.runs, r)
	}
	s.emit(linePrefix(inner) + unknownOutput)
	return s.endIf(replaces, r)
}

// ignoresInput lists programs that leave the standard input alone.
var ignoresInput = map[string]bool{
	"echo": true, "printf": true, "cp": true, "mv": true, "rm": true, "ln": true, "install": true, "mkdir": true, "touch": true, "id": true, "basename": true, "dirname": true,
	"chown": true, "chmod": true, "chgrp": true, "sleep": true, "date": true, "hostname": true, "true": true, "false": true, "kill": true, "sysctl": true, "unlink": true,
}

// linePrefix returns what every line of a command's output begins with, as far
// as the command itself says so: `sed 's/^/sentinel /'`.
func linePrefix(words []string) string {
	if path.Base(words[0]) != "sed" || len(words) < 2 {
		return ""
	}
	prefix, found := strings.CutPrefix(words[1], "s/^/")
	text, rest, ends := strings.Cut(prefix, "/")
	if !found || !ends || rest != "" || !isKnown(text) || strings.ContainsAny(text, "&\\") {
		return ""
	}
	return text
}

// endIf ends a way in a program that takes the script's place.
func (s *shell) endIf(replaces bool, r run) []*shell {
	if replaces {
		s.end, s.flow = &r, exits
	}
	return []*shell{s}
}

// unwrapped takes the programs away that end in running their arguments.
func (s *shell) unwrapped(words []string) (inner []string, user string) {
	user = s.user
	for range maxWrappers {
		name := path.Base(words[0])
		options := skipsOptions[name]
		rest := unwrap(nowhere(words), options)
		if waits(name) {
			rest = behindDashes(nowhere(words))
			options = map[string]int{}
			if rest == nil {
				return words, user
			}
		}
		if options == nil || !isKnown(words[0]) {
			return words, user
		}
		switch name {
		case "gosu", "su-exec", "setpriv", "setuidgid", "s6-setuidgid", "runuser", "sudo", "chpst":
			user = userIn(words[1:max(1, len(words)-len(rest))])
		}
		if words = texts(rest); len(words) == 0 {
			return nil, user
		}
	}
	return words, user
}

// userIn is the number of the user that a program becomes, as far as the images
// tell.
func userIn(words []string) string {
	for _, word := range words {
		_, value, found := strings.Cut(word, "=")
		if !found {
			value = word
		}
		name, _, _ := strings.Cut(value, ":")
		switch {
		case name == "root", name == "0":
			return "0"
		case name == "redis", name == "valkey":
			return "999" // of the official images, Debian's and Alpine's
		}
	}
	return ""
}

// waits recognises programs that wait for something else, and then run what
// stands behind two dashes.
func waits(name string) bool {
	switch name {
	case "wait-for-it", "wait-for-it.sh", "wait-for", "wait-for.sh", "wait_for_it.sh", "dockerize":
		return true
	}
	return false
}

func behindDashes(words []word) []word {
	for i, w := range words {
		if w.text == "--" && i+1 < len(words) {
			return words[i+1:]
		}
	}
	return nil
}

// serve ends a way in a server, unless that leaves the script to go on.
func (s *shell) serve(r run, inner []string, replaces bool) []*shell {
	arguments := inner[1:]
	switch {
	case !isServer(inner[0]) && !isSentinel(inner[0]): // an entrypoint of the image
	case len(arguments) > 0 && slices.Contains([]string{"-v", "--version", "-h", "--help", "--check-system", "--test-memory"}, arguments[0]):
		s.status = 0
		s.emit(unknownOutput)
		return s.endIf(replaces, r)
	case !replaces && s.daemonizes(arguments):
		s.status = 0
		r.detached = true
		s.runs = append(s.runs, r)
		return []*shell{s}
	}
	// bash and busybox let the last command of -c take their place, Debian's
	// dash none (tried on Debian 12 and 13).
	r.kept = !replaces && s.dialect == dash
	s.end, s.flow = &r, exits
	return []*shell{s}
}

// daemonizes reports whether a server leaves its script alone: it is told so on
// the command line, or else by its conf.
func (s *shell) daemonizes(arguments []string) bool {
	for i := len(arguments) - 2; i >= 0; i-- {
		if strings.EqualFold(arguments[i], "--daemonize") {
			return strings.EqualFold(arguments[i+1], "yes")
		}
	}
	if len(arguments) == 0 || strings.HasPrefix(arguments[0], "-") || !isKnown(arguments[0]) {
		return false
	}
	found := s.files.read(s.path(arguments[0]))
	if found.state != present || s.spentOn(len(found.text)) {
		return false
	}
	lines, _ := redis.ParseConf([]byte(found.text), redis.DefaultRelease(redis.Redis))
	daemonizes := false
	for _, line := range lines {
		if texts := line.Texts(); strings.EqualFold(line.Name.Text, "daemonize") && len(texts) == 1 {
			daemonizes = strings.EqualFold(texts[0], "yes")
		}
	}
	return daemonizes
}

// serves reports whether a program is a server, or may be one.
func (r run) serves() bool {
	return !isKnown(r.words[0]) || r.leadsTo(leadsToServer)
}

// scriptOf returns the text of a program that the project, or the script,
// brings.
func (s *shell) scriptOf(program string) (found content, ok bool) {
	if !isKnown(program) || !isKnown(s.directory) {
		return content{}, false
	}
	if strings.Contains(program, "/") {
		return s.programAt(s.path(program))
	}
	for _, directory := range programDirectories {
		if found, ok := s.programAt(path.Join(directory, program)); ok {
			return found, true
		}
	}
	return content{}, false
}

func (s *shell) programAt(name string) (content, bool) {
	if !s.files.isWritten(name) && !s.files.isOfProject(name) {
		return content{}, false
	}
	found := s.files.read(name)
	return found, found.state == present
}

// shellOf is which shell a name stands for.
func (s *shell) shellOf(name string) dialect { return dialectOf(name, s.system) }

func dialectOf(name string, system dialect) dialect {
	switch path.Base(name) {
	case "bash":
		return bash
	case "dash":
		return dash
	case "ash", "busybox":
		return ash
	}
	return system
}

// interpreter reads the first line of a script: which program reads the rest,
// and with which options. A script without one is read by the shell that runs
// it.
func interpreter(text string) (program, option string, named bool) {
	line, _, _ := strings.Cut(text, "\n")
	line, named = strings.CutPrefix(line, "#!")
	if !named {
		return "", "", false
	}
	fields := strings.Fields(line)
	if len(fields) > 1 && path.Base(fields[0]) == "env" {
		fields = fields[1:]
		if fields[0] == "-S" && len(fields) > 1 {
			fields = fields[1:]
		}
	}
	if len(fields) == 0 {
		return "", "", true
	}
	return fields[0], strings.Join(fields[1:], " "), true
}

// endsInCR reports whether a text has the line ends of Windows, of which a shell
// and the kernel take the first half as part of the line.
func endsInCR(text string) bool { return strings.Contains(text, "\r\n") }

// startScript follows a script that is run as a program.
func (s *shell) startScript(r run, inner []string, found content, user string, replaces bool) []*shell {
	program, option, named := interpreter(found.text)
	d := s.dialect
	if named {
		d = s.shellOf(program)
	}
	if s.flat || named && !isShell(path.Base(program)) || endsInCR(found.text) || !isKnown(found.text) && found.shown == "" {
		return s.unread(r, replaces)
	}
	c := child{script: found.text, dialect: d, zero: inner[0], arguments: inner[1:], user: user, file: &word{text: found.text, at: found.beginning()}}
	c.readOptions(option)
	return s.startChild(c, r, replaces)
}

// startShell follows `sh -c TEXT`, `sh FILE`, and a shell that reads its
// standard input.
func (s *shell) startShell(r run, inner []string, user string, replaces bool) []*shell {
	c := child{dialect: s.shellOf(inner[0]), zero: inner[0], user: user}
	pinned := s.position()
	c.pinned = &pinned
	for i := 1; i < len(inner); i++ {
		word := inner[i]
		switch {
		case (word == "sh" || word == "ash") && path.Base(inner[0]) == "busybox" && i == 1:
			c.zero = word
		case path.Base(inner[0]) == "su":
			return s.startSu(c, r, inner, replaces)
		case len(word) > 1 && (word[0] == '-' || word[0] == '+') && word != "--":
			c.readOptions(word)
			if strings.HasPrefix(word, "--") {
				continue
			}
			if strings.HasSuffix(word, "o") && i+1 < len(inner) {
				i++ // -euo pipefail
				c.readOptions("--" + inner[i])
			}
			if strings.Contains(word, "c") && i+1 < len(inner) {
				if c.script = inner[i+1]; s.flat {
					return s.unread(r, replaces)
				}
				if i+2 < len(inner) {
					c.zero, c.arguments = inner[i+2], inner[i+3:]
				}
				return s.startChild(c, r, replaces)
			}
			if strings.Contains(word, "s") {
				c.arguments = inner[i+1:]
				return s.startInput(c, r, replaces)
			}
		case word == "-" || word == "--":
		default:
			found := s.files.read(s.path(word))
			if s.flat || found.state != present || endsInCR(found.text) {
				return s.unread(r, replaces)
			}
			c.script, c.zero, c.arguments, c.pinned = found.text, word, inner[i+1:], nil
			c.file = textWord(found)
			return s.startChild(c, r, replaces)
		}
	}
	return s.startInput(c, r, replaces)
}

func textWord(found content) *word { return &word{text: found.text, at: found.beginning()} }

// startInput follows a shell that reads its script from the standard input.
func (s *shell) startInput(c child, r run, replaces bool) []*shell {
	if s.input == nil || isUnquotedMark(strings.TrimSpace(*s.input)) {
		return s.unread(r, replaces)
	}
	c.script = *s.input
	if s.inputAt != nil {
		c.pinned, c.shift = nil, s.inputAt
	}
	return s.startChild(c, r, replaces)
}

// startSu follows `su USER -c TEXT`.
func (s *shell) startSu(c child, r run, inner []string, replaces bool) []*shell {
	for i, word := range inner {
		if (word == "-c" || word == "--command") && i+1 < len(inner) {
			c.script, c.dialect, c.zero, c.user = inner[i+1], s.system, "sh", userIn(inner[1:])
			return s.startChild(c, r, replaces)
		}
	}
	return s.unread(r, replaces)
}

// unread is a script that cannot be followed.
func (s *shell) unread(r run, replaces bool) []*shell {
	s.runs = append(s.runs, r)
	s.status, s.doubt = maybe, nil
	s.emit(unknownOutput)
	return s.endIf(replaces, r)
}

// child is a script that another starts.
type child struct {
	script        string
	dialect       dialect
	zero          string
	arguments     []string
	user          string
	options       []string
	file          *word // nil: it stands in the script that starts it
	pinned, shift *syntax.Pos
}

// readOptions reads -eu and, behind two dashes, the name of an option.
func (c *child) readOptions(option string) {
	if name, named := strings.CutPrefix(option, "--"); named {
		c.options = append(c.options, name)
		return
	}
	for _, letter := range strings.TrimLeft(option, "-") {
		c.options = append(c.options, string(letter))
	}
}

// startChild follows a script in a process of its own: it has of the variables only
// those that are exported, and leaves none behind.
func (s *shell) startChild(c child, r run, replaces bool) []*shell {
	key := c.key()
	if slices.Contains(s.chain, key) {
		s.flow = exits // it does the same again, and so comes to nothing new
		return []*shell{s}
	}
	outer := *s.fork()
	s.dialect = c.dialect
	file, ok := s.parse(c.script)
	if !ok || len(s.chain) > maxWrappers {
		s.dialect = outer.dialect
		return s.unread(r, replaces)
	}
	s.begin(c, key, r.environment)
	ways := s.statements(file.Stmts)
	for _, way := range ways {
		way.leave(&outer)
		if replaces && way.end == nil {
			way.flow = exits
		}
	}
	return merged(ways)
}

func (s *shell) begin(c child, key string, environment map[string]string) {
	var variables table[variable]
	for name := range s.variables.all() {
		variables.put(name, variable{})
	}
	for name, text := range environment {
		variables.put(name, variable{text: text, set: true, exported: true})
	}
	s.variables, s.functions, s.options, s.locals = variables, table[*syntax.Stmt]{}, "", nil
	for _, option := range c.options {
		if len(option) == 1 {
			s.setOption(option, option != "c" && option != "s")
		} else {
			s.setNamedOption(option, true)
		}
	}
	s.zero, s.arguments, s.user, s.chain, s.status = c.zero, s.asArguments(c.arguments), c.user, append(slices.Clip(s.chain), key), 0
	s.pinned, s.shift = c.pinned, c.shift
	if c.file != nil {
		s.text = c.file
	}
}
