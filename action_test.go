package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// action is what the tests read of action.yml.
type action struct {
	Inputs map[string]struct{ Description, Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Uses, Shell, Run string
			With, Env        map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, "action.yml"))
	require.NoError(t, err)
	var a action
	require.NoError(t, yaml.Unmarshal(content, &a))
	return a
}

var inputExpression = regexp.MustCompile(`^\$\{\{ inputs\.([a-z-]+) \}\}$`)

// TestActionTakesInputsAsData holds action.yml to the one safe way for
// strangers' text: an expression in a run line would become code.
func TestActionTakesInputsAsData(t *testing.T) {
	a := readAction(t)
	assert.Equal(t, "composite", a.Runs.Using)
	used := map[string]bool{}
	for _, step := range a.Runs.Steps {
		assert.NotContains(t, step.Run, "${{")
		for name, value := range step.Env {
			match := inputExpression.FindStringSubmatch(value)
			require.NotNil(t, match, "%s: %s", name, value)
			used[match[1]] = true
		}
	}
	for name, input := range a.Inputs {
		assert.True(t, used[name], "the input %s is not used", name)
		assert.NotEmpty(t, input.Description, name)
	}
	assert.Len(t, used, len(a.Inputs))
}

var pinned = regexp.MustCompile(`^[\w.-]+/[\w.-]+@[0-9a-f]{40}$`)

// TestActionUsesWhatItSays holds what action.yml uses to a commit: a tag can be
// moved to other code.
func TestActionUsesWhatItSays(t *testing.T) {
	for _, step := range readAction(t).Runs.Steps {
		if step.Uses != "" {
			assert.Regexp(t, pinned, step.Uses)
		}
	}
}

// quickGo returns a directory with a "go" that hands out the program, built
// already: linking it for every case would take the most of the time.
func quickGo(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	built := filepath.Join(directory, "rcomp")
	build := exec.Command("go", "build", "-o", built, ".")
	build.Dir = repository
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	script := fmt.Sprintf("#!/bin/sh\n[ \"$*\" = \"build -o $3 .\" ] && cp '%s' \"$3\"\n", built)
	require.NoError(t, os.WriteFile(filepath.Join(directory, "go"), []byte(script), 0o755))
	return directory
}

// runAction does the action's last step as a runner would, in the workspace
// that is the current directory, with inputs over their defaults. The programs
// of tools go before those of the machine.
func runAction(t *testing.T, tools string, inputs map[string]string) outcome {
	t.Helper()
	a := readAction(t)
	step := a.Runs.Steps[len(a.Runs.Steps)-1]
	require.Equal(t, "bash", step.Shell)
	workspace, err := os.Getwd()
	require.NoError(t, err)
	// A runner runs "bash" steps with these flags.
	command := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.Run)
	command.Env = append(os.Environ(), "GITHUB_WORKSPACE="+workspace, "GITHUB_ACTION_PATH="+repository, "RUNNER_TEMP="+t.TempDir(),
		"PATH="+tools+string(os.PathListSeparator)+os.Getenv("PATH"))
	for name, expression := range step.Env {
		input := inputExpression.FindStringSubmatch(expression)[1]
		value, given := inputs[input]
		if !given {
			value = a.Inputs[input].Default
		}
		command.Env = append(command.Env, name+"="+value)
	}
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError), stderr.String())
	}
	return outcome{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}

const (
	harmless = "services:\n  web:\n    image: nginx:1.27.3\n"
	faulty   = "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory-polcy allkeys-lru\n"
	anIntent = "name = \"pages\"\nrole = \"cache\"\nmemory = \"256M\"\n"
)

func requireBash(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("the action's step is a bash script, and there is no bash")
	}
}

func TestActionBuildsItself(t *testing.T) {
	requireBash(t)
	t.Chdir(t.TempDir())
	write(t, "compose.yml", harmless)
	write(t, "go.work", "go 1.26.0\nuse ./nowhere\n")
	assert.Equal(t, outcome{}, runAction(t, "", nil))
}

