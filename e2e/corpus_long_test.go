//go:build long

package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// corpusResult is what came of one project: how many directives of how many
// servers were compared, where inspect was wrong, and why a server was left
// out.
type corpusResult struct {
	Servers, Comparisons int
	Differences          []string
	LeftOut              map[string]string // by service
}

// TestInspectOfCorpus starts every server below the directory that RCOMP_CORPUS
// names whose configuration inspect knows in full, as its service says, on the
// nearest release that there is an image of, and compares what the server
// reports with what inspect says. A project is a row.
func TestInspectOfCorpus(t *testing.T) {
	corpus := os.Getenv("RCOMP_CORPUS")
	if corpus == "" {
		t.Skip("RCOMP_CORPUS names no directory")
	}
	repositories, err := os.ReadDir(corpus)
	require.NoError(t, err)
	tree := treeOfInspect()
	var total corpusResult
	reasons := map[string]int{}
	for _, repository := range repositories {
		root := filepath.Join(corpus, repository.Name())
		for _, files := range composeFilesOf(t, root) {
			name := filepath.Join(append([]string{repository.Name()}, files...)...)
			t.Run(strings.ReplaceAll(name, "/", "+"), func(t *testing.T) {
				result := compareRow(t, tree, root, files)
				total.Servers += result.Servers
				total.Comparisons += result.Comparisons
				for _, difference := range result.Differences {
					t.Error(difference)
					total.Differences = append(total.Differences, name+": "+difference)
				}
				for _, service := range slices.Sorted(maps.Keys(result.LeftOut)) {
					t.Logf("%s: left out: %s", service, result.LeftOut[service])
					kind, _, _ := strings.Cut(result.LeftOut[service], ": ")
					reasons[kind]++
				}
			})
		}
	}
	t.Logf("%d servers, %d comparisons, %d differences", total.Servers, total.Comparisons, len(total.Differences))
	for _, reason := range slices.SortedFunc(maps.Keys(reasons), func(a, b string) int { return cmp.Compare(reasons[b], reasons[a]) }) {
		t.Logf("left out %4d: %s", reasons[reason], reason)
	}
	assert.NotZero(t, total.Servers)
}

// treeOfInspect names the sources that decide what inspect says; "" where they
// differ from the last commit.
func treeOfInspect() string {
	sources := []string{"inspect", "lint", "redis"}
	if changed, err := git(append([]string{"status", "--porcelain", "--"}, sources...)...); err != nil || changed != "" {
		fmt.Println("nothing is remembered: the sources of inspect differ from the last commit")
		return ""
	}
	var trees []string
	for _, source := range sources {
		tree, _ := git("rev-parse", "--short", "HEAD:"+source)
		trees = append(trees, tree)
	}
	return strings.Join(trees, " ")
}

// compareRow compares a project, unless a run before did with the same sources
// and found nothing wrong.
func compareRow(t *testing.T, tree, root string, files []string) corpusResult {
	var result corpusResult
	row := rowOf(t, tree)
	if tree != "" && finished(t, row, &result) {
		return result
	}
	began := time.Now()
	result = compareCorpusProject(t, root, files)
	if tree != "" && len(result.Differences) == 0 && !t.Failed() {
		remember(t, row, began, result)
	}
	return result
}

// composeFilesOf returns the compose files of a repository, those together that
// are one project.
func composeFilesOf(t *testing.T, root string) [][]string {
	t.Helper()
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	groups, err := compose.Discover(tree, tree.Path())
	require.NoError(t, err)
	var projects [][]string
	for _, group := range groups {
		var files []string
		for _, path := range group {
			files = append(files, tree.Show(path))
		}
		projects = append(projects, files)
	}
	return projects
}

// compareCorpusProject compares the servers of one project.
func compareCorpusProject(t *testing.T, root string, files []string) corpusResult {
	result := corpusResult{LeftOut: map[string]string{}}
	s := newStack(t)
	p := newCorpusProject(t, s.directory, root, files)
	wanted := p.moveToReleases(result.LeftOut)
	if len(wanted) == 0 {
		return result
	}
	said := p.inspectAll()
	started, why := p.writeRunFile(s, wanted)
	if !started {
		for _, server := range wanted {
			result.LeftOut[server.name] = why
		}
		return result
	}
	up := s.compose("up", "--detach")
	for _, server := range wanted {
		reported, why := server.configuration(s, said[server.name])
		if why != "" {
			if up.status != 0 && strings.Contains(why, "No such container") {
				why = "the engine does not start it: " + lastLine(up.stderr)
			}
			result.LeftOut[server.name] = why
			continue
		}
		result.Servers++
		result.Comparisons += len(reported)
		for _, difference := range said[server.name].differences(reported) {
			result.Differences = append(result.Differences, server.name+": "+difference)
		}
	}
	return result
}

// configuration asks a server for every directive, where inspect says that it
// listens. A server that ends, or that cannot be asked, has none.
func (c corpusServer) configuration(s *stack, said inspected) (reported map[string]string, why string) {
	server := s.server(c.name).withPassword(c.password)
	address := []string{"-p", said.Directives["port"].Value}
	if socket := said.Directives["unixsocket"].Value; said.Directives["port"].Value == "0" && socket != "" {
		address = []string{"-s", socket}
	}
	var left result
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pollPause) {
		left = server.ask("", append(address, "-e", "--json", "config", "get", "*")...)
		if left.status == 0 && json.Unmarshal([]byte(left.stdout), &reported) == nil && len(reported) > 100 {
			return reported, ""
		}
		switch said := left.stdout + left.stderr; {
		case strings.Contains(said, "No such container"):
			return nil, said
		case strings.Contains(said, "NOAUTH"), strings.Contains(said, "NOPERM"), strings.Contains(said, "WRONGPASS"), strings.Contains(said, "unknown command"):
			return nil, "it cannot be asked: " + lastLine(said)
		}
		if state := server.inspect("{{.State.Status}} {{.State.ExitCode}}"); !strings.HasPrefix(state, "running") {
			return nil, fmt.Sprintf("it does not stay: %s: %s", state, lastLine(server.logs()))
		}
	}
	return nil, "it does not answer: " + lastLine(left.stdout+left.stderr+server.logs())
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
