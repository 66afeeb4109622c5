package templates

import (
	"fmt"
	"io/fs"
	"strings"
)

// programs is where the programs are that deployments start, each with its whole name.
const programs = "programs/"

// IsProgram tells a program from a template by its name.
func IsProgram(from string) bool { return strings.HasPrefix(from, programs) }

// programHeader stands below the first line of each program. It is stamped as
// other files are.
const programHeader = "# Made by `rcomp gen`, and the same in every deployment: what differs stands in the files beside it.\n# rcomp-digest: \n#\n"

// Program returns a program as one file: what it shares with others stands
// where it asks for it.
func Program(name string) ([]byte, error) {
	text, err := fs.ReadFile(Files, name)
	if err != nil {
		return nil, err
	}
	var whole strings.Builder
	for line := range strings.Lines(string(text)) {
		part, shared := strings.CutPrefix(line, ". ./")
		if !shared {
			whole.WriteString(line)
			continue
		}
		content, err := fs.ReadFile(Files, programs+strings.TrimSuffix(part, "\n"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if !strings.HasSuffix(whole.String(), "\n\n") {
			whole.WriteString("\n")
		}
		whole.Write(content)
	}
	first, rest, _ := strings.Cut(whole.String(), "\n")
	return []byte(first + "\n" + programHeader + rest), nil
}
