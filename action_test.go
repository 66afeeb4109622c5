package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// action is what the tests read of action.yml.
type action struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []struct {
			ID, If, Uses, Shell, Run string
			With, Env                map[string]string
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

var (
	inputExpression = regexp.MustCompile(`^\$\{\{ inputs\.([a-z-]+) \}\}$`)
	stepExpression  = regexp.MustCompile(`^\$\{\{ steps\.([a-z]+)\.outputs\.([a-z]+) \}\}$`)
)

// TestActionTakesInputsAsData holds action.yml to the one safe way for
// strangers' text: an expression in a run line would become code.
func TestActionTakesInputsAsData(t *testing.T) {
	a := readAction(t)
	assert.Equal(t, "composite", a.Runs.Using)
	used := map[string]bool{}
	for _, step := range a.Runs.Steps {
		assert.NotContains(t, step.Run, "${{")
		for name, value := range step.Env {
			if match := inputExpression.FindStringSubmatch(value); match != nil {
				used[match[1]] = true
			} else {
				assert.Regexp(t, stepExpression, value, name)
			}
		}
	}
	for name, input := range a.Inputs {
		assert.True(t, used[name], "the input %s is not used", name)
		assert.NotEmpty(t, input.Description, name)
	}
	assert.Len(t, used, len(a.Inputs))
	for name, output := range a.Outputs {
		assert.NotEmpty(t, output.Description, name)
		assert.Equal(t, "${{ steps.judge.outputs."+name+" }}", output.Value)
	}
}

var pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)

// TestActionUsesWhatItSays holds what action.yml uses to a commit: a tag can be
// moved to other code.
func TestActionUsesWhatItSays(t *testing.T) {
	for _, step := range readAction(t).Runs.Steps {
		if step.Uses != "" {
			assert.Regexp(t, pinned, step.Uses)
		}
	}
}

// runner is a machine of GitHub's, as far as the action sees one.
type runner struct {
	t         *testing.T
	workspace string
	temporary string // RUNNER_TEMP
	tools     string // programs that go before those of the machine
	more      []string

	outputs map[string]map[string]string // of steps, by their id
	summary string
}

func newRunner(t *testing.T, tools string) *runner {
	t.Helper()
	workspace, err := os.Getwd()
	require.NoError(t, err)
	return &runner{t: t, workspace: workspace, temporary: t.TempDir(), tools: tools}
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

// run does the action's scripts as a runner would, with inputs over their
// defaults. What others do, the cache and the upload, is left out.
func (r *runner) run(inputs map[string]string) outcome {
	r.t.Helper()
	a := readAction(r.t)
	r.outputs = map[string]map[string]string{}
	var all outcome
	for _, step := range a.Runs.Steps {
		if step.Run == "" || all.status != 0 {
			continue
		}
		require.Equal(r.t, "bash", step.Shell)
		environment := map[string]string{}
		for name, expression := range step.Env {
			if match := stepExpression.FindStringSubmatch(expression); match != nil {
				environment[name] = r.outputs[match[1]][match[2]]
				continue
			}
			input := inputExpression.FindStringSubmatch(expression)[1]
			value, given := inputs[input]
			if !given {
				value = a.Inputs[input].Default
			}
			environment[name] = value
		}
		done := r.step(step.ID, step.Run, environment)
		all = outcome{all.stdout + done.stdout, all.stderr + done.stderr, done.status}
	}
	return all
}

func (r *runner) step(id, script string, environment map[string]string) outcome {
	r.t.Helper()
	files := r.t.TempDir()
	// A runner runs "bash" steps with these flags.
	command := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script)
	command.Env = append(os.Environ(), "GITHUB_WORKSPACE="+r.workspace, "GITHUB_ACTION_PATH="+repository, "RUNNER_TEMP="+r.temporary,
		"GITHUB_OUTPUT="+filepath.Join(files, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(files, "summary"),
		"PATH="+r.tools+string(os.PathListSeparator)+os.Getenv("PATH"))
	command.Env = append(command.Env, r.more...)
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		require.ErrorAs(r.t, err, new(*exec.ExitError), stderr.String())
	}
	r.outputs[id] = map[string]string{}
	output, _ := os.ReadFile(filepath.Join(files, "output"))
	for line := range strings.Lines(string(output)) {
		name, value, found := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		require.True(r.t, found, "%q", line)
		require.NotContains(r.t, r.outputs[id], name, "an output is said once")
		r.outputs[id][name] = value
	}
	summary, _ := os.ReadFile(filepath.Join(files, "summary"))
	r.summary = string(summary)
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
	r := newRunner(t, "")
	assert.Equal(t, outcome{}, r.run(nil))
	assert.Equal(t, "true", r.outputs["build"]["built"], "and so kept")
	// What a job has built, or a cache has brought, is not built again.
	r.tools = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(r.tools, "go"), []byte("#!/bin/sh\nexit 9\n"), 0o755))
	assert.Equal(t, outcome{}, r.run(nil))
	assert.Equal(t, "true", r.outputs["source"]["built"])
	assert.Empty(t, r.outputs["build"])
}

