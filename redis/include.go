package redis

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// ErrFileUnknown is what a read function given to ExpandIncludes returns (or
// wraps) for a file whose content cannot be known, say in a named volume: no
// fault, but what it sets is unknown.
var ErrFileUnknown = errors.New("the content of the file is not known")

// FileLine is a line of redis.conf and the file that it begins in, as the path
// by which the server opened it. Where the server joins the first line of
// another file to it (which is reported), words have columns beyond the line's
// end.
type FileLine struct {
	File string
	Line
}

// FileError is something about a conf file that the server stumbles over. File,
// Line and columns say where; Line 0 means the file as a whole. Err is what
// reading returned, nil otherwise. Fatal says that the server does not start.
type FileError struct {
	File                    string
	Line, Column, EndColumn int
	Message                 string
	Fatal                   bool
	Err                     error
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

func (e *FileError) Unwrap() error { return e.Err }

// Bounds of an expansion: a server has none and dies of its stack, so what lies
// beyond is reported as a loop.
const (
	maxIncludeDepth = 64
	maxIncludeFiles = 1000
	maxIncludeLines = 200_000 // from which on no further file is read
)

// ExpandIncludes returns the lines of the conf file, with the lines of an
// included file in the place of its include line, in the order in which the
// server reads them. Paths are those of the server's file system; relative
// ones, conf too, start at directory, which a dir line changes for all lines
// after it. read returns a file's content; for a directory it returns nothing
// and no error, as a server reads one as an empty file. glob returns the files
// that match a pattern, which is asked only from Redis 7.0 on: before, a
// pattern is a file name like any other. A missing file is fatal, a pattern
// without match is not.
func ExpandIncludes(conf, directory string, r Release, read func(path string) ([]byte, error), glob func(pattern string) ([]string, error)) (lines []FileLine, problems []*FileError) {
	x := expansion{release: r, directory: directory, read: read, glob: glob}
	x.load(conf, FileLine{File: resolve(directory, conf)})
	return x.lines, x.problems
}

type expansion struct {
	release   Release
	directory string
	read      func(string) ([]byte, error)
	glob      func(string) ([]string, error)
	lines     []FileLine
	problems  []*FileError
	open      []visit
	files     int
	ended     bool // a bound was met, and said
}

// visit is a load under way. The same pattern met again in the same directory
// while it is open can only go on for ever.
type visit struct{ pattern, directory string }

// load reads what an include line (or the conf word of argv, then from has no
// number) names.
func (x *expansion) load(pattern string, from FileLine) {
	if x.ended {
		return
	}
	v := visit{pattern, x.directory}
	if slices.Contains(x.open, v) || len(x.open) >= maxIncludeDepth {
		x.report(from, &FileError{Message: fmt.Sprintf("include loop: %q is being read already; the server recurses until it crashes", pattern), Fatal: true})
		return
	}
	x.open = append(x.open, v)
	defer func() { x.open = x.open[:len(x.open)-1] }()
	var sources []source
	for _, file := range x.match(pattern, from) {
		content, ok := x.readFile(file, from)
		if !ok {
			continue
		}
		sources = append(sources, source{file: file, content: content})
	}
	x.lay(sources)
}

// match returns the files that a pattern stands for.
func (x *expansion) match(pattern string, from FileLine) []string {
	full := resolve(x.directory, pattern)
	if !x.release.IsPattern(pattern) {
		return []string{full}
	}
	files, err := x.glob(full)
	if err != nil {
		x.report(from, &FileError{Message: fmt.Sprintf("the files that match %q cannot be listed: %v", pattern, err), Err: err})
	}
	// glob(3) sorts, in containers by bytes.
	return slices.Sorted(slices.Values(files))
}

// IsPattern tells whether include, and the conf word of the arguments, take a
// name for a pattern: since 7.0 (tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and
// 9.1.2; a pattern without match is an empty conf).
func (r Release) IsPattern(name string) bool {
	return !r.before70() && strings.ContainsAny(name, "*?[")
}

// before70 says whether the release has the conf and argv reader of Redis
// before 7.0, which KeyDB kept. An unknown release counts as newer.
func (r Release) before70() bool {
	return r.Engine == KeyDB || r.Engine == Redis && r.Major > 0 && r.Major < 7
}

func (x *expansion) readFile(file string, from FileLine) ([]byte, bool) {
	if x.ended {
		return nil, false
	}
	x.files++
	if x.files > maxIncludeFiles || len(x.lines) > maxIncludeLines {
		x.ended = true
		x.report(from, &FileError{Message: fmt.Sprintf("more than %d files or %d lines are included; the rest is left out", maxIncludeFiles, maxIncludeLines), Err: ErrFileUnknown})
		return nil, false
	}
	content, err := x.read(file)
	switch {
	case err == nil:
		return content, true
	case errors.Is(err, fs.ErrNotExist):
		x.report(from, &FileError{Message: fmt.Sprintf("%q does not exist; the server does not start without it", file), Fatal: true, Err: err})
	case errors.Is(err, fs.ErrPermission):
		x.report(from, &FileError{Message: fmt.Sprintf("%q cannot be read: %v", file, err), Err: err})
	default:
		x.report(from, &FileError{Message: fmt.Sprintf("%q: %v", file, err), Err: err})
	}
	return nil, false
}

// report adds a problem at the include line.
func (x *expansion) report(from FileLine, problem *FileError) {
	problem.File, problem.Line = from.File, from.Number
	if len(from.Args) > 0 {
		problem.Column, problem.EndColumn = from.Args[0].Column, from.Args[0].EndColumn
	}
	x.problems = append(x.problems, problem)
}

// source is a file's name and content, and where it came to lie in the text
// that the server reads.
type source struct {
	file    string
	content []byte
	first   int // the line of the text that holds the file's first line
	begins  int // the first line of the text that begins in this file: one more where the file before has no line end
}

// lay reads the sources as the one text that the server makes of all files that
// match a pattern, and appends their lines.
func (x *expansion) lay(sources []source) {
	var text []byte
	for i := range sources {
		s := &sources[i]
		s.first = bytes.Count(text, []byte("\n")) + 1
		s.begins = s.first
		if len(text) > 0 && text[len(text)-1] != '\n' {
			s.begins++
			x.reportJoin(sources[i-1], *s)
		}
		text = append(text, s.content...)
	}
	lines, problems := ParseConf(text, x.release)
	for _, p := range problems {
		file, number := place(sources, p.Line)
		x.problems = append(x.problems, &FileError{File: file, Line: number, Column: p.Column, EndColumn: p.EndColumn, Message: p.Message, Fatal: true})
	}
	for _, line := range lines {
		if x.ended {
			return
		}
		placed := FileLine{Line: line}
		placed.File, placed.Number = place(sources, line.Number)
		x.take(placed)
	}
}

// place finds the file in which a line of the text begins, and the line's number there.
func place(sources []source, number int) (file string, line int) {
	for _, s := range slices.Backward(sources) {
		if s.begins <= number {
			return s.file, number - s.first + 1
		}
	}
	return "", 0
}

// reportJoin says that the first file of a pattern has no line end at its last
// line. The server reads on into the next file as if there were no border, so
// two directives become one line.
func (x *expansion) reportJoin(first, second source) {
	last := first.content[bytes.LastIndexByte(first.content, '\n')+1:]
	x.problems = append(x.problems, &FileError{
		File: first.file, Line: bytes.Count(first.content, []byte("\n")) + 1,
		Column: 1, EndColumn: len([]rune(string(last))) + 1,
		Message: fmt.Sprintf("no line end after the last line, so the server joins the first line of %q to it; end the file with a line end", second.file),
	})
}

// take appends a line, or what its include brings, and follows a dir line.
func (x *expansion) take(line FileLine) {
	single := len(line.Args) == 1
	if line.Name.Text == "include" && single {
		x.load(line.Args[0].Text, line)
		return
	}
	if line.Name.Text == "dir" && single {
		x.directory = resolve(x.directory, line.Args[0].Text)
	}
	x.lines = append(x.lines, line)
}

// resolve makes a path of the server's file system absolute.
func resolve(directory, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(directory, name)
}
