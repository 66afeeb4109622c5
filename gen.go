package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/ondisk/surroundings"
	"github.com/rcomp/rcomp/generate/rollout"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
)

// defaultIntent is read where no intent is named.
const defaultIntent = "redis.toml"

// The formats of gen, the default first.
var genFormats = []string{"text", "github"}

func (p *program) genCommand() *cli.Command {
	return &cli.Command{
		Name:      "gen",
		Usage:     "write the files that an intent asks for",
		ArgsUsage: "[INTENT...]",
		Description: "An INTENT is a TOML file; without any, " + defaultIntent + " is read. Files that were\n" +
			"edited by hand since they were written are not overwritten without --force.\n" +
			"With --check it may also be a directory to search for deployments and the\n" +
			"intents that they were made from, or a file that gen wrote.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to this `DIRECTORY` (default: that of the intent)"},
			&cli.BoolFlag{Name: "check", DisableDefaultText: true, Usage: "write nothing, and exit with 1 where files are not what the intent says"},
			&cli.BoolFlag{Name: "diff", DisableDefaultText: true, Usage: "write nothing, and print what would change"},
			&cli.BoolFlag{Name: "prune", DisableDefaultText: true, Usage: "remove files that the intent asked for once and asks for no more; secrets are moved to secrets/left-DATE"},
			&cli.BoolFlag{Name: "leave-data", DisableDefaultText: true, Usage: "write although the data of what runs would be left behind"},
			&cli.BoolFlag{Name: "force", DisableDefaultText: true, Usage: "overwrite files that were edited by hand, made from another intent or not written by rcomp"},
			formatFlag(genFormats...),
		},
		Action: p.gen,
	}
}

// generation is one intent, and what to do with it.
type generation struct {
	intent, directory  string
	check, diff, force bool
	leaveData, prune   bool
	asked              bool // a flag names the directory
	github             bool
	shown              string // the directory that GitHub wants paths relative to, "" for the current one
}

func (p *program) gen(c *cli.Context) error {
	intents := c.Args().Slice()
	if len(intents) == 0 {
		intents = []string{defaultIntent}
	}
	format, err := oneOf(c, "format", genFormats...)
	if err != nil {
		return err
	}
	g := generation{
		directory: c.String("output"), check: c.Bool("check"), diff: c.Bool("diff"), force: c.Bool("force"),
		leaveData: c.Bool("leave-data"), prune: c.Bool("prune"),
		github: format == "github", shown: shownFrom(format),
	}
	switch {
	case g.force && (g.check || g.diff):
		return usagef(c, "--force is for writing: --check and --diff write nothing")
	case (g.leaveData || g.prune) && (g.check || g.diff):
		return usagef(c, "--leave-data and --prune are for writing: --check and --diff write nothing")
	case g.directory != "" && len(intents) > 1:
		return usagef(c, "several intents in one directory would overwrite each other's files: name one with --output")
	}
	checked := map[surroundings.Found]bool{}
	for _, intent := range intents {
		if g.check && c.String("output") == "" {
			if done, err := p.checkFound(g, intent, checked); err != nil {
				p.trouble(err)
				continue
			} else if done {
				continue
			}
		}
		g.intent, g.directory = intent, c.String("output")
		g.asked = g.directory != ""
		if err := p.generate(g); err != nil {
			p.trouble(err)
		}
	}
	return nil
}

// generate does what the flags say with one intent.
func (p *program) generate(g generation) error {
	source, err := surroundings.ReadIntent(g.intent, intent.Largest)
	if err != nil {
		return g.unreadable(err)
	}
	name := asText(g.intent)
	found, err := g.surroundings(source)
	if err != nil {
		return err
	}
	p.sayUnjudged(g, found.Files)
	around := surroundings.Open(g.directory)
	defer around.Close()
	defer func() { p.sayUnseen(g, around) }()
	plan, problems := generate.Compile(name, source, found)
	if plan.Subnet.IsValid() {
		found.Taken = around.Subnets(plan.Name)
		plan, problems = generate.Compile(name, source, found)
	}
	if len(problems) > 0 {
		p.refuse(g, problems)
		return nil
	}
	files, err := generate.Files(plan)
	if err != nil {
		return err
	}
	if err := p.sayLessRoom(g, files); err != nil {
		return err
	}
	if !g.check {
		p.sayClashes(g, around, plan.Name, files)
	}
	if g.diff {
		if err := p.printDiff(g, files); err != nil {
			return err
		}
	}
	switch {
	case g.check:
		return p.checkDrift(g, files)
	case g.diff:
		p.printConsequences(g, files)
		return nil
	}
	if err := p.write(g, plan, files); err != nil {
		return err
	}
	return p.leftovers(g, files)
}

