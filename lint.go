package main

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/ignore"
	"github.com/rcomp/rcomp/rules"
)

func (p *program) lintCommand() *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "judge compose files by what their servers will run",
		ArgsUsage: "[PATH...]",
		Description: "A PATH is a compose file, a directory to search for them, - for the standard\n" +
			"input, or a .conf or .acl file, which stands for the compose files whose\n" +
			"servers read it and is judged by itself where there is none. Without any, the\n" +
			"current directory is searched.",
		Flags: append(outputFlags(),
			&cli.StringFlag{Name: "fail-on", Usage: "exit with 1 from this `SEVERITY` on: error, warning, note or never (default: warning, or what the settings say)"},
			&cli.IntFlag{Name: "max-warnings", Value: -1, DefaultText: "by --fail-on", Usage: "put up with `N` warnings: more exit with 1"},
			&cli.StringSliceFlag{Name: "only", Usage: "look for these rules or groups alone: `NAME[,NAME...]`"},
			&cli.StringSliceFlag{Name: "skip", Usage: "leave these rules or groups out: `NAME[,NAME...]`"},
			configFlag(),
			&cli.BoolFlag{Name: "fix", DisableDefaultText: true, Usage: "mend what can be mended without changing anything else that runs, and report what is left"},
			&cli.BoolFlag{Name: "unsafe-fixes", DisableDefaultText: true, Usage: "mend also what changes more than the fault, and say what that is"},
			&cli.BoolFlag{Name: "diff", DisableDefaultText: true, Usage: "print what --fix would change, and write nothing: something to mend exits with 1"},
			&cli.BoolFlag{Name: "no-ignores", DisableDefaultText: true, Usage: "take no comment for an answer"},
			&cli.StringFlag{Name: "add-ignores", Usage: "write comments that ignore what is found, with this `REASON`"},
			&cli.StringFlag{Name: "baseline", Usage: "leave out the findings that `FILE` knows"},
			&cli.StringFlag{Name: "write-baseline", Usage: "write what is found to `FILE`, to be known from then on"},
			&cli.BoolFlag{Name: "statistics", DisableDefaultText: true, Usage: "print how many findings each rule has"},
			&cli.BoolFlag{Name: "list-files", DisableDefaultText: true, Usage: "print the files that are read, and judge nothing"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, DisableDefaultText: true, Usage: "print findings alone, without a closing line"},
			&cli.StringFlag{Name: "changed-since", Usage: "judge only what has changed since the branch left this `REF` of git"},
			&cli.StringFlag{Name: "stdin-filename", Value: compose.DefaultFileNames[0], Usage: "the standard input, named as -, stands at `FILE`"},
			&cli.BoolFlag{Name: "ignore-unknown", DisableDefaultText: true, Usage: "pass over conf files that no server reads, and say so (without it, the exit status is 2)"},
			&cli.StringFlag{Name: "engine", Usage: "judge conf files that no compose file brings to a server by this `ENGINE[:VERSION]` (default: all that is maintained)"},
			fileFlag(),
			rootFlag(),
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to color text: auto, always or never"},
		),
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
	outputs     []output
	showSecrets bool
	failOn      lint.Severity // 0: the settings say
	maxWarnings int           // -1: no number is put up with
	color       bool
	rules       []*lint.Rule    // that are run
	selected    map[string]bool // by ID; those that no project breaks included

	noIgnores     bool
	addIgnores    string // the reason, "" to write none
	baseline      string // "" where the settings say
	writeBaseline string
	ownSettings   bool // they are a file that the user names

	ignoreUnknown bool   // conf files that are none of a server
	changedSince  string // "": everything is judged
	stdinFilename string

	statistics, listFiles, quiet bool

	fix, unsafeFixes, diff bool
}

func (p *program) lintOptions(c *cli.Context) (options lintOptions, err error) {
	options = lintOptions{
		maxWarnings: c.Int("max-warnings"), noIgnores: c.Bool("no-ignores"), addIgnores: c.String("add-ignores"),
		baseline: c.String("baseline"), writeBaseline: c.String("write-baseline"), ownSettings: c.String("config") != "",
		changedSince: c.String("changed-since"), stdinFilename: c.String("stdin-filename"),
		ignoreUnknown: c.Bool("ignore-unknown"), statistics: c.Bool("statistics"), listFiles: c.Bool("list-files"), quiet: c.Bool("quiet"),
		fix: c.Bool("fix"), unsafeFixes: c.Bool("unsafe-fixes"), diff: c.Bool("diff"),
	}
	if options.outputs, err = p.outputsOf(c); err != nil {
		return options, err
	}
	if options.showSecrets, err = p.showsSecrets(c, options.outputs); err != nil {
		return options, err
	}
	if c.IsSet("fail-on") {
		if options.failOn, err = parseFailOn(c.String("fail-on")); err != nil {
			return options, usagef(c, "--fail-on: %v or never", err)
		}
	}
	if options.selected, err = selected(c); err != nil {
		return options, err
	}
	for _, rule := range rules.All {
		if options.selected[rule.ID] {
			options.rules = append(options.rules, rule)
		}
	}
	if err := options.contradiction(c); err != nil {
		return options, err
	}
	when, err := oneOf(c, "color", "auto", "always", "never")
	options.color = when == "always" || when == "auto" && p.terminal.color
	return options, err
}

