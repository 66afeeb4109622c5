package report_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/lint/report"
)

var (
	unlimited = &lint.Rule{ID: "memory-unlimited", Severity: lint.Warning}
	open      = &lint.Rule{ID: "password-missing", Severity: lint.Error}
)

// span stands on one line, from a column to just before another.
func span(file string, line, column, end int) position.Span {
	return position.Span{File: file, Start: position.Pos{Line: line, Column: column}, End: position.Pos{Line: line, Column: end}}
}

func warning(at position.Span, message string) lint.Finding {
	return lint.Finding{Rule: unlimited, Severity: lint.Warning, Span: at, Service: "cache", Message: message}
}

// result has one file, shown as "a.yml" unless findings say otherwise.
func result(source string, findings []lint.Finding, notes ...compose.Unseen) *lint.Result {
	return &lint.Result{
		Files: []string{"a.yml"}, Findings: findings, Unseen: notes,
		Sources: func(string) []byte { return []byte(source) },
	}
}

func text(t *testing.T, r *lint.Result) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, report.Text(&b, r, report.Look{}))
	return b.String()
}

func TestTheClosingLine(t *testing.T) {
	r := result("services: {}\n", nil)
	assert.Equal(t, "no findings in 1 file\n", text(t, r))
	r.Nothing = "nothing here is a server"
	assert.Equal(t, "no findings in 1 file: nothing here is a server\n", text(t, r))
	r.Nothing = ""
	r.Seen = []lint.Counted{{Count: 2, Noun: "server"}, {Count: 1, Noun: "sentinel"}}
	r.Unjudged = []lint.Counted{{Count: 1, Noun: "compatible server"}}
	r.Ignored = []lint.Ignored{{}}
	r.Known, r.Excluded, r.Untouched = 12, 1, 2
	at := span("b.json", 3, 5, 9)
	r.Gone = []lint.Gone{{At: at, Message: "it went"}}
	assert.Equal(t, "b.json:3:5: gone: it went\nno findings in 1 file: 2 servers, 1 sentinel; 1 compatible server not judged; 1 finding ignored by comments; "+
		"12 findings known from the baseline; 1 finding of the baseline gone; 1 project excluded by settings; 2 projects untouched\n", text(t, r))
	var b strings.Builder
	require.NoError(t, report.Text(&b, r, report.Look{Quiet: true}))
	assert.Equal(t, "b.json:3:5: gone: it went\n", b.String())
}

func TestStatistics(t *testing.T) {
	r := result("a\n", []lint.Finding{{Rule: open}, {Rule: unlimited, Severity: lint.Note}, {Rule: open, Severity: lint.Error}})
	var b strings.Builder
	require.NoError(t, report.Text(&b, r, report.Look{Statistics: true}))
	assert.Equal(t, "     2  password-missing\n     1  memory-unlimited\n1 error, 1 note in 1 file\n", b.String())
}

func TestTextHasFindingsThenNotesThenASummary(t *testing.T) {
	source := "services:\n  cache:\n    image: redis:7.4\n"
	findings := []lint.Finding{
		warning(span("a.yml", 2, 3, 8), `service "cache" has no limit`),
		{Rule: open, Severity: lint.Error, Span: span("a.yml", 3, 12, 21), Message: "anyone gets in"},
		{Rule: open, Severity: lint.Note, Span: span("a.yml", 3, 5, 10), Message: "a matter of style"},
	}
	note := compose.Unseen{Span: span("redis.conf", 1, 1, 2), Service: "cache", Message: "the file is not there"}
	assert.Equal(t, `a.yml:2:3: warning: service "cache" has no limit [memory-unlimited]
2 |   cache:
  |   ^^^^^
a.yml:3:12: error: anyone gets in [password-missing]
3 |     image: redis:7.4
  |            ^^^^^^^^^
a.yml:3:5: note: a matter of style [password-missing]
3 |     image: redis:7.4
  |     ^^^^^
redis.conf:1:1: not seen: the file is not there
1 error, 1 warning, 1 note in 1 file; 1 thing not seen
`, text(t, result(source, findings, note)))
	assert.Equal(t, "redis.conf:1:1: not seen: the file is not there\nno findings in 1 file; 1 thing not seen\n",
		text(t, result(source, nil, note)))
}

