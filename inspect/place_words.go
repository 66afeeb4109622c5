package inspect

import (
	"strings"

	"github.com/rcomp/rcomp/lint"
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
			at = lint.Span{File: found.File, Start: found.End, End: found.End}
			words = append(words, word{text: text, at: found})
			continue
		}
		place := script.at
		if len(words) > 0 {
			place = words[len(words)-1].at
		}
		for i, argument := range arguments {
			if argument.text == text {
				place, arguments = argument.at, arguments[i+1:]
				break
			}
		}
		words = append(words, word{text: text, at: place})
	}
	return words
}

func (s *Service) findWord(at lint.Span, text string, lines int) (lint.Span, bool) {
	if text == "" {
		return lint.Span{}, false
	}
	for _, written := range []string{lint.Plain(text), strings.ReplaceAll(lint.Plain(text), "$", "$$")} {
		if found, ok := s.Project.Find(at, written, lines); ok {
			return found, true
		}
	}
	return lint.Span{}, false
}

// beginning is where to look for a command, and how many lines from there. In
// a file of its own, and in a literal block, the script's lines are the file's.
func (s *Service) beginning(r run, script word) (at lint.Span, lines int) {
	at, lines = script.at, max(strings.Count(script.text, "\n")+2, script.at.End.Line-script.at.Start.Line+1)
	source := strings.Split(string(s.Project.Source(at.File)), "\n")
	text := strings.Split(script.text, "\n")
	if r.line < 1 || r.line > len(text) {
		return at, lines
	}
	first := at.Start.Line + r.line // behind the block's indicator
	if string(s.Project.Source(at.File)) == script.text {
		first = r.line
	}
	written := strings.TrimSpace(text[r.line-1])
	if first > len(source) || strings.ReplaceAll(strings.TrimSpace(source[first-1]), "$$", "$") != written {
		return at, lines
	}
	start := lint.Pos{Line: first, Column: 1}
	return lint.Span{File: at.File, Start: start, End: start}, lines
}
