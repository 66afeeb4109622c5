package report

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/position"

	"golang.org/x/text/width"
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

// excerpt quotes a line and marks the part that a span covers, up to the end
// of the line where the span goes on. It is not ok where there is no line.
func excerpt(line []byte, at position.Span) (q quotation, ok bool) {
	if line == nil {
		return quotation{}, false
	}
	text := string(line)
	length := utf8.RuneCountInString(text)
	start, end := min(max(at.Start.Column-1, 0), length), at.End.Column-1
	if at.End.Line > at.Start.Line {
		end = utf8.RuneCount(bytes.TrimRight(line, " \t"))
	}
	end = max(end, start+1)
	first := 0
	if !fits(text, end) {
		first = start - lead(text, start)
	}
	return quote(text, first, start, end), true
}

// quote shows a line from one of its characters on, and marks those from
// start to end.
func quote(text string, first, start, end int) quotation {
	var shown, indent, mark strings.Builder
	if first > 0 {
		shown.WriteString(cutMark)
		indent.WriteString(" ")
	}
	offset, used := skipRunes(text, first), 0
	for column := first; offset < len(text) || column == start; column++ {
		cell, blank, cells, size := nextCell(text, offset)
		if used += cells; used > maxExcerpt {
			shown.WriteString(cutMark)
			break
		}
		shown.WriteString(cell)
		offset += size
		switch {
		case column < start:
			indent.WriteString(blank)
		case column < end && blank == "\t":
			mark.WriteString("\t")
		case column < end:
			mark.WriteString(strings.Repeat("^", cells))
		}
	}
	return quotation{strings.TrimRight(shown.String(), " "), indent.String(), mark.String()}
}

// fits tells whether the first characters of a text can be shown whole.
func fits(text string, count int) bool {
	offset, used := 0, 0
	for column := 0; column < count && offset < len(text) && used <= maxExcerpt; column++ {
		_, _, cells, size := nextCell(text, offset)
		offset += size
		used += cells
	}
	return used <= maxExcerpt
}

// lead returns how many characters before one of a text to show with it.
func lead(text string, start int) int {
	count, used := 0, 0
	for offset := skipRunes(text, start); offset > 0; count++ {
		_, size := utf8.DecodeLastRuneInString(text[:offset])
		offset -= size
		_, _, cells, _ := nextCell(text, offset)
		if used += cells; used > excerptLead {
			break
		}
	}
	return count
}

// skipRunes returns the offset in bytes behind the first characters of a text.
func skipRunes(text string, count int) int {
	offset := 0
	for ; count > 0 && offset < len(text); count-- {
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	return offset
}

// nextCell returns the character at an offset as it is shown, blanks as wide
// as it, how many cells it fills, and its size in bytes. The end of a text is
// one empty cell: a fault can stand there.
func nextCell(text string, offset int) (shown, blank string, cells, size int) {
	if offset == len(text) {
		return "", " ", 1, 0
	}
	if text[offset] == '\t' {
		return "\t", "\t", tabCells, 1
	}
	shown, size = cleanNext(text[:offset], text[offset:])
	cells = len(shown) // of an escape
	if original := text[offset : offset+size]; shown == original {
		cells = runeWidth(original)
	}
	return shown, strings.Repeat(" ", cells), cells, size
}

// runeWidth returns how many cells of a terminal a printing character fills.
func runeWidth(text string) int {
	r, _ := utf8.DecodeRuneInString(text)
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0 // it is drawn over the character before it
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
