package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/redis"
)

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version",
		Action: func(c *cli.Context) error {
			if _, err := p.atMost(c, 0); err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "rcomp version %s\n", version())
			if commit := builtFrom(); commit != "" {
				fmt.Fprintf(p.stdout, "commit %s\n", commit)
			}
			_, err := fmt.Fprintf(p.stdout, "catalogue of %s, %s with %s\n", redis.AsOf(), runtime.GOOS+"/"+runtime.GOARCH, runtime.Version())
			return err
		},
	}
}

// builtFrom is the commit of the sources, as the Go toolchain recorded it; ""
// where it did not.
func builtFrom() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	commit := settings["vcs.revision"]
	if commit == "" {
		return ""
	}
	if settings["vcs.modified"] == "true" {
		commit += ", changed since"
	}
	return commit + " of " + settings["vcs.time"]
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
