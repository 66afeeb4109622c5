package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/report"
	"github.com/rcomp/rcomp/nearest"
)

// output is a format and where it goes.
type output struct {
	report.Format
	file string // "": the standard output
}

// autoFormat is the format of where the program runs.
const autoFormat = "auto"

// formatNames are the formats of lint, the default first.
func formatNames() []string {
	var names []string
	for _, format := range report.Formats {
		names = append(names, format.Name)
	}
	return append(names, autoFormat)
}

func outputFlags() []cli.Flag {
	return []cli.Flag{
		formatFlag(formatNames()...),
		&cli.StringSliceFlag{Name: "output", Usage: "print as `FORMAT[=FILE]`, to the standard output or a file; several may be given"},
		&cli.BoolFlag{Name: "show-secrets", DisableDefaultText: true, Usage: "hide no password; on a terminal alone, and nowhere else"},
	}
}

// outputsOf reads --format and --output: at most one format goes to the
// standard output, and each of the others to a file of its own.
func (p *program) outputsOf(c *cli.Context) ([]output, error) {
	named := c.StringSlice("output")
	if c.IsSet("format") || len(named) == 0 {
		named = append([]string{c.String("format")}, named...)
	}
	taken := map[string]bool{}
	var outputs []output
	for i, text := range named {
		flag := "output"
		if i == 0 && (c.IsSet("format") || len(named) == 1 && !c.IsSet("output")) {
			flag = "format"
		}
		one, err := p.outputOf(c, flag, text)
		if err != nil {
			return nil, err
		}
		place := one.file
		if absolute, err := disk.Absolute(one.file); err == nil && one.file != "" {
			place = absolute
		}
		switch {
		case one.file == "" && taken[place]:
			return nil, usagef(c, "two formats on the standard output would be neither: write one of them to a file, with --output FORMAT=FILE")
		case taken[place]:
			return nil, usagef(c, "--output names the file %q twice", one.file)
		}
		taken[place] = true
		outputs = append(outputs, one)
	}
	return outputs, nil
}

func (p *program) outputOf(c *cli.Context, flag, text string) (output, error) {
	name, file, hasFile := strings.Cut(text, "=")
	switch {
	case hasFile && flag == "format":
		return output{}, usagef(c, "--format takes no file: --output %s=FILE does", name)
	case hasFile && file == "":
		return output{}, usagef(c, "--output %s= names no file", name)
	case hasFile && name == autoFormat:
		return output{}, usagef(c, "--output %s is for the standard output: name the format of a file", autoFormat)
	case name == autoFormat:
		name = p.formatHere()
	}
	for _, format := range report.Formats {
		if format.Name == name {
			return output{format, file}, nil
		}
	}
	return output{}, usagef(c, "--%s cannot be %q: it takes %s%s", flag, name, strings.Join(formatNames(), ", "), nearest.Hint(name, formatNames()))
}

// runners are those whose log knows commands of its own, by what their
// documentation says to ask the environment for.
var runners = []struct{ variable, value, format string }{
	{"GITHUB_ACTIONS", "true", "github"},
	{"TF_BUILD", "True", "azure"}, // Azure Pipelines
	{"TEAMCITY_VERSION", "", "teamcity"},
}

// formatHere is the format of where the program runs. GitLab's log shows text
// with its colors, as a terminal does.
func (p *program) formatHere() string {
	if p.terminal.is {
		return report.Formats[0].Name
	}
	for _, runner := range runners {
		if value := os.Getenv(runner.variable); value != "" && (runner.value == "" || strings.EqualFold(value, runner.value)) {
			return runner.format
		}
	}
	if os.Getenv("GITLAB_CI") != "" && os.Getenv("NO_COLOR") == "" {
		p.terminal.color = true
	}
	return report.Formats[0].Name
}

// showsSecrets refuses to show secrets anywhere but to a person who looks.
func (p *program) showsSecrets(c *cli.Context, outputs []output) (bool, error) {
	if !c.Bool("show-secrets") {
		return false, nil
	}
	for _, one := range outputs {
		if one.file != "" || one.Name != "text" && one.Name != "concise" {
			return false, usagef(c, "--show-secrets is for text on a terminal: it goes with no other format and no file")
		}
	}
	if !p.terminal.is {
		return false, usagef(c, "--show-secrets is for a terminal: the standard output is none, and what it is may keep them")
	}
	return true, nil
}

