package redis

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Assignment is one line of redis.conf or one option of the arguments.
type Assignment struct {
	Name     string
	Args     []string
	FromArgv bool
}

// ProblemKind says what is wrong with an assignment.
type ProblemKind string

// The kinds of problems.
const (
	UnknownDirective ProblemKind = "unknown directive"
	InvalidValue     ProblemKind = "invalid value"
	WrongArity       ProblemKind = "wrong number of values"
)

// Problem is what a server objects to, or misreads in silence.
type Problem struct {
	Assignment int // index into the assignments
	Arg        int // index into its Args, -1: the name or the line as a whole
	Kind       ProblemKind
	Fatal      bool   // the server does not start; otherwise it starts and takes the words for something else
	Uncertain  bool   // the catalogue may be at fault: its column is derived, or a module may know the name
	Message    string // names the directive, but no secret
	Suggestion string // the name or the words that would be accepted, "" when none is certain
}

// Effective is what the assignments make of one directive.
type Effective struct {
	Name  string   // as CONFIG GET of the release has it
	Value string   // as CONFIG GET prints it; of user, loadmodule, rename-command and sentinel one line each
	Args  []string // words of the last assignment, as written
	From  []int    // assignments that make the value, in order; the last one decides
}

// Apply returns what the assignments add up to, in the order in which the
// server reads them, and what is wrong with them. The map holds what is set, by
// Release.Name; all else has the engine's default. include has been followed by
// the caller and is only counted for its words. A refused assignment changes
// nothing. "sentinel" lines are judged as in Sentinel mode; a server that runs
// in another mode refuses them all. For a release without a column nothing is
// judged.
func (r Release) Apply(assignments []Assignment) (map[string]Effective, []Problem) {
	a := application{
		release:     r,
		assignments: assignments,
		effective:   map[string]Effective{},
		limits:      defaultBufferLimits,
		renamed:     map[string]bool{},
		named:       map[string]bool{},
		masters:     map[string]bool{},
		lines:       map[string][]string{},
	}
	a.loadsModule = slices.ContainsFunc(assignments, func(s Assignment) bool { return strings.EqualFold(s.Name, "loadmodule") })
	for i := range assignments {
		a.apply(i)
	}
	a.writeValues()
	a.checkMasters()
	a.checkCluster()
	a.countDatabases()
	a.namePidfile()
	slices.SortStableFunc(a.problems, func(p, q Problem) int { return p.Assignment - q.Assignment })
	return a.effective, a.problems
}

// writeValues writes out the values that many assignments add to, once: written
// after each of them, a file of 100,000 lines would take hours.
func (a *application) writeValues() {
	if save, ok := a.effective["save"]; ok {
		save.Value = a.points.String()
		a.effective["save"] = save
	}
	for name, lines := range a.lines {
		if value, ok := a.effective[name]; ok {
			value.Value = strings.Join(lines, "\n")
			a.effective[name] = value
		}
	}
}

// application is the state between the assignments.
type application struct {
	release     Release
	assignments []Assignment
	loadsModule bool
	effective   map[string]Effective
	problems    []Problem
	points      savePoints
	lines       map[string][]string // of directives that add to each other, by name
	limits      bufferLimits
	limitFrom   [len(bufferLimits{})]int // assignment plus one that set the class
	renamed     map[string]bool          // commands, in lower case
	named       map[string]bool          // the names that they were given
	masters     map[string]bool          // names that Sentinel monitors
}

func (a *application) apply(i int) {
	assignment := a.assignments[i]
	d, ok := a.release.Directive(assignment.Name)
	if !ok {
		a.applyUnknown(i)
		return
	}
	got, from, refused := a.read(i, d)
	if refused != nil {
		a.refuse(i, d.Name, refused)
		return
	}
	if got.misread != "" {
		a.problems = append(a.problems, Problem{
			Assignment: i, Arg: -1, Kind: InvalidValue, Message: d.Name + ": " + got.misread,
		})
	}
	if d.Ignored || d.Name == "include" || len(from) == 0 {
		return
	}
	a.effective[d.Name] = Effective{Name: d.Name, Value: got.value, Args: assignment.Args, From: from}
}

// read returns the value of the directive after assignment i, and the
// assignments that it comes from.
func (a *application) read(i int, d Directive) (reading, []int, *refusal) {
	args := a.assignments[i].Args
	switch d.Name {
	case "save":
		return a.readSave(i, args)
	case "client-output-buffer-limit":
		return a.readBufferLimits(i, args)
	}
	got, refused := a.release.read(d, args)
	if refused == nil {
		switch d.Name {
		case "sentinel":
			if len(args) == 0 {
				return got, nil, nil
			}
			got, refused = a.readSentinel(args)
		case "rename-command":
			refused = a.renameCommand(args)
		case "dir":
			got.value = a.directory(got.value)
		}
	}
	if refused != nil || d.Type != FileOnly {
		return got, []int{i}, refused
	}
	return a.addLine(i, d.Name, got)
}

// addLine: the directives that CONFIG does not know do not replace each other.
func (a *application) addLine(i int, name string, got reading) (reading, []int, *refusal) {
	a.lines[name] = append(a.lines[name], got.value)
	return got, append(a.effective[name].From, i), nil
}

