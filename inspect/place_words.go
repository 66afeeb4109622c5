package inspect

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// placeRun finds the words of a script's command in the file that the script
// stands in, or among the arguments that the script was started with. A word
// that a variable brings is placed at the word before it.
func (s *Service) placeRun(r run, script word, arguments []word) []word {
	var words []word
	at, lines := s.beginning(r, script)
	for _, text := range r.words {
		if found, ok := s.findWord(at, text, lines); ok {
			lines -= found.Start.Line - at.Start.Line
			at = position.Span{File: found.File, Start: found.End, End: found.End}
			words = append(words, word{text: text, at: found})
			continue
		}
		place := script.at
		if len(words) > 0 {
			place = words[len(words)-1].at
		}
		if given := slices.IndexFunc(arguments, func(argument word) bool { return argument.text == text }); given >= 0 {
			place, arguments = arguments[given].at, arguments[given+1:]
		} else if before, ok := s.findBefore(text, script); ok {
			place = before
		}
		words = append(words, word{text: text, at: place})
	}
	return words
}

// findBefore finds an option that a script puts into a variable, or among its
// arguments, before it comes to the command.
func (s *Service) findBefore(text string, script word) (position.Span, bool) {
	if !strings.HasPrefix(text, "--") || len(text) < 4 {
		return position.Span{}, false
	}
	return s.findWord(script.at, text, linesOf(script))
}

// linesOf is over how many lines a script is written.
func linesOf(script word) int {
	return max(strings.Count(script.text, "\n")+2, script.at.End.Line-script.at.Start.Line+1, script.lines)
}

func (s *Service) findWord(at position.Span, text string, lines int) (position.Span, bool) {
	if text == "" {
		return position.Span{}, false
	}
	for _, written := range []string{unset.Plain(text), strings.ReplaceAll(unset.Plain(text), "$", "$$")} {
		if found, ok := s.Project.Find(at, written, lines); ok {
			return found, true
		}
	}
	return position.Span{}, false
}

// beginning is where to look for a command, and how many lines from there. In
// a file of its own, and in a literal block, the script's lines are the file's.
func (s *Service) beginning(r run, script word) (at position.Span, lines int) {
	at, lines = script.at, linesOf(script)
	offset := min(int(r.at.Offset()), len(script.text))
	before := script.text[:offset]
	if line, ok := s.lineOf(int(r.at.Line()), script); ok {
		at.Start, at.End = line, line
		before = before[strings.LastIndex(before, "\n")+1:]
	}
	// The same word may stand in front of it.
	for range strings.Count(before, r.words[0]) {
		found, ok := s.findWord(at, r.words[0], lines)
		if !ok {
			break
		}
		lines -= found.Start.Line - at.Start.Line
		at.Start, at.End = found.End, found.End
	}
	return at, lines
}

// lineOf finds a line of a script in its file, by number: ok is false where
// the file does not have it as a line of its own.
func (s *Service) lineOf(number int, script word) (start position.Pos, ok bool) {
	source := s.Project.Text(script.at.File)
	if source == nil {
		return start, false
	}
	first := number
	if string(source.Source) != script.text {
		first += script.at.Start.Line // behind the block's indicator
	}
	lines := strings.SplitN(script.text, "\n", number+1)
	if number < 1 || number > len(lines) || first > source.Lines() {
		return start, false
	}
	written := strings.ReplaceAll(strings.TrimSpace(source.Line(first)), "$$", "$")
	return position.Pos{Line: first, Column: 1}, written == strings.TrimSpace(lines[number-1])
}
