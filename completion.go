package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/settings"
	"github.com/rcomp/rcomp/rules"
)

// shells have a script each, which asks the program itself what fits: it knows
// its flags, rules and formats, and the services of the compose file.
var shells = map[string]string{
	"bash": `# source <(rcomp completion bash)
_rcomp() {
	local word words=()
	# To bash "=" is a word of its own.
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		if ((${#words[@]})) && [[ $word == = || ${words[-1]} == -*= ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	mapfile -t COMPREPLY < <(rcomp complete -- "${words[@]}" 2>/dev/null)
	# And what stands before it is there already.
	if [[ ${words[-1]} == -*=* ]]; then COMPREPLY=("${COMPREPLY[@]#*=}"); fi
}
complete -o default -F _rcomp rcomp
`,
	"zsh": `#compdef rcomp
# source <(rcomp completion zsh)
_rcomp() {
	local -a candidates
	candidates=("${(@f)$(rcomp complete -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
	if [[ -n ${candidates[1]} ]]; then compadd -- "${candidates[@]}"; else _files; fi
}
# As a file of $fpath it is run by the first completion.
if [[ ${funcstack[1]} == _rcomp ]]; then _rcomp "$@"; else compdef _rcomp rcomp; fi
`,
	"fish": `# rcomp completion fish | source
function __rcomp_complete
	set -l words (commandline -opc) "$(commandline -ct)"
	set -l candidates (rcomp complete -- $words[2..] 2>/dev/null)
	if set -q candidates[1]
		printf '%s\n' $candidates
	else
		__fish_complete_path $words[-1]
	end
end
complete -c rcomp -f -a '(__rcomp_complete)'
`,
	"powershell": `# rcomp completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName rcomp -ScriptBlock {
	param($word, $line, $cursor)
	$words = @($line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursor } | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
	# An empty word would get lost before PowerShell 7.3.
	$flags = @(if ($word -eq '') { '--new-word' })
	rcomp complete @flags -- @words 2>$null | ForEach-Object {
		[System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
	}
}
`,
}

var shellNames = []string{"bash", "zsh", "fish", "powershell"}

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print what has a shell complete commands, flags, rules, formats and services",
		ArgsUsage: strings.Join(shellNames, "|"),
		Action: func(c *cli.Context) error {
			names, err := p.atMost(c, 1)
			if err != nil {
				return err
			}
			script, known := shells[first(names)]
			if !known {
				return usagef(c, "name a shell: %s", strings.Join(shellNames, ", "))
			}
			_, err = fmt.Fprint(p.stdout, script)
			return err
		},
	}
}

// completeCommand answers a shell: the last word is the one to complete.
func (p *program) completeCommand() *cli.Command {
	return &cli.Command{
		Name:   "complete",
		Hidden: true,
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "new-word", Usage: "the word to complete is another one, and empty so far"}},
		Action: func(c *cli.Context) error {
			words := c.Args().Slice()
			if c.Bool("new-word") {
				words = append(words, "")
			}
			for _, candidate := range completed(c.App, words) {
				fmt.Fprintln(p.stdout, display.CleanPath(candidate))
			}
			return nil
		},
	}
}

func completed(app *cli.App, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	before, word := words[:len(words)-1], words[len(words)-1]
	var candidates []string
	switch {
	case len(before) == 0:
		for _, command := range app.VisibleCommands() {
			candidates = append(candidates, command.Name)
		}
	case app.Command(before[0]) == nil:
		return nil
	default:
		candidates = candidatesOf(app.Command(before[0]), before[1:], word)
	}
	return slices.DeleteFunc(slices.Clone(candidates), func(candidate string) bool { return !strings.HasPrefix(candidate, word) })
}

// candidatesOf are what may stand behind words of a command: the value of a
// flag, a flag, or a name.
func candidatesOf(command *cli.Command, before []string, word string) []string {
	if flag, value, joined := strings.Cut(word, "="); joined && strings.HasPrefix(flag, "-") {
		var whole []string
		for _, one := range valuesOf(command, strings.TrimLeft(flag, "-"), value) {
			whole = append(whole, flag+"="+one)
		}
		return whole
	}
	if len(before) > 0 {
		last := before[len(before)-1]
		if name := strings.TrimLeft(last, "-"); strings.HasPrefix(last, "-") && slices.Contains(takeValues(command.Flags), name) {
			return valuesOf(command, name, word)
		}
	}
	if strings.HasPrefix(word, "-") {
		var flags []string
		for _, flag := range command.VisibleFlags() {
			flags = append(flags, "--"+flag.Names()[0])
		}
		return flags
	}
	switch command.Name {
	case "explain":
		return vocabulary().Rules
	case "completion":
		return shellNames
	case "schema":
		return []string{settings.Name, defaultIntent}
	case "inspect":
		return serviceNames(before)
	}
	return nil // files, which shells know themselves
}

// valuesOf are what a flag takes; several names stand with commas between them.
func valuesOf(command *cli.Command, flag, word string) []string {
	switch flag {
	case "format":
		return map[string][]string{"lint": formatNames(), "gen": genFormats, "inspect": inspectFormats, "rules": {"text", "json"}}[command.Name]
	case "output":
		if command.Name == "lint" {
			return formatNames()
		}
	case "fail-on":
		return []string{"error", "warning", "note", settings.Never}
	case "color":
		return []string{"auto", "always", "never"}
	case "only", "skip":
		listed := word[:strings.LastIndex(word, ",")+1]
		var names []string
		for _, name := range append(vocabulary().Rules, rules.GroupNames()...) {
			names = append(names, listed+name)
		}
		return names
	}
	return nil
}

// serviceNames are those of the compose file that is named, or else of the one
// that docker compose takes.
func serviceNames(before []string) []string {
	roots, err := disk.NewRoots("", "")
	if err != nil {
		return nil
	}
	defer roots.Close()
	var files []string
	for _, name := range compose.DefaultFileNames {
		if exists(name) {
			files = []string{name}
			break
		}
	}
	if len(before) > 0 && exists(before[len(before)-1]) {
		files = before[len(before)-1:]
	}
	if len(files) == 0 {
		return nil
	}
	project, err := single(roots, files)
	if err != nil {
		return nil
	}
	var names []string
	for _, service := range project.Services {
		names = append(names, service.Name)
	}
	return names
}
