package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/settings"
	"github.com/rcomp/rcomp/rules"
)

// vocabulary is what the words of .rcomp.toml may be.
func vocabulary() settings.Vocabulary {
	words := settings.Vocabulary{Groups: rules.GroupNames(), Engines: inspect.Engines(), Roles: inspect.Roles(), Version: inspect.CheckVersion}
	for _, rule := range rules.Known() {
		words.Rules = append(words.Rules, rule.ID)
	}
	return words
}

func configFlag() cli.Flag {
	return &cli.StringFlag{Name: "config", Usage: "take settings from this `FILE` alone (default: the nearest " + settings.Name + " above each compose file)"}
}

// settingsFinder finds what holds for each project. A file that the user names
// may stand anywhere.
func settingsFinder(named string, roots *disk.Roots) (*settings.Finder, error) {
	finder := settings.NewFinder(vocabulary())
	if named == "" {
		return finder, nil
	}
	return finder, finder.Use(roots, named)
}

// tell passes on what the settings of a project say of its images and
// services.
func tell(finder *settings.Finder) func(*compose.Project) error {
	return func(project *compose.Project) error {
		found, err := finder.For(project.Tree(), project.Directory)
		if err != nil || len(found.Images)+len(found.Services) == 0 {
			return err
		}
		told := inspect.Told{Images: map[string]inspect.Holding{}, Roles: map[string]inspect.Role{}}
		for name, image := range found.Images {
			told.Images[name] = inspect.Holding{Engine: image.Engine, Version: image.Version}
		}
		for name, service := range found.Services {
			told.Roles[name] = inspect.Role(service.Role)
		}
		inspect.Tell(project, told)
		return nil
	}
}

// fromSettings is a file's path from where the patterns of settings start:
// their directory or, where the file is not below it, what may be read.
func fromSettings(found *settings.Settings, tree *disk.Tree, absolute string) string {
	for _, directory := range []string{found.Directory(), tree.Path()} {
		if below, err := filepath.Rel(directory, absolute); err == nil && filepath.IsLocal(below) {
			return filepath.ToSlash(below)
		}
	}
	return filepath.ToSlash(absolute)
}

// troubles says each of several errors on a line of its own, and returns a
// single one.
func (p *program) troubles(err error) error {
	var several interface{ Unwrap() []error }
	if !errors.As(err, &several) {
		return err
	}
	for _, one := range several.Unwrap() {
		p.trouble(one)
	}
	return nil
}

func (p *program) schemaCommand() *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON Schema of " + settings.Name + ", or of an intent",
		ArgsUsage: "[" + settings.Name + " | " + defaultIntent + "]",
		Action: func(c *cli.Context) error {
			operands, err := p.atMost(c, 1)
			if err != nil {
				return err
			}
			switch file := strings.Join(operands, ""); file {
			case "", settings.Name:
				return display.WriteJSON(p.stdout, settings.Schema(vocabulary()))
			case defaultIntent:
				return display.WriteJSON(p.stdout, intent.Schema())
			default:
				return usagef(c, "there is no schema of %q: there is one of %s, and one of %s", file, settings.Name, defaultIntent)
			}
		},
	}
}

// never is above every severity.
const never = lint.Error + 1

// parseFailOn reads what --fail-on and the key fail-on take.
func parseFailOn(word string) (lint.Severity, error) {
	if word == settings.Never {
		return never, nil
	}
	return lint.ParseSeverity(word)
}

func plural(count int, noun string) string {
	if count != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", count, noun)
}
