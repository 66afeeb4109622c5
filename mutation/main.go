//go:build unix

// Command mutation changes rcomp's sources one place at a time, as a slip of a
// hand would, and asks the tests whether they notice:
//
//	go run ./mutation [-count N] [-seed S] [DIRECTORY ...]
//
// It draws N places of all that the directories hold, so that the same seed
// asks the same of the same sources. Nothing is written into the tree. A mutant
// that no test notices is printed with its place: it means the same, or a test
// is missing.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

func main() {
	count := flag.Int("count", 100, "try `N` mutants")
	seed := flag.Uint64("seed", 1, "draw them by `S`")
	limit := flag.Duration("limit", 5*time.Minute, "a mutant whose tests take longer than `D` is noticed")
	flag.Parse()
	directories := flag.Args()
	if len(directories) == 0 {
		directories = []string{"rules", "inspect", "redis", "lint"}
	}
	if err := run(directories, *count, *seed, *limit); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

// tally is what became of the mutants of one directory.
type tally struct{ tried, noticed int }

func run(directories []string, count int, seed uint64, limit time.Duration) error {
	var all []mutant
	for _, directory := range directories {
		found, err := mutants(directory)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	draw := rand.New(rand.NewPCG(seed, 0))
	draw.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })

	tallies := map[string]*tally{}
	var survivors []mutant
	tried := 0
	for _, m := range all {
		if tried == count {
			break
		}
		outcome, err := try(m, limit)
		if err != nil {
			return err
		}
		if outcome == notCompiled {
			continue
		}
		tried++
		of := tallies[m.directory]
		if of == nil {
			of = &tally{}
			tallies[m.directory] = of
		}
		of.tried++
		if outcome == noticed {
			of.noticed++
			continue
		}
		survivors = append(survivors, m)
		fmt.Fprintf(os.Stderr, "%d tried, %d not noticed, the last one %v\n", tried, len(survivors), m) // the whole takes hours
	}
	printTallies(directories, tallies)
	slices.SortFunc(survivors, mutant.compare)
	for _, m := range survivors {
		fmt.Println(m)
	}
	return nil
}

func printTallies(directories []string, tallies map[string]*tally) {
	var sum tally
	fmt.Println("| sources | mutants | noticed |")
	fmt.Println("|---|---|---|")
	for _, directory := range directories {
		if of := tallies[directory]; of != nil {
			fmt.Printf("| `%s/` | %d | %d |\n", directory, of.tried, of.noticed)
			sum.tried += of.tried
			sum.noticed += of.noticed
		}
	}
	fmt.Printf("| all | %d | %d |\n\n", sum.tried, sum.noticed)
}
