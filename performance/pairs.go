//go:build unix

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// pairs is how often each two commands are run in turn.
const pairs = 15

// small is the file that every ratio is of.
const small = `services:
  cache:
    image: redis:7.4.6
    command: redis-server --maxmemory 100mb --maxmemory-policy allkeys-lru
    ports: ["127.0.0.1:6379:6379"]
    volumes: [data:/data]
    healthcheck:
      test: [CMD, redis-cli, ping]
volumes:
  data: {}
`

// task is something that rcomp does, held against one cold "docker compose
// config" of the small file.
type task struct {
	what      string
	directory string
	arguments []string
}

// tasks are what is measured in pairs. list names files, one a line, from the
// list's own directory or a directory "files" in it.
func tasks(list, directory, scratch string) ([]task, error) {
	place := filepath.Join(scratch, "small")
	if err := write(place, map[string]string{"compose.yml": small, "redis.toml": "name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\n"}); err != nil {
		return nil, err
	}
	all := []task{
		{"`rcomp lint` of one small file", place, []string{"lint", "compose.yml"}},
		{"`rcomp version`", place, []string{"version"}},
		{"`rcomp gen`", place, []string{"gen", "-o", "out", "redis.toml"}},
	}
	if list != "" {
		names, err := namesIn(list)
		if err != nil {
			return nil, err
		}
		all = append(all, task{fmt.Sprintf("`rcomp lint` of %d files", len(names)), filesOf(list), append([]string{"lint"}, names...)})
	}
	if directory != "" {
		all = append(all, task{"`rcomp lint` of a directory of compose files", directory, []string{"lint", "."}})
	}
	return all, nil
}

// filesOf is the directory that the names of a list start at.
func filesOf(list string) string {
	place := filepath.Dir(list)
	if files := filepath.Join(place, "files"); isDirectory(files) {
		return files
	}
	return place
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func namesIn(list string) ([]string, error) {
	file, err := os.Open(list)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var names []string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		names = append(names, strings.TrimSpace(lines.Text()))
	}
	return names, lines.Err()
}

// printPairs measures tasks and Compose in turn.
func printPairs(program string, all []task) error {
	fmt.Println("| what | CPU | memory | `docker compose config -q` | memory | ratio |\n|---|---:|---:|---:|---:|---:|")
	docker, err := exec.LookPath("docker")
	if err != nil {
		return err
	}
	for _, task := range all {
		var ours, theirs []usage
		var ratios []float64
		for range pairs {
			one, err := run(task.directory, program, task.arguments...)
			if err != nil {
				return err
			}
			other, err := run(all[0].directory, docker, "compose", "config", "-q")
			if err != nil {
				return err
			}
			ours, theirs = append(ours, one), append(theirs, other)
			ratios = append(ratios, float64(one.cpu)/float64(other.cpu))
		}
		slices.Sort(ratios)
		fmt.Printf("| %s | %s | %s | %.2f |\n", task.what, median(ours), median(theirs), ratios[pairs/2])
	}
	return nil
}
