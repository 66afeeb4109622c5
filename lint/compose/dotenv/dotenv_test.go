package dotenv_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/template"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/dotenv"
	"github.com/rcomp/rcomp/lint/position"
)

// outside are the variables that stand in no file.
var outside = map[string]string{"HOST": "db1", "EMPTY": "", "A": "from outside", "MONEY": "$HOST"}

func lookup(name string) (string, bool) {
	value, set := outside[name]
	return value, set
}

// reader puts in references as Compose does.
var reader = dotenv.Reader{
	Lookup: lookup,
	Interpolate: func(text string, lookup func(string) (string, bool)) (string, error) {
		return template.Substitute(text, lookup)
	},
}

func textOf(source string) *position.Text { return position.NewText("a.env", []byte(source)) }

// at writes a place as line:column-column.
func at(span position.Span) string {
	if span.Start.Line == span.End.Line {
		return fmt.Sprintf("%d:%d-%d", span.Start.Line, span.Start.Column, span.End.Column)
	}
	return fmt.Sprintf("%d:%d-%d:%d", span.Start.Line, span.Start.Column, span.End.Line, span.End.Column)
}

// describe writes an assignment on one line: its names and places.
func describe(assignment dotenv.Assignment) string {
	switch {
	case !assignment.Set:
		return fmt.Sprintf("%s@%s unset", assignment.Name, at(assignment.NameAt()))
	case assignment.Inherited:
		return fmt.Sprintf("%s@%s inherits %q", assignment.Name, at(assignment.NameAt()), assignment.Value)
	}
	return fmt.Sprintf("%s@%s = %q@%s", assignment.Name, at(assignment.NameAt()), assignment.Value, at(assignment.ValueAt()))
}

func describeAll(assignments []dotenv.Assignment) string {
	var lines []string
	for _, assignment := range assignments {
		lines = append(lines, describe(assignment))
	}
	return strings.Join(lines, "\n")
}

func TestReadGivesPlaces(t *testing.T) {
	for source, want := range map[string]string{
		"":                 ``,
		"# only a comment": ``,
		"X=1\n\n  # more\n  Y = two words # why\n": "X@1:1-2 = \"1\"@1:3-4\nY@4:3-4 = \"two words\"@4:7-16",
		"\ufeffX=1\r\nY=2\r\n":                     "X@1:1-2 = \"1\"@1:3-4\nY@2:1-2 = \"2\"@2:3-4",
		"export X='a b' Y=\"c\"d=e":                "X@1:8-9 = \"a b\"@1:10-15\nY@1:16-17 = \"c\"@1:18-21\nd@1:21-22 = \"e\"@1:23-24",
		"ü: zwölf\nX=ü":                            "ü@1:1-2 = \"zwölf\"@1:4-9\nX@2:1-2 = \"ü\"@2:3-4",
		"X=\nY=  \t\nZ='' ":                        "X@1:1-2 = \"\"@1:3-3\nY@2:1-2 = \"\"@2:3-3\nZ@3:1-2 = \"\"@3:3-5",
		"X=\"one\ntwo\"\nY=3\n":                    "X@1:1-2 = \"one\\ntwo\"@1:3-2:5\nY@3:1-2 = \"3\"@3:3-4",
		"HOST\nNOT_SET\nX=$HOST\n":                 "HOST@1:1-5 inherits \"db1\"\nNOT_SET@2:1-8 unset\nX@3:1-2 = \"db1\"@3:3-8",
		"X=1\nlast":                                "X@1:1-2 = \"1\"@1:3-4\n@2:1-1 = \"last\"@2:1-5",
		"X=1\nX=${X}2":                             "X@1:1-2 = \"1\"@1:3-4\nX@2:1-2 = \"12\"@2:3-8",
		"A=own\nX=$A":                              "A@1:1-2 = \"own\"@1:3-6\nX@2:1-2 = \"from outside\"@2:3-5",
		`X="\0123\$HOST\\n\n"`:                     "X@1:1-2 = \"S$HOST\\\\n\\n\"@1:3-21",
	} {
		assignments, err := reader.Read(textOf(source))
		require.NoError(t, err, "%q", source)
		assert.Equal(t, want, describeAll(assignments), "%q", source)
	}
}

func TestFilesThatWereReadBefore(t *testing.T) {
	later := reader
	later.Earlier = func(name string) (string, bool) { return "earlier " + name, name != "GONE" }
	assignments, err := later.Read(textOf("B=own\nX=$B\nY=$C\nZ=${GONE:-none}\nC\nV=$HOST\n"))
	require.NoError(t, err)
	values := map[string]string{}
	for _, assignment := range assignments {
		values[assignment.Name] = assignment.Value
	}
	assert.Equal(t, map[string]string{"B": "own", "X": "own", "Y": "earlier C", "Z": "none", "C": "", "V": "db1"}, values)
}

