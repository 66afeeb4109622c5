package dockerfile_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/dockerfile"
	"github.com/rcomp/rcomp/lint/position"
)

// rewrite writes what is seen over what was expected: `go test
// ./lint/dockerfile -rewrite`. Whoever does so reads the difference.
var rewrite = flag.Bool("rewrite", false, "write the table of testdata anew")

// What Docker makes of a Dockerfile, row by row: "=== NAME" and options begin
// one, "-- want --" its answer.
func TestImages(t *testing.T) {
	const table = "testdata/images.txt"
	content, err := os.ReadFile(table)
	require.NoError(t, err)
	var all []string
	for _, row := range strings.Split("\n"+string(content), "\n=== ")[1:] {
		head, rest, _ := strings.Cut(row, "\n")
		text, want, found := strings.Cut(rest, "-- want --\n")
		require.True(t, found, head)
		name, options := optionsOf(head)
		seen := describe(text, options)
		t.Run(name, func(t *testing.T) {
			if !*rewrite {
				assert.Equal(t, strings.TrimSpace(want), strings.TrimSpace(seen))
			}
		})
		all = append(all, fmt.Sprintf("=== %s\n%s-- want --\n%s\n", head, text, seen))
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(table, []byte(strings.TrimSuffix(strings.Join(all, ""), "\n")), 0o644))
	}
}

// optionsOf reads `name | target=x NAME=value`, where ? stands for a value that
// is not known.
func optionsOf(head string) (name string, options dockerfile.Options) {
	name, rest, _ := strings.Cut(head, " | ")
	options.Args = map[string]string{}
	for _, word := range strings.Fields(rest) {
		key, value, _ := strings.Cut(word, "=")
		switch {
		case key == "target":
			options.Target = value
		case value == "?":
			options.Args[key] = unset.Variable{Name: key}.Mark()
		default:
			options.Args[key] = value
		}
	}
	return name, options
}

func sourceOf(text string) dockerfile.Source {
	return dockerfile.Source{Text: text, File: position.NewText("Dockerfile", []byte(text))}
}

// describe prints an image with the places of what it is made of.
func describe(text string, options dockerfile.Options) string {
	file, err := dockerfile.Parse(sourceOf(text))
	if err != nil {
		return "refused: " + err.Error() + "\n"
	}
	image, err := file.Build(options)
	if err != nil {
		return "refused: " + err.Error() + "\n"
	}
	p := printer{lines: strings.Split(text, "\n")}
	p.image(image)
	return p.out.String()
}

type printer struct {
	out   strings.Builder
	lines []string
}

func (p *printer) line(format string, values ...any) {
	fmt.Fprintf(&p.out, format+"\n", values...)
}

// at prints a place and what stands there.
func (p *printer) at(span position.Span) string {
	line := []rune(p.lines[span.Start.Line-1])
	return fmt.Sprintf("%d:%d %s", span.Start.Line, span.Start.Column, string(line[span.Start.Column-1:min(span.End.Column-1, len(line))]))
}

func (p *printer) image(image *dockerfile.Image) {
	p.line("from %s: %s", unset.Plain(image.From), p.at(image.FromAt))
	for _, step := range image.Steps {
		p.step(step)
	}
	for _, variable := range image.Environment {
		p.line("env %s=%q: %s", variable.Name, unset.Plain(variable.Value), p.at(variable.At))
	}
	p.line("directory %q user %q cleared %v", unset.Plain(image.WorkingDir), unset.Plain(image.User), image.Cleared)
	for _, volume := range image.Volumes {
		p.line("volume %s: %s", unset.Plain(volume.Text), p.at(volume.At))
	}
	for _, port := range image.Ports {
		p.line("port %s: %s", unset.Plain(port.Text), p.at(port.At))
	}
	p.command("entrypoint", image.Entrypoint)
	p.command("command", image.Command)
	p.command("health", image.Health)
}

func (p *printer) command(name string, command *dockerfile.Command) {
	if command == nil {
		return
	}
	p.line("%s: %s", name, p.at(command.At))
	p.words(command.Words)
}

func (p *printer) words(words []dockerfile.Word) {
	for _, word := range words {
		p.line("  %q: %s", unset.Plain(word.Text), p.at(word.At))
	}
}

func (p *printer) step(step dockerfile.Step) {
	switch step := step.(type) {
	case *dockerfile.Copy:
		from := unset.Plain(step.From)
		if step.Stage != nil {
			from = fmt.Sprintf("stage of %s with %d steps", unset.Plain(step.Stage.From), len(step.Stage.Steps))
		}
		p.line("copy to %q in %q from %q add %v partial %v: %s", unset.Plain(step.Target), unset.Plain(step.Directory), from, step.Add, step.Partial, p.at(step.At))
		for _, source := range step.Sources {
			if source.Inline {
				p.line("  text %q of %s below line %d", unset.Plain(source.Text), source.Path, source.Above)
				continue
			}
			p.line("  %s: %s", unset.Plain(source.Path), p.at(source.At))
		}
	case *dockerfile.Run:
		p.line("run in %q script %v mounts %v: %s", unset.Plain(step.Directory), step.Script, step.Mounts, p.at(step.At))
		p.words(step.Words)
		for _, name := range []string{"A", "B"} {
			if value, set := step.Variables.Get(name); set {
				p.line("  with %s=%q", name, unset.Plain(value))
			}
		}
	}
}

// A Dockerfile that is written to keep its reader busy, or to fill the memory.
func TestWorkIsBounded(t *testing.T) {
	var double, stages, chain strings.Builder
	double.WriteString("FROM redis\nENV A=xxxxxxxxxxxxxxxx\n")
	for range 60 {
		double.WriteString("ENV A=$A$A\n")
	}
	for i := range 99 {
		fmt.Fprintf(&stages, "FROM %s AS s%d\n%s", map[bool]string{true: "redis", false: fmt.Sprintf("s%d", i-1)}[i == 0], i, strings.Repeat("RUN x\n", 9))
		fmt.Fprintf(&chain, "FROM redis AS c%d\n", i)
		for j := range min(i, 9) {
			fmt.Fprintf(&chain, "COPY --from=%d / /\n", i-j-1)
		}
	}
	for name, text := range map[string]string{
		"doubled": double.String(), "stages": stages.String(), "chain": chain.String(),
		"dollars":       "FROM redis\nENV A=" + strings.Repeat("x", 30_000) + "\nENV B=" + strings.Repeat("$A", 30_000) + "\n",
		"substitutions": "FROM redis\nENV A=" + strings.Repeat("x", 30_000) + "\nENV B=${A//x/$A}\nENV C=${B//x/${A//x/$B}}\n",
		"lines":         "FROM redis\n" + strings.Repeat("ENV A=1\n", 2000),
		"many stages":   strings.Repeat("FROM redis\n", 200),
		"large":         "FROM redis\n#" + strings.Repeat("x", 300<<10),
		"deep":          "FROM redis\nENV A=" + strings.Repeat("${A:-", 10_000) + strings.Repeat("}", 10_000) + "\n",
		"long pattern":  "FROM redis\nENV A=" + strings.Repeat("x", 30_000) + "\nENV B=${A%" + strings.Repeat("?*", 10_000) + "y}\n",
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			seen := describe(text, dockerfile.Options{})
			assert.Less(t, time.Since(begin), 10*time.Second)
			assert.Less(t, len(seen), 2<<20)
		})
	}
}
