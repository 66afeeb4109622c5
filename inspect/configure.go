package inspect

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/redis"
)

// entry is one line or option that a server reads, and where it stands.
type entry struct {
	redis.Assignment
	origin   Origin
	name     position.Span
	args     []position.Span
	unknown  bool   // its value is not known
	inScript bool   // a start script writes it, as it stands in the command
	any      string // why it may set any directive; "" it does not
}

// configuration collects what a server reads, in its order.
type configuration struct {
	*Service
	entries  []entry // of the service, while they are collected
	template bool    // something that is to be filled in was seen, and said
}

// configure works out the configuration of a server or a sentinel.
func (s *Service) configure(p process) {
	c := &configuration{Service: s}
	words := s.arguments(p)
	argv, err := s.Image.ParseArgv(texts(words), s.Release)
	var refused *redis.ArgvError
	if errors.As(err, &refused) && unset.Known(words[refused.Word].text) {
		c.problem(SyntaxProblem, words[refused.Word].at, "", refused.Message)
	}
	if argv.Stdin {
		s.opaque(p.at, "more of the configuration comes from the standard input")
	}
	before, after := s.environmentEntries(p)
	switch {
	case p.setup:
		c.setup(before)
	case argv.ConfWord >= 0:
		c.conf(argv.Conf, words[argv.ConfWord].at)
	}
	if argv.ConfWord >= 0 && strings.HasPrefix(argv.Conf, "-") {
		// The word only looks like an option: what stands behind it was not
		// written as the server reads it, and it stops before.
		argv.Options = nil
	}
	for _, option := range argv.Options {
		if !words[option.Word].placeholder {
			c.option(option, words)
		}
	}
	c.entries = append(append(c.entries, after...), s.unknownFlags(p)...)
	c.confNamed = argv.ConfWord >= 0
	c.sentinel(p)
	c.apply()
	c.limitClients()
	c.followHooks()
}

// SyntaxProblem is something that no directive is at fault for.
const SyntaxProblem redis.ProblemKind = "syntax"

func texts(words []word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return all
}

func (c *configuration) problem(kind redis.ProblemKind, at position.Span, name, message string) {
	problem := redis.Problem{Arg: -1, Kind: kind, Fatal: true, Message: message}
	c.object(Problem{Problem: problem, Name: name, At: at})
}

// mostProblems are listed of one service, which none of them lets start.
const mostProblems = 1000

// object adds something that is wrong.
func (s *Service) object(problem Problem) {
	if len(s.Problems) == mostProblems {
		s.Project.Note(s.Span(), s.Name, fmt.Sprintf("%q has more than %d faults: the rest is not listed", s.Name, mostProblems))
		return
	}
	s.Problems = append(s.Problems, problem)
}

// option adds an option of the command line.
func (c *configuration) option(option redis.Option, words []word) {
	at, kind := words[option.Word].at, FromArgv
	if words[option.Word].variable != "" {
		kind = FromEnvironment
	}
	e := entry{
		Assignment: redis.Assignment{Name: option.Name, Args: option.Args, FromArgv: true},
		origin:     Origin{Kind: kind, Span: at}, name: at,
	}
	for _, index := range option.ArgWords {
		e.args = append(e.args, words[index].at)
	}
	if option.Name == "include" && len(option.Args) == 1 {
		c.conf(option.Args[0], at)
	}
	c.add(e)
}

// add judges what is known of an entry.
func (c *configuration) add(e entry) {
	if !unset.Known(e.Name) {
		e.any = fmt.Sprintf("%s may bring any directive", unset.Plain(e.Name))
		c.entries = append(c.entries, e)
		return
	}
	// A word that is nothing but a variable, behind an option that has all the
	// words it takes, brings further options.
	directive, ok := c.Release.Directive(e.Name)
	single := ok && !directive.MultiArg && directive.Type != redis.Special && directive.Type != redis.FileOnly
	pairs := ok && directive.Name == "save"
	for i := 1; i < len(e.Args); i++ {
		if !single && !(pairs && i%2 == 0) {
			continue
		}
		if !unset.Known(e.Args[i]) {
			e.any = fmt.Sprintf("%s may bring any directive", unset.Plain(e.Args[i]))
			e.Args, e.args = e.Args[:i], e.args[:min(i, len(e.args))]
		}
	}
	e.unknown = slices.ContainsFunc(e.Args, func(arg string) bool { return !unset.Known(arg) })
	c.entries = append(c.entries, e)
}

