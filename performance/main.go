// Command performance measures rcomp lint on inputs that are written to keep a
// linter busy, and prints docs/performance.md's table of them:
//
//	go run ./performance [NAME ...]
//
// Each input is made anew in a temporary directory; a run is stopped after a
// minute.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// patience is how long a run may take. It is no bound of the tool: there is none of time.
const patience = 60 * time.Second

func main() {
	if err := measure(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "performance:", err)
		os.Exit(1)
	}
}

func measure(names []string) error {
	directory, err := os.MkdirTemp("", "rcomp-performance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	program := filepath.Join(directory, "rcomp")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	fmt.Println("| input | size | CPU | memory |\n|---|---:|---:|---:|")
	for _, input := range inputs {
		if len(names) > 0 && !slices.Contains(names, input.name) {
			continue
		}
		row, err := input.run(program, filepath.Join(directory, input.name))
		if err != nil {
			return fmt.Errorf("%s: %w", input.name, err)
		}
		fmt.Println(row)
	}
	return nil
}

// run writes an input and lints it.
func (i input) run(program, directory string) (row string, err error) {
	if err := os.Mkdir(directory, 0o755); err != nil {
		return "", err
	}
	size := 0
	for name, text := range i.files() {
		size += len(text)
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	command := exec.CommandContext(ctx, program, "lint", ".")
	command.Dir = directory
	if err := command.Run(); ctx.Err() == nil && command.ProcessState.ExitCode() > 1 {
		return "", err
	}
	used := command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	text := fmt.Sprintf("%.2f s", used.Seconds())
	if ctx.Err() != nil {
		text = "over " + text
	}
	return fmt.Sprintf("| %s | %s | %s | %d MB |", i.what, sizeText(size), text, peak(command.ProcessState)>>20), nil
}

func sizeText(bytes int) string {
	if bytes < 10_000 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%d KB", bytes/1000)
}

// peak is the most memory that a process had, in bytes.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

// repeated joins what a function gives for 0 to count-1.
func repeated(count int, line func(i int) string) string {
	var text strings.Builder
	for i := range count {
		text.WriteString(line(i))
	}
	return text.String()
}