func TestAction(t *testing.T) {
	requireBash(t)
	tools := quickGo(t)
	tests := map[string]struct {
		files  map[string]string
		links  map[string]string
		inputs map[string]string
		status int
		says   string // part of the standard output, "" for none at all
	}{
		"nothing to say": {
			files: map[string]string{"compose.yml": harmless},
		},
		"annotations on the lines of the repository": {
			files:  map[string]string{"a/docker-compose.yml": faulty},
			inputs: map[string]string{"working-directory": "a"},
			status: 1,
			says:   "::error file=a/docker-compose.yml,line=4,col=27,endLine=4,endColumn=44,title=directive-unknown::",
		},
		"only the paths that were named, one a line": {
			files:  map[string]string{"a/compose.yml": faulty, "b c/compose.yml": harmless, "d.yml": harmless},
			inputs: map[string]string{"paths": "\n  b c\n\n d.yml \n"},
		},
		"a severity to fail on": {
			files:  map[string]string{"compose.yml": "services:\n  cache:\n    image: redis:7.4.6\n"},
			inputs: map[string]string{"fail-on": "error"},
			says:   "::warning file=compose.yml,line=2,",
		},
		"an intent whose files are missing": {
			files:  map[string]string{"compose.yml": harmless, "deploy/redis.toml": anIntent},
			status: 1,
			says:   "::error file=deploy/redis.toml,line=1,col=1,endLine=1,endColumn=1,title=rcomp gen --check::deploy/docker-compose.yml is missing",
		},
		"an intent that is wrong": {
			files:  map[string]string{"compose.yml": harmless, "deploy/x.redis.toml": anIntent + "rolle = 1\n"},
			status: 2,
			says:   "::error file=deploy/x.redis.toml,line=4,col=1,endLine=4,endColumn=6,title=rcomp gen::",
		},
		"no intents": {
			files:  map[string]string{"compose.yml": harmless, "redis.toml": anIntent},
			inputs: map[string]string{"intents": ""},
		},
		"intents by name": {
			files:  map[string]string{"compose.yml": harmless, "redis.toml": "no TOML", "a/any.toml": anIntent},
			inputs: map[string]string{"intents": "a/any.toml"},
			status: 1,
			says:   "::error file=a/any.toml,",
		},
		"nothing to judge": {
			files:  map[string]string{"README.md": "x"},
			status: 2,
		},
		"inputs that would be code": {
			files: map[string]string{"compose.yml": harmless},
			inputs: map[string]string{
				"paths":   "$(touch taken)\n`touch taken`\n; touch taken\n--root=/\n-f/etc/passwd",
				"intents": "$(touch taken)\n-o/tmp",
				"fail-on": "$(touch taken)",
			},
			status: 2,
		},
		"a working directory that would be a flag": {
			files:  map[string]string{"-P/compose.yml": harmless},
			inputs: map[string]string{"working-directory": "-P"},
		},
		"a working directory that became a link": {
			files:  map[string]string{"compose.yml": harmless},
			links:  map[string]string{"deploy": os.TempDir()},
			inputs: map[string]string{"working-directory": "deploy"},
			status: 2,
		},
		"a working directory by a link that stays": {
			files:  map[string]string{"a/compose.yml": harmless},
			links:  map[string]string{"deploy": "a"},
			inputs: map[string]string{"working-directory": "deploy"},
		},
		"a path that became a link": {
			files:  map[string]string{".git/HEAD": "", "compose.yml": harmless},
			links:  map[string]string{"deploy": os.TempDir()},
			inputs: map[string]string{"paths": "deploy"},
			status: 2,
		},
		"an intent that became a link": {
			files:  map[string]string{".git/HEAD": "", "compose.yml": harmless},
			links:  map[string]string{"redis.toml": "/proc/self/environ"},
			inputs: map[string]string{"intents": "redis.toml"},
			status: 2,
		},
		"an intent that became a link is not found by itself": {
			files: map[string]string{".git/HEAD": "", "compose.yml": harmless},
			links: map[string]string{"redis.toml": "/proc/self/environ"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for path, content := range test.files {
				write(t, path, content)
			}
			for path, target := range test.links {
				require.NoError(t, os.Symlink(target, path))
			}
			got := runAction(t, tools, test.inputs)
			assert.Equal(t, test.status, got.status, "%s%s", got.stdout, got.stderr)
			if test.says == "" {
				assert.Empty(t, got.stdout)
			}
			assert.Contains(t, got.stdout, test.says)
			assert.NoFileExists(t, "taken")
		})
	}
}
