package inspect

import (
	"strings"

	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"

	"mvdan.cc/sh/v3/syntax"
)

// A shell script is read, never run. It is followed as a set of ways: where a
// condition cannot be decided, a way becomes two, and where two come to the
// same they are one again. What a way knows is exact, or a mark that says what
// is not known.

// run is one command that a script comes to.
type run struct {
	words       []string
	background  bool
	detached    bool              // a server that leaves its script to another
	kept        bool              // the shell stays in front of it
	environment map[string]string // assignments in front of it, and what is exported
	at          syntax.Pos        // in its text
	text        *word             // the text that it stands in, nil: that of the script itself
	directory   string            // in which it runs
}

// following is what all ways through a script share.
type following struct {
	known    func(name string) (string, bool) // a variable of the container
	system   dialect                          // what sh is
	author   string                           // who changes files, in messages; "" the start script
	start    string                           // the directory in which it starts
	commands []run                            // every command that some way comes to, in order
	listed   map[string]bool
	flat     bool // scripts that it starts are not gone into
	assigned map[syntax.Node]map[string]bool
	limit    int  // how many ways are kept apart
	lumped   bool // ways that differed were joined
	most     int  // work that it may cause
	work     int  // bytes of all texts so far
	charged  int  // steps of the project's budget that it cost
	spent    bool // it was too much
	depth    int
}

// shell is one way through a script.
type shell struct {
	*following
	dialect   dialect
	variables table[variable]
	functions table[*syntax.Stmt]
	files     *files
	directory string
	zero      string      // $0
	arguments []string    // $1 and on
	at        syntax.Pos  // of the command that is being followed
	shift     *syntax.Pos // where the text begins in the one that holds it
	pinned    *syntax.Pos // of the command that holds the text as one of its words
	text      *word       // the file that is being followed, nil: the script that was begun with
	chain     []string    // the scripts that are being followed, one inside the other
	input     *string     // the standard input, nil: that of the container
	inputAt   *syntax.Pos
	captures  bool // the output is looked at, in out
	out       []byte
	status    int    // of the last command, or maybe
	doubt     *doubt // what the status hangs on, nil: on more than one variable
	tested    bool   // the status is that of a condition, at which no shell stops
	assumed   table[string]
	denied    table[bool]
	locals    map[string]variable // what a function's own variables hide
	flow      flow
	levels    int               // of loops that break or continue leaves
	end       *run              // what the way ends with, nil: the script
	runs      []run             // servers beside it, scripts and clients, in order
	options   string            // the letters of those that are set
	user      string            // the number of the user, "" not known
	failed    string            // why the way ends in an expansion
	loose     []bool            // which words of the current command may be any number of words
	given     map[string]string // assignments in front of the current command
	foreign   bool              // a file that is not seen may have set any variable
	opaque    string            // why more may happen than is seen
}

// flow says whether a way goes on.
type flow int

const (
	goesOn flow = iota
	breaks
	continues
	returns
	exits
)

// maybe is a status that is not known.
const maybe = -1

// maxShellDepth bounds how deep commands nest.
const maxShellDepth = 100

// newShell begins a script.
func newShell(f *following, d dialect, files *files, directory string) *shell {
	f.start, f.listed, f.limit, f.most = directory, map[string]bool{}, mostWays, maxWork
	return &shell{
		following: f, dialect: d, files: files, directory: directory,
	}
}

// follow reads a script, and returns every way through it. ok is false for a
// text that is no script of its shell, or too much of one.
func (s *shell) follow(script string) (ways []*shell, ok bool) {
	file, ok := s.parse(script)
	if !ok {
		return nil, false
	}
	ways = s.statements(file.Stmts)
	return ways, !s.spent
}

// parse reads the text of a script.
func (s *shell) parse(script string) (*syntax.File, bool) {
	if !followable(script) || !s.affords(script) {
		return nil, false
	}
	file, err := syntax.NewParser(syntax.Variant(s.dialect.variant())).Parse(strings.NewReader(script), "")
	return file, err == nil
}

// bytesPerStep is about how much of a script one step stands for.
const bytesPerStep = 16

// affords takes a script from the budget of the project: each service that
// runs it follows it anew.
func (s *shell) affords(script string) bool {
	return s.files == nil || s.files.project.Tree().Budget().Spend(disk.ShellSteps, 1+len(script)/bytesPerStep) == nil
}

func (s *shell) statements(statements []*syntax.Stmt) []*shell {
	if s.depth++; s.depth > maxShellDepth {
		s.spent = true
	}
	defer func() { s.depth-- }()
	ways := []*shell{s}
	for _, statement := range statements {
		ways = each(ways, func(way *shell) []*shell { return way.statement(statement) })
	}
	return ways
}