func TestOtherServicesAreNamed(t *testing.T) {
	finding := warning(span("a.yml", 1, 1, 2), "m")
	finding.Also = []string{"b", "c"}
	assert.Contains(t, text(t, result("x\n", []lint.Finding{finding})), `warning: m (also "b", "c") [memory-unlimited]`)
	finding.Also = []string{"b", "c", "d", "e", "f", "g", "h"}
	assert.Contains(t, text(t, result("x\n", []lint.Finding{finding})), `m (also "b", "c", "d", "e", "f" and 2 more) [`)
	var b strings.Builder
	require.NoError(t, report.JSON(&b, result("", []lint.Finding{finding})))
	assert.Contains(t, b.String(), "\"message\": \"m\",\n      \"fix\": null,\n      \"also\": [\n        \"b\",")
}

func TestRemedies(t *testing.T) {
	at := span("a.yml", 1, 1, 2)
	fixed, helped := warning(at, "m"), warning(at, "n")
	fixed.Fix = &lint.Fix{Title: "set it", Edits: []lint.Edit{{File: "users.txt", New: "x", Create: true, Mode: 0o600}}}
	fixed.Help = &lint.Help{Where: "not said, since there is a fix:"}
	unsafe := fixed
	unsafe.Fix = &lint.Fix{Title: "set it", Unsafe: true, Else: "it starts anew"}
	helped.Help = &lint.Help{Where: "in the service:", Lines: []string{"mem_limit: <size>"}, Choose: "<size>"}
	r := result("x\n", []lint.Finding{fixed, unsafe, helped, helped})
	assert.Equal(t, `a.yml:1:1: warning: m [memory-unlimited]
1 | x
  | ^
  = fix: set it
a.yml:1:1: warning: m [memory-unlimited]
1 | x
  | ^
  = unsafe fix: set it
a.yml:1:1: warning: n [memory-unlimited]
1 | x
  | ^
  = help: in the service:
  |   mem_limit: <size>
a.yml:1:1: warning: n [memory-unlimited]
1 | x
  | ^
4 warnings in 1 file
`, text(t, r), "the same lines are said once")
	var b strings.Builder
	require.NoError(t, report.JSON(&b, r))
	assert.Contains(t, b.String(), "\"create\": true,\n            \"mode\": \"0600\"")
	assert.Contains(t, b.String(), "\"else\": \"it starts anew\"\n      },\n      \"also\": [],\n      \"help\": null")
	assert.Contains(t, b.String(), "\"help\": {\n        \"where\": \"in the service:\",\n        \"lines\": [\n          \"mem_limit: <size>\"\n        ],\n        \"choose\": \"<size>\"")
}

func TestExcerpts(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := map[string]struct {
		line       string
		start, end int
		quoted     string
		mark       string
	}{
		"ASCII":                         {"  cache:", 3, 8, "  cache:", "  ^^^^^"},
		"an empty span":                 {"cache:", 3, 3, "cache:", "  ^"},
		"just behind the line":          {"cache:", 7, 8, "cache:", "      ^"},
		"far behind the line":           {"cache:", 70, 80, "cache:", "      ^"},
		"a tab before":                  {"\tcache:", 2, 7, "\tcache:", "\t^^^^^"},
		"a tab within":                  {"a\tb c", 1, 4, "a\tb c", "^\t^"},
		"wide characters before":        {"名前: cache", 5, 10, "名前: cache", "      ^^^^^"},
		"wide characters within":        {"a: 名前 b", 4, 6, "a: 名前 b", "   ^^^^"},
		"a combining accent":            {"cafe\u0301: x", 8, 9, "cafe\u0301: x", "      ^"},
		"a flag":                        {"a: \U0001F1E9\U0001F1EA x", 7, 8, "a: \U0001F1E9\U0001F1EA x", "      ^"},
		"a skin tone":                   {"a: \U0001F44D\U0001F3FD x", 7, 8, "a: \U0001F44D\U0001F3FD x", "      ^"},
		"a sign made a picture":         {"a: \u2764\ufe0f x", 7, 8, "a: \u2764\ufe0f x", "      ^"},
		"syllables in parts":            {"a: \u1112\u1161\u11ab x", 8, 9, "a: \u1112\u1161\u11ab x", "      ^"},
		"an escape sequence":            {"a\x1b[2Jb", 6, 7, `a\x1b[2Jb`, `        ^`},
		"a character of eight bits":     {"a\u009bb", 3, 4, `a\u009bb`, `       ^`},
		"a turned reading direction":    {"a: \u202eb", 5, 6, `a: \u202eb`, `         ^`},
		"not UTF-8":                     {"a\xffb", 3, 4, `a\xffb`, `     ^`},
		"a carriage return":             {"a\rb", 3, 4, `a\rb`, `   ^`},
		"a line end of Windows":         {"cache:\r", 1, 6, "cache:", "^^^^^"},
		"a command to a runner":         {"# ##[error]x", 3, 5, `# ##\x5berror]x`, `  ^^`},
		"a long line, near its start":   {"ab: " + long, 1, 3, "ab: " + long[:116] + "…", "^^"},
		"a long line, in its middle":    {long + " here " + long, 302, 306, "…" + long[:29] + " here " + long[:85] + "…", strings.Repeat(" ", 31) + "^^^^"},
		"a long line, at its end":       {long + " here", 302, 306, "…" + long[:29] + " here", strings.Repeat(" ", 31) + "^^^^"},
		"a fault as long as its line":   {long, 1, 301, long[:120] + "…", strings.Repeat("^", 120)},
		"escapes that make a line long": {strings.Repeat("\u202e", 60) + "here", 61, 65, "…" + strings.Repeat(`\u202e`, 5) + "here", strings.Repeat(" ", 31) + "^^^^"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lines := strings.Split(text(t, result(test.line+"\n", []lint.Finding{warning(span("a.yml", 1, test.start, test.end), "m")})), "\n")
			require.Greater(t, len(lines), 2)
			assert.Equal(t, "1 | "+test.quoted, lines[1])
			assert.Equal(t, "  | "+test.mark, lines[2])
		})
	}
}

