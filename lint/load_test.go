package lint_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/rcomp/rcomp/lint"
)

func TestTmpCorpus(t *testing.T) {
	dir := os.Getenv("CORPUS")
	if dir == "" {
		t.Skip()
	}
	tree, err := lint.OpenTree(dir, dir)
	if err != nil {
		t.Fatal(err)
	}
	groups, err := lint.Discover(tree, tree.Path())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("groups", len(groups))
	kinds := map[lint.FailureKind]int{}
	for _, g := range groups {
		p := lint.Load(tree, g)
		if p.Failure != nil {
			kinds[p.Failure.Kind]++
			fmt.Printf("%d %v: %s\n", p.Failure.Kind, p.Failure.Span, p.Failure.Message)
		}
		for _, n := range p.Notes {
			fmt.Println("note", n)
		}
		for _, s := range p.Services {
			if c, ok := s.Command("command"); ok {
				w := c.Texts()
				if len(w) != len(s.Config.Command) {
					fmt.Printf("WORDS %v %s %q\n    %q\n", p.Files, s.Name, w, s.Config.Command)
					continue
				}
				for i := range w {
					if w[i] != s.Config.Command[i] {
						fmt.Printf("WORD %v %s %q %q\n", p.Files, s.Name, w[i], s.Config.Command[i])
					}
				}
			}
		}
	}
	fmt.Println(kinds)
}
