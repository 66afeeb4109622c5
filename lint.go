package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/secrets"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/report"
	"github.com/rcomp/rcomp/rules"
)

func (p *program) lintCommand() *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "judge compose files by what their servers will run",
		ArgsUsage: "[PATH...]",
		Description: "A PATH is a compose file, a directory to search for them, or a .conf file, which stands for the\n" +
			"compose files whose servers read it. Without any, the current directory is searched.",
		Flags: []cli.Flag{
			formatFlag(lintFormats...),
			&cli.StringFlag{Name: "fail-on", Value: lint.Warning.String(), Usage: "exit with 1 from this `SEVERITY` on: error, warning or note"},
			fileFlag(),
			rootFlag(),
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to color text: auto, always or never"},
		},
		Action: p.lint,
	}
}

func fileFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "file", Aliases: []string{"f"}, Usage: "merge this compose `FILE` over those named before it, as docker compose does"}
}

func rootFlag() cli.Flag {
	return &cli.StringFlag{Name: "root", Usage: "read nothing outside this `DIRECTORY` (default: the repository that a file is in)"}
}

func formatFlag(formats ...string) cli.Flag {
	return &cli.StringFlag{Name: "format", Value: formats[0], Usage: "print as `FORMAT`: " + strings.Join(formats, ", ")}
}

// The formats of lint, the default first.
var lintFormats = []string{"text", "json", "github"}

// oneOf returns the value of a flag that takes one of several words.
func oneOf(c *cli.Context, flag string, words ...string) (string, error) {
	value := c.String(flag)
	for _, word := range words {
		if value == word {
			return value, nil
		}
	}
	return "", usagef(c, "--%s cannot be %q: it takes %s", flag, value, strings.Join(words, ", "))
}

// lintOptions are the flags of lint, checked.
type lintOptions struct {
	format string
	failOn lint.Severity
	color  bool
}

func (p *program) lintOptions(c *cli.Context) (options lintOptions, err error) {
	if options.format, err = oneOf(c, "format", lintFormats...); err != nil {
		return options, err
	}
	if options.failOn, err = lint.ParseSeverity(c.String("fail-on")); err != nil {
		return options, usagef(c, "--fail-on: %v", err)
	}
	when, err := oneOf(c, "color", "auto", "always", "never")
	options.color = when == "always" || when == "auto" && p.colors
	return options, err
}

func (p *program) lint(c *cli.Context) error {
	options, err := p.lintOptions(c)
	if err != nil {
		return err
	}
	paths := c.Args().Slice()
	if files := c.StringSlice("file"); len(files) > 0 && len(paths) > 0 {
		return usagef(c, "give files with -f or as arguments, not both")
	}
	roots, err := disk.NewRoots(c.String("root"), shownFrom(options.format))
	if err != nil {
		return err
	}
	defer roots.Close()

	find := p.find(roots, c.StringSlice("file"), paths)
	result := p.judged(compose.Judge(find.Targets, judge))
	result.Unseen = append(result.Unseen, find.Unseen...)
	if len(result.Files) == 0 && p.status == statusTrouble {
		return nil
	}
	if result.Worst() >= options.failOn {
		p.found()
	}
	return p.print(result, options)
}

func (p *program) print(result *lint.Result, options lintOptions) error {
	switch options.format {
	case "json":
		return report.JSON(p.stdout, result)
	case "github":
		return report.GitHub(p.stdout.Commands(), result)
	}
	return report.Text(p.stdout, result, options.color)
}

// find looks for what the command line names. What cannot be read is said at
// once; the rest is judged all the same.
func (p *program) find(roots *disk.Roots, merged, paths []string) *compose.Finder {
	find := compose.NewFinder(roots)
	if len(merged) > 0 {
		if err := find.AddMerged(merged); err != nil {
			p.trouble(err)
		}
	} else if len(paths) == 0 {
		paths = []string{"."}
	}
	var confs []string
	for _, path := range paths {
		if isConf(path) {
			confs = append(confs, path)
		} else if err := find.AddPath(path); err != nil {
			p.trouble(err)
		}
	}
	p.addReaders(find, roots, confs)
	return find
}

// judged is what is kept of a project.
type judged struct {
	*lint.Judgement
	secrets    *secrets.Collection // of every file that the rules have read
	unreadable error
}

func judge(project *compose.Project) judged {
	if refusal, ok := project.Unreadable(); ok {
		return judged{unreadable: fmt.Errorf("cannot read %q: %s", refusal.Span.File, refusal.Message)}
	}
	judgement := lint.Judge(project, rules.All)
	return judged{Judgement: judgement, secrets: inspect.SecretsOf(project)}
}

// judged puts together what was found. What could not be read is said.
func (p *program) judged(projects []judged) *lint.Result {
	var judgements []*lint.Judgement
	var found secrets.Collection
	for _, project := range projects {
		if project.unreadable != nil {
			p.trouble(project.unreadable)
			continue
		}
		judgements = append(judgements, project.Judgement)
		found.Join(project.secrets)
	}
	result := lint.Join(judgements)
	result.Secrets = found.Secrets()
	return result
}

// shownFrom returns the directory that a format wants paths relative to: ""
// for the current one. GitHub wants them relative to the repository, which a
// runner names.
func shownFrom(format string) string {
	workspace := os.Getenv("GITHUB_WORKSPACE")
	if format != "github" || workspace == "" {
		return ""
	}
	working, err := disk.Resolve(".")
	if err == nil {
		workspace, err = disk.Resolve(workspace)
	}
	if relative, relErr := filepath.Rel(workspace, working); errors.Join(err, relErr) != nil || !filepath.IsLocal(relative) {
		return ""
	}
	return workspace
}

// wantsColor tells whether a stream is a terminal whose user has nothing
// against colors (no-color.org).
func wantsColor(stream io.Writer) bool {
	file, ok := stream.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