// environmentEntries turns the environment that the image's script reads into
// entries.
func (s *Service) environmentEntries(p process) (before, after []entry) {
	if !p.setup && !p.entrypoint {
		return nil, nil
	}
	first, second := s.Image.EnvironmentAssignments(func(name string) (string, bool, bool) {
		value, set, known := s.startVariable(name)
		return unset.Plain(value), set, known
	})
	return s.fromEnvironment(first), s.fromEnvironment(second)
}

func (s *Service) fromEnvironment(assignments []redis.FromEnvironment) []entry {
	var entries []entry
	for _, a := range assignments {
		at, kind := s.ImageAt(), FromImage
		if a.Variable != "" {
			at, kind = s.variableAt(a.Variable), FromEnvironment
		}
		e := entry{Assignment: a.Assignment, origin: Origin{Kind: kind, Span: at}, name: at, unknown: a.Unknown}
		if a.Name == "" {
			e.any = fmt.Sprintf("the variable %s may bring any directive", a.Variable)
		}
		for range a.Args {
			e.args = append(e.args, at)
		}
		entries = append(entries, e)
	}
	return entries
}

func (s *Service) variableAt(name string) position.Span {
	for _, variable := range s.environment() {
		if variable.Name == name {
			return variable.Span
		}
	}
	return s.ImageAt()
}

// setup is the order in which the image's own script puts a configuration
// together.
func (c *configuration) setup(fromEnvironment []entry) {
	traits := c.Image.Traits()
	replaced := c.isThere(traits.ConfPath)
	if own := ownConf(c.Image); !replaced && c.isThere(own) {
		c.opaque(c.ImageAt(), fmt.Sprintf("the image's own script changes %s, which the project brings", own))
	}
	if replaced {
		c.conf(traits.ConfPath, c.ImageAt())
	}
	for _, e := range fromEnvironment {
		if e.FromArgv || !replaced {
			c.entries = append(c.entries, e)
		}
	}
	if c.isThere(traits.OverridesPath) && !replaced {
		c.conf(traits.OverridesPath, c.ImageAt())
	}
}

// ownConf is the conf file that Bitnami's script works on in place.
func ownConf(image redis.Image) string {
	if conf := image.Traits().ConfPath; image.Family.Bitnami() && conf != "" {
		return path.Join(path.Dir(path.Dir(conf)), "etc", path.Base(conf))
	}
	return ""
}

// isThere reports whether the project brings something to a path.
func (c *configuration) isThere(target string) bool {
	if target == "" {
		return false
	}
	_, mounted := c.files.mountAt(target)
	_, brought := c.files.ofImage(target)
	return (mounted || brought) && c.files.read(target).state != missing
}

// conf reads a conf file and what it includes.
func (c *configuration) conf(name string, at position.Span) {
	if !unset.Known(name) || !path.IsAbs(name) && c.directory == "" {
		c.Confs = append(c.Confs, Conf{Path: unset.Plain(name), State: "unknown", At: at})
		c.opaque(at, fmt.Sprintf("the path %q is not known", unset.Plain(name)))
		return
	}
	target := join(nonEmpty(c.directory, "/"), name)
	if c.Release.IsPattern(name) {
		c.pattern(target, at)
		return
	}
	conf, found := c.confAt(target, at)
	switch found.state {
	case directory:
		conf.State = ConfDirectory
	case opaque:
		conf.State = ConfUnknown
		c.opaque(at, found.why)
	case missing:
		conf.State = ConfMissing
		switch {
		case conf.Mount != nil && conf.Mount.Type == compose.TypeBind && found.shown != "":
			conf.State = ConfNotHere
			c.Opaque, c.OpaqueAt = fmt.Sprintf("%s does not exist", found.shown), at
		case c.Wrapped:
			c.opaque(at, fmt.Sprintf("nothing that is seen makes %s", target))
		default:
			c.problem(SyntaxProblem, at, "", missingConf(name))
		}
	default:
		conf.State = ConfRead
		c.lines(target)
	}
	c.Confs = append(c.Confs, conf)
}

