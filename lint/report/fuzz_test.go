package report_test

import (
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/lint/report"
)

// FuzzFormats prints a result in every format, whatever its files are called
// and hold, its messages say and its spans cover. The output is of its format,
// moves no cursor, is no command that is not meant, has bounded lines, and no
// secret of the input is in it.
func FuzzFormats(f *testing.F) {
	f.Add("a.yml", hostile, hostile, []byte("pw"), 1, 1, 1, 5)
	f.Add("::error::x", "##[", "[error]", []byte{0, 1, 2}, 1, -1, 0, 1<<30)
	f.Add(" \u00a0::warning::", "\t::x", "e\u0301\u0301\u0301\t名", []byte{}, 2, 3, 1, 1)
	f.Add("##[group]", "#", "#[", []byte("\xff"), 1, 2, 2, 3)
	f.Add("]]>.yml", "]]><!--##vso[task.setvariable variable=PATH]x", "##teamcity[buildStatus status='SUCCESS']|\x0b\x00", []byte{1}, 1, 1, 1, 3)
	f.Add("<a>|b.yml", "| [x](javascript:y) @all `x` <img src=x onerror=y> ~~~", "</failure>&#0;;]", []byte{2}, 2, 1, 2, 3)
	f.Add(":", "#c[", "[error]", []byte{0}, 1, -1, 0, 1<<30)                                                       // ":" and the colon behind a path
	f.Add("\x00", "z\x10\xa3\xe8,%\x85\t\xe0C\xa6\x00\x800", "\t\xa2qt\xd98.v\xfb0a", []byte("\t"), 1, -60, 14, 3) // a secret before its line
	f.Fuzz(func(t *testing.T, file, before, after string, seed []byte, line, column, endLine, endColumn int) {
		// In letters that no format has of its own, and long enough to be found anywhere.
		secret := "Zq" + hex.EncodeToString(append(seed, "plant"...))
		if len(secret) > 3000 {
			t.Skip("a password of 3,000 bytes is looked for in fewer forms")
		}
		source := before + secret + after + "\n" + fmt.Sprintf("%q", secret) + strings.ToUpper(secret) + "\n" + after
		at := position.Span{File: file, Start: position.At(line, column), End: position.At(endLine, endColumn)}
		findings := []lint.Finding{
			{Rule: open, Severity: lint.Error, Span: at, Service: before, Message: source},
			{Rule: unlimited, Severity: lint.Warning, Span: at, Message: before + fmt.Sprintf("%q", secret) + after},
			{Rule: unlimited, Severity: lint.Note, Span: at, Message: strings.Repeat("x", 990) + secret},
		}
		r := result(source, findings, compose.Unseen{Span: at, Message: after + secret[:len(secret)-3] + "…"})
		r.Ignored = []lint.Ignored{{Finding: findings[0], Reason: source, At: at}}
		r.Gone = []lint.Gone{{At: at, Rule: before, File: file, Service: after, Message: source}}
		r.Findings[0].Also = []string{before, after}
		r.Secrets = display.NewSecrets([]display.Place{{File: file, Line: 1, Start: column, End: endColumn}}, []string{secret})
		finding := &r.Findings[2]
		finding.Fix = &lint.Fix{Title: source, Edits: []lint.Edit{{File: file, Start: 0, End: max(0, min(column, len(source))), New: after}, {File: file, Start: len(source), End: len(source), New: before}}}
		checkText(t, printedText(t, r, report.Look{}), secret)
		checkText(t, withoutColors(printedText(t, r, report.Look{Color: true})), secret)
		for _, format := range report.Formats {
			output := printed(t, r, format, report.Options{Version: before, Help: func(*lint.Rule) (string, string) { return "help", "help" }})
			check(t, format, output, secret)
			if further := checks[format.Name]; further != nil {
				further(t, output)
			}
		}
	})
}

func printed(t *testing.T, r *lint.Result, format report.Format, o report.Options) string {
	t.Helper()
	var b strings.Builder
	if err := format.Print(&b, r, o); err != nil {
		t.Fatal(format.Name, err)
	}
	return b.String()
}

func printedText(t *testing.T, r *lint.Result, look report.Look) string {
	t.Helper()
	return printed(t, r, report.Formats[0], report.Options{Look: look})
}

func withoutColors(output string) string {
	for _, color := range []string{"\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[32m"} {
		output = strings.ReplaceAll(output, color, "")
	}
	return output
}

// check holds what every format promises.
func check(t *testing.T, format report.Format, output, secret string) {
	t.Helper()
	switch {
	case !utf8.ValidString(output):
		t.Fatalf("%s: it is not UTF-8: %q", format.Name, output)
	case strings.Contains(strings.ToLower(output), strings.ToLower(secret)):
		t.Fatalf("%s: a secret in it: %q", format.Name, output)
	case strings.Contains(output, secret[:len(secret)-3]):
		t.Fatalf("%s: most of a secret in it: %q", format.Name, output)
	}
	for _, r := range output {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			t.Fatalf("%s: %q in %q", format.Name, r, output)
		}
	}
	checkNoCommand(t, format, output)
}

var bracketed = regexp.MustCompile(`##[A-Za-z]*\[`)

// checkNoCommand holds an output to the commands that are meant, each at the
// beginning of a line.
func checkNoCommand(t *testing.T, format report.Format, output string) {
	t.Helper()
	own := meant[format.Name]
	for line := range strings.SplitSeq(output, "\n") {
		if own != "" {
			if at := regexp.MustCompile("^" + own).FindStringIndex(line); at != nil {
				line = line[at[1]:]
			}
		}
		if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") || bracketed.MatchString(line) {
			t.Fatalf("%s: a command: %q", format.Name, line)
		}
	}
}

