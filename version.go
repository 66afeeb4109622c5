package main

import (
	"fmt"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version",
		Action: func(c *cli.Context) error {
			if _, err := p.atMost(c, 0); err != nil {
				return err
			}
			_, err := fmt.Fprintln(p.stdout, "rcomp version "+version())
			return err
		},
	}
}

// version returns what the Go toolchain recorded in the program: a release,
// or the revision that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}