// surroundings settles where the files of an intent go, and reads what it names
// of the user's own.
func (g *generation) surroundings(source []byte) (found intent.Surroundings, err error) {
	read, _ := intent.Read(asText(g.intent), source)
	if g.directory == "" {
		if g.directory, err = surroundings.Output(g.intent, read.Output); err != nil {
			return found, err
		}
	}
	way, _ := surroundings.Way(g.directory, filepath.Dir(g.intent)) // without one the files name the intent alone
	return intent.Surroundings{
		Way: way, Asked: g.asked && way != ".", Away: g.check,
		Files: surroundings.UserFiles(slices.Collect(maps.Values(read.TLSPaths)), filepath.Dir(g.intent), g.directory),
	}, nil
}

// sayClashes warns of what another compose file of the repository wants too. It
// may be meant for another host, so nothing is refused. And it warns of what has
// docker compose pass over the files.
func (p *program) sayClashes(g generation, around *surroundings.Repository, name string, files []ondisk.File) {
	contents := map[string][]byte{}
	for _, file := range files {
		contents[file.Path] = file.Content
	}
	directory, err := disk.Resolve(filepath.Dir(g.intent))
	same := func(path string, content []byte) bool {
		way := ondisk.Source(content)
		return err == nil && way != "" && filepath.Join(filepath.Dir(path), filepath.FromSlash(way)) == filepath.Join(directory, filepath.Base(g.intent))
	}
	for _, path := range []string{"docker-compose.yml", "docker-stack.yml"} {
		if contents[path] == nil {
			continue
		}
		for _, clash := range around.Clashes(contents[path], contents["redis.conf"], same) {
			p.warn("%s: %s", g.intent, clash)
		}
	}
	if contents["docker-compose.yml"] == nil {
		return
	}
	for _, overruled := range around.Overruled(name) {
		p.warn("%s: %s", g.intent, overruled)
	}
}

// sayUnseen says that a file may want what this deployment has, in a part of
// the repository that was not looked at.
func (p *program) sayUnseen(g generation, around *surroundings.Repository) {
	if err := around.Unseen(); err != nil {
		p.warn("%s: compose files of the repository may want the same subnet, name or port unseen: %s", g.intent, err)
	}
}

// leftovers names the files that the intent asks for no more, and removes them
// where it was asked to.
func (p *program) leftovers(g generation, files []ondisk.File) error {
	left, err := ondisk.Leftovers(g.directory, files, generate.Paths())
	if err != nil || len(left) == 0 {
		return err
	}
	var removed []string
	now := time.Now()
	if g.prune {
		if removed, err = ondisk.Prune(g.directory, left, g.force, now); err != nil {
			return err
		}
	}
	for _, one := range left {
		word := "left %s: " + g.intent + " does not ask for it any more, see --prune"
		switch {
		case slices.Contains(removed, one.Path) && one.Secret:
			word = "moved %s into " + g.path(ondisk.LeftPlace(now))
		case slices.Contains(removed, one.Path):
			word = "removed %s"
		case one.Edited:
			word = "left %s: it was edited by hand, and " + g.intent + " does not ask for it any more, see --prune --force"
		}
		fmt.Fprintln(p.stdout, display.Clean(strings.Replace(word, "%s", g.path(one.Path), 1)))
	}
	return nil
}

func (p *program) printDiff(g generation, files []ondisk.File) error {
	diff, err := ondisk.Diff(g.directory, files)
	if err != nil {
		return fmt.Errorf("cannot compare with %q: %w", g.directory, err)
	}
	for _, line := range strings.SplitAfter(diff, "\n") {
		text, end := strings.CutSuffix(line, "\n")
		fmt.Fprint(p.stdout, cleanDiff(text))
		if end {
			fmt.Fprintln(p.stdout)
		}
	}
	return nil
}