// hiding is a result with one secret, "hunter2" or what stands at its place.
func hiding(source string, at position.Span) *lint.Result {
	r := result(source, []lint.Finding{warning(at, "the password is HUNTER2, not hunter")})
	r.Secrets = display.NewSecrets([]display.Place{{File: "a.yml", Line: 2, Start: 4, End: 9}, {File: "a.yml", Line: 3, Start: 0, End: -1}}, []string{"hunter2"})
	return r
}

func TestSecretsInExcerpts(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, test := range map[string]struct {
		line         string
		number       int
		start, end   int
		quoted, mark string
	}{
		"before the fault":             {"--requirepass hunter2 --save 1", 1, 23, 29, "--requirepass (secret) --save 1", "                       ^^^^^^"},
		"the fault itself":             {"pw: hunter2 x", 1, 5, 12, "pw: (secret) x", "    ^^^^^^^^"},
		"the fault begins in it":       {"pw: hunter2 x", 1, 8, 14, "pw: (secret) x", "    ^^^^^^^^^^"},
		"the fault ends in it":         {"pw: hunter2 x", 1, 1, 8, "pw: (secret) x", "^^^^^^^^^^^^"},
		"behind the fault":             {"pw: hunter2", 1, 1, 3, "pw: (secret)", "^^"},
		"a fault behind the line":      {"pw: hunter2", 1, 12, 13, "pw: (secret)", "            ^"},
		"a place without a text":       {"pw: redis redis", 2, 5, 10, "pw: (secret) redis", "    ^^^^^^^^"},
		"all of a line":                {"anything", 3, 2, 4, "(secret)", "^^^^^^^^"},
		"twice":                        {"hunter2 hunter2", 1, 9, 16, "(secret) (secret)", "         ^^^^^^^^"},
		"in another case":              {"HUNTER2", 1, 1, 8, "(secret)", "^^^^^^^^"},
		"a part of a word":             {"hunter22", 1, 1, 9, "hunter22", "^^^^^^^^"},
		"in a long line":               {long + " hunter2 here " + long, 1, 310, 314, "…" + long[:20] + " (secret) here " + long[:85] + "…", strings.Repeat(" ", 31) + "^^^^"},
		"in a long line, as the fault": {long + " hunter2 here", 1, 303, 309, "…" + long[:29] + " (secret) here", strings.Repeat(" ", 31) + "^^^^^^^^"},
		"where a long line is cut":     {"a" + long[:110] + " hunter2 " + long, 1, 1, 2, "a" + long[:110] + " (secret)…", "^"},
	} {
		t.Run(name, func(t *testing.T) {
			source := strings.Repeat("\n", test.number-1) + test.line + "\n"
			output := text(t, hiding(source, span("a.yml", test.number, test.start, test.end)))
			lines := strings.Split(output, "\n")
			require.Greater(t, len(lines), 2)
			assert.Contains(t, lines[0], "warning: the password is (secret), not hunter [")
			assert.Equal(t, fmt.Sprintf("%d | %s", test.number, test.quoted), lines[1])
			assert.Equal(t, "  | "+test.mark, lines[2])
		})
	}
}

