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
			page, err := c.App.ToManWithSection(1)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(p.stdout, page)
			return err
		},
	}
}
