package display

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Hidden stands in the place of a secret, whatever its length.
const Hidden = "(secret)"

// Place is where a secret stands: the bytes from Start to End of a line, to the
// line's end where End is -1.
type Place struct {
	File       string
	Line       int // counted from 1
	Start, End int
}

// Range is a stretch of a text, in bytes.
type Range struct{ Start, End int }

// Secrets are the secrets that the files of a run hold. They are hidden in two
// ways. Where a secret is written, it is hidden whatever it says: that is what
// excerpts ask for. Anywhere else, as in a message, only its text can be looked
// for, and that is done for distinctive ones: who takes "redis" for a password
// would else read of "(secret) 7.4". Those who find secrets decide which are.
//
// A text is found in any case, and as messages and formats write it: quoted,
// escaped, percent-encoded, with the dollars of Compose doubled. One of fewer
// than eight bytes is hidden where it is a word of its own, a longer one also
// within others.
//
// A nil *Secrets hides nothing.
type Secrets struct {
	places map[string]map[int][]Place
	values func() []value // sorted
}

// value is a text to hide, in lower case.
type value struct {
	text   string
	prefix int // index of the longest other value that it begins with, -1 none
}

// NewSecrets makes a set of secrets from their places and distinctive texts.
func NewSecrets(places []Place, texts []string) *Secrets {
	s := &Secrets{places: map[string]map[int][]Place{}}
	for _, place := range places {
		if s.places[place.File] == nil {
			s.places[place.File] = map[int][]Place{}
		}
		s.places[place.File][place.Line] = append(s.places[place.File][place.Line], place)
	}
	s.values = sync.OnceValue(func() []value { return newValues(texts) })
	return s
}

// The shortest text that is looked for, and the shortest that is found within
// other words.
const (
	shortest     = 4
	shortestPart = 8
)

func newValues(texts []string) []value {
	var all []string
	for _, text := range texts {
		for _, form := range Forms(text) {
			if len(form) >= shortest {
				all = append(all, lower(form))
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	values := make([]value, len(all))
	for i, text := range all {
		prefix := i - 1
		for prefix >= 0 && !strings.HasPrefix(text, all[prefix]) {
			prefix = values[prefix].prefix
		}
		values[i] = value{text, prefix}
	}
	return values
}

// longForm bounds the texts that are looked for in every form, in bytes.
const longForm = 4 << 10

// Forms lists how a text may be written: as it is first.
func Forms(text string) []string {
	forms := []string{text}
	if len(text) > longForm || !strings.ContainsFunc(text, isEscaped) {
		return forms
	}
	quoted, ascii := strconv.Quote(text), strconv.QuoteToASCII(text)
	for _, form := range []string{
		quoted[1 : len(quoted)-1], ascii[1 : len(ascii)-1], Clean(text),
		strings.ReplaceAll(text, "$", "$$"), strings.ReplaceAll(text, "$$", "$"),
		strings.ReplaceAll(text, "'", "''"), strings.ReplaceAll(text, `\`, ""), strings.ReplaceAll(text, `"`, `\"`),
		url.QueryEscape(text), url.PathEscape(text), unescaped(text), strings.Join(strings.Fields(text), " "),
	} {
		if !slices.Contains(forms, form) && form != "" {
			forms = append(forms, form)
		}
	}
	return forms
}

// isEscaped reports whether some notation writes a character in another way.
func isEscaped(r rune) bool {
	return r >= 0x80 || !isWord(byte(r)) && r != '-' && r != '.'
}

func unescaped(text string) string {
	plain, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	return plain
}

// lower lowers ASCII letters, which keeps all offsets.
func lower(text string) string {
	return string(toLower([]byte(text)))
}

func toLower(text []byte) []byte {
	for i, b := range text {
		if 'A' <= b && b <= 'Z' {
			text[i] = b + 'a' - 'A'
		}
	}
	return text
}

// Hide returns a text without the secrets in it. A text that was cut, and ends
// with …, may end with the beginning of one: that goes too.
func (s *Secrets) Hide(text string) string {
	if s == nil || text == "" {
		return text
	}
	return hide(text, s.within(text))
}

func hide(text string, ranges []Range) string {
	if len(ranges) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, r := range ranges {
		b.WriteString(text[at:r.Start])
		b.WriteString(Hidden)
		at = r.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// InLine returns what is to be hidden of a line of a file: ordered ranges
// that do not touch.
func (s *Secrets) InLine(file string, line int, text string) []Range {
	if s == nil {
		return nil
	}
	ranges := s.within(text)
	for _, place := range s.places[file][line] {
		start, end := min(max(place.Start, 0), len(text)), place.End
		if end < 0 || end > len(text) {
			end = len(text)
		}
		if start < end {
			ranges = append(ranges, Range{start, end})
		}
	}
	return merged(ranges)
}

func merged(ranges []Range) []Range {
	slices.SortFunc(ranges, func(a, b Range) int { return a.Start - b.Start })
	var result []Range
	for _, r := range ranges {
		if last := len(result) - 1; last >= 0 && r.Start <= result[last].End {
			result[last].End = max(result[last].End, r.End)
			continue
		}
		result = append(result, r)
	}
	return result
}

// within finds the distinctive texts in a text.
func (s *Secrets) within(text string) []Range {
	values := s.values()
	if len(values) == 0 {
		return nil
	}
	folded := lower(text)
	var ranges []Range
	for at := 0; at < len(folded); at++ {
		if end := longestAt(values, folded, at); end > at {
			ranges = append(ranges, Range{at, end})
			at = end - 1
		}
	}
	if body, wasCut := strings.CutSuffix(folded, "…"); wasCut {
		if start := beginningOf(values, body); start >= 0 {
			ranges = merged(append(ranges, Range{start, len(body)}))
		}
	}
	return ranges
}

// longestAt returns where the longest value ends that stands at a place, -1
// where none does. A value that begins a text sorts at or before it, and
// begins everything that sorts between.
func longestAt(values []value, text string, at int) int {
	rest := text[at:]
	i := sort.Search(len(values), func(i int) bool { return values[i].text > rest }) - 1
	for ; i >= 0; i = values[i].prefix {
		found := values[i].text
		if strings.HasPrefix(rest, found) && (len(found) >= shortestPart || StandsAlone(text, at, at+len(found))) {
			return at + len(found)
		}
	}
	return -1
}

// beginningOf returns where a value begins that goes on past a text's end.
func beginningOf(values []value, text string) int {
	for at := max(0, len(text)-longForm); at+shortest <= len(text); at++ {
		i := sort.Search(len(values), func(i int) bool { return values[i].text >= text[at:] })
		if i < len(values) && strings.HasPrefix(values[i].text, text[at:]) {
			return at
		}
	}
	return -1
}

// StandsAlone reports whether a stretch of a text is not a part of a longer
// word.
func StandsAlone(text string, start, end int) bool {
	return (start == 0 || !isWord(text[start-1]) || !isWord(text[start])) &&
		(end == len(text) || !isWord(text[end-1]) || !isWord(text[end]))
}

func isWord(b byte) bool {
	return isLetter(b) || '0' <= b && b <= '9' || b == '_' || b >= 0x80
}

// Masked is a line of a file with what is to be hidden of it replaced.
func (s *Secrets) Masked(file string, line int, text string) string {
	var b strings.Builder
	at := 0
	for _, r := range s.InLine(file, line, text) {
		b.WriteString(text[at:r.Start] + Hidden)
		at = r.End
	}
	return b.String() + text[at:]
}