// each goes on with every way that has not ended.
func each(ways []*shell, next func(*shell) []*shell) []*shell {
	var after []*shell
	for _, way := range ways {
		if way.flow != goesOn || way.spent {
			after = append(after, way)
			continue
		}
		after = append(after, next(way)...)
	}
	return merged(after)
}

// statement follows one command with its redirections.
func (s *shell) statement(statement *syntax.Stmt) []*shell {
	if s.spend(1); s.spent {
		return []*shell{s}
	}
	s.tested = false
	if statement.Background || statement.Coprocess {
		return s.backgrounded(statement)
	}
	var ways []*shell
	for _, way := range s.parted(statement) {
		ways = append(ways, way.redirected(statement)...)
	}
	for _, way := range ways {
		if statement.Negated {
			way.negate()
		}
		if way.hasOption("e") && way.status > 0 && !way.tested && way.flow == goesOn {
			way.flow = exits
		}
	}
	return merged(ways)
}

func (s *shell) negate() {
	s.tested = true
	switch s.status {
	case maybe:
		if s.doubt != nil {
			s.doubt = &doubt{s.doubt.mark, s.doubt.value, !s.doubt.negated}
		}
	case 0:
		s.status = 1
	default:
		s.status = 0
	}
}

// redirected follows a command while its input and output are elsewhere.
func (s *shell) redirected(statement *syntax.Stmt) []*shell {
	outer := streams{s.input, s.out, s.captures}
	to := s.redirections(statement.Redirs)
	if to.elsewhere {
		s.captures, s.out = true, nil
	}
	if statement.Cmd == nil && s.input != outer.input && s.captures {
		s.emit(*s.input) // $(<file)
	}
	ways := s.command(statement.Cmd)
	for _, way := range ways {
		way.restore(outer, to)
	}
	return merged(ways)
}

// streams are where a command reads and writes.
type streams struct {
	input    *string
	out      []byte
	captures bool
}

// restore gives a way its streams back, and writes what it was to write.
func (s *shell) restore(outer streams, to redirection) {
	text := string(s.out)
	if to.read {
		s.input = outer.input
	}
	if !to.elsewhere {
		return
	}
	s.out, s.captures = outer.out[:len(outer.out):len(outer.out)], outer.captures
	for _, file := range to.files {
		s.write(file.path, text, file.appends)
	}
}

func (s *shell) command(command syntax.Command) []*shell {
	switch command := command.(type) {
	case nil:
		s.status = 0
	case *syntax.CallExpr:
		return s.call(command)
	case *syntax.Block:
		return s.statements(command.Stmts)
	case *syntax.Subshell:
		return s.subshell(func(inner *shell) []*shell { return inner.statements(command.Stmts) })
	case *syntax.BinaryCmd:
		return s.binary(command)
	case *syntax.IfClause:
		return s.choose(command)
	case *syntax.CaseClause:
		return s.chooseCase(command)
	case *syntax.WhileClause:
		return s.whileLoop(command)
	case *syntax.ForClause:
		return s.forLoop(command)
	case *syntax.FuncDecl:
		if command.Name == nil {
			s.unfollowed("a function without a name")
			break
		}
		s.functions.put(command.Name.Value, command.Body)
		s.status = 0
	case *syntax.DeclClause:
		return s.declare(command)
	case *syntax.TestClause:
		s.test(command.X)
	case *syntax.ArithmCmd:
		s.arithmetic(command.X)
	case *syntax.LetClause:
		for _, x := range command.Exprs {
			s.arithmetic(x)
		}
	case *syntax.TimeClause:
		if command.Stmt != nil {
			return s.statement(command.Stmt)
		}
	default:
		s.unfollowed("a command that is not followed")
	}
	return []*shell{s}
}

// unfollowed gives up what a way knows of its variables and of what it starts.
func (s *shell) unfollowed(what string) {
	s.opaque = nonEmpty(s.opaque, "its start script has "+what)
	s.status, s.doubt = maybe, nil
	s.forgetVariables()
}

func (s *shell) binary(command *syntax.BinaryCmd) []*shell {
	switch command.Op {
	case syntax.AndStmt, syntax.OrStmt:
		ways := s.condition([]*syntax.Stmt{command.X})
		return each(ways, func(way *shell) []*shell {
			success, failure := way.decide()
			next, done := success, failure
			if command.Op == syntax.OrStmt {
				next, done = failure, success
			}
			var after []*shell
			if next != nil {
				after = next.statement(command.Y)
			}
			if done != nil {
				done.tested = true
				after = append(after, done)
			}
			return after
		})
	}
	return s.pipe(command)
}