// picture is who is related to whom in a project, for a summary that shows it;
// "" where nobody is.
func (j *judgement) picture(project *compose.Project) string {
	wanted := slices.ContainsFunc(j.outputs, func(one output) bool { return one.Name == "github-summary" })
	if !wanted {
		return ""
	}
	document := topology.Describe(project)
	if len(document.Services) < 2 {
		return ""
	}
	var picture strings.Builder
	if err := topology.WriteMermaid(&picture, document); err != nil {
		return ""
	}
	return picture.String()
}

// printsText tells whether a person reads the standard output.
func (o lintOptions) printsText() bool {
	return slices.ContainsFunc(o.outputs, func(one output) bool { return one.file == "" && (one.Name == "text" || one.Name == "concise") })
}

// print writes a result in every format that was asked for, the files first:
// each of them whole, so that no program reads half of one.
func (j *judgement) print(result *lint.Result) error {
	if j.showSecrets {
		result.Secrets = nil
	}
	for _, one := range j.outputs {
		if one.file == "" {
			continue
		}
		if err := j.writeOutput(one, result); err != nil {
			j.trouble(fmt.Errorf("cannot write %q: %w", one.file, err))
		}
	}
	for _, one := range j.outputs {
		if one.file != "" {
			continue
		}
		var to io.Writer = j.stdout
		if one.Commands {
			to = j.stdout.Commands()
		}
		// What cannot be written is told at the end of the run.
		if err := one.Print(to, result, j.options(one)); err != nil && j.stdout.Err() == nil {
			return err
		}
	}
	return nil
}

func (j *judgement) writeOutput(one output, result *lint.Result) error {
	roots, err := disk.NewRoots("", "") // what the user names need not be below --root
	if err != nil {
		return err
	}
	defer roots.Close()
	if absolute, err := disk.Absolute(one.file); err == nil {
		for file := range j.read {
			if j.roots.Absolute(file) == absolute {
				return errors.New("it is one of the files that are judged")
			}
		}
	}
	var content bytes.Buffer
	if err := one.Print(&content, result, j.options(one)); err != nil {
		return err
	}
	return roots.Write(one.file, content.Bytes())
}

// options are what an output is made with.
func (j *judgement) options(one output) report.Options {
	look := report.Look{Quiet: j.quiet, Statistics: j.statistics}
	if one.file == "" {
		look.Color, look.Explain, look.Width, look.Links = j.color, j.terminal.is, j.terminal.width, j.color && j.terminal.links
	}
	return report.Options{
		Look: look, Pictures: j.pictures, Version: version(), Path: j.fromTop(),
		Fails: func(f lint.Finding) bool { return f.Severity >= j.failOnOf(f) },
		Help:  func(rule *lint.Rule) (string, string) { return explanation(rule), guideInMarkdown(rule) },
	}
}

// workspaces are the variables by which a runner says where it has checked
// out: GitHub, GitLab, Azure Pipelines.
var workspaces = []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"}

// fromTop returns what makes of a file's path, as it is shown, the one from
// the top of its repository, as programs want it.
func (j *judgement) fromTop() func(file string) string {
	top := topOfAll()
	if top == "" {
		return nil
	}
	return func(file string) string {
		below, err := filepath.Rel(top, j.roots.Absolute(file))
		if err != nil || !filepath.IsLocal(below) {
			return file
		}
		return filepath.ToSlash(below)
	}
}

// topOfAll is where paths of a report start from: where a runner has checked
// out, or else the repository of the current directory. It is "" where neither
// is.
func topOfAll() string {
	working, err := disk.Resolve(".")
	if err != nil {
		return ""
	}
	for _, variable := range workspaces {
		top, err := disk.Resolve(os.Getenv(variable))
		if below, relErr := filepath.Rel(top, working); os.Getenv(variable) != "" && errors.Join(err, relErr) == nil && filepath.IsLocal(below) {
			return top
		}
	}
	top, _ := disk.Repository(working)
	return top
}

// guideInMarkdown is the explanation of a rule as code scanning shows it.
func guideInMarkdown(rule *lint.Rule) string {
	guide := rule.Guide
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", strings.TrimSpace(rule.Why))
	for _, part := range []struct{ title, text string }{{"The fault", guide.Fault}, {"No fault", guide.NearMiss}} {
		if text := strings.Trim(part.text, "\n"); text != "" {
			fmt.Fprintf(&b, "\n%s:\n\n~~~yaml\n%s\n~~~\n", part.title, text)
		}
	}
	fmt.Fprintf(&b, "\n**To mend it:** %s\n\n**When to ignore it:** %s\n", guide.Mend, guide.Ignore)
	if len(rule.Refs) > 0 {
		b.WriteString("\nRead more:")
		for _, ref := range rule.Refs {
			fmt.Fprintf(&b, " <%s>", ref)
		}
		b.WriteString("\n")
	}
	return b.String()
}
