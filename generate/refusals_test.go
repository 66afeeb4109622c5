package generate

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

// refusal is an intent of fixtures/refusals.txt and what is wrong with it.
type refusal struct {
	title, intent string
	problems      []string // "LINE:COLUMN: MESSAGE; HINT", where "..." stands for any text
}

var saysMemory = regexp.MustCompile(`(?m)^memory = `)

func readRefusals(t *testing.T) []refusal {
	t.Helper()
	text, err := os.ReadFile("../fixtures/refusals.txt")
	require.NoError(t, err)
	var all []refusal
	for _, block := range strings.Split(string(text), "\n== ")[1:] {
		var r refusal
		var lines []string
		r.title, block, _ = strings.Cut(block, "\n")
		for _, line := range strings.SplitAfter(strings.TrimRight(block, "\n")+"\n", "\n") {
			if problem, ok := strings.CutPrefix(line, "-> "); ok {
				r.problems = append(r.problems, strings.TrimSuffix(problem, "\n"))
			} else {
				lines = append(lines, line)
			}
		}
		r.intent = strings.Join(lines, "")
		if !saysMemory.MatchString(r.intent) {
			r.intent = good + r.intent
		}
		all = append(all, r)
	}
	require.Greater(t, len(all), 200)
	return all
}

func TestRefusals(t *testing.T) {
	titles := map[string]bool{}
	for _, r := range readRefusals(t) {
		t.Run(r.title, func(t *testing.T) {
			require.False(t, titles[r.title], "two have this title")
			titles[r.title] = true
			require.NotEmpty(t, r.problems)
			_, problems := Compile("redis.toml", []byte(r.intent))
			require.Len(t, problems, len(r.problems), "%v", problems)
			for n, want := range r.problems {
				requireSays(t, want, strings.TrimPrefix(problems[n].Error(), "redis.toml:"))
				requirePlace(t, r.intent, problems[n])
			}
		})
	}
}

func requireSays(t *testing.T, want, got string) {
	t.Helper()
	pattern := strings.ReplaceAll(regexp.QuoteMeta(want), `\.\.\.`, ".*")
	require.Regexp(t, "^"+pattern+"$", got)
}

// requirePlace holds a problem to a place that the intent has.
func requirePlace(t *testing.T, intent string, p intent.Problem) {
	t.Helper()
	lines := strings.Split(intent, "\n")
	require.LessOrEqual(t, p.Line, len(lines))
	length := len([]rune(lines[p.Line-1]))
	assert.LessOrEqual(t, p.Column, length+1)
	assert.LessOrEqual(t, p.EndColumn, max(length, p.Column)+1)
}

// A hint that says what to write is followed, and the intent is right or has
// one problem less.
func TestHintsAreRight(t *testing.T) {
	followed := 0
	for _, r := range readRefusals(t) {
		_, problems := Compile("redis.toml", []byte(r.intent))
		for _, p := range problems {
			better, ok := follow(r.intent, p)
			if !ok {
				continue
			}
			followed++
			_, left := Compile("redis.toml", []byte(better))
			for _, l := range left {
				assert.NotEqual(t, [2]any{p.Line, p.Key}, [2]any{l.Line, l.Key}, "%s\n%s%v", r.title, better, l)
			}
		}
	}
	assert.Greater(t, followed, 30)
}

var assignment = regexp.MustCompile(`write (?:at least |at most )?([a-z-]+ = ("[^"]*"|[0-9.]+|\[[^\]]*\]))(?:,|$| or )`)

// follow replaces the line of a problem by the one that its hint tells to
// write, where it is for the same key.
func follow(intent string, p intent.Problem) (string, bool) {
	found := assignment.FindStringSubmatch(p.Hint)
	if found == nil || !strings.HasPrefix(found[1], p.Key+" ") {
		return "", false
	}
	lines := strings.Split(intent, "\n")
	if !strings.HasPrefix(lines[p.Line-1], p.Key) {
		return "", false
	}
	lines[p.Line-1] = found[1]
	return strings.Join(lines, "\n"), true
}