// readSave: the first save line drops the default, later ones add to it, and
// save "" empties it.
func (a *application) readSave(i int, args []string) (reading, []int, *refusal) {
	words := a.release.splitSingle(args)
	misread, refused := a.release.addSavePoints(&a.points, words)
	from := append(a.effective["save"].From, i)
	if len(words) == 1 && words[0] == "" {
		from = []int{i}
	}
	return reading{misread: misread}, from, refused.before(words, args)
}

// readBufferLimits: each line changes the classes that it names.
func (a *application) readBufferLimits(i int, args []string) (reading, []int, *refusal) {
	words := a.release.splitSingle(args)
	limits := a.limits
	misread, refused := a.release.setBufferLimits(&limits, words)
	if refused != nil {
		return reading{}, nil, refused.before(words, args)
	}
	a.limits = limits
	for at := 0; at < len(words); at += bufferWords {
		a.limitFrom[bufferClass(words[at])] = i + 1
	}
	var from []int
	for _, setter := range a.limitFrom {
		if setter > 0 {
			from = append(from, setter-1)
		}
	}
	slices.Sort(from)
	return reading{limits.String(), misread}, slices.Compact(from), nil
}

// directory: the server enters each directory at once, so a relative one starts
// from the one before.
func (a *application) directory(value string) string {
	before := a.effective["dir"].Value
	if path.IsAbs(value) || !path.IsAbs(before) {
		return value
	}
	return path.Join(before, value)
}

func (a *application) renameCommand(args []string) *refusal {
	command := strings.ToLower(args[0])
	if a.renamed[command] {
		return refuse(0, "names %q, which an earlier line has renamed already", args[0])
	}
	if !a.named[command] && !strings.Contains(command, "|") && a.release.LacksCommand(command) {
		return refuse(0, "names %q, which is no command of %s", args[0], a.release)
	}
	a.renamed[command] = true
	a.named[strings.ToLower(args[1])] = true
	return nil
}

func (a *application) readSentinel(args []string) (reading, *refusal) {
	got, refused := a.release.readSentinel(args)
	if refused == nil && strings.EqualFold(args[0], "monitor") {
		if a.masters[args[1]] {
			return reading{}, refuse(1, "monitor names %q twice", args[1])
		}
		a.masters[args[1]] = true
	}
	return got, refused
}

// checkMasters: a line may stand before the monitor line of its master, so this
// can only be said at the end.
func (a *application) checkMasters() {
	if !a.release.Known() {
		return
	}
	for _, i := range a.effective["sentinel"].From {
		args := a.assignments[i].Args
		d, ok := a.release.SentinelDirective(args[0])
		if ok && d.Master && !a.masters[args[1]] {
			a.refuse(i, "sentinel", refuse(1, "%s names %q, which no monitor line does", d.Name, args[1]))
		}
	}
}

// checkCluster: a cluster node finds its master in the cluster; the server
// refuses another (tried on 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2).
func (a *application) checkCluster() {
	replicaOf := a.effective["replicaof"]
	if a.effective["cluster-enabled"].Value == "yes" && replicaOf.Value != "" {
		a.refuse(replicaOf.From[0], "replicaof", refuse(-1, "cannot stand together with cluster-enabled yes"))
	}
}

// countDatabases: a cluster node has one database, whatever is said. It goes
// down to one when it has read its settings since Redis 7.2 (redis/redis:
// config.c, in 7.2-rc1 and not in 7.0.15), and so in Valkey until 8.1; Valkey
// 9.0 brought cluster-databases, and leaves databases alone. Seen: 16 on Redis
// 7.0.15 and Valkey 9.1.2, 1 on Redis 8.0.2 and Valkey 8.1.1, with "databases
// 64" too.
func (a *application) countDatabases() {
	cluster := a.effective["cluster-enabled"]
	if cluster.Value != "yes" || !a.release.reducesDatabases() || a.effective["databases"].Value == "1" {
		return
	}
	a.effective["databases"] = Effective{Name: "databases", Value: "1", Args: cluster.Args, From: cluster.From}
}

func (r Release) reducesDatabases() bool {
	return r.Engine == Redis && r.AtLeast(7, 2) || r.Engine == Valkey && !r.AtLeast(9, 0)
}

// pidfiles are where a server that goes into the background writes its number,
// where nothing else is said. KeyDB's is not known.
var pidfiles = map[Engine]string{Redis: "/var/run/redis.pid", Valkey: "/var/run/valkey.pid"}

// namePidfile: seen on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2; Valkey 7.2
// still has the name of Redis (server.h of 7.2.7 and 8.0.1).
func (a *application) namePidfile() {
	background, name := a.effective["daemonize"], pidfiles[a.release.Engine]
	if background.Value != "yes" || name == "" || a.effective["pidfile"].Value != "" {
		return
	}
	if a.release.Engine == Valkey && !a.release.AtLeast(8, 0) {
		name = pidfiles[Redis]
	}
	a.effective["pidfile"] = Effective{Name: "pidfile", Value: name, Args: background.Args, From: background.From}
}

func (a *application) refuse(i int, name string, refused *refusal) {
	a.problems = append(a.problems, Problem{
		Assignment: i,
		Arg:        refused.arg,
		Kind:       refused.kind,
		Fatal:      true,
		Uncertain:  a.release.Derived() && refused.kind != WrongArity,
		Message:    fmt.Sprintf("%s %s", name, refused.message),
		Suggestion: refused.suggestion,
	})
}
