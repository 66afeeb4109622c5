package report

import (
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// How much of a line is shown, in terminal cells. Of a longer line the part
// around the fault is shown.
const (
	maxExcerpt  = 120
	excerptLead = 30 // what is shown before the fault when the line is cut
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
func excerpt(line sourceLine, at position.Span) quotation {
	start := line.offset(at.Start.Column - 1)
	end := line.offset(at.End.Column - 1)
	if at.End.Line > at.Start.Line {
		end = len(strings.TrimRight(line.text, " \t"))
	}
	start = line.cellAt(start)
	first := 0
	if !line.fits(max(end, start+1)) {
		first = line.lead(start)
	}
	return line.quote(first, start, end)
}

// quote shows a line from one of its cells on, and marks those from start to
// end: at least the first of them.
func (l sourceLine) quote(first, start, end int) quotation {
	var shown, indent, mark strings.Builder
	if first > 0 {
		shown.WriteString(cutMark)
		indent.WriteString(" ")
	}
	used := 0
	for at := first; at < len(l.text) || at == start; {
		c := l.next(at)
		if used += c.width; used > maxExcerpt {
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
func (l sourceLine) fits(end int) bool {
	used := 0
	for at := 0; at < end && at < len(l.text) && used <= maxExcerpt; {
		c := l.next(at)
		at += c.size
		used += c.width
	}
	return used <= maxExcerpt
}

// lead returns where to begin so that something is seen before a place.
func (l sourceLine) lead(start int) int {
	first, used := start, 0
	for first > 0 {
		_, size := utf8.DecodeLastRuneInString(l.text[:first])
		before := l.cellAt(first - size)
		if used += l.next(before).width; used > excerptLead {
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
