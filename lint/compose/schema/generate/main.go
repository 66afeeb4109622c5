// Command generate makes the tables of package schema from the JSON schema of
// compose-go.
//
//	go generate ./lint/compose/schema
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/compose-spec/compose-go/v2/schema"
)

func main() {
	if err := write("tables.go"); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write compiles the schema and replaces the tables in a file.
func write(path string) error {
	code, err := tables()
	if err != nil {
		return err
	}
	return os.WriteFile(path, code, 0o644)
}

// tables are the tables for the version of compose-go that the module uses.
func tables() ([]byte, error) {
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/compose-spec/compose-go/v2").Output()
	if err != nil {
		return nil, fmt.Errorf("ask for the version of compose-go: %w", err)
	}
	return compile([]byte(schema.Schema), strings.TrimSpace(string(version)))
}