// confAt is what stands at a path that is read as a conf file.
func (c *configuration) confAt(target string, at position.Span) (Conf, content) {
	conf := Conf{Path: target, At: at}
	if mount, ok := c.files.mountAt(target); ok {
		conf.Mount = &mount
	}
	found := c.files.read(target)
	conf.Shown = found.shown
	return conf, found
}

// pattern reads all conf files that match a pattern, as one.
func (c *configuration) pattern(target string, at position.Span) {
	matches, err := c.files.glob(target)
	if err == nil && len(matches) == 0 && c.files.isMount(path.Dir(target)) {
		err = errNotHere
	}
	if err != nil {
		c.Confs = append(c.Confs, Conf{Path: target, State: ConfUnknown, At: at})
		c.opaque(at, fmt.Sprintf("the conf is all that matches %s: %v", target, err))
		return
	}
	for _, match := range matches {
		conf, _ := c.confAt(match, at)
		conf.State = ConfRead
		c.Confs = append(c.Confs, conf)
	}
	c.lines(target)
}

// missingConf says that a conf file is nowhere in the container. An option is
// taken for one when a blank stands in front of it: that is what a backslash at
// the end of a line of a folded text leaves.
func missingConf(name string) string {
	if strings.HasPrefix(name, "-") {
		return fmt.Sprintf("%q begins with a blank: the server takes it for a conf file, finds none and stops", " "+name)
	}
	return fmt.Sprintf("no conf file %s is in the container: the server stops at its start", name)
}

// lines adds the lines of a conf file, includes expanded.
func (c *configuration) lines(target string) {
	lines, problems := redis.ExpandIncludes(target, nonEmpty(c.directory, "/"), c.Release, c.readConf, c.files.glob)
	places := &placer{service: c.Service, seen: slices.Clone(c.files.seen)}
	for _, line := range lines {
		at := places.line(line)
		e := entry{
			Assignment: redis.Assignment{Name: line.Name.Text, Args: line.Texts()},
			origin:     Origin{Kind: FromConf, Span: at.name}, name: at.name, args: at.args, inScript: at.inScript,
		}
		if c.files.alone {
			c.leaveOpen(&e)
		}
		c.add(e)
	}
	for _, problem := range problems {
		c.fileProblem(problem, places)
	}
}

func (c *configuration) fileProblem(problem *redis.FileError, places *placer) {
	if problem.Err != nil && !errors.Is(problem.Err, fs.ErrNotExist) {
		why := strings.TrimSuffix(problem.Err.Error(), ": "+redis.ErrFileUnknown.Error())
		c.opaque(places.problem(problem), "what it includes is not known: "+why)
		return
	}
	if problem.Fatal && unset.Known(problem.Message) {
		c.problem(SyntaxProblem, places.problem(problem), "", problem.Message)
	}
}

// readConf reads a file for ExpandIncludes.
func (c *configuration) readConf(name string) ([]byte, error) {
	found := c.files.read(name)
	switch found.state {
	case present:
		if err := c.Project.Tree().Budget().Spend(disk.ConfLines, 1+strings.Count(found.text, "\n")); err != nil {
			return nil, fmt.Errorf("%w: %w", err, redis.ErrFileUnknown)
		}
		return []byte(found.text), nil
	case directory:
		return nil, nil
	case missing:
		if found.shown != "" {
			// It may well be kept out of the repository.
			return nil, fmt.Errorf("%s is not in the project: %w", found.shown, redis.ErrFileUnknown)
		}
		return nil, fs.ErrNotExist
	}
	return nil, fmt.Errorf("%s: %w", strings.TrimSpace(found.why), redis.ErrFileUnknown)
}
