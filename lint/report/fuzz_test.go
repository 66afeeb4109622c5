package report_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
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
		checkText(t, printed(t, r, formats["text"]), secret)
		checkText(t, printed(t, r, withColors), secret)
		checkCommands(t, printed(t, r, report.GitHub), secret)
		checkJSON(t, printed(t, r, report.JSON), secret)
	})
}

func printed(t *testing.T, r *lint.Result, write func(io.Writer, *lint.Result) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// withColors prints text with colors, and takes them out again.
func withColors(w io.Writer, r *lint.Result) error {
	var b strings.Builder
	if err := report.Text(&b, r, report.Look{Color: true}); err != nil {
		return err
	}
	output := b.String()
	for _, color := range []string{"\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[32m"} {
		output = strings.ReplaceAll(output, color, "")
	}
	_, err := io.WriteString(w, output)
	return err
}

// check holds what every format promises.
func check(t *testing.T, output, secret string) {
	t.Helper()
	switch {
	case !utf8.ValidString(output):
		t.Fatalf("it is not UTF-8: %q", output)
	case strings.Contains(output, "##["):
		t.Fatalf("a command in it: %q", output)
	case strings.Contains(strings.ToLower(output), strings.ToLower(secret)):
		t.Fatalf("a secret in it: %q", output)
	case strings.Contains(output, secret[:len(secret)-3]):
		t.Fatalf("most of a secret in it: %q", output)
	}
	for _, r := range output {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			t.Fatalf("%q in %q", r, output)
		}
	}
}

func checkText(t *testing.T, output, secret string) {
	t.Helper()
	check(t, output, secret)
	for line := range strings.SplitSeq(output, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Fatalf("a command: %q", line)
		}
		if _, excerpt, found := strings.Cut(line, " | "); found && strings.Trim(line[:strings.Index(line, " | ")], " 0123456789") == "" && utf8.RuneCountInString(excerpt) > 260 {
			t.Fatalf("it is not cut: %q", line)
		}
	}
}

func checkCommands(t *testing.T, output, secret string) {
	t.Helper()
	check(t, output, secret)
	lines := strings.Split(strings.TrimSuffix(output, "\n"), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d commands of 4: %q", len(lines), output)
	}
	for i, command := range []string{"error", "warning", "notice", "notice"} {
		if !strings.HasPrefix(lines[i], "::"+command+" file=") {
			t.Fatalf("%q is not what was meant", lines[i])
		}
	}
}

func checkJSON(t *testing.T, output, secret string) {
	t.Helper()
	check(t, output, secret)
	var decoded map[string]any
	if err := json.Unmarshal([]byte(output), &decoded); err != nil {
		t.Fatalf("%v: %q", err, output)
	}
	for _, command := range []string{"::error", "::warning", "::add-mask", "::x"} {
		if strings.Contains(output, command) {
			t.Fatalf("a command in it: %q", output)
		}
	}
}

// FuzzWriter writes arbitrary text in pieces through the last door.
func FuzzWriter(f *testing.F) {
	f.Add("::error::x\n ::warning::##", "[error]\r::x", 3)
	f.Add("a\n:", ":debug::", 1)
	f.Fuzz(func(t *testing.T, first, second string, size int) {
		var b strings.Builder
		w := display.NewWriter(&b)
		size = 1 + abs(size%7)
		for text := first + second; text != ""; text = text[min(size, len(text)):] {
			if n, err := w.Write([]byte(text[:min(size, len(text))])); err != nil || n != min(size, len(text)) {
				t.Fatal(n, err)
			}
		}
		if strings.Contains(b.String(), "##[") {
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