// TestActionKeepsItsProgram before it judges: a job that fails, as one does
// that finds something, keeps nothing at its end (actions/cache, post-if).
func TestActionKeepsItsProgram(t *testing.T) {
	restored, kept, judged := -1, -1, -1
	steps := readAction(t).Runs.Steps
	for i, step := range steps {
		switch {
		case strings.HasPrefix(step.Uses, "actions/cache/restore@"):
			restored = i
		case strings.HasPrefix(step.Uses, "actions/cache/save@"):
			kept = i
		case step.ID == "judge":
			judged = i
		}
	}
	require.True(t, 0 <= restored && restored < kept && kept < judged, "%d, %d, %d", restored, kept, judged)
	assert.Equal(t, steps[restored].With, steps[kept].With)
}

// TestActionSendsWhatItMay: a pull request from a fork has a token that may
// only read, and findings do not keep the report back.
func TestActionSendsWhatItMay(t *testing.T) {
	steps := readAction(t).Runs.Steps
	last := steps[len(steps)-1]
	assert.True(t, strings.HasPrefix(last.Uses, "github/codeql-action/upload-sarif@"))
	for _, condition := range []string{"always()", "inputs.upload == 'true'", "steps.judge.outputs.sarif != ''", "github.event.pull_request.head.repo.fork != true"} {
		assert.Contains(t, strings.Split(last.If, " && "), condition)
	}
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
			inputs: map[string]string{"intents": "deploy/redis.toml"},
			status: 1,
			says:   "::error file=deploy/redis.toml,line=1,col=1,endLine=1,endColumn=1,title=rcomp gen --check::deploy/docker-compose.yml is missing",
		},
		"an intent whose files are elsewhere": {
			files: map[string]string{"compose.yml": harmless, "deploy/redis.toml": anIntent},
			says:  "::notice file=deploy/redis.toml,line=1,",
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
		"a base that would be code, or a flag": {
			files:  map[string]string{".git/HEAD": "", "compose.yml": harmless},
			inputs: map[string]string{"scope": "changed", "base": "--upload-pack=touch taken"},
			status: 2,
		},
		"a base that would move a branch": {
			files:  map[string]string{".git/HEAD": "", "compose.yml": harmless},
			inputs: map[string]string{"scope": "new", "base": "main:refs/heads/other"},
			status: 2,
		},
		"a scope that there is not": {
			files:  map[string]string{"compose.yml": harmless},
			inputs: map[string]string{"scope": "all; touch taken"},
			status: 2,
		},
		"a report on two lines": {
			files:  map[string]string{"compose.yml": harmless},
			inputs: map[string]string{"sarif": "a\nerrors=0"},
			status: 2,
		},
		"a report behind a link": {
			files:  map[string]string{".git/HEAD": "", "compose.yml": harmless},
			links:  map[string]string{"reports": os.TempDir()},
			inputs: map[string]string{"sarif": "reports/rcomp.sarif"},
			status: 2,
		},
		"plain text": {
			files:  map[string]string{"compose.yml": faulty},
			inputs: map[string]string{"annotations": "false"},
			status: 1,
			says:   "compose.yml:4:27: error: ",
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
		"a working directory by a link whose target would be an output": {
			files:  map[string]string{"x\nerrors=0\ny/compose.yml": faulty},
			links:  map[string]string{"deploy": "x\nerrors=0\ny"},
			inputs: map[string]string{"working-directory": "deploy", "sarif": "out.sarif"},
			status: 2,
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
			got := newRunner(t, tools).run(test.inputs)
			assert.Equal(t, test.status, got.status, "%s%s", got.stdout, got.stderr)
			if test.says == "" {
				assert.Empty(t, got.stdout)
			}
			assert.Contains(t, got.stdout, test.says)
			assert.NoFileExists(t, "taken")
		})
	}
}

