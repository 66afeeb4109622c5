package report

import (
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/width"

	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// How much of a line is shown, in terminal cells. Of a longer line the part
// around the fault is shown.
const (
	maxExcerpt  = 120
	minExcerpt  = 20 // however narrow a window is
	excerptLead = 30 // what is shown before the fault when the line is cut, at most a quarter of it
	cutMark     = "…"
	tabCells    = 8 // at most; a tab reaches to the next tab stop
)

// quotation is a line as it is shown: indent and mark stand below it.
type quotation struct{ line, indent, mark string }

// sourceLine is a line of a file, with the stretches of it that are secrets.
type sourceLine struct {
	text   string
	hidden []display.Range // in bytes, in order
	ascii  bool
}

func newSourceLine(text string, hidden []display.Range) sourceLine {
	isASCII := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	return sourceLine{text, hidden, isASCII}
}

// excerpt quotes a line and marks the part that a span covers, up to the end
// of the line where the span goes on.
func excerpt(line sourceLine, at position.Span, room int) quotation {
	start := line.offset(at.Start.Column - 1)
	end := line.offset(at.End.Column - 1)
	if at.End.Line > at.Start.Line {
		end = len(strings.TrimRight(line.text, " \t"))
	}
	start = line.cellAt(start)
	first := 0
	if !line.fits(max(end, start+1), room) {
		first = line.lead(start, min(excerptLead, room/4))
	}
	return line.quote(first, start, end, room)
}

// quote shows a line from one of its cells on, and marks those from start to
// end: at least the first of them.
func (l sourceLine) quote(first, start, end, room int) quotation {
	var shown, indent, mark strings.Builder
	if first > 0 {
		shown.WriteString(cutMark)
		indent.WriteString(" ")
	}
	used := 0
	for at := first; at < len(l.text) || at == start; {
		c := l.next(at)
		if used += c.width; used > room {
			shown.WriteString(cutMark)
			break
		}
		shown.WriteString(c.shown)
		switch marked := at == start || at > start && at < end; {
		case at < start:
			indent.WriteString(c.blank)
		case marked && c.blank == "\t":
			mark.WriteString("\t")
		case marked:
			mark.WriteString(strings.Repeat("^", c.width))
		}
		at += max(c.size, 1)
	}
	return quotation{strings.TrimRight(shown.String(), " "), indent.String(), mark.String()}
}

// fits tells whether a line can be shown whole up to an offset.
func (l sourceLine) fits(end, room int) bool {
	used := 0
	for at := 0; at < end && at < len(l.text) && used <= room; {
		c := l.next(at)
		at += c.size
		used += c.width
	}
	return used <= room
}

// lead returns where to begin so that something is seen before a place.
func (l sourceLine) lead(start, most int) int {
	first, used := start, 0
	for first > 0 {
		_, size := utf8.DecodeLastRuneInString(l.text[:first])
		before := l.cellAt(first - size)
		if used += l.next(before).width; used > most {
			break
		}
		first = before
	}
	return first
}

// offset returns where a character of a line begins, in bytes; the line's
// length where it has no such character.
func (l sourceLine) offset(characters int) int {
	offset := 0
	if l.ascii {
		return min(max(characters, 0), len(l.text))
	}
	for ; characters > 0 && offset < len(l.text); characters-- {
		_, size := utf8.DecodeRuneInString(l.text[offset:])
		offset += size
	}
	return offset
}

// cellAt returns where the cell begins that an offset lies in: a secret is
// one, whatever its length.
func (l sourceLine) cellAt(offset int) int {
	if r, ok := l.hiddenAt(offset); ok {
		return r.Start
	}
	return offset
}

func (l sourceLine) hiddenAt(offset int) (display.Range, bool) {
	i := sort.Search(len(l.hidden), func(i int) bool { return l.hidden[i].End > offset })
	if i < len(l.hidden) && l.hidden[i].Start <= offset {
		return l.hidden[i], true
	}
	return display.Range{}, false
}

// cell is a piece of a line as it is shown: a character, or a secret.
type cell struct {
	shown string
	blank string // as wide
	width int    // in cells of a terminal
	size  int    // in bytes of the line
}

// next returns the cell at an offset. The end of a line is an empty one: a
// fault can stand there.
func (l sourceLine) next(offset int) cell {
	if offset >= len(l.text) {
		return cell{"", " ", 1, 0}
	}
	if l.text[offset] == '\t' {
		return cell{"\t", "\t", tabCells, 1}
	}
	if r, ok := l.hiddenAt(offset); ok {
		return newCell(display.Hidden, len(display.Hidden), r.End-offset)
	}
	if !l.ascii {
		if c, ok := l.cluster(offset); ok {
			return c
		}
	}
	shown, size := display.CleanNext(l.text[:offset], l.text[offset:])
	r, _ := utf8.DecodeRuneInString(l.text[offset:])
	switch {
	case shown != l.text[offset:offset+size]:
		return newCell(shown, len(shown), size)
	case !isCombining(r):
		return newCell(shown, runeWidth(r), size)
	}
	// It is drawn over the character before it. Of a heap of them only the
	// first is: a line has a width.
	if before, _ := utf8.DecodeLastRuneInString(l.text[:offset]); !isCombining(before) {
		return newCell(shown, 0, size)
	}
	quoted := strconv.QuoteRuneToASCII(r)
	return newCell(quoted[1:len(quoted)-1], len(quoted)-2, size)
}

// maxCluster bounds what is drawn as one character, in bytes: the longest that
// means something is a family of four with skin tones.
const maxCluster = 48

// cluster returns several characters that a terminal draws as one, such as a
// letter with its accent, a flag, or a sign that a selector makes a picture. ok
// is false where there is only one, or one of them is not drawn.
func (l sourceLine) cluster(offset int) (c cell, ok bool) {
	rest := l.text[offset:min(offset+2*maxCluster, len(l.text))]
	text, _, width, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
	if len(text) > maxCluster || utf8.RuneCountInString(text) < 2 || display.Clean(text) != text {
		return cell{}, false
	}
	if strings.Count(text, "\u200d") == 0 && combining(text) > 1 {
		return cell{}, false // of a heap of accents only the first is drawn
	}
	for i := range text {
		if _, hidden := l.hiddenAt(offset + i); hidden {
			return cell{}, false
		}
	}
	return newCell(text, width, len(text)), true
}

func combining(text string) int {
	count := 0
	for _, r := range text {
		if isCombining(r) {
			count++
		}
	}
	return count
}

func newCell(shown string, width, size int) cell {
	return cell{shown, strings.Repeat(" ", width), width, size}
}

func isCombining(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me) }

// runeWidth returns how many cells of a terminal a printing character fills.
func runeWidth(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