func TestLongLinesAreCutWhateverIsInThem(t *testing.T) {
	const length = 1 << 18 // a quarter of one: more adds nothing but time
	for name, line := range map[string]string{
		"letters":           strings.Repeat("x", length),
		"words":             strings.Repeat("word ", length/5),
		"combining accents": "e" + strings.Repeat("\u0301", length/2),
		"control":           strings.Repeat("\x01", length),
		"tabs":              strings.Repeat("\t", length),
		"wide":              strings.Repeat("名", length/3),
		"secrets":           strings.Repeat("hunter2 ", length/8),
		"no UTF-8":          strings.Repeat("\xff", length),
	} {
		t.Run(name, func(t *testing.T) {
			for _, start := range []int{1, 1000, length / 10, length} {
				r := hiding(line, span("a.yml", 1, start, start+4))
				r.Findings[0].Message = line
				for _, format := range report.Formats {
					if quotes := format.Name == "text" || format.Name == "sarif"; !quotes && start > 1 {
						continue // where the fault stands makes no difference
					}
					assert.Less(t, len(printed(t, r, format, report.Options{})), 14_000, "%s at %d", format.Name, start)
				}
			}
		})
	}
}

func TestTextMarksTheFirstLineOfASpan(t *testing.T) {
	at := position.Span{File: "a.yml", Start: position.Pos{Line: 1, Column: 10}, End: position.Pos{Line: 3, Column: 2}}
	assert.Contains(t, text(t, result("command: >- \n a\n b\n", []lint.Finding{warning(at, "m")})), "\n1 | command: >-\n  |          ^^\n")
}

func TestTextWithoutTheSource(t *testing.T) {
	for _, line := range []int{0, 3, 99} {
		assert.Equal(t, 2, strings.Count(text(t, result("one\ntwo", []lint.Finding{warning(span("a.yml", line, 1, 2), "m")})), "\n"), "line %d", line)
	}
}

// TestExcerptsFitTheWindow: no line of an excerpt wraps, and the mark is below
// the fault, in every window.
func TestExcerptsFitTheWindow(t *testing.T) {
	lines := []string{
		strings.Repeat("x", 300), strings.Repeat("名", 200), "    command: redis-server --requirepass x " + strings.Repeat("--save '' ", 30), "\ta\tb" + strings.Repeat(" y", 100),
	}
	for _, line := range lines {
		for _, width := range []int{30, 40, 80, 100, 200} {
			for _, column := range []int{1, 5, 30, 77, 78, 79, 80, 120, 150, 199} {
				r := result(strings.Repeat("\n", 99)+line, []lint.Finding{warning(span("a.yml", 100, column, column+12), "m")})
				var b strings.Builder
				require.NoError(t, report.Text(&b, r, report.Look{Width: width}))
				output := strings.Split(b.String(), "\n")
				for _, shown := range output[1:3] {
					assert.LessOrEqual(t, cells(shown), width, "%d of %d: %q", column, width, shown)
				}
				assert.Contains(t, output[2], "^")
			}
		}
	}
}

// cells is how wide a line is on a terminal.
func cells(line string) int {
	at := 0
	for _, r := range line {
		switch {
		case r == '\t':
			at += 8 - at%8
		case r == '名':
			at += 2
		default:
			at++
		}
	}
	return at
}

func TestLinks(t *testing.T) {
	var b strings.Builder
	require.NoError(t, report.Text(&b, result("x\n", []lint.Finding{warning(span("a.yml", 1, 1, 2), "m")}), report.Look{Links: true}))
	assert.Contains(t, b.String(), "[\x1b]8;;https://github.com/rcomp/rcomp/blob/main/docs/rules/memory-unlimited.md\x1b\\memory-unlimited\x1b]8;;\x1b\\]\n")
}

func TestTheHint(t *testing.T) {
	r := result("x\ny\n", []lint.Finding{warning(span("a.yml", 1, 1, 2), "m"), warning(span("a.yml", 2, 1, 2), "m")})
	var b strings.Builder
	require.NoError(t, report.Text(&b, r, report.Look{Explain: true}))
	assert.Equal(t, 1, strings.Count(b.String(), "rcomp explain memory-unlimited"), "once")
	assert.NotContains(t, text(t, r), "explain")
}

