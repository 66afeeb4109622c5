package redis

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseConf(t *testing.T) {
	src := "# comment\r\n" +
		"\r\n" +
		"\tMaxMemory  100mb\t\r\n" +
		"requirepass abc#def\n" +
		"  # indented comment\n" +
		"save 900 1 # note\n" +
		"requirepass \"pä\\x73s \" x\n" +
		"\"hz\" 20\n" +
		"requirepass ${REDIS_PASSWORD}\n" +
		"include d/*.conf"
	lines, problems := ParseConf([]byte(src), release70)
	require.Empty(t, problems)
	assert.Equal(t, []Line{
		{3, Word{"maxmemory", 2, 11}, []Word{{"100mb", 13, 18}}},
		{4, Word{"requirepass", 1, 12}, []Word{{"abc#def", 13, 20}}},
		// A comment after a directive is further arguments.
		{6, Word{"save", 1, 5}, []Word{{"900", 6, 9}, {"1", 10, 11}, {"#", 12, 13}, {"note", 14, 18}}},
		{7, Word{"requirepass", 1, 12}, []Word{{"päss ", 13, 23}, {"x", 24, 25}}},
		{8, Word{"hz", 1, 5}, []Word{{"20", 6, 8}}},
		// Nothing expands variables.
		{9, Word{"requirepass", 1, 12}, []Word{{"${REDIS_PASSWORD}", 13, 30}}},
		{10, Word{"include", 1, 8}, []Word{{"d/*.conf", 9, 17}}},
	}, lines)
	assert.Equal(t, []string{"900", "1", "#", "note"}, lines[2].Texts())
}

// Each line was tried on Redis 7.0.15; the first two also on 6.2.16, 8.6.3 and
// Valkey 9.1.2.
func TestParseConfErrors(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      SyntaxError
	}{
		{"open double quote", "hz 10\nrequirepass abc\"def\n", SyntaxError{2, 16, 20, "unbalanced quotes: the opening quote has no closing one"}},
		{"byte order mark before a comment", "\ufeff# comment\nhz 10\n", SyntaxError{1, 1, 2, "the file begins with a UTF-8 byte order mark, which the server takes for part of a directive; save it without"}},
		{"word goes on after its quotes", "  requirepass 'äbc'def", SyntaxError{1, 15, 21, "unbalanced quotes: a closing quote must be followed by a blank or the end of the line"}},
		{"comment right after quotes", "requirepass \"abc\"# x", SyntaxError{1, 13, 19, "unbalanced quotes: a closing quote must be followed by a blank or the end of the line"}},
		{"quote that a carriage return ends", "requirepass 'abc\r\n", SyntaxError{1, 13, 17, "unbalanced quotes: the opening quote has no closing one"}},
		{"NUL", "hz 1\x000\n", SyntaxError{1, 5, 6, "NUL byte: the server drops the rest of the line and joins the next one to it; save the file as plain text"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := ParseConf([]byte(c.src), release70)
			require.Len(t, problems, 1)
			assert.Equal(t, c.want, *problems[0])
		})
	}
}

func TestParseConfGoesOnAfterErrors(t *testing.T) {
	lines, problems := ParseConf([]byte("a 'x\nhz 10\nb \"y\n"), release86)
	assert.Len(t, problems, 2)
	require.Len(t, lines, 1)
	assert.Equal(t, 2, lines[0].Number)
	assert.Equal(t, "3:3: unbalanced quotes: the opening quote has no closing one", problems[1].Error())
}

func TestParseConfByteOrderMarkLaterIsText(t *testing.T) {
	lines, problems := ParseConf([]byte("hz 10\nrequirepass \ufeffx\n"), release70)
	require.Empty(t, problems)
	assert.Equal(t, Word{"\ufeffx", 13, 15}, lines[1].Args[0])
}

// In Valkey 9.1.2 'abc'def is a word; Redis 7.0.15 refuses it.
func TestParseConfJoinsQuotedPartsInValkey9(t *testing.T) {
	src := []byte("requirepass 'abc'def")
	lines, problems := ParseConf(src, release91)
	require.Empty(t, problems)
	assert.Equal(t, Word{"abcdef", 13, 21}, lines[0].Args[0])
	_, problems = ParseConf(src, release81)
	assert.Len(t, problems, 1)
}

func TestParseConfLongLine(t *testing.T) {
	value := strings.Repeat("x", 1<<20)
	lines, problems := ParseConf([]byte("proc-title-template "+value+" "+strings.Repeat("y ", 1<<16)), release70)
	require.Empty(t, problems)
	assert.Equal(t, value, lines[0].Args[0].Text)
	assert.Len(t, lines[0].Args, 1+1<<16)
}

func FuzzParseConf(f *testing.F) {
	for _, seed := range []string{"", "hz 10\r\n# c\n", "\ufeffx", "a \"\\x4", "a 'b\\", "a\x00b\nc", "\v# x", "ä 'ö'ü\xff \"", strings.Repeat("a ", 300)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		raw := strings.Split(string(src), "\n")
		for _, r := range []Release{{}, release62, release91} {
			lines, problems := ParseConf(src, r)
			for _, line := range lines {
				width := utf8.RuneCountInString(raw[line.Number-1])
				end := 1
				for _, word := range append([]Word{line.Name}, line.Args...) {
					require.GreaterOrEqual(t, word.Column, end)
					require.Greater(t, word.EndColumn, word.Column)
					end = word.EndColumn
				}
				require.LessOrEqual(t, end, width+1)
			}
			for _, p := range problems {
				require.Positive(t, p.Column)
				require.Greater(t, p.EndColumn, p.Column)
				require.LessOrEqual(t, p.EndColumn, utf8.RuneCountInString(raw[p.Line-1])+1)
			}
		}
	})
}