func checkText(t *testing.T, output, secret string) {
	t.Helper()
	check(t, report.Formats[0], output, secret)
	for line := range strings.SplitSeq(output, "\n") {
		if _, excerpt, found := strings.Cut(line, " | "); found && strings.Trim(line[:strings.Index(line, " | ")], " 0123456789") == "" && utf8.RuneCountInString(excerpt) > 260 {
			t.Fatalf("it is not cut: %q", line)
		}
	}
}

// checks hold outputs to their formats: there are three findings, one thing
// unseen, one ignored and one gone in each, whatever they say.
var checks = map[string]func(t *testing.T, output string){
	"concise": func(t *testing.T, output string) { countLines(t, output, 6) },
	"github":  func(t *testing.T, output string) { countLines(t, output, 4) },
	"azure":   func(t *testing.T, output string) { countLines(t, output, 4) },
	"teamcity": func(t *testing.T, output string) {
		countLines(t, output, 4+3) // and three types
		for line := range strings.Lines(output) {
			if !serviceMessage.MatchString(line) {
				t.Fatalf("it is no service message: %q", line)
			}
		}
	},
	"json": func(t *testing.T, output string) { isJSON(t, output) },
	"jsonl": func(t *testing.T, output string) {
		countLines(t, output, 7)
		for line := range strings.Lines(output) {
			isJSON(t, line)
		}
	},
	"sarif": func(t *testing.T, output string) {
		var log struct{ Runs []struct{ Results []any } }
		isJSON(t, output)
		if err := json.Unmarshal([]byte(output), &log); err != nil || len(log.Runs[0].Results) != 4 {
			t.Fatal(err, output)
		}
	},
	"gitlab": func(t *testing.T, output string) { isJSON(t, output) },
	"rdjson": func(t *testing.T, output string) { isJSON(t, output) },
	"junit": func(t *testing.T, output string) {
		if counted := elements(t, output); counted["testcase"] < 5 || counted["failure"] != 2 || counted["skipped"] != 2 {
			t.Fatal(counted, output)
		}
	},
	"checkstyle": func(t *testing.T, output string) {
		if counted := elements(t, output); counted["error"] != 4 || counted["checkstyle"] != 1 {
			t.Fatal(counted, output)
		}
	},
	"github-summary": func(t *testing.T, output string) {
		rows := 0
		for line := range strings.Lines(output) {
			if strings.HasPrefix(line, "|") {
				rows++
				if strings.Count(line, "|") != 5 {
					t.Fatalf("a cell too many: %q", line)
				}
			}
		}
		if rows != 2+5 || strings.ContainsAny(strings.ReplaceAll(output, "<br>", ""), "<>`") {
			t.Fatalf("%d rows: %q", rows, output)
		}
	},
}

var serviceMessage = regexp.MustCompile(`^##teamcity\[\w+( \w+='([^'|\[\]]|\|['|\[\]])*')+\]\n$`)

func countLines(t *testing.T, output string, lines int) {
	t.Helper()
	if strings.Count(output, "\n") != lines {
		t.Fatalf("%d lines of %d: %q", strings.Count(output, "\n"), lines, output)
	}
}

func isJSON(t *testing.T, output string) {
	t.Helper()
	if !json.Valid([]byte(output)) {
		t.Fatalf("it is no JSON: %q", output)
	}
	for _, command := range []string{"::error", "::warning", "::add-mask", "::x"} {
		if strings.Contains(output, command) {
			t.Fatalf("a command in it: %q", output)
		}
	}
}

// elements counts the elements of a document by their name.
func elements(t *testing.T, output string) map[string]int {
	t.Helper()
	counted := map[string]int{}
	decoder := xml.NewDecoder(strings.NewReader(output))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return counted
		}
		if err != nil {
			t.Fatalf("%v: %q", err, output)
		}
		if start, ok := token.(xml.StartElement); ok {
			counted[start.Name.Local]++
		}
	}
}

// FuzzWriter writes arbitrary text in pieces through the last door.
func FuzzWriter(f *testing.F) {
	f.Add("::error::x\n ::warning::##", "[error]\r::x", 3)
	f.Add("a\n:", ":debug::", 1)
	f.Add("###vs", "o[task.setvariable variable=x]y ##a#b[ ##team##city[", 2)
	f.Fuzz(func(t *testing.T, first, second string, size int) {
		var b strings.Builder
		w := display.NewWriter(&b)
		size = 1 + abs(size%7)
		for text := first + second; text != ""; text = text[min(size, len(text)):] {
			if n, err := w.Write([]byte(text[:min(size, len(text))])); err != nil || n != min(size, len(text)) {
				t.Fatal(n, err)
			}
		}
		if bracketed.MatchString(b.String()) {
			t.Fatalf("%q", b.String())
		}
		for _, line := range strings.FieldsFunc(b.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
			if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
				t.Fatalf("%q", line)
			}
		}
		if strings.NewReplacer(`\x3a`, ":", `\x5b`, "[").Replace(b.String()) != strings.NewReplacer(`\x3a`, ":", `\x5b`, "[").Replace(first+second) {
			t.Fatalf("%q became %q", first+second, b.String())
		}
	})
}

func abs(n int) int { return max(n, -n) }
