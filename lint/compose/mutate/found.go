package mutate

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed found.txt
var found string

// fileHeader begins a further file of a project; the first is compose.yaml.
var fileHeader = regexp.MustCompile(`(?m)^-- (.*) --\n`)

// Found returns the projects of which Compose and rcomp were once found to say
// different things, and what is close to them.
func Found() []Project {
	var projects []Project
	for i, text := range strings.Split(found, "---8<---\n") {
		project := Project{Name: fmt.Sprintf("found-%d", i+1), Files: map[string]string{}}
		name, start := "compose.yaml", 0
		for _, header := range fileHeader.FindAllStringSubmatchIndex(text, -1) {
			project.Files[name] = text[start:header[0]]
			name, start = text[header[2]:header[3]], header[1]
		}
		project.Files[name] = text[start:]
		projects = append(projects, project)
	}
	return projects
}
