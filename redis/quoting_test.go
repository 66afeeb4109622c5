package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Releases that read differently.
var (
	release62 = Release{Redis, 6, 2}
	release63 = Release{KeyDB, 6, 3}
	release70 = Release{Redis, 7, 0}
	release86 = Release{Redis, 8, 6}
	release81 = Release{Valkey, 8, 1}
	release91 = Release{Valkey, 9, 1}
)

// The words of every case were read back with CONFIG GET proc-title-template
// from Redis 7.0.15.
func TestSplitWords(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       []string
	}{
		{"blanks of all kinds", "a  b\tc\vd", []string{"a", "b", "c\vd"}},
		{"vertical tab before a word", "a \vb", []string{"a", "b"}},
		{"double quotes", `a "b c"`, []string{"a", "b c"}},
		{"quotes inside a word", `a"b c"`, []string{"ab c"}},
		{"empty quotes", `a "" ''`, []string{"a", "", ""}},
		{"escapes", `"\x41\n\r\t\b\a\q\\\""`, []string{"A\n\r\t\b\aq\\\""}},
		{"hex with upper and lower case", `"\xfF\xZZ"`, []string{"\xffxZZ"}},
		{"hex cut short", `"\x4"`, []string{"x4"}},
		{"single quotes know only their own escape", `'a\'b\n'`, []string{`a'b\n`}},
		{"backslash outside quotes", `a\nb \`, []string{`a\nb`, `\`}},
		{"comment sign is an ordinary character", `a #b`, []string{"a", "#b"}},
		{"nothing", "  \t", []string{}},
		{"bytes that are no UTF-8", "a\xff \xc3", []string{"a\xff", "\xc3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []Release{release62, release70, release86, release81} {
				words, err := SplitWords(c.line, r)
				require.NoError(t, err)
				assert.Equal(t, c.want, words, r.String())
			}
		})
	}
}

func TestUnbalancedQuotes(t *testing.T) {
	for _, c := range []struct {
		line       string
		start, end int
		inValkey91 []string // nil: refused there too
	}{
		{`a "b`, 2, 4, nil},
		{`abc"def`, 3, 7, nil},
		{`'it`, 0, 3, nil},
		{`a "b\"`, 2, 6, nil},
		{`'a\\'`, 0, 5, nil}, // the second backslash escapes the quote
		{`'abc'def`, 0, 6, []string{"abcdef"}},
		{`a "b"# x`, 2, 6, []string{"a", "b#", "x"}},
		{`"a"'b'`, 0, 4, []string{"ab"}},
	} {
		t.Run(c.line, func(t *testing.T) {
			for _, r := range []Release{release62, release70, release86, release81} {
				_, err := splitTokens(c.line, r)
				require.NotNil(t, err, r.String())
				assert.Equal(t, []int{c.start, c.end}, []int{err.start, err.end})
				assert.Contains(t, err.Error(), "unbalanced quotes")
			}
			words, err := SplitWords(c.line, release91)
			if c.inValkey91 == nil {
				assert.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.inValkey91, words)
		})
	}
}

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"plain":    "plain",
		"":         `""`,
		"a b":      `"a b"`,
		`it's`:     `"it's"`,
		`a"b\`:     `"a\"b\\"`,
		`back\s`:   `back\s`,
		"l\nf":     `"l\nf"`,
		"\x01ü":    `"\x01ü"`,
		"#p@ss":    "#p@ss",
		"\x7f\xff": "\"\\x7f\xff\"",
	} {
		assert.Equal(t, want, Quote(text))
	}
}

// FuzzQuote holds that every release reads back what Quote writes.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"", "a b", `\x41`, "'\"", "\v\f", "#", "\xff\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range []Release{release62, release86, release91} {
			words, err := SplitWords("x "+Quote(text)+" y", r)
			require.NoError(t, err)
			require.Equal(t, []string{"x", text, "y"}, words)
		}
		require.NotContains(t, Quote(strings.ReplaceAll(text, "\x00", "")), "\n")
	})
}
