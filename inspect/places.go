package inspect

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/redis"
)

// placer finds where a line that a server reads stands in the project: in a
// mounted file, in a config of the compose file, or, for a file that a start
// script puts together, in one of the files it is made of or in the script.
type placer struct {
	service *Service
	seen    []content
	cursor  map[string]int              // per file, the line behind the last one found
	lines   map[string]map[string][]int // per file, where each line stands
	written map[string][]string         // the lines of files that a script, or a RUN, writes
}

// linePlace is where a line's words stand.
type linePlace struct {
	name     position.Span
	args     []position.Span
	inScript bool
}

// line places a line of a conf file.
func (p *placer) line(line redis.FileLine) linePlace {
	found := p.service.files.read(line.File)
	_, written := p.service.files.written.lookup(line.File)
	switch {
	case len(found.scripts) > 0:
		// What a RUN says is in no process's arguments.
		place := p.assembled(line, found.text, found.scripts)
		place.inScript = false
		return place
	case written && found.shown == "" && p.service.script != nil:
		return p.assembled(line, found.text, []word{*p.service.script})
	case written && found.shown == "":
		return p.assembled(line, found.text, nil)
	case found.inline != nil:
		return p.inline(line, *found.inline)
	case found.above > 0:
		return p.below(line, found)
	}
	return wordsAt(found.shown, line.Number, line)
}

// wordsAt places the words of a line that stands as it is in a file.
func wordsAt(file string, number int, line redis.FileLine) linePlace {
	span := func(w redis.Word) position.Span {
		return position.Span{File: file, Start: position.Pos{Line: number, Column: w.Column}, End: position.Pos{Line: number, Column: w.EndColumn}}
	}
	place := linePlace{name: span(line.Name)}
	for _, argument := range line.Args {
		place.args = append(place.args, span(argument))
	}
	return place
}

// below places a line of a here-document: the lines are those of the file, the
// columns only as far as no variable and no tab is taken away in front.
func (p *placer) below(line redis.FileLine, found content) linePlace {
	number := found.above + line.Number
	place := wordsAt(found.shown, number, line)
	at := position.Span{File: found.shown, Start: position.At(number, 1)}
	if name, ok := p.service.Project.Find(at, line.Name.Text, 1); ok {
		place.name = moved(place.name, name.Start.Column-line.Name.Column)
		for i := range place.args {
			place.args[i] = moved(place.args[i], name.Start.Column-line.Name.Column)
		}
	}
	return place
}

// assembled places a line of a file that a start script, or a RUN, writes.
func (p *placer) assembled(line redis.FileLine, text string, scripts []word) linePlace {
	lines := p.split(line.File, text)
	if line.Number > len(lines) {
		return p.inScript(line, "", scripts)
	}
	wanted := lines[line.Number-1]
	if p.cursor == nil {
		p.cursor = map[string]int{}
	}
	for _, file := range p.seen {
		numbers := p.linesOf(file)[wanted]
		if at, _ := slices.BinarySearch(numbers, p.cursor[file.shown]); at < len(numbers) {
			p.cursor[file.shown] = numbers[at] + 1
			return wordsAt(file.shown, numbers[at]+1, line)
		}
	}
	return p.inScript(line, wanted, scripts)
}

// split returns the lines of a file that a script, or a RUN, writes.
func (p *placer) split(file, text string) []string {
	if known, ok := p.written[file]; ok {
		return known
	}
	if p.written == nil {
		p.written = map[string][]string{}
	}
	p.written[file] = strings.Split(text, "\n")
	return p.written[file]
}

// linesOf lists where each line of a file stands, counted from 0.
func (p *placer) linesOf(file content) map[string][]int {
	if known, ok := p.lines[file.shown]; ok {
		return known
	}
	if p.lines == nil {
		p.lines = map[string]map[string][]int{}
	}
	all := map[string][]int{}
	for number, text := range strings.Split(file.text, "\n") {
		all[text] = append(all[text], number)
	}
	p.lines[file.shown] = all
	return all
}

// inScript places a line in the texts of the scripts that wrote it: where it
// stands as a whole, or else its name, in the last of them first.
func (p *placer) inScript(line redis.FileLine, written string, scripts []word) linePlace {
	if len(scripts) == 0 {
		return everywhere(p.service.Span(), line)
	}
	for _, text := range []string{strings.TrimSpace(written), line.Name.Text} {
		for _, script := range slices.Backward(scripts) {
			lines := max(strings.Count(script.text, "\n")+2, script.lines)
			if found, ok := p.service.Project.Find(script.at, unset.Plain(text), lines); ok {
				place := everywhere(found, line)
				place.inScript = true
				return place
			}
		}
	}
	return everywhere(scripts[len(scripts)-1].at, line)
}

func everywhere(at position.Span, line redis.FileLine) linePlace {
	place := linePlace{name: at}
	for range line.Args {
		place.args = append(place.args, at)
	}
	return place
}

// inline places a line of a config whose content stands in the compose file.
func (p *placer) inline(line redis.FileLine, mount Mount) linePlace {
	at := p.service.Project.Lookup("configs", mount.Source, "content")
	lines := strings.Split(mount.content, "\n")
	if line.Number > len(lines) {
		return everywhere(at, line)
	}
	wanted := strings.TrimSpace(lines[line.Number-1])
	found, ok := p.service.Project.Find(at, wanted, len(lines)+2)
	if !ok {
		if found, ok = p.service.Project.Find(at, line.Name.Text, len(lines)+2); !ok {
			return everywhere(at, line)
		}
	}
	shift := found.Start.Column - line.Name.Column
	place := wordsAt(found.File, found.Start.Line, line)
	place.name = moved(place.name, shift)
	for i := range place.args {
		place.args[i] = moved(place.args[i], shift)
	}
	return place
}

func moved(span position.Span, columns int) position.Span {
	span.Start.Column += columns
	span.End.Column += columns
	return span
}

// problem places what is wrong with a conf file.
func (p *placer) problem(problem *redis.FileError) position.Span {
	line := redis.FileLine{File: problem.File, Line: redis.Line{
		Number: max(problem.Line, 1),
		Name:   redis.Word{Column: max(problem.Column, 1), EndColumn: max(problem.EndColumn, problem.Column+1, 2)},
	}}
	at := p.line(line).name
	if at.File == "" {
		return p.service.Span()
	}
	return at
}