// TestActionReports: what other steps of a job are given.
func TestActionReports(t *testing.T) {
	requireBash(t)
	t.Chdir(t.TempDir())
	write(t, ".git/HEAD", "")
	write(t, "a/compose.yml", faulty)
	r := newRunner(t, quickGo(t))
	got := r.run(map[string]string{"sarif": "out.sarif", "working-directory": "a"})
	assert.Equal(t, statusFound, got.status, got.stderr)
	judged := r.outputs["judge"]
	assert.Equal(t, "1", judged["errors"])
	assert.Equal(t, "false", judged["drift"])
	assert.Equal(t, filepath.Join(realPath(t, r.workspace), "a", "out.sarif"), judged["sarif"])
	content, err := os.ReadFile(judged["sarif"])
	require.NoError(t, err)
	assert.NoError(t, validate(t, schemaOfSARIF(t), string(content)))
	assert.Contains(t, string(content), `"uri": "a/compose.yml"`)
	lines, err := os.ReadFile(judged["json"])
	require.NoError(t, err)
	assert.Contains(t, string(lines), `{"kind":"summary",`)
	for _, severity := range []string{"warning", "note"} {
		assert.Equal(t, fmt.Sprint(strings.Count(string(lines), `"severity":"`+severity+`"`)), judged[severity+"s"])
	}
	assert.Contains(t, r.summary, "| error | a/compose.yml&#58;4&#58;27 |")

	require.NoError(t, os.Remove("a/out.sarif"))
	r.run(map[string]string{"upload": "true", "summary": "false"})
	assert.FileExists(t, r.outputs["judge"]["sarif"], "what is sent has to be written")
	assert.Empty(t, r.summary)
	assert.Equal(t, []string{".git/HEAD", "a/compose.yml"}, filesIn(t, "."), "nothing stays in the workspace")
}

// TestActionReportsWhatItHasWritten: what a pull request has put in the place of
// the report is not sent, be it a link out of the workspace or a file that stays
// because the run fails.
func TestActionReportsWhatItHasWritten(t *testing.T) {
	requireBash(t)
	tools, outside := quickGo(t), t.TempDir()
	forged := filepath.Join(outside, "out.sarif")
	for name, plant := range map[string]func(t *testing.T){
		"a link":               func(t *testing.T) { require.NoError(t, os.Symlink(forged, "out.sarif")) },
		"a link of its parent": func(t *testing.T) { require.NoError(t, os.Symlink(outside, "reports")) },
		"a file, and settings that are none": func(t *testing.T) {
			write(t, "out.sarif", "forged")
			write(t, ".rcomp.toml", "no TOML")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, ".git/HEAD", "")
			write(t, composeFile, faulty)
			require.NoError(t, os.WriteFile(forged, []byte("forged"), 0o644))
			plant(t)
			sarif := "out.sarif"
			if _, err := os.Stat("reports"); err == nil {
				sarif = "reports/out.sarif"
			}
			r := newRunner(t, tools)
			assert.Equal(t, statusTrouble, r.run(map[string]string{"sarif": sarif, "upload": "true"}).status)
			assert.NotEmpty(t, r.outputs["judge"]["json"])
			assert.NotContains(t, r.outputs["judge"], "sarif")
			assert.Equal(t, "forged", textOf(t, forged))
		})
	}
}

