package inspect

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/disk"
	"mvdan.cc/sh/v3/syntax"
)

// A shell script is read, never run: its commands are followed as far as they
// are plain, and what cannot be followed makes what it may change unknown.

// run is one command that a script comes to.
type run struct {
	words       []string
	conditional bool // inside an if, a loop, a case, a function or behind ||
	background  bool
	environment map[string]string // assignments in front of it
	at          syntax.Pos        // in the script
	directory   string            // in which it runs
}

// shell is the state of a script that is being followed.
type shell struct {
	variables map[string]string // may hold marks
	known     func(name string) (string, bool)
	files     *files
	directory string
	start     string     // the directory in which it starts
	zero      string     // $0
	arguments []string   // $1 and on
	at        syntax.Pos // of the command that is being followed
	runs      []run
	inner     []run            // those inside $(…), whose output is taken
	output    *strings.Builder // where the standard output goes, nil: to the log
	work      int              // bytes of all texts so far
	spent     bool             // it was too much
	depth     int
	branch    int    // how many conditions the current command hangs on
	author    string // who changes files, in messages; "" the start script
}

// maxShellDepth bounds how deep commands nest.
const maxShellDepth = 100

// follow reads a script. It is false for a text that is no shell script.
func (s *shell) follow(script string) bool {
	if !followable(script) || !s.affords(script) {
		return false
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		return false
	}
	s.start = s.directory
	s.statements(file.Stmts)
	return !s.spent
}

// bytesPerStep is about how much of a script one step stands for.
const bytesPerStep = 16

// affords takes a script from the budget of the project: each service that
// runs it follows it anew.
func (s *shell) affords(script string) bool {
	return s.files == nil || s.files.project.Tree().Budget().Spend(disk.ShellSteps, 1+len(script)/bytesPerStep) == nil
}

func (s *shell) statements(statements []*syntax.Stmt) {
	if s.depth++; s.depth > maxShellDepth {
		s.spent = true
	}
	defer func() { s.depth-- }()
	for _, statement := range statements {
		s.statement(statement)
	}
}

// statement follows one command with its redirections.
func (s *shell) statement(statement *syntax.Stmt) {
	if s.spend(1); s.spent {
		return
	}
	target, appends, here := s.redirections(statement.Redirs)
	outer := s.output
	if target != "" {
		s.output = &strings.Builder{}
	}
	runs := len(s.runs)
	s.command(statement.Cmd, here)
	for i := runs; statement.Background && i < len(s.runs); i++ {
		s.runs[i].background = true
	}
	if target != "" {
		s.write(target, s.output.String(), appends)
		s.output = outer
	}
}

// redirections says where the standard output goes and what is read from a
// here-document.
func (s *shell) redirections(redirects []*syntax.Redirect) (target string, appends bool, here *string) {
	for _, redirect := range redirects {
		switch redirect.Op {
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			if redirect.N == nil || redirect.N.Value == "1" {
				target, appends = s.path(s.word(redirect.Word)), redirect.Op == syntax.AppOut || redirect.Op == syntax.AppAll
			}
		case syntax.Hdoc, syntax.DashHdoc:
			text := s.document(redirect)
			here = &text
		case syntax.RdrIn:
			text := s.read(s.word(redirect.Word))
			here = &text
		}
	}
	return target, appends, here
}

func (s *shell) command(command syntax.Command, here *string) {
	switch command := command.(type) {
	case *syntax.CallExpr:
		s.call(command, here)
	case *syntax.Block:
		s.statements(command.Stmts)
	case *syntax.Subshell:
		directory := s.directory
		s.statements(command.Stmts)
		s.directory = directory
	case *syntax.BinaryCmd:
		s.binary(command)
	case *syntax.DeclClause:
		for _, assign := range command.Args {
			if assign.Name != nil && assign.Value != nil {
				s.variables[assign.Name.Value] = s.word(assign.Value)
			}
		}
	case *syntax.TestClause:
		s.substitutionsIn(command)
	case nil, *syntax.ArithmCmd:
	default:
		s.uncertain(command)
	}
}

func (s *shell) binary(command *syntax.BinaryCmd) {
	switch command.Op {
	case syntax.AndStmt:
		s.statement(command.X)
		s.statement(command.Y)
	case syntax.OrStmt:
		s.statement(command.X)
		s.branch++
		s.statement(command.Y)
		s.branch--
	default: // a pipe: what comes out of it depends on programs
		s.pipe(command)
	}
}

// pipe follows `… | tee file`; of any other pipe only the commands count.
func (s *shell) pipe(command *syntax.BinaryCmd) {
	outer := s.output
	s.output = &strings.Builder{}
	s.statement(command.X)
	text := s.output.String()
	s.output = outer
	if call, ok := command.Y.Cmd.(*syntax.CallExpr); ok && len(call.Args) > 0 && s.word(call.Args[0]) == "tee" {
		for _, argument := range call.Args[1:] {
			if path := s.word(argument); !strings.HasPrefix(path, "-") {
				s.write(path, text, false)
			}
		}
		return
	}
	s.statement(command.Y)
	s.emit(unknownOutput)
}

// uncertain handles what may or may not run: conditions, loops, functions.
// The files it writes and the variables it sets are unknown afterwards.
func (s *shell) uncertain(command syntax.Command) {
	s.spend(len(s.variables))
	before := map[string]string{}
	for name, value := range s.variables {
		before[name] = value
	}
	written := s.files.watch()
	s.branch++
	syntax.Walk(command, func(node syntax.Node) bool {
		if statement, ok := node.(*syntax.Stmt); ok {
			s.statement(statement)
			return false
		}
		return true
	})
	s.branch--
	for name, value := range s.variables {
		if old, ok := before[name]; !ok || old != value {
			s.variables[name] = unknown("${" + name + "}")
		}
	}
	for _, path := range slices.Compact(slices.Sorted(slices.Values(written()))) {
		s.files.forget(path, "a script writes it under a condition")
	}
}

// commands lists every command that the script comes to, those whose output
// it takes included.
func (s *shell) commands() []run { return append(s.inner, s.runs...) }

// emit adds to what the current command prints.
func (s *shell) emit(text string) {
	s.spend(len(text))
	if s.output != nil && !s.spent {
		s.output.WriteString(text)
	}
}

func (s *shell) write(path, text string, appends bool) {
	if path = s.path(path); strings.HasPrefix(path, "/dev/") {
		return
	}
	if !isKnown(path) {
		return
	}
	if before := s.read(path); appends && (isKnown(before) || strings.HasSuffix(before, "\n")) {
		text = before + text
	} else if appends {
		text = before + "\n" + text // what is there, is there in lines
	}
	if s.spend(len(text)); s.spent {
		return
	}
	s.files.write(path, text)
}

// read returns a file's text, a mark where it is not known.
func (s *shell) read(path string) string {
	content := s.files.read(s.path(path))
	switch content.state {
	case present:
		return content.text
	case missing, directory:
		return ""
	}
	return unknown("$(cat " + path + ")")
}

func (s *shell) path(path string) string { return join(s.directory, path) }