func TestTextInColor(t *testing.T) {
	r := result("cache:\n", []lint.Finding{warning(span("a.yml", 1, 1, 6), "m")})
	var b strings.Builder
	require.NoError(t, report.Text(&b, r, report.Look{Color: true}))
	assert.Contains(t, b.String(), "\x1b[1;33mwarning:\x1b[0m m")
	without := b.String()
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[1;33m", "\x1b[32m"} {
		without = strings.ReplaceAll(without, code, "")
	}
	assert.Equal(t, text(t, r), without, "colour changes nothing else")
}

// hostile is what a file of a stranger may hold where a name is expected.
const hostile = "x\n::error file=a::b\r\n##[add-mask]z\x1b]0;t\a\u202e\u2066\u009b2J\u2028\x7f%0A,: <&>\U000e0041\xff"

func hostileResult() *lint.Result {
	at := span("::warning::"+hostile, 1, 1, 2)
	return result(hostile, []lint.Finding{warning(at, hostile)}, compose.Unseen{Span: at, Message: hostile})
}

// meant are the commands that the formats for runners print.
var meant = map[string]string{"github": "::(error|warning|notice) file=", "azure": `##vso\[task\.logissue `, "teamcity": `##teamcity\[inspection(Type)? `}

func TestNothingInAFileReachesATerminal(t *testing.T) {
	for _, format := range report.Formats {
		t.Run(format.Name, func(t *testing.T) {
			assert.Equal(t, format.Commands, meant[format.Name] != "")
			output := printed(t, hostileResult(), format, report.Options{})
			for _, r := range output {
				assert.True(t, r == '\n' || unicode.IsPrint(r), "%q", r)
			}
			checkNoCommand(t, format, output)
			if strings.HasPrefix(format.Name, "json") {
				assert.NotContains(t, output, "::error")
			}
		})
	}
}

func TestGitHub(t *testing.T) {
	var b strings.Builder
	several := position.Span{File: "a.yml", Start: position.Pos{Line: 4, Column: 7}, End: position.Pos{Line: 6, Column: 2}}
	require.NoError(t, report.GitHub(&b, result("", []lint.Finding{
		warning(span("deploy/a,b:c.yml", 2, 3, 8), "100% of\nit"),
		{Rule: open, Severity: lint.Error, Span: several, Message: "m"},
		{Rule: open, Severity: lint.Note, Span: span("a.yml", 9, 4, 2), Message: "m"},
	}, compose.Unseen{Span: span("a.yml", 1, 1, 1), Message: "unknown"}), report.Options{}))
	assert.Equal(t, `::error file=a.yml,line=4,endLine=6,title=password-missing::m
::warning file=deploy/a%2Cb%3Ac.yml,line=2,col=3,endLine=2,endColumn=8,title=memory-unlimited::100%25 of%0Ait
::notice file=a.yml,line=9,col=4,endLine=9,endColumn=4,title=password-missing::m
::notice file=a.yml,line=1,col=1,endLine=1,endColumn=1,title=not seen::unknown
`, b.String())
}

func TestGitHubWritesOneCommandPerFinding(t *testing.T) {
	var b strings.Builder
	require.NoError(t, report.GitHub(&b, hostileResult(), report.Options{}))
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	require.Len(t, lines, 2)
	assert.True(t, strings.HasPrefix(lines[0], "::warning file="), lines[0])
	assert.True(t, strings.HasPrefix(lines[1], "::notice file="), lines[1])
	properties, _, _ := strings.Cut(strings.TrimPrefix(lines[0], "::"), "::")
	assert.Equal(t, 5, strings.Count(properties, ","), "a file's name adds no property: %s", properties)
}

func TestJSON(t *testing.T) {
	finding := warning(span("a.yml", 2, 3, 8), "a < b & c")
	finding.Fix = &lint.Fix{Title: "set a limit", Unsafe: true, Edits: []lint.Edit{{File: "a.yml", Start: 4, End: 9, New: "x"}}}
	var b strings.Builder
	require.NoError(t, report.JSON(&b, result("", []lint.Finding{finding}, compose.Unseen{Span: span("b.yml", 1, 1, 2), Service: "s", Message: "m"})))
	assert.Equal(t, `{
  "version": 1,
  "findings": [
    {
      "rule": "memory-unlimited",
      "severity": "warning",
      "file": "a.yml",
      "line": 2,
      "column": 3,
      "endLine": 2,
      "endColumn": 8,
      "service": "cache",
      "message": "a < b & c",
      "fix": {
        "title": "set a limit",
        "unsafe": true,
        "edits": [
          {
            "file": "a.yml",
            "start": 4,
            "end": 9,
            "new": "x",
            "create": false,
            "mode": ""
          }
        ],
        "else": ""
      },
      "also": [],
      "help": null
    }
  ],
  "unseen": [
    {
      "file": "b.yml",
      "line": 1,
      "column": 1,
      "endLine": 1,
      "endColumn": 2,
      "service": "s",
      "message": "m"
    }
  ],
  "summary": {
    "files": 1,
    "errors": 0,
    "warnings": 1,
    "notes": 0,
    "unseen": 1,
    "ignored": 0,
    "known": 0,
    "gone": 0,
    "excluded": 0,
    "untouched": 0,
    "judged": {},
    "notJudged": {}
  },
  "ignored": [],
  "gone": []
}
`, b.String())
}

func TestJSONOfNothingHasEmptyLists(t *testing.T) {
	var b strings.Builder
	require.NoError(t, report.JSON(&b, result("", nil)))
	assert.Contains(t, b.String(), `"findings": [],`)
	assert.Contains(t, b.String(), `"unseen": [],`)

	b.Reset()
	require.NoError(t, report.JSON(&b, result("", []lint.Finding{warning(span("a.yml", 1, 1, 2), "m")})))
	assert.Contains(t, b.String(), `"fix": null`)
}

func TestJSONKeepsHostileTextAsData(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, report.JSON(&b, hostileResult()))
	var decoded struct {
		Findings []struct{ Message string }
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &decoded))
	assert.Equal(t, strings.ReplaceAll(hostile, "\xff", "\ufffd"), decoded.Findings[0].Message)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAFullDiskIsAnError(t *testing.T) {
	for _, format := range report.Formats {
		assert.Error(t, format.Print(full{}, hostileResult(), report.Options{}), format.Name)
	}
}

