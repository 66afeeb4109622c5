// Command generate makes the catalogue that package redis embeds from the facts
// in ../source.
//
//	go generate ./redis
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := write("catalogue"); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write compiles the facts under directory and replaces the catalogue there.
func write(directory string) error {
	text, err := compile(os.DirFS(filepath.Join(directory, "source")))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, "catalogue.txt"), text, 0o644)
}
