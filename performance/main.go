//go:build unix

// Command performance measures rcomp and prints docs/performance.md's tables:
//
//	go run ./performance [-files LIST] [-directory DIRECTORY] [pairs|growth|inputs [NAME ...]]
//
// "pairs" runs rcomp and docker compose in turn, "growth" gives it more and
// more of the same, "inputs" are written to keep a linter busy. Everything is
// made anew in a temporary directory.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	list := flag.String("files", "", "a `LIST` of compose files to lint in one run, one a line")
	directory := flag.String("directory", "", "a `DIRECTORY` of compose files to lint")
	flag.Parse()
	if err := measure(*list, *directory, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "performance:", err)
		os.Exit(1)
	}
}

func measure(list, directory string, arguments []string) error {
	scratch, err := os.MkdirTemp("", "rcomp-performance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	program := filepath.Join(scratch, "rcomp")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	part, names := "", []string(nil)
	if len(arguments) > 0 {
		part, names = arguments[0], arguments[1:]
	}
	parts := []struct {
		name  string
		print func() error
	}{
		{"pairs", func() error {
			all, err := tasks(list, directory, scratch)
			if err != nil {
				return err
			}
			return printPairs(program, all)
		}},
		{"growth", func() error { return printGrowth(program, scratch) }},
		{"inputs", func() error { return printInputs(program, scratch, names) }},
	}
	for _, p := range parts {
		if part != "" && part != p.name {
			continue
		}
		if err := p.print(); err != nil {
			return err
		}
		fmt.Println()
	}
	return nil
}

// printInputs measures the inputs of these names, or all.
func printInputs(program, scratch string, names []string) error {
	fmt.Println("| input | size | CPU | memory |\n|---|---:|---:|---:|")
	for _, input := range inputs {
		if len(names) > 0 && !slices.Contains(names, input.name) {
			continue
		}
		files, place, size := input.files(), filepath.Join(scratch, input.name), 0
		for _, text := range files {
			size += len(text)
		}
		if err := write(place, files); err != nil {
			return err
		}
		used, err := run(place, program, "lint", ".")
		if err != nil {
			return fmt.Errorf("%s: %w", input.name, err)
		}
		fmt.Printf("| %s | %s | %s |\n", input.what, sizeText(size), used)
	}
	return nil
}

// write makes a directory of files.
func write(directory string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func sizeText(bytes int) string {
	if bytes < 10_000 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%d KB", bytes/1000)
}

// repeated joins what a function gives for 0 to count-1.
func repeated(count int, line func(i int) string) string {
	var text strings.Builder
	for i := range count {
		text.WriteString(line(i))
	}
	return text.String()
}