// contradiction refuses flags that cannot both be meant.
func (o lintOptions) contradiction(c *cli.Context) error {
	switch {
	case o.failOn == never && o.maxWarnings >= 0:
		return usagef(c, "--max-warnings makes warnings fail, and --fail-on never makes nothing fail: give one of them")
	case c.IsSet("max-warnings") && o.maxWarnings < 0:
		return usagef(c, "--max-warnings takes a number from 0 on")
	case o.baseline != "" && o.writeBaseline != "":
		return usagef(c, "--write-baseline writes everything that is found: give it without --baseline")
	case o.addIgnores != "" && o.writeBaseline != "":
		return usagef(c, "a finding is ignored or known, not both: give --add-ignores or --write-baseline")
	case o.addIgnores != "" && o.noIgnores:
		return usagef(c, "--no-ignores would not read what --add-ignores writes")
	case o.statistics && slices.ContainsFunc(o.outputs, func(one output) bool { return one.Name != "text" }):
		return usagef(c, "--statistics is text: programs count for themselves")
	case o.unsafeFixes && !o.fix && !o.diff:
		return usagef(c, "--unsafe-fixes says which fixes are made: give it with --fix or --diff")
	case (o.fix || o.diff) && (o.addIgnores != "" || o.writeBaseline != "" || o.listFiles):
		return usagef(c, "a finding is fixed, ignored or known: give --fix or --diff alone")
	case o.diff && (c.IsSet("format") || c.IsSet("output") || o.statistics):
		return usagef(c, "--diff prints a diff and no report: give it alone, or --fix")
	case c.IsSet("add-ignores"):
		if err := ignore.CheckReason(o.addIgnores); err != nil {
			return usagef(c, "--add-ignores: %v", err)
		}
	}
	return nil
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
	roots, err := disk.NewRoots(c.String("root"), "")
	if err != nil {
		return err
	}
	defer roots.Close()
	ownRoots := roots
	if options.ownSettings || options.baseline != "" {
		// What the user names need not be below --root.
		if ownRoots, err = disk.NewRoots("", ""); err != nil {
			return err
		}
		defer ownRoots.Close()
	}
	finder, err := settingsFinder(c.String("config"), ownRoots)
	if err != nil {
		return p.troubles(err)
	}
	j := &judgement{program: p, lintOptions: options, roots: roots, ownRoots: ownRoots, settings: finder, branch: newBranch(options.changedSince)}
	if j.engine, err = engineOf(c, append(paths, options.stdinFilename)); err != nil {
		return err
	}
	if paths, err = j.readStdin(c.App.Reader, paths); err != nil {
		return err
	}
	return p.troubles(j.run(c.StringSlice("file"), paths))
}

// ballastOf is memory that is never touched, and so never taken from the
// machine: the collector, which starts when the heap has doubled, starts later.
// Where many projects are judged and forgotten that is a sixth of the time.
func ballastOf(projects int) []byte {
	if projects < 10 {
		return nil
	}
	return make([]byte, 16<<20)
}

// run judges what is named and prints what is found.
func (j *judgement) run(merged, paths []string) error {
	targets, err := j.targets(merged, paths)
	if err != nil || len(targets)+len(j.confs) == 0 && j.status == statusTrouble {
		return err
	}
	if j.fix || j.diff {
		if err := j.fixes(targets); err != nil || j.diff {
			return err
		}
	}
	ballast := ballastOf(len(targets))
	result, err := j.join(append(compose.Judge(targets, j.judge), j.judgeConfs()...))
	runtime.KeepAlive(ballast)
	if err != nil || len(result.Files) == 0 && j.status == statusTrouble {
		return err
	}
	switch {
	case j.listFiles:
		return j.list()
	case j.writeBaseline != "":
		return j.writeKnown(result)
	}
	if err := j.leaveOutKnown(result); err != nil {
		return err
	}
	if j.addIgnores != "" {
		return j.addComments(result)
	}
	result.Merge()
	if j.fails(result) {
		j.found()
	}
	return j.print(result)
}

// list prints the files that were read, each once.
func (j *judgement) list() error {
	for _, file := range slices.Sorted(maps.Keys(j.read)) {
		fmt.Fprintln(j.stdout, display.CleanPath(file))
	}
	return nil
}

// find looks for what the command line names. What cannot be read is said at
// once; the rest is judged all the same.
func (j *judgement) targets(merged, paths []string) ([]compose.Target, error) {
	find := compose.NewFinder(j.roots)
	if len(merged) > 0 {
		if err := find.AddMerged(merged); err != nil {
			j.trouble(err)
		}
	} else if len(paths) == 0 {
		paths = []string{"."}
	}
	var confs []string
	for _, path := range paths {
		if isConf(path) {
			confs = append(confs, path)
		} else if err := find.AddPath(path); err != nil {
			j.trouble(err)
		}
	}
	j.addReaders(find, confs)
	j.unseen = find.Unseen
	return j.wanted(find.Targets)
}
