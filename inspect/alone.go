package inspect

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// aloneDirectory is where a file that stands for itself is put, with all that
// is beside it. What it names elsewhere is not known.
const aloneDirectory = "/conf"

// Alone works out what a server makes of a conf file that no compose file
// brings it: redis.conf, sentinel.conf or users.acl. Without an engine, what
// is wrong with it is what every maintained release objects to. It is false
// where the file is for something else.
func Alone(project *compose.Project, told Holding) bool {
	file := project.Files[0]
	text := project.Text(file)
	lines, _ := redis.ParseConf(text.Source, redis.DefaultRelease(redis.Redis))
	if !isForServer(path.Base(file), lines) {
		return false
	}
	s := &Service{
		Service: compose.AloneService(project, path.Base(file)), Kind: kindOfConf(path.Base(file), lines),
		settings: map[string]Setting{}, expanded: map[string]bool{}, environment: func() []compose.Environment { return nil },
	}
	if told.Engine == "" && strings.Contains(strings.ToLower(file), string(redis.KeyDB)) {
		told.Engine = string(redis.KeyDB)
	}
	s.runs(told)
	s.files = newFiles(s.Service, false, nil)
	s.files.alone = true
	s.files.mounts = []Mount{{Target: aloneDirectory, Type: compose.TypeBind, Source: filepath.Join(project.Directory)}}
	s.Mounts = s.files.mounts
	c := &configuration{Service: s}
	target := path.Join(aloneDirectory, path.Base(file))
	if IsACL(file) {
		c.users(target, text)
	} else {
		c.conf(target, position.Span{File: file, Start: position.At(1, 1), End: position.At(1, 2)})
	}
	c.sentinel(process{kind: s.Kind})
	c.apply()
	if s.Opaque != "" {
		project.Note(s.OpaqueAt, s.Name, "not all of the configuration is known: "+unset.Plain(s.Opaque))
	}
	compose.Once(project, servicesKey{}, func() []*Service { return []*Service{s} })
	return true
}

// runs settles what a file is judged by.
func (s *Service) runs(told Holding) {
	if told.Engine == "" {
		s.candidates = redis.Maintained()
		s.Release = redis.DefaultRelease(redis.Redis)
		s.Image.Family = redis.OfficialRedis
		return
	}
	s.Image = redis.Image{}.As(redis.Engine(told.Engine), told.Version)
	s.Release, s.ReleaseKnown = s.Image.Release, s.Image.ReleaseKnown
	if !s.ReleaseKnown {
		s.Release = redis.DefaultRelease(redis.Engine(told.Engine))
	}
}

// kindOfConf is what reads a file: a sentinel where a line speaks of masters.
func kindOfConf(name string, lines []redis.Line) Kind {
	if strings.Contains(strings.ToLower(name), "sentinel") {
		return Sentinel
	}
	for _, line := range lines {
		if line.Name.Text == "sentinel" {
			return Sentinel
		}
	}
	return Server
}

// IsACL tells a file of ACL users by its name.
func IsACL(file string) bool { return strings.EqualFold(path.Ext(file), ".acl") }

// placeholder is what a program fills in before a server reads the file.
var placeholder = regexp.MustCompile(`\$\{\w+[^}]*\}|\$\w+|\{\{[^}]*\}\}`)

// leaveOpen takes what looks like a placeholder for one, and says so: by itself
// the file may as well be a template. A server reads it as it stands.
func (c *configuration) leaveOpen(e *entry) {
	line := strings.Join(e.Args, " ")
	found := placeholder.FindString(line)
	if found == "" {
		return
	}
	if !c.template {
		c.Project.Note(e.origin.Span, c.Name, fmt.Sprintf("what stands for %s and its like: the file may be a template, although a server itself fills nothing in", found))
	}
	c.template = true
	if strings.Contains(found, " ") {
		e.Args = strings.Fields(placeholder.ReplaceAllStringFunc(line, unset.Unknown))
		return
	}
	for i, arg := range e.Args {
		e.Args[i] = placeholder.ReplaceAllStringFunc(arg, unset.Unknown)
	}
}

// isForServer tells the conf of a server from those of other programs, which
// may be named after one too (nginx-redis.conf, sysctl.d/90-redis.conf): most of
// its lines are directives, or a quarter where its name speaks for it.
func isForServer(name string, lines []redis.Line) bool {
	name = strings.ToLower(name)
	if IsACL(name) {
		return len(lines) == 0 || lines[0].Name.Text == "user" || isNamedAfterServer(name)
	}
	known := 0
	for _, line := range lines {
		if isDirective(line.Name.Text) {
			known++
		}
	}
	if isNamedAfterServer(name) {
		return 4*known >= len(lines)
	}
	return known > 0 && 2*known > len(lines)
}

func isNamedAfterServer(name string) bool {
	for _, ours := range []string{"redis", "valkey", "keydb", "sentinel"} {
		if strings.Contains(name, ours) {
			return true
		}
	}
	return false
}

// isDirective reports whether any release knows a word at the beginning of a
// line.
func isDirective(word string) bool {
	for _, engine := range []redis.Engine{redis.Redis, redis.Valkey, redis.KeyDB} {
		if _, ok := redis.Since(engine, word); ok {
			return true
		}
	}
	return word == "sentinel"
}

// users reads an ACL file, whose lines are users and nothing else: a server
// stops at a comment in it (tried on 6.2, 7.0, 8.6 and Valkey 9.1).
func (c *configuration) users(target string, text *position.Text) {
	for number := 1; number <= text.Lines(); number++ {
		if said := strings.TrimSpace(text.Line(number)); strings.HasPrefix(said, "#") {
			c.problem(SyntaxProblem, text.LineSpan(number), "", "an ACL file takes no comments: the server stops at this line")
		}
	}
	lines, _ := redis.ParseConf(text.Source, c.Release)
	for _, line := range lines {
		at := wordsAt(text.File, line.Number, redis.FileLine{File: target, Line: line})
		if line.Name.Text != "user" || len(line.Args) == 0 {
			c.problem(SyntaxProblem, text.LineSpan(line.Number), "", `a line of an ACL file begins with "user" and a name: the server stops at this one`)
			continue
		}
		c.add(entry{
			Assignment: redis.Assignment{Name: "user", Args: line.Texts()},
			origin:     Origin{Kind: FromConf, Span: at.name}, name: at.name, args: at.args,
		})
	}
}
