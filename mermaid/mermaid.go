// Package mermaid asks the real Mermaid whether it takes pictures. It is used by
// tests alone, those with the tag mermaid: npm fetches 180 MB for it, which no
// gate waits for.
package mermaid

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed parse.mjs
var script []byte

// Parse puts pictures to the Mermaid of a directory in which npm has installed
// mermaid and jsdom, and returns what it refuses: each picture and the reason.
func Parse(directory string, pictures []string) (refused string, err error) {
	if directory == "" {
		return "", errors.New("RCOMP_MERMAID names no directory with mermaid and jsdom in it")
	}
	beside, err := os.MkdirTemp(directory, "rcomp-") // a script finds what is installed above it
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(beside)
	path := filepath.Join(beside, "parse.mjs")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		return "", err
	}
	input, err := json.Marshal(pictures)
	if err != nil {
		return "", err
	}
	command := exec.Command("node", path)
	command.Stdin = bytes.NewReader(input)
	output, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("node: %w\n%s", err, output)
	}
	return string(output), nil
}
