package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/nearest"
)

// The formats of inspect, the default first. Only a topology is a picture.
var (
	inspectFormats  = []string{"text", "json"}
	topologyFormats = append(slices.Clone(inspectFormats), "mermaid")
)

func (p *program) inspectCommand() *cli.Command {
	return &cli.Command{
		Name:      "inspect",
		Usage:     "show the configuration that servers will run, and where each value comes from",
		ArgsUsage: "[FILE] [SERVICE]",
		Description: "FILE is a compose file; without one it is the file of the current directory\n" +
			"that docker compose takes. Passwords are not shown. --topology shows who\n" +
			"replicates, watches, makes a cluster of and uses whom.",
		Flags: []cli.Flag{
			formatFlag(topologyFormats...),
			&cli.BoolFlag{Name: "topology", Aliases: []string{"t"}, DisableDefaultText: true, Usage: "show who is related to whom (the only thing that mermaid shows)"},
			&cli.BoolFlag{Name: "all", Aliases: []string{"a"}, DisableDefaultText: true, Usage: "print defaults too (json always has them)"},
			fileFlag(),
			rootFlag(),
			configFlag(),
		},
		Action: p.inspect,
	}
}

func (p *program) inspect(c *cli.Context) error {
	format, err := oneOf(c, "format", topologyFormats...)
	if err != nil {
		return err
	}
	if format == "mermaid" && !c.Bool("topology") {
		return errors.New("--format mermaid goes with --topology: there is no picture of a configuration")
	}
	roots, err := disk.NewRoots(c.String("root"), "")
	if err != nil {
		return err
	}
	defer roots.Close()
	files, service, err := p.inspected(c)
	if err != nil {
		return err
	}
	project, err := single(roots, files)
	if err != nil {
		return err
	}
	if err := told(project, c.String("config")); err != nil {
		return p.troubles(err)
	}
	if c.Bool("topology") {
		if service != "" {
			return fmt.Errorf("--topology shows a whole project: leave %q out", service)
		}
		return p.topology(project, format)
	}
	services := inspect.Services(project)
	if service != "" {
		if services, err = serviceOf(project, services, service); err != nil {
			return err
		}
	}
	document := inspect.Describe(services)
	if format == "json" {
		return display.WriteJSON(p.stdout, document)
	}
	if len(services) == 0 {
		fmt.Fprintln(p.stderr, "rcomp: no service has to do with Redis or Valkey")
	}
	return inspect.Print(p.stdout, document, c.Bool("all"))
}

// topology prints who is related to whom.
func (p *program) topology(project *compose.Project, format string) error {
	document := topology.Describe(project)
	switch format {
	case "json":
		return display.WriteJSON(p.stdout, document)
	case "mermaid":
		return topology.WriteMermaid(p.stdout, document)
	}
	if len(document.Services) == 0 {
		fmt.Fprintln(p.stderr, "rcomp: no service has to do with Redis or Valkey")
	}
	return topology.Print(p.stdout, document)
}

// told passes on what settings say of a project.
func told(project *compose.Project, config string) error {
	roots, err := disk.NewRoots("", "")
	if err != nil {
		return err
	}
	defer roots.Close()
	finder, err := settingsFinder(config, roots)
	if err != nil {
		return err
	}
	return tell(finder)(project)
}

// inspected returns the files and the service that a command line names.
func (p *program) inspected(c *cli.Context) (files []string, service string, err error) {
	if files = c.StringSlice("file"); len(files) > 0 {
		names, err := p.atMost(c, 1)
		return files, first(names), err
	}
	names, err := p.atMost(c, 2)
	if err != nil {
		return nil, "", err
	}
	if len(names) == 2 {
		return names[:1], names[1], nil
	}
	if len(names) == 1 && exists(names[0]) {
		return names, "", nil
	}
	// A single name that is no file is a service of the default one.
	for _, name := range compose.DefaultFileNames {
		if exists(name) {
			return []string{name}, first(names), nil
		}
	}
	if len(names) == 1 {
		return nil, "", fmt.Errorf("cannot read %q: there is no such file, nor a compose file here with such a service", names[0])
	}
	return nil, "", errors.New("there is no compose file here: name one")
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// single loads the only project that files make up.
func single(roots *disk.Roots, files []string) (*compose.Project, error) {
	find := compose.NewFinder(roots)
	add := find.AddMerged
	if len(files) == 1 {
		add = func(files []string) error { return find.AddPath(files[0]) }
	}
	if err := add(files); err != nil {
		return nil, err
	}
	if len(find.Targets) > 1 {
		return nil, fmt.Errorf("there are %d compose files in %q: name one", len(find.Targets), files[0])
	}
	project := compose.LoadAll(find.Targets)[0]
	if len(project.Refusals) > 0 && len(project.Services) == 0 {
		first := project.Refusals[0]
		return nil, fmt.Errorf("%s:%d:%d: %s", first.Span.File, first.Span.Start.Line, first.Span.Start.Column, inspect.Secrets([]*compose.Project{project}).Hide(first.Message))
	}
	return project, nil
}

// serviceOf returns the service of a name among those that have to do with Redis.
func serviceOf(project *compose.Project, services []*inspect.Service, name string) ([]*inspect.Service, error) {
	for _, service := range services {
		if service.Name == name {
			return []*inspect.Service{service}, nil
		}
	}
	if project.Service(name) != nil {
		return nil, fmt.Errorf("the service %q has nothing to do with Redis or Valkey", name)
	}
	var names []string
	for _, service := range project.Services {
		names = append(names, service.Name)
	}
	return nil, fmt.Errorf("there is no service %q%s", name, nearest.Hint(name, names))
}
