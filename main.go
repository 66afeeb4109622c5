// Command rcomp writes, judges and explains Redis and Valkey deployments with
// Docker Compose.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/fix"
	"github.com/rcomp/rcomp/nearest"
)

// The exit statuses.
const (
	statusClean   = 0 // did it, and found nothing at or above --fail-on
	statusFound   = 1 // found something, or drift with gen --check
	statusTrouble = 2 // could not do it: usage, unreadable files, nothing to judge
)

func main() {
	ignoreBrokenPipes()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run does what the arguments say and returns the exit status.
func run(arguments []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newProgram(stdout, stderr).run(arguments, stdin)
}

func newProgram(stdout, stderr io.Writer) *program {
	return &program{stdout: display.NewWriter(stdout), stderr: display.NewWriter(stderr), raw: stdout, terminal: terminalOf(stdout)}
}

func (p *program) run(arguments []string, stdin io.Reader) int {
	app := p.app(stdin)
	err := app.Run(append([]string{"rcomp"}, flagsFirst(app, arguments)...))
	if unwritten := p.stdout.Err(); unwritten != nil {
		err = fmt.Errorf("cannot write the output: %w", disk.Plain(unwritten))
	}
	if err != nil {
		p.trouble(err)
	}
	return p.status
}

// program is one run of rcomp.
type program struct {
	stdout, stderr *display.Writer
	raw            io.Writer // the standard output, for a protocol that is none of text
	terminal       terminal  // what the standard output is
	status         int       // the worst so far

	observeFixes func([]compose.Target, *fix.Outcome) // is given what is to be written before it is, for tests
}

// found records that there is something to mend.
func (p *program) found() { p.status = max(p.status, statusFound) }

// trouble says what could not be done.
func (p *program) trouble(err error) {
	p.status = statusTrouble
	fmt.Fprintf(p.stderr, "rcomp: %s\n", display.Clean(err.Error()))
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(p.stderr, "run \"%s --help\" for what it takes\n", usage.command)
	}
}

// usageError says that a command line does not fit its command.
type usageError struct{ command, message string }

func (e usageError) Error() string { return e.message }

func usagef(c *cli.Context, format string, arguments ...any) error {
	return usageError{c.Command.HelpName, fmt.Sprintf(format, arguments...)}
}

func (p *program) app(stdin io.Reader) *cli.App {
	app := &cli.App{
		Name:        "rcomp",
		Usage:       "Redis and Valkey on Docker Compose: write deployments, judge them, explain them",
		Description: "Exit status: 0 all well, 1 something to mend, 2 could not do it.",
		Version:     version(),
		Reader:      stdin,
		Writer:      p.stdout,
		ErrWriter:   p.stderr,
		Action:      p.withoutCommand,
		Commands: []*cli.Command{
			p.lintCommand(), p.genCommand(), p.inspectCommand(), p.lspCommand(), p.rulesCommand(), p.explainCommand(), p.schemaCommand(), p.completionCommand(), p.completeCommand(), p.manCommand(), p.versionCommand(),
		},
		DisableSliceFlagSeparator: true, // a file's name may hold a comma
		OnUsageError:              onUsageError,
		// Without one the library ends the process.
		ExitErrHandler: func(*cli.Context, error) {},
	}
	for _, command := range app.Commands {
		command.HideHelpCommand = true // "help" may be a file or a service
		command.OnUsageError = onUsageError
	}
	return app
}

// onUsageError says what was meant by a flag that there is not.
func onUsageError(c *cli.Context, err error, _ bool) error {
	given, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: ")
	if !unknown {
		return usagef(c, "%v", err)
	}
	return usagef(c, "there is no flag %q%s", "--"+strings.TrimLeft(given, "-"), meantFlag(given, c.Command.VisibleFlags()))
}

func meantFlag(given string, flags []cli.Flag) string {
	var names []string
	for _, flag := range flags {
		names = append(names, flag.Names()...)
	}
	if meant := nearest.Name(given, names); meant != "" {
		return fmt.Sprintf("; did you mean %q?", "--"+meant)
	}
	return ""
}

// withoutCommand answers when no command was named, or none that there is.
func (p *program) withoutCommand(c *cli.Context) error {
	if c.NArg() > 0 {
		var names []string
		for _, command := range c.App.VisibleCommands() {
			names = append(names, command.Name)
		}
		return usageError{"rcomp", fmt.Sprintf("there is no command %q%s", c.Args().First(), nearest.Hint(c.Args().First(), names))}
	}
	p.status = statusTrouble
	c.App.Writer = p.stderr
	return cli.ShowAppHelp(c)
}

// atMost is operands of which there may be no more than a number.
func (p *program) atMost(c *cli.Context, limit int) ([]string, error) {
	operands := c.Args().Slice()
	if len(operands) > limit {
		return nil, usagef(c, "too many arguments: there is no use for %q", operands[limit])
	}
	return operands, nil
}
