package dotenv_test

import (
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	composedotenv "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/position"
)

func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard) // Compose's own parser warns of unset variables
	os.Exit(m.Run())
}

// written are env files as people write them and as they go wrong.
var written = []string{
	"",
	"\n\n",
	"A=1",
	"B=1\nC=2\n",
	"\ufeffB=1\r\nC=2\r\n",
	"\ufeff\ufeffB=1",
	"# comment\nB=1 # comment\nC=1# none\nD=#x\nE= # x\nF=\"a # b\" # c\n",
	"export B=1\nexport\tC=2\nexport  D\nexport=3\nexport =4\n",
	"export\nB=1",
	"export \nB=1",
	"export ",
	"export",
	"export\vB=1",
	"export export B=1",
	"export HOST\nexport NONE\n",
	"HOST\nNONE\nA\n",
	"HOST",
	"  B  =  x y  \n\tC\t:\tz\n",
	"B C=1",
	"B\tC=1",
	"B\rC=1",
	"B C\nD=1",
	"B=1\nlast words",
	"B.C-D[0]=1\n1B=2\nÜ=ü\n٣=3\n",
	"B/C=1",
	"B\u2028=1",
	"\u2028B=1",
	"B=\u00a0x\u00a0\nC=\u0085y\n\u00a0D=1",
	"B=\nC=''\nD=\"\"\nE=' '\n",
	"=1\n",
	":\n",
	"B==1\nC=:2\nD:=3\n",
	"B='$HOST ${HOST}'\nC=\"$HOST ${HOST}\"\nD=$HOST ${HOST}\n",
	"B=$$HOST\nC=\\$HOST\nD=\"\\$HOST\"\nE='\\$HOST'\nF=\"\\\\$HOST\"\n",
	"B=$MONEY\nC=$B\n",
	"B=${NONE:-x}\nC=${NONE-x}\nD=${EMPTY:-x}\nE=${EMPTY-x}\nF=${HOST:+x}\nG=${EMPTY:+x}${EMPTY+y}\nH=${NONE:-${HOST}}\n",
	"B=${NONE?is not set}",
	"B=${NONE:?is not set}",
	"B=${HOST:?is not set}",
	"B=${NONE:-${NONE:-${NONE:-deep}}}\n",
	"B=\"${NONE:-a \\\"b\\\"}\"\n",
	"B=${NONE:-{\"a\":{\"b\":1}}}\n",
	"B=${",
	"B=${}",
	"B=$",
	"B=\"$\"\nC=$ \nD=$1\nE=${1}\n",
	"B=a\nC=$B$B\nD=$C$C\nB=$D\n",
	"A=own\nB=$A\n",
	"B=\"one\ntwo\nthree\"\nC='one\n\ntwo'\nD=1\n",
	"B=\"one\r\ntwo\"\r\nC=1\r\n",
	`B="\a\b\c\f\n\r\t\v\\\'\"\$"` + "\n" + `C='\a\n\'\"\\'` + "\n" + `D=\a\n\'\"\\` + "\n",
	`B="\0\01\012\0123\01234\0377\0400\0777\089\0189\0351"`,
	`B="\x41é\1\q\\0123"`,
	`B="\\"C="\\\\"D='\\'E=1`,
	`B="\`,
	`B="\"`,
	`B='\'`,
	`B='it'\''s'`,
	"B=\"x\"y\nC=1",
	"B=\"x\" C='y' D=z\nE=1",
	"B='x\nC=1\n",
	"B=\"x\nC=1\n",
	"B='x'#\nC=\"y\" #z\n",
	"B=x'y'\nC=x\"y\n",
	"B='\xff'\nC=\xff\n",
	"\xffB=1",
	"B=\x00\nC=1",
	"B=-----BEGIN KEY-----\nabc/def=\n-----END KEY-----\n",
	"B=\"-----BEGIN KEY-----\nabc/def=\n-----END KEY-----\"\n",
	"#",
	"# B=1",
	"   #x\n\t#y\n  B=1",
	"B=https://user:pass@host/path?a=b&c=d#e #f\n",
	"B: 'yaml'\nC: \"yaml\" \nD: yaml: yes\n",
}

