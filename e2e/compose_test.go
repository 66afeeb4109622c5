package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/mutate"
)

// composeProject is a project of which both Compose and rcomp are asked what
// they make of it.
type composeProject struct {
	name      string   // for messages
	directory string   // where both run
	root      string   // what rcomp may read
	files     []string // the compose files, the base first, from the directory
}

// verdict is what a program says of a project.
type verdict struct {
	refused bool
	endless bool // it was still thinking when its time was over
	said    string
}

func (v verdict) String() string {
	if v.refused {
		return "refuses it: " + strings.TrimSpace(warning.ReplaceAllString(v.said, ""))
	}
	return "takes it"
}

// composeProgram is Compose itself: as a plugin it starts once, with the docker
// command around it twice. Neither an engine nor a network is needed for what
// is asked here.
var composeProgram = sync.OnceValues(func() (string, error) {
	output, err := exec.Command("docker", "info", "--format",
		`{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}{{.Path}}{{end}}{{end}}`).Output()
	if path := strings.TrimSpace(string(output)); path != "" {
		return path, nil // whether there is an engine is another matter
	}
	return "", err
})

// bare is an environment in which no variable of a project has a value.
func bare(more ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, more...)
}

// bareRun runs a program for a project in an environment without anything else.
func (p composeProject) bareRun(t *testing.T, environment []string, name string, arguments ...string) result {
	t.Helper()
	processors <- struct{}{}
	defer func() { <-processors }()
	command := exec.Command("nice", append([]string{"-n", politeness, name}, arguments...)...)
	command.Dir = p.directory
	command.Env = environment
	return finish(t, command)
}

// named are the files behind -f.
func (p composeProject) named() []string {
	var arguments []string
	for _, file := range p.files {
		arguments = append(arguments, "-f", file)
	}
	return arguments
}

// config runs docker compose config.
func (p composeProject) config(t *testing.T, environment, global []string, arguments ...string) result {
	t.Helper()
	program, err := composeProgram()
	require.NoError(t, err)
	line := slices.Concat([]string{composeLimit, program}, p.named(), global, []string{"config"}, arguments)
	return p.bareRun(t, environment, "timeout", line...)
}

// composeLimit is how many seconds Compose may think: over some projects it
// never ends, which is no answer to hold rcomp to.
const composeLimit = "120"

// outOfTime is the exit status of timeout for a program that it ended.
const outOfTime = 124

// compose returns what Compose says, with some profiles active and some variables set.
func (p composeProject) compose(t *testing.T, profiles, variables []string) verdict {
	t.Helper()
	var global []string
	for _, profile := range profiles {
		global = append(global, "--profile", profile)
	}
	left := p.config(t, bare(variables...), global, "--quiet")
	return verdict{refused: left.status != 0, endless: left.status == outOfTime, said: strings.TrimSpace(left.stderr)}
}

// warning is a line of Compose's log; behind a panic stands where it came from.
var warning = regexp.MustCompile(`(?m)^time=.* level=warning .*\n?|(?s:\n\ngoroutine .*)`)

// refusing are the rules that say that Compose refuses a file.
var refusing = []string{"compose-invalid", "yaml-invalid"}

// rcomp returns what rcomp lint says, and what it says that it could not see.
func (p composeProject) rcomp(t *testing.T) (said verdict, notes string) {
	t.Helper()
	arguments := append([]string{"lint", "--format", "json", "--root", p.root}, p.named()...)
	left := p.bareRun(t, bare(), rcompPath(t), arguments...)
	if left.status == 2 {
		return verdict{refused: true, said: "[exit 2] " + strings.TrimSpace(left.stderr)}, ""
	}
	require.Contains(t, []int{0, 1}, left.status, "%s\n%s", p.name, left.stderr)
	var report struct {
		Findings []finding
		Unseen   []struct{ Message string }
	}
	require.NoError(t, json.Unmarshal([]byte(left.stdout), &report), left.stdout)
	for _, found := range report.Findings {
		if slices.Contains(refusing, found.Rule) {
			said.refused = true
			said.said += found.Rule + ": " + found.Message + "\n"
		}
	}
	for _, note := range report.Unseen {
		notes += note.Message + "\n"
	}
	said.said = strings.TrimSpace(said.said)
	return said, notes
}

// unsetVariable is how Compose names a variable without a value.
var unsetVariable = regexp.MustCompile(`The \\?"(\w+)\\?" variable is not set|required variable (\w+) is missing a value`)

// takenWithValues reports whether Compose takes the project, all profiles
// active, if its variables without a value have one: one that their names make
// likely.
func (p composeProject) takenWithValues(t *testing.T, notes string) bool {
	t.Helper()
	for _, value := range mutate.Likely() {
		if p.takenWith(t, value, notes) {
			return true
		}
	}
	return false
}

func (p composeProject) takenWith(t *testing.T, value func(name string) string, notes string) bool {
	t.Helper()
	var variables []string
	for {
		said := p.compose(t, []string{"*"}, variables)
		before := len(variables)
		for _, found := range unsetVariable.FindAllStringSubmatch(said.said, -1) {
			name := found[1] + found[2]
			if set := name + "=" + value(name); !slices.Contains(variables, set) {
				variables = append(variables, set)
			}
		}
		if len(variables) == before {
			return len(variables) > 0 && (!said.refused || absentEnvFile.MatchString(said.said) || isPart(said.said, notes))
		}
	}
}

// absentEnvFile is what Compose says, after all else, of an env file that is not there.
var absentEnvFile = regexp.MustCompile(`(?m)^env file .* not found|couldn't find env file|\.env: no such file or directory$`)

// lacking is what Compose says of a file that is a part of something.
var lacking = regexp.MustCompile(`has neither an image nor a build context|undefined (service|volume|network|config|secret)`)

// isPart reports whether Compose refuses a file for what it lacks, and rcomp
// has noted that it is a part of something.
func isPart(said, notes string) bool {
	return lacking.MatchString(said) && strings.Contains(notes, "a part of")
}