// TestSARIFIsTakenByCodeScanning: neither too many results nor too large a
// report is refused there, the worst are kept, and what is left out is said.
func TestSARIFIsTakenByCodeScanning(t *testing.T) {
	for name, test := range map[string]struct{ findings, unseen, length int }{
		"many":        {25_010, 10, 1},
		"large":       {2_500, 2_500, 1_000},
		"all of them": {2, 2, 10},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 1))
			text := func() string { // that cannot be compressed by much
				letters := make([]rune, test.length)
				for i := range letters {
					letters[i] = '\u4e00' + random.Int32N(20_000)
				}
				return string(letters)
			}
			r := result("services:\n", nil)
			for range test.findings {
				r.Findings = append(r.Findings, warning(span("a.yml", 1, 1, 2), text()))
			}
			r.Findings = append(r.Findings, lint.Finding{Rule: open, Severity: lint.Error, Span: span("z.yml", 1, 1, 2), Message: "the worst"})
			for range test.unseen {
				r.Unseen = append(r.Unseen, compose.Unseen{Span: span("a.yml", 1, 1, 2), Message: text()})
			}
			var printed, compressed bytes.Buffer
			require.NoError(t, report.SARIF(&printed, r, report.Options{}))
			writer := gzip.NewWriter(&compressed)
			writer.Write(printed.Bytes())
			writer.Close()
			assert.LessOrEqual(t, compressed.Len(), 10_000_000)
			var log struct {
				Runs []struct {
					Results     []struct{ Message struct{ Text string } }
					Invocations []struct {
						ToolExecutionNotifications []struct{ Message struct{ Text string } }
					}
				}
			}
			require.NoError(t, json.Unmarshal(printed.Bytes(), &log))
			results, said := log.Runs[0].Results, log.Runs[0].Invocations[0].ToolExecutionNotifications
			assert.LessOrEqual(t, len(results), 25_000)
			missing, silent := len(r.Findings)-len(results), test.unseen
			for _, one := range said {
				if fmt.Sprintf("%d findings are left out: code scanning takes no report with all of them", missing) == one.Message.Text {
					missing = 0
				}
				if strings.HasPrefix(one.Message.Text, "not seen: ") {
					silent--
				}
			}
			assert.Zero(t, missing, "what is left out is said")
			if silent > 0 {
				assert.Equal(t, fmt.Sprintf("%d things that are not seen, or gone, are left out for the same reason", silent), said[len(said)-1].Message.Text)
			}
			if test.findings > 2 {
				assert.Equal(t, "the worst", results[0].Message.Text)
			}
			t.Logf("%d of %d results, %d bytes, %d compressed", len(results), len(r.Findings), printed.Len(), compressed.Len())
		})
	}
}
