package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

func isShell(name string) bool {
	switch name {
	case "sh", "bash", "ash", "dash", "busybox":
		return true
	}
	return false
}

// systemShell is what sh is in the image: Debian's is dash, Alpine's busybox'.
func (s *Service) systemShell() dialect {
	switch {
	case s.Unread, s.Image.Family != redis.OfficialRedis && s.Image.Family != redis.ValkeyImage:
		return anyShell
	case strings.HasPrefix(s.Image.Variant, "alpine"):
		return ash
	}
	return dash
}

// startUser is the number of the user that the container starts as, "" where it
// is not known.
func (s *Service) startUser() string {
	user := s.Config.User
	if user == "" && s.Built != nil {
		user = s.Built.User
	}
	switch name, _, _ := strings.Cut(user, ":"); {
	case name == "root", name == "" && s.systemShell() != anyShell:
		return "0"
	case isKnown(name) && wholeNumber.MatchString(name):
		return name
	case name == "redis", name == "valkey":
		return "999"
	}
	return ""
}

// followShell reads `sh -c SCRIPT` and `sh FILE`.
func (s *Service) followShell(p *process, words []word, depth int) {
	p.wrapped = true
	c := child{dialect: dialectOf(words[0].text, s.systemShell()), user: s.startUser()}
	for i := 1; i < len(words); i++ {
		text := words[i].text
		switch {
		case (text == "sh" || text == "ash") && path.Base(words[0].text) == "busybox":
		case len(text) > 1 && (text[0] == '-' || text[0] == '+') && text != "--":
			c.readOptions(text)
			if strings.HasPrefix(text, "--") {
				continue
			}
			if strings.HasSuffix(text, "o") && i+1 < len(words) {
				i++ // -ceo pipefail
				c.readOptions("--" + words[i].text)
			}
			if strings.Contains(text, "c") {
				if i+1 < len(words) {
					arguments := words[i+2:]
					if len(arguments) == 0 {
						arguments = []word{{text: path.Base(words[0].text), at: words[0].at}}
					}
					s.followText(p, words[i+1], arguments, c, depth)
				}
				return
			}
		case text == "-" || text == "--":
		default:
			file := word{text: join(nonEmpty(s.directory, "/"), text), at: words[i].at}
			s.followFile(p, append([]word{file}, words[i+1:]...), &c, depth)
			return
		}
	}
}

// followScript reads a script of the project that a command names.
func (s *Service) followScript(p *process, words []word, depth int) {
	s.followFile(p, words, nil, depth)
}

// followFile reads a script: c is the shell that is told to, nil where its first
// line says which.
func (s *Service) followFile(p *process, words []word, c *child, depth int) {
	name, _ := s.programPath(words[0].text)
	found := s.files.read(name)
	if found.state != present {
		if p.why == "" || found.why != "" {
			p.why = fmt.Sprintf("it is started by %s, which is not read", words[0].text)
		}
		return
	}
	p.wrapped = true
	at := found.beginning()
	program, option, named := interpreter(found.text)
	if c == nil {
		c = &child{dialect: s.systemShell(), user: s.startUser()}
		if named {
			c.dialect = dialectOf(program, c.dialect)
			c.readOptions(option)
			if endsInCR(found.text) {
				s.noInterpreter(p, found, program, words[0].text)
				return
			}
			if !isShell(path.Base(program)) {
				p.why, p.at = fmt.Sprintf("it is started by %s, which %s reads", words[0].text, path.Base(program)), at
				return
			}
		}
	}
	if endsInCR(found.text) {
		p.why, p.at = fmt.Sprintf("its start script %s ends its lines with CR LF, and a shell takes the CR as part of the last word", words[0].text), at
		return
	}
	s.followText(p, word{text: found.text, at: at}, append([]word{words[0]}, words[1:]...), *c, depth)
}

// noInterpreter is a script whose first line names a program with a CR behind
// it, which is nowhere.
func (s *Service) noInterpreter(p *process, found content, program, name string) {
	at := found.beginning()
	p.why, p.at = fmt.Sprintf("its start script %s ends its lines with CR LF", name), at
	problem := redis.Problem{Arg: -1, Kind: SyntaxProblem, Fatal: true, Message: fmt.Sprintf(
		"%s ends its lines with CR LF: the kernel looks for the interpreter %q, finds none, and the container ends at once; save it with LF alone", name, program+"\r")}
	s.object(Problem{Problem: problem, At: at})
}

