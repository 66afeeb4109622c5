package baseline_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/baseline"
	"github.com/rcomp/rcomp/lint/position"
)

var rule = &lint.Rule{ID: "a-rule"}

func entry(service, file, text string) baseline.Entry {
	return baseline.NewEntry(lint.Finding{Rule: rule, Service: service}, file, text)
}

func read(t *testing.T, source string) *baseline.Baseline {
	t.Helper()
	b, err := baseline.Read(position.NewText("b.json", []byte(source)))
	require.NoError(t, err)
	return b
}

func everything(baseline.Entry) bool { return true }

func TestFormat(t *testing.T) {
	first, second := entry("cache", "b.yml", "6379:6379"), entry("a", "a.yml", "a")
	source := string(baseline.Format([]baseline.Entry{first, second, first}))
	lines := strings.Split(source, "\n")
	require.Len(t, lines, 9)
	assert.Equal(t, `    {"rule":"a-rule","file":"a.yml","service":"a","fingerprint":"`+second.Fingerprint+`"},`, lines[3])
	assert.Equal(t, lines[4], lines[5]+",", "sorted, one a line")
	assert.Equal(t, source, string(baseline.Format([]baseline.Entry{first, first, second})), "whatever the order was")
	assert.Equal(t, "{\n  \"version\": 1,\n  \"findings\": []\n}\n", string(baseline.Format(nil)))
}

func TestAFindingThatIsThereTwiceIsKnownTwice(t *testing.T) {
	known := entry("cache", "b.yml", "6379:6379")
	b := read(t, string(baseline.Format([]baseline.Entry{known, known})))
	assert.True(t, b.Takes(known))
	assert.Len(t, b.Gone(everything), 1)
	assert.True(t, b.Takes(known))
	assert.False(t, b.Takes(known))
	assert.Equal(t, 2, b.Known())
	assert.Empty(t, b.Gone(everything))
}

func TestWhatMakesAFindingAnother(t *testing.T) {
	known := entry("cache", "b.yml", "a  b\nc")
	assert.Equal(t, known.Fingerprint, entry("cache", "b.yml", "a b c").Fingerprint, "blanks do not count")
	for _, other := range []baseline.Entry{
		entry("cache", "b.yml", "a b d"), entry("other", "b.yml", "a b c"), entry("cache", "c.yml", "a b c"), entry("cacheb", ".yml", "a b c"),
		baseline.NewEntry(lint.Finding{Rule: &lint.Rule{ID: "b-rule"}, Service: "cache"}, "b.yml", "a b c"),
	} {
		assert.NotEqual(t, known.Fingerprint, other.Fingerprint, other)
	}
}

func TestGone(t *testing.T) {
	b := read(t, string(baseline.Format([]baseline.Entry{entry("a", "a.yml", "x"), entry("b", "b.yml", "x")})))
	gone := b.Gone(func(e baseline.Entry) bool { return e.File == "b.yml" })
	require.Len(t, gone, 1)
	assert.Equal(t, position.Span{File: "b.json", Start: position.At(5, 5), End: position.At(5, 5+len(`{"rule":"a-rule","file":"b.yml","service":"b","fingerprint":"0123456789abcdef"}`))}, gone[0].At())
}

func TestWhatIsNoBaseline(t *testing.T) {
	tests := map[string]string{
		"":                                 "b.json:1:1: not a baseline: it ends too early",
		"{":                                "it ends too early",
		"[]":                               "it has to be",
		"{}":                               "it has to be",
		"x":                                "it is not JSON",
		`{"version": 2, "findings": []}`:   "it is of version 2, and this program reads version 1",
		`{"version": "1", "findings": []}`: "it has to be",
		`{"version": 1}`:                   "it has to be",
		`{"version": 1, "findings": {}}`:   "it has to be",
		`{"version": 1, "findings": [], "more": 1}`:                  "it has to be",
		`{"version": 1, "findings": []} x`:                           "it has to be",
		`{"version": 1, "findings": [1]}`:                            "it has to be",
		"{\"version\": 1, \"findings\": [\n{\"rule\": \"x\"}]}":      "b.json:2:1: not a baseline: a finding has a rule, a file, a service and a fingerprint",
		`{"version": 1, "findings": [{"rule": "x", "x": 1}]}`:        "it has to be",
		`{"version": 1, "findings": [` + strings.Repeat("[", 100000): "it ", // the decoder has a bound of its own
	}
	for source, want := range tests {
		_, err := baseline.Read(position.NewText("b.json", []byte(source)))
		assert.ErrorContains(t, err, want, source[:min(len(source), 60)])
	}
}

// FuzzRead: whatever a file holds, it is a baseline or refused; what is read
// is written again as what it is, and every place is in the file.
func FuzzRead(f *testing.F) {
	f.Add(string(baseline.Format([]baseline.Entry{entry("a", "a.yml", "x"), entry("b", "b.yml", "x")})))
	f.Add("{\"findings\":[{\"rule\":\"\\u2028\",\"file\":\"\xff\",\"fingerprint\":\"0000000000000000\"}],\r\n\"version\":1}")
	f.Add("\ufeff{\"version\":1,\"version\":1}")
	f.Fuzz(func(t *testing.T, source string) {
		text := position.NewText("b.json", []byte(source))
		b, err := baseline.Read(text)
		if err != nil {
			return
		}
		entries := b.Gone(everything)
		for _, entry := range entries {
			if at := entry.At().Start; at.Line < 1 || at.Line > text.Lines() {
				t.Fatalf("%v is not in %q", at, source)
			}
		}
		written := baseline.Format(entries)
		if !json.Valid(written) {
			t.Fatalf("%q is not JSON", written)
		}
		again, err := baseline.Read(position.NewText("b.json", written))
		if err != nil || len(again.Gone(everything)) != len(entries) {
			t.Fatalf("%q was written as %q: %v", source, written, err)
		}
		for _, entry := range entries {
			if !again.Takes(entry) {
				t.Fatalf("%v is lost in %q", entry, written)
			}
		}
	})
}
