package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

// manCommand prints the manual page, which packages install.
func (p *program) manCommand() *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the manual page, for man",
		Action: func(c *cli.Context) error {
			if _, err := p.atMost(c, 0); err != nil {
				return err
			}
			app := *c.App
			app.Commands = withoutHelp(app.Commands)
			page, err := app.ToManWithSection(1)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(p.stdout, page)
			return err
		},
	}
}

// withoutHelp are commands without the one that explains the others. Of that
// the library has one for all, which becomes a part of itself once it has run.
func withoutHelp(commands []*cli.Command) (rest []*cli.Command) {
	for _, command := range commands {
		if command.Name != "help" {
			copied := *command
			copied.Subcommands = withoutHelp(command.Subcommands)
			rest = append(rest, &copied)
		}
	}
	return rest
}