// followText reads a script's text and goes on with what it starts, in each way
// that it may.
func (s *Service) followText(p *process, script word, arguments []word, c child, depth int) {
	if len(arguments) > 0 {
		c.zero, c.arguments = arguments[0].text, texts(arguments[1:])
	}
	c.script = script.text
	// What an entrypoint adds to its arguments, the shell got.
	p.entrypoint = false
	ways, shared, ok := explore(func() *shell {
		shared := &following{known: s.containerVariable, system: s.systemShell()}
		sh := newShell(shared, c.dialect, s.files.fork(), nonEmpty(s.directory, "/"))
		sh.begin(c, c.key(), nil)
		return sh
	}, script.text)
	if !ok {
		p.why, p.at = "its start script cannot be read as a shell script", script.at
		return
	}
	s.remember(shared.commands, script)
	for _, way := range ways {
		s.variables = append(s.variables, way.values())
	}
	starts := startsOf(ways)
	switch {
	case len(starts) == 0 && idle(ways, shared.commands):
		p.kind = Client
		return
	case len(starts) == 0:
		p.why, p.at = nonEmpty(p.why, opaqueIn(ways), "its start script runs no server that can be seen"), script.at
		return
	case len(starts) > maxStarts:
		p.why, p.at = "its start script decides at run time what it starts", script.at
		starts = starts[:1]
	}
	before, process := s.fork(), *p
	for i, start := range starts {
		if i == 0 {
			s.goOn(p, start, script, arguments, depth)
			continue
		}
		other, q := before.fork(), process
		other.goOn(&q, start, script, arguments, depth)
		s.ways = append(append(s.ways, way{other, q}), other.ways...)
	}
}

// key tells a script with its arguments from others.
func (c child) key() string {
	return strings.Join(append([]string{c.script, c.user, c.zero}, c.arguments...), "\x00")
}

// values are the variables of a way, as texts.
func (s *shell) values() map[string]string {
	all := map[string]string{}
	for name, value := range s.variables.all() {
		all[name] = strings.Join(value.elements(), " ")
	}
	return all
}

func opaqueIn(ways []*shell) string {
	for _, way := range ways {
		if way.opaque != "" {
			return way.opaque
		}
	}
	return ""
}

// goOn follows what a script starts in one of its ways.
func (s *Service) goOn(p *process, start start, script word, arguments []word, depth int) {
	s.files = start.way.files
	if start.way.opaque != "" {
		p.why, p.at = start.way.opaque, script.at
	}
	text := script
	if start.run.text != nil {
		text = *start.run.text
	}
	if start.run.directory != start.way.start {
		s.directory = start.run.directory
		if !isKnown(s.directory) {
			s.directory = ""
		}
	}
	s.exports = start.run.environment
	s.script = &text
	s.kept = s.kept || start.run.kept && !strings.Contains(script.text+text.text, "trap")
	words := s.placeRun(start.run, text, arguments)
	for _, other := range start.others {
		s.further = append(s.further, further{s.placeOf(other, script), words[0].at})
	}
	s.follow(p, words, depth+1)
}

// further is a server beside the one that is judged.
type further struct{ at, judged position.Span }

// StartsMore reports whether the container runs servers beside the one that is
// judged: what is not so of that one may be so of them.
func (s *Service) StartsMore() bool { return len(s.further) > 0 }

// KeptFromSignals reports whether the container's first process is a shell that
// passes no signal on: the server is killed without a word when it is stopped.
func (s *Service) KeptFromSignals() (at position.Span, kept bool) { return s.startedAt, s.kept }

func (s *Service) placeOf(r run, script word) position.Span {
	if r.text != nil {
		script = *r.text
	}
	return s.placeRun(r, script, nil)[0].at
}

// remember keeps the calls of clients that a script makes.
func (s *Service) remember(runs []run, script word) {
	for _, run := range runs {
		if !run.leadsTo(isClient) {
			continue
		}
		text := script
		if run.text != nil {
			text = *run.text
		}
		words := s.placeRun(run, text, nil)
		if options := skipsOptions[path.Base(run.words[0])]; options != nil {
			words = unwrap(words, options)
		}
		if len(words) > 0 && isClient(words[0].text) {
			s.calls = append(s.calls, probe(words, run.environment))
		}
	}
}

// maxStarts bounds in how many ways a server is configured.
const maxStarts = 12

// start is what a way through a script starts.
type start struct {
	way    *shell
	run    run
	others []run // servers beside it
	rank   rank
}