// condition follows commands whose status is asked for: no shell stops there.
func (s *shell) condition(statements []*syntax.Stmt) []*shell {
	stops := s.hasOption("e")
	s.setOption("e", false)
	ways := s.statements(statements)
	for _, way := range ways {
		way.setOption("e", stops)
	}
	return ways
}

func (s *shell) choose(command *syntax.IfClause) []*shell {
	if command.Cond == nil { // else
		return s.statements(command.Then)
	}
	return each(s.condition(command.Cond), func(way *shell) []*shell {
		success, failure := way.decide()
		var ways []*shell
		if success != nil {
			ways = success.statements(command.Then)
		}
		if failure != nil {
			failure.status = 0
			if command.Else != nil {
				return append(ways, failure.choose(command.Else)...)
			}
			ways = append(ways, failure)
		}
		return ways
	})
}

// subshell follows commands whose variables and directory are their own.
func (s *shell) subshell(follow func(*shell) []*shell) []*shell {
	outer := s.fork()
	ways := follow(s)
	for _, way := range ways {
		way.leave(outer)
	}
	return merged(ways)
}

// leave takes back what a subshell has for itself. What it has started stays.
func (s *shell) leave(outer *shell) {
	s.variables, s.functions, s.arguments, s.directory = outer.variables.share(), outer.functions.share(), outer.arguments, outer.directory
	s.locals, s.zero, s.options, s.user = outer.locals, outer.zero, outer.options, outer.user
	s.text, s.shift, s.pinned, s.at, s.dialect, s.chain = outer.text, outer.shift, outer.pinned, outer.at, outer.dialect, outer.chain
	if s.end != nil && !s.end.serves() {
		s.end, s.status, s.doubt = nil, maybe, nil
	}
	if s.end == nil && s.flow != goesOn {
		s.flow, s.levels = goesOn, 0
	}
}

// pipe follows two commands of which the second reads what the first prints.
func (s *shell) pipe(command *syntax.BinaryCmd) []*shell {
	outer := streams{s.input, s.out, s.captures}
	s.captures, s.out = true, nil
	ways := s.subshell(func(inner *shell) []*shell { return inner.statement(command.X) })
	for _, way := range ways {
		text := string(way.out)
		way.out, way.captures = outer.out[:len(outer.out):len(outer.out)], outer.captures
		outer.input, way.input = way.input, &text
	}
	ways = each(ways, func(way *shell) []*shell {
		return way.subshell(func(inner *shell) []*shell { return inner.statement(command.Y) })
	})
	for _, way := range ways {
		way.input = outer.input
	}
	return merged(ways)
}

// backgrounded follows a command that the script does not wait for. What it
// writes is there at some time.
func (s *shell) backgrounded(statement *syntax.Stmt) []*shell {
	before := s.files.written.share()
	s.files = s.files.fork()
	runs, flow := len(s.runs), s.flow
	foreground := *statement
	foreground.Background, foreground.Coprocess = false, false
	ways := s.subshell(func(inner *shell) []*shell { return inner.statement(&foreground) })
	for _, way := range ways {
		if way.end != nil {
			way.runs = append(way.runs[:len(way.runs):len(way.runs)], *way.end)
			way.end = nil
		}
		way.flow, way.status, way.doubt = flow, 0, nil
		way.runs = append([]run(nil), way.runs...)
		for i := runs; i < len(way.runs); i++ {
			way.runs[i].background = true
		}
		for path, content := range way.files.written.all() {
			if old, ok := before.lookup(path); !ok || !content.same(old) {
				way.files.forget(path, "a script writes it in the background")
			}
		}
	}
	return merged(ways)
}

// emit adds to what the current command prints.
func (s *shell) emit(text string) {
	s.spend(len(text))
	if s.captures && !s.spent {
		s.out = append(s.out, text...)
	}
}

// note keeps a command of which others want to know.
func (s *shell) note(r run) {
	key := r.at.String() + "\x00" + strings.Join(r.words, "\x00")
	if !s.listed[key] {
		s.listed[key] = true
		s.commands = append(s.commands, r)
	}
}

// newRun is a command as it stands.
func (s *shell) newRun(words []string, environment map[string]string) run {
	at := s.at
	switch {
	case s.pinned != nil:
		at = *s.pinned
	case s.shift != nil:
		at = syntax.NewPos(at.Offset()+s.shift.Offset(), at.Line()+s.shift.Line()-1, at.Col())
	}
	return run{words: words, environment: environment, at: at, text: s.text, directory: s.directory}
}

func (s *shell) path(path string) string { return join(s.directory, path) }

// nowhere is the place of words that are only looked at.
func nowhere(words []string) []word { return placed(words, position.Span{}) }
