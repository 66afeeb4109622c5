package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves the flags of a command line before its names: people write
// them behind, and the flag parser stops at the first name. What follows "--"
// is a name whatever it looks like.
func flagsFirst(app *cli.App, arguments []string) []string {
	if len(arguments) == 0 || app.Command(arguments[0]) == nil {
		return arguments
	}
	withValue := takeValues(app.Command(arguments[0]).Flags)
	ordered, names := arguments[:1:1], []string{}
	for i := 1; i < len(arguments); i++ {
		argument := arguments[i]
		switch {
		case argument == "--":
			names = append(names, arguments[i+1:]...)
			i = len(arguments)
		case len(argument) < 2 || argument[0] != '-':
			names = append(names, argument)
		case argument == "-h" || argument == "-help" || argument == "--help":
			return []string{arguments[0], "--help"} // whatever else is there
		default:
			ordered = append(ordered, argument)
			if slices.Contains(withValue, strings.TrimLeft(argument, "-")) {
				if i++; i == len(arguments) {
					return ordered // the parser says what is missing
				}
				ordered = append(ordered, arguments[i])
			}
		}
	}
	return slices.Concat(ordered, []string{"--"}, names)
}

// takeValues lists the names of the flags that take the next word.
func takeValues(flags []cli.Flag) []string {
	var names []string
	for _, flag := range flags {
		if _, isSwitch := flag.(*cli.BoolFlag); !isSwitch {
			names = append(names, flag.Names()...)
		}
	}
	return names
}