// cleanDiff keeps the tabs of a line, which the diff's reader expects.
func cleanDiff(line string) string {
	parts := strings.Split(line, "\t")
	for i, part := range parts {
		parts[i] = display.Clean(part)
	}
	return strings.Join(parts, "\t")
}

// write brings the files to what the intent says, and says which it wrote and
// what that does to what runs.
func (p *program) write(g generation, plan deployment.Plan, files []ondisk.File) error {
	found, err := ondisk.Compare(g.directory, files)
	if err != nil {
		return fmt.Errorf("cannot write to %q: %w", g.directory, err)
	}
	if !g.force && slices.ContainsFunc(found, ondisk.Change.Kept) {
		return p.refuseEdited(g, found)
	}
	standing := rollout.Standing(g.directory)
	consequences := rollout.Consequences(standing, files, found)
	if rollout.Way(consequences) != "" && !g.leaveData {
		return p.refuseMove(consequences)
	}
	p.list("what this changes", messages(consequences))
	if rollout.Renamed(standing, files) && slices.ContainsFunc(found, ondisk.Change.Others) {
		if err := p.setAside(g); err != nil {
			return err
		}
	}
	changes, err := ondisk.Write(g.directory, files, g.force)
	if edited := (*ondisk.EditedError)(nil); errors.As(err, &edited) {
		return p.refuseEdited(g, changes)
	}
	if err != nil {
		return fmt.Errorf("cannot write to %q: %w", g.directory, err)
	}
	wrote := false
	for _, file := range changes {
		if file.State != ondisk.Same {
			wrote = true
			fmt.Fprintf(p.stdout, "wrote %s\n", display.Clean(g.path(file.Path)))
		}
	}
	if !wrote {
		fmt.Fprintf(p.stdout, "nothing to write: all is as %s says\n", display.Clean(g.intent))
	}
	if ended := plan.LeavesUnmended(time.Now()); ended != "" {
		fmt.Fprintln(p.stdout, ended)
	}
	if !wrote {
		return nil
	}
	next := "next"
	if g.directory != "." {
		next = "next, in " + g.path("")
	}
	if rollout.Restores(rollout.Way(consequences)) {
		next += " (first the restore that README.md tells of, which starts the servers itself; without it they begin with nothing)"
	}
	if rollout.Settled(standing, files, changes) {
		fmt.Fprintln(p.stdout, "next: nothing, since these files start what the former ones did")
		return nil
	}
	command, secret := generate.People(plan)
	p.list(next, rollout.Next(rollout.Client{Command: command, Secret: secret}, standing, files, changes))
	return nil
}

// setAside leaves the passwords of another deployment to that one.
func (p *program) setAside(g generation) error {
	now := time.Now()
	moved, err := ondisk.SetAside(g.directory, now)
	for _, path := range moved {
		fmt.Fprintf(p.stdout, "moved %s into %s: it is another deployment's\n", display.Clean(g.path(path)), display.Clean(g.path(ondisk.LeftPlace(now))))
	}
	return err
}

// command is what brings the files to what the intent says.
func (g generation) command() string {
	if !g.asked || g.directory == filepath.Dir(g.intent) {
		return "rcomp gen " + g.intent
	}
	return fmt.Sprintf("rcomp gen -o %s %s", g.directory, g.intent)
}

// path returns a generated file's path as the user would type it.
func (g generation) path(name string) string {
	return asText(filepath.Join(g.directory, filepath.FromSlash(name)))
}

// asText returns a path for the beginning of a line. One that begins as a
// command to GitHub's runner does, blanks before it or not, begins with the
// current directory instead.
func asText(path string) string {
	path = filepath.ToSlash(path)
	if strings.HasPrefix(strings.TrimLeft(path, " "), "::") {
		return "./" + path
	}
	return path
}

// fromWorkspace returns a path as GitHub wants it.
func (g generation) fromWorkspace(path string) string {
	if g.shown == "" {
		return filepath.ToSlash(path)
	}
	directory, err := disk.Resolve(filepath.Dir(path))
	if err != nil {
		return filepath.ToSlash(path)
	}
	relative, err := filepath.Rel(g.shown, filepath.Join(directory, filepath.Base(path)))
	if err != nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(relative)
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