// rank orders what a script may start: where it may start a server, its other
// ways are none.
type rank int

const (
	startsNothing rank = iota
	startsClient
	startsUnseen // a program or a script that is not known
	startsServer
)

// startsOf lists what the ways through a script start, each once.
func startsOf(ways []*shell) (starts []start) {
	most := startsNothing
	for _, way := range ways {
		found := way.starts()
		if found.rank == startsNothing || slices.ContainsFunc(starts, func(other start) bool { return found.same(other) }) {
			continue
		}
		starts, most = append(starts, found), max(most, found.rank)
	}
	if most > startsClient {
		starts = slices.DeleteFunc(starts, func(s start) bool { return s.rank <= startsClient })
	} else if len(starts) > 1 {
		starts = starts[:1]
	}
	slices.SortStableFunc(starts, func(a, b start) int { return int(b.rank - a.rank) })
	return starts
}

func (s start) same(other start) bool {
	return sameRun(s.run, other.run) && s.way.files.same(other.way.files) && s.way.opaque == other.way.opaque && slices.EqualFunc(s.others, other.others, sameRun)
}

// starts picks what a way starts: the server in whose hands it leaves the
// container, else one beside the script, else what may start one.
func (s *shell) starts() start {
	servers := slices.DeleteFunc(slices.Clone(s.runs), func(r run) bool { return !r.leadsTo(leadsToServer) })
	if s.end != nil && s.end.leadsTo(leadsToServer) {
		return start{s, *s.end, servers, startsServer}
	}
	for _, detached := range []bool{false, true} {
		if at := slices.IndexFunc(servers, func(r run) bool { return r.detached == detached }); at >= 0 {
			servers[at].kept = true
			return start{s, servers[at], slices.Delete(slices.Clone(servers), at, at+1), startsServer}
		}
	}
	if s.end != nil && s.end.unseen() {
		return start{s, *s.end, nil, startsUnseen}
	}
	for _, r := range slices.Backward(s.runs) {
		if r.unseen() && s.end == nil {
			return start{s, r, nil, startsUnseen}
		}
	}
	if s.end != nil {
		return start{s, *s.end, nil, startsClient}
	}
	for _, r := range s.runs {
		if r.leadsTo(isClient) {
			return start{s, r, nil, startsClient}
		}
	}
	return start{way: s}
}

// unseen reports whether a program may start a server for all that is known.
func (r run) unseen() bool {
	program := r.words[0]
	if options := skipsOptions[path.Base(program)]; options != nil {
		rest := unwrap(nowhere(r.words), options)
		if len(rest) == 0 {
			return false
		}
		program = rest[0].text
	}
	name := path.Base(program)
	return !unset.Known(program) || isScript(program) || strings.HasSuffix(name, "entrypoint") || isShell(name) && len(r.words) > 1
}

func (r run) leadsTo(wanted func(string) bool) bool {
	return wanted(r.words[0]) || leads(r.words, wanted)
}

// idle reports whether a script surely does nothing but wait or tidy up.
func idle(ways []*shell, runs []run) bool {
	for _, run := range runs {
		if name := path.Base(run.words[0]); !harmless[name] && !isTool(name) && !onlyReads(name, run.words[1:]) {
			return false
		}
	}
	return opaqueIn(ways) == ""
}

func leadsToServer(program string) bool {
	return isServer(program) || isSentinel(program) || isOwnEntrypoint(path.Base(program)) || path.Base(program) == "run.sh"
}

// leads reports whether a wrapping program is followed by a wanted one.
func leads(words []string, wanted func(string) bool) bool {
	name := path.Base(words[0])
	if skipsOptions[name] == nil && !isShell(name) && !waits(name) {
		return false
	}
	return slices.ContainsFunc(words[1:], wanted)
}

// containerVariable looks a variable up for a script.
func (s *Service) containerVariable(name string) (string, bool) {
	s.expanded[name] = true
	value, set, known := s.startVariable(name)
	switch {
	case !set && name == "HOSTNAME" || !set && name == "PATH":
		return "", false
	case set && !known && value == "":
		return unknown("${" + name + "}"), true
	}
	return value, set
}

// startVariable is a variable as the program gets it that is followed: a script
// before it may have set it.
func (s *Service) startVariable(name string) (value string, set, known bool) {
	if text, exported := s.exports[name]; exported {
		return text, true, isKnown(text)
	}
	return s.Variable(name)
}