func realPath(t *testing.T, path string) string {
	t.Helper()
	real, err := filepath.EvalSymlinks(path)
	require.NoError(t, err)
	return real
}

// TestActionComparesWithTheBase: a pull request answers for what it brings. Its
// checkout is shallow, as actions/checkout makes it.
func TestActionComparesWithTheBase(t *testing.T) {
	requireBash(t)
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("it is a matter of git, and there is none")
	}
	tools := quickGo(t)
	origin, clone := t.TempDir(), filepath.Join(t.TempDir(), "clone")
	git := func(directory string, arguments ...string) {
		t.Helper()
		command := exec.Command("git", append([]string{"-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.com"}, arguments...)...)
		output, err := command.CombinedOutput()
		require.NoError(t, err, "%s\n%s", arguments, output)
	}
	t.Chdir(origin)
	git(".", "init", "--quiet", "--initial-branch=main")
	write(t, "old/compose.yml", faulty)
	write(t, "mixed/compose.yml", faulty)
	git(".", "add", "--all")
	git(".", "commit", "--quiet", "--message", "base")
	git(".", "switch", "--quiet", "--create", "feature")
	write(t, "mixed/compose.yml", "# moved down\n"+faulty+"  queue:\n    image: redis:7.4.6\n    command: redis-server --hz-x 1\n")
	write(t, "fresh/compose.yml", harmless)
	git(".", "add", "--all")
	git(".", "commit", "--quiet", "--message", "feature")
	git(".", "clone", "--quiet", "--depth=1", "--branch=feature", "file://"+origin, clone)
	t.Chdir(clone)

	for scope, want := range map[string][]string{"all": {"mixed/", "old/"}, "changed": {"mixed/"}, "new": {"mixed/"}} {
		r := newRunner(t, tools)
		r.more = []string{"GITHUB_BASE_REF=main"}
		got := r.run(map[string]string{"scope": scope})
		assert.Equal(t, statusFound, got.status, "%s: %s%s", scope, got.stdout, got.stderr)
		assert.Equal(t, slices.Contains(want, "old/"), strings.Contains(got.stdout, "file=old/compose.yml"), "%s: %s", scope, got.stdout)
		assert.Contains(t, got.stdout, "file=mixed/compose.yml,line=8,col=27,", scope)
		assert.Equal(t, scope != "new", strings.Contains(got.stdout, "file=mixed/compose.yml,line=5,"), "%s: %s", scope, got.stdout)
		assert.Equal(t, []string{"fresh/compose.yml", "mixed/compose.yml", "old/compose.yml"}, withoutGit(filesIn(t, ".")), "nothing stays")
	}
	// A push has no base: all of it is judged, and said.
	got := newRunner(t, tools).run(map[string]string{"scope": "new"})
	assert.Contains(t, got.stdout, "there is no base to compare with")
	assert.Contains(t, got.stdout, "file=old/compose.yml")
	r := newRunner(t, tools)
	r.more = []string{"GITHUB_BASE_REF=nowhere"}
	assert.Equal(t, statusTrouble, r.run(map[string]string{"scope": "new"}).status)
}

func withoutGit(paths []string) []string {
	return slices.DeleteFunc(paths, func(path string) bool { return strings.HasPrefix(path, ".git/") })
}
