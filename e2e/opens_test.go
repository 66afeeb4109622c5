package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/e2e/strangers"
)

// What is traced: 1,000 repositories in runs of many.
const (
	tracedRuns         = 20
	repositoriesPerRun = 50
)

// opened is what strace prints of an open that worked: the descriptor, and
// what the kernel says that it is.
var opened = regexp.MustCompile(` = \d+<([^>]*)>$`)

var ownProcess = regexp.MustCompile(`^/proc/\d+/`)

// trace runs rcomp and returns what it printed and what it opened.
func trace(t *testing.T, directory string, environment []string, arguments ...string) (printed string, paths []string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "trace")
	processors <- struct{}{}
	defer func() { <-processors }()
	traced := append([]string{"-n", politeness, "strace", "-f", "-qq", "-y", "-s", "0", "-e", "trace=open,openat,openat2,creat", "-o", log, rcompPath(t)}, arguments...)
	command := exec.Command("nice", traced...)
	command.Dir = directory
	command.Env = append(os.Environ(), environment...)
	output, err := command.CombinedOutput()
	if err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError), "strace is needed")
	}
	lines, err := os.ReadFile(log)
	require.NoError(t, err)
	for _, line := range strings.Split(string(lines), "\n") {
		if match := opened.FindStringSubmatch(line); match != nil {
			// The runtime reads of its own process what it has to know.
			paths = append(paths, ownProcess.ReplaceAllString(match[1], "/proc/self/"))
		}
	}
	return string(output), paths
}

// TestNothingOutsideIsOpened has the kernel say what lint and inspect open of
// strangers' repositories: nothing outside of them but what every run opens.
func TestNothingOutsideIsOpened(t *testing.T) {
	inParts(t)
	above, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	outside := filepath.Join(above, "outside")
	require.NoError(t, strangers.Outside(outside))
	environment := []string{"LEAK=" + strangers.Secret, "RCOMP_PLANTED=" + strangers.Secret, "HOME=" + outside}

	always := map[string]bool{above: true}
	plain := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(plain, "compose.yml"), []byte("services: {a: {image: 'redis:7.4'}}\n"), 0o600))
	for _, command := range []string{"lint", "inspect"} {
		_, paths := trace(t, plain, environment, command, "compose.yml")
		require.NotEmpty(t, paths, "strace sees nothing")
		for _, path := range paths {
			always[path] = true
		}
	}

	inside := 0
	for run := range tracedRuns {
		var roots []string
		for i := range repositoriesPerRun {
			seed := uint64(run*repositoriesPerRun + i)
			roots = append(roots, fmt.Sprint("r", seed))
			require.NoError(t, strangers.Repository(rand.New(rand.NewPCG(6, seed)), filepath.Join(above, roots[i]), outside))
		}
		commands := [][]string{
			append([]string{"lint", "--format", "github", "--"}, roots...),
			{"inspect", "--all", roots[0] + "/compose.yml"},
			{"lint", roots[1] + "/link.yml", roots[2] + "/out", roots[3] + "/link.conf", roots[4] + "/in", roots[5] + "/.git", roots[6] + "/redis.conf"},
		}
		for _, arguments := range commands {
			printed, paths := trace(t, above, environment, arguments...)
			assert.NotContains(t, printed, strangers.Secret)
			for _, path := range paths {
				below, err := filepath.Rel(above, path)
				require.NoError(t, err)
				first, rest, _ := strings.Cut(below, "/")
				switch {
				case always[path]:
				case strings.HasPrefix(first, "r") && !strings.Contains("/"+strings.ToLower(rest)+"/", "/.git/"):
					inside++
				default:
					assert.Fail(t, "it is opened", "%s by rcomp %s", path, strings.Join(arguments, " "))
				}
			}
		}
		for _, root := range roots {
			require.NoError(t, os.RemoveAll(filepath.Join(above, root)))
		}
		if t.Failed() {
			return
		}
	}
	assert.Greater(t, inside, 5*tracedRuns*repositoriesPerRun, "so that it does not hold because nothing happens")
	t.Logf("%d repositories, %d opens inside of them", tracedRuns*repositoriesPerRun, inside)
}
