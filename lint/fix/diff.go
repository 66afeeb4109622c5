package fix

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/rcomp/rcomp/lint/display"
)

// Shown hides what no output may hold in a line of a file as it was, or as it
// is to be.
type Shown func(file string, number int, text string, isNew bool) string

// Diff writes what becomes of the files as one unified diff.
func Diff(w io.Writer, changes []Change, shown Shown, color bool) error {
	out := diff{bufio.NewWriter(w), shown, color}
	for _, change := range changes {
		if err := out.file(change); err != nil {
			return err
		}
	}
	return out.Flush()
}

type diff struct {
	*bufio.Writer
	shown Shown
	color bool
}

func (d *diff) file(change Change) error {
	from, to := named("a/"+change.File), named("b/"+change.File)
	if change.Create {
		from = "/dev/null"
	}
	old, content := string(change.Old), string(change.New)
	unified, err := udiff.ToUnifiedDiff(from, to, old, udiff.Lines(old, content), udiff.DefaultContextLines)
	if err != nil {
		return fmt.Errorf("cannot compare %q: %w", change.File, err)
	}
	d.line("1", "--- "+from)
	d.line("1", "+++ "+to)
	more := 0 // lines that the hunks so far have brought
	for _, hunk := range unified.Hunks {
		more += d.hunk(change.File, hunk, more)
	}
	return nil
}

// named is a file's name as git writes it: with anything that would not show, or
// that could end the line and begin what looks like another file's, it stands in
// quotes, as programs that apply a diff read it.
func named(file string) string {
	if display.Clean(file) == file && !strings.ContainsAny(file, `"\`) {
		return file
	}
	var b strings.Builder
	for _, c := range []byte(file) {
		if c == ' ' || c == '/' || c == '.' || c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, `\%03o`, c)
	}
	return `"` + b.String() + `"`
}

// hunk writes the lines of a hunk, and returns how many more there are then.
func (d *diff) hunk(file string, hunk *udiff.Hunk, more int) int {
	before, after := 0, 0
	for _, line := range hunk.Lines {
		if line.Kind != udiff.Insert {
			before++
		}
		if line.Kind != udiff.Delete {
			after++
		}
	}
	d.line("36", fmt.Sprintf("@@ -%s +%s @@", lines(hunk.FromLine, before), lines(hunk.FromLine+more, after)))
	was, is := hunk.FromLine, hunk.FromLine+more
	for _, line := range hunk.Lines {
		text, ended := strings.CutSuffix(line.Content, "\n")
		switch line.Kind {
		case udiff.Delete:
			d.line("31", "-"+d.shown(file, was, text, false))
			was++
		case udiff.Insert:
			d.line("32", "+"+d.shown(file, is, text, true))
			is++
		default:
			d.line("", " "+d.shown(file, was, text, false))
			was, is = was+1, is+1
		}
		if !ended {
			d.line("", `\ No newline at end of file`)
		}
	}
	return after - before
}

func lines(first, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", max(first-1, 0))
	case 1:
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d,%d", first, count)
}

func (d *diff) line(color, text string) {
	if d.color && color != "" {
		text = "\x1b[" + color + "m" + text + "\x1b[0m"
	}
	d.WriteString(text + "\n")
}