// pieces are what a mutation puts in.
var pieces = []string{
	"=", ":", "\n", "\r\n", " ", "\t", "#", " #", "'", `"`, `\`, `\\`, `\"`, `\'`, `\n`, `\$`, `\0`, `\012`, "$", "$$", "$HOST", "${HOST}",
	"${NONE}", "${NONE:-y}", "${NONE:-", "${HOST:+", "${", "}", "${NONE?", "export ", "export", "\ufeff", "\u00a0", "\u2028", "ü", "\xff", "\x00",
	"A", "B", "HOST", "NONE", "1", ".", "-", "[", "]", "/", "\nB=", "='", "=\"", "\"\n", "'\n",
}

// mutate changes an env file in a few places.
func mutate(random *rand.Rand, file string) string {
	for range 1 + random.IntN(4) {
		at := random.IntN(len(file) + 1)
		switch random.IntN(5) {
		case 0, 1:
			file = file[:at] + pieces[random.IntN(len(pieces))] + file[at:]
		case 2:
			file = file[:at] + file[min(len(file), at+1+random.IntN(4)):]
		case 3:
			file = file[:at]
		case 4:
			other := written[random.IntN(len(written))]
			file = file[:at] + other[random.IntN(len(other)+1):]
		}
	}
	return file
}

// assertAsCompose compares what a file assigns with what Compose makes of it.
func assertAsCompose(t *testing.T, source string) (refused bool) {
	t.Helper()
	want, wantErr := composedotenv.ParseWithLookup(strings.NewReader(source), lookup)
	assignments, err := reader.Read(textOf(source))
	got := map[string]string{}
	for _, assignment := range assignments {
		if assignment.Set {
			got[assignment.Name] = assignment.Value
		}
	}
	require.Equal(t, wantErr != nil, err != nil, "%q\nCompose: %v\nhere: %v", source, wantErr, err)
	if err == nil {
		require.Equal(t, want, got, "%q", source)
	}
	return err != nil
}

func TestReadsAsCompose(t *testing.T) {
	for _, source := range written {
		assertAsCompose(t, source)
		assertPlaces(t, source)
	}
}

func TestReadsMutationsAsCompose(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	refused, count := 0, 50_000
	for range count {
		source := mutate(random, written[random.IntN(len(written))])
		if assertAsCompose(t, source) {
			refused++
		}
		assertPlaces(t, source)
	}
	assert.Greater(t, refused, count/10)
	assert.Less(t, refused, count*9/10)
}

// assertPlaces checks that places are inside the file and in its order, and
// that a name, and a value that nothing was put into, stand where they are said
// to.
func assertPlaces(t *testing.T, source string) {
	t.Helper()
	text := textOf(source)
	assignments, err := reader.Read(text)
	before := position.At(1, 1)
	check := func(span position.Span) {
		t.Helper()
		for _, pos := range []position.Pos{span.Start, span.End} {
			require.GreaterOrEqual(t, pos.Compare(before), 0, "%q: %v stands before %v", source, pos, before)
			require.LessOrEqual(t, pos.Line, text.Lines(), "%q", source)
			require.LessOrEqual(t, pos.Column, 1+utf8.RuneCountInString(text.RawLine(pos.Line)), "%q", source)
			before = pos
		}
	}
	for _, assignment := range assignments {
		check(assignment.NameAt())
		require.Equal(t, characters(assignment.Name), between(text, assignment.NameAt()), "%q", source)
		if assignment.Inherited {
			require.True(t, assignment.ValueAt().IsZero())
			continue
		}
		check(assignment.ValueAt())
		if written := between(text, assignment.ValueAt()); !strings.ContainsAny(written, "'\"\\$\n") {
			require.Equal(t, characters(assignment.Value), written, "%q", source)
		}
	}
	if err != nil {
		before = position.At(1, 1)
		check(failureOf(t, err).At)
	}
}