func TestErrorsSayWhereAndNothingElse(t *testing.T) {
	for source, want := range map[string]string{
		"X=1\nY='hunter2\n":          `2:3-11 line 2: the quote that begins this value is never closed`,
		"X=1\nY=\"hunter2\\\"":       `2:3-13 line 2: the quote that begins this value is never closed`,
		"X=1\n\n  hun/ter2=1":        `3:6-6 line 3: a character that no name of a variable can hold`,
		"X=1\nhunter hunter2=1\n":    `2:1-15 line 2: a name of a variable cannot hold a blank`,
		"X=1\nexport ":               `2:8-8 line 2: no variable stands behind export`,
		"X=1\nY=hunter2${\nZ=1":      `2:3-12 line 2: a reference to a variable in this value cannot be read`,
		"X=1\nY=${Z?hunter2}":        `2:3-15 line 2: a reference to a variable in this value cannot be read`,
		"X='a\nb'\nY=\"a\n${Z?no}\"": `3:3-4:9 line 3: a reference to a variable in this value cannot be read`,
	} {
		assignments, err := reader.Read(textOf(source))
		var failure *dotenv.Error
		require.ErrorAs(t, err, &failure, "%q", source)
		assert.Equal(t, want, at(failure.At)+" "+err.Error(), "%q", source)
		assert.Len(t, assignments, 1, "what stands before the fault is there: %q", source)
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

func TestReadRaw(t *testing.T) {
	for source, want := range map[string]string{
		"\ufeffX='a' # b \r\n\n # no\n  Y=$HOST\n": "X@1:1-2 = \"'a' # b \"@1:3-11\nY@4:3-4 = \"$HOST\"@4:5-10",
		"HOST\nNOT_SET\nX=\nY==\n":                 "HOST@1:1-5 inherits \"db1\"\nNOT_SET@2:1-8 unset\nX@3:1-2 = \"\"@3:3-3\nY@4:1-2 = \"=\"@4:3-4",
		"a-b/c.d=1":                                "a-b/c.d@1:1-8 = \"1\"@1:9-10",
		"export=1\nX: 1=2":                         "line 2: a name of a variable cannot hold a blank, nor can one stand before the =",
		"X=1\nexport Y=2":                          "line 2: a name of a variable cannot hold a blank, nor can one stand before the =",
		"X=1\n =hunter2":                           "line 2: no name of a variable stands before the =",
		"X=1\nY=hunter2\xff":                       "line 2: a raw env file must be UTF-8",
		"X=1\nY=" + strings.Repeat("y", 1<<16-2):   "line 2: a line of a raw env file must be shorter than 64 KiB",
	} {
		assignments, err := reader.ReadRaw(textOf(source))
		if err != nil {
			assert.Equal(t, want, err.Error(), "%.20q", source)
			continue
		}
		assert.Equal(t, want, describeAll(assignments), "%.20q", source)
	}
	_, err := reader.ReadRaw(textOf("X=1\nY=" + strings.Repeat("y", 1<<16-3)))
	assert.NoError(t, err)
	_, err = reader.ReadRaw(textOf("\ufeffY=" + strings.Repeat("y", 1<<16-3)))
	assert.Error(t, err, "a byte order mark counts")
}

// doubling is a file each line of which is twice as long as the one before.
func doubling(lines int) string {
	var file strings.Builder
	file.WriteString("A0=xxxxxxxxxx\n")
	for i := range lines {
		fmt.Fprintf(&file, "A%d=${A%d}${A%d}\n", i+1, i, i)
	}
	return file.String()
}

// expand puts in plain references in linear time, which Compose does not.
func expand(text string, lookup func(string) (string, bool)) (string, error) {
	return os.Expand(text, func(name string) string {
		value, _ := lookup(name)
		return value
	}), nil
}

func TestBombsEndWithTheBudget(t *testing.T) {
	tooMuch := errors.New("the variables of this project are too long")
	for name, source := range map[string]string{
		"doubling":           doubling(27),
		"doubling in quotes": strings.NewReplacer("=", `="`, "\n", "\"\n").Replace(doubling(40)),
		"one line":           "A=" + strings.Repeat("x", 1<<19) + "\nB=" + strings.Repeat("$A", 1<<19),
		"inherited":          strings.Repeat("LONG\n", 1<<19),
	} {
		left := 4 << 20
		bounded := dotenv.Reader{Interpolate: expand}
		bounded.Lookup = func(name string) (string, bool) { return strings.Repeat("x", 1<<10), name == "LONG" }
		bounded.Spend = func(bytes int) error {
			if left -= bytes; left < 0 {
				return tooMuch
			}
			return nil
		}
		_, err := bounded.Read(textOf(source))
		require.ErrorIs(t, err, tooMuch, name)
		assert.Regexp(t, `^line \d+: the variables of this project are too long$`, err.Error())
	}
}

func BenchmarkRead(b *testing.B) {
	var file strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&file, "A%d=\"${A%d} ü\"\n", i, i+1)
	}
	text := textOf(file.String())
	reader := dotenv.Reader{Interpolate: expand}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		assignments, err := reader.Read(text)
		if err != nil || len(assignments) != 400_000 {
			b.Fatal(err, len(assignments))
		}
	}
}
