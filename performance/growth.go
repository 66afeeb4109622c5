//go:build unix

package main

import (
	"fmt"
	"path/filepath"
)

// growth is something that is made larger and larger.
type growth struct {
	what  string
	sizes []int
	make  func(size int) map[string]string
}

var growths = []growth{
	{"files", []int{100, 1000, 10_000}, func(size int) map[string]string {
		files := map[string]string{}
		for i := range size {
			files[fmt.Sprintf("%d/%d/compose.yml", i/100, i)] = small
		}
		return files
	}},
	{"services in one file", []int{500, 1000, 5000}, func(size int) map[string]string {
		return map[string]string{"compose.yml": services(size)}
	}},
	{"lines of a redis.conf", []int{1000, 10_000, 100_000}, func(size int) map[string]string {
		lines := repeated(size/2, func(int) string { return "# a comment\nmaxmemory 100mb\n" })
		return map[string]string{"compose.yml": mounted, "redis.conf": lines}
	}},
}

// printGrowth measures how long each piece takes when there are more of them.
func printGrowth(program, scratch string) error {
	fmt.Println("| how many | of what | CPU | memory | CPU for one more |\n|---:|---|---:|---:|---:|")
	for _, g := range growths {
		var before usage
		for i, size := range g.sizes {
			place := filepath.Join(scratch, fmt.Sprint(g.what, size))
			if err := write(place, g.make(size)); err != nil {
				return err
			}
			var runs []usage
			for range 3 {
				used, err := run(place, program, "lint", ".")
				if err != nil {
					return err
				}
				runs = append(runs, used)
			}
			used := median(runs)
			more := size
			if i > 0 {
				more -= g.sizes[i-1]
			}
			fmt.Printf("| %d | %s | %s | %.0f µs |\n", size, g.what, used, float64((used.cpu-before.cpu).Microseconds())/float64(more))
			before = used
		}
	}
	return nil
}
