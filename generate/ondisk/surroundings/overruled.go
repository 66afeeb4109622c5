package surroundings

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// preferred are the files that docker compose takes instead of docker-compose.yml
// where one stands beside it (DefaultFileNames in compose-go, cli/options.go).
var preferred = []string{"compose.yaml", "compose.yml"}

// assignment is a line of .env by which docker compose reads other files, or
// calls the project otherwise than the file does.
var assignment = regexp.MustCompile(`^\s*(?:export\s+)?(COMPOSE_FILE|COMPOSE_PROJECT_NAME)\s*=\s*(.*?)\s*$`)

// Overruled says what keeps docker compose, in the directory of the output, from
// the compose file of a project: its commands would be about another one.
func (r *Repository) Overruled(project string) []string {
	if r.tree == nil {
		return nil
	}
	var all []string
	for _, name := range preferred {
		if _, err := r.tree.ReadFile(filepath.Join(r.output, name)); err == nil {
			all = append(all, fmt.Sprintf(`docker compose takes %s, which stands beside docker-compose.yml, and none of the files here: give this intent a directory of its own, with output = "DIRECTORY" in it`, name))
			break
		}
	}
	environment, _ := r.tree.ReadFile(filepath.Join(r.output, ".env")) // without one nothing is overruled
	for n, line := range strings.Split(string(environment), "\n") {
		found := assignment.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		switch name, value := found[1], strings.Trim(found[2], `"'`); {
		case name == "COMPOSE_FILE" && !slices.Contains(strings.FieldsFunc(value, func(c rune) bool { return c == ':' || c == ';' }), "docker-compose.yml"):
			all = append(all, fmt.Sprintf("%s in .env, line %d, has docker compose read other files than docker-compose.yml: add it there, or give this intent a directory of its own", name, n+1))
		case name == "COMPOSE_PROJECT_NAME" && value != project:
			all = append(all, fmt.Sprintf("%s in .env, line %d, is another name than %s: docker compose calls the project and its volumes by it, and README.md does not", name, n+1, project))
		}
	}
	return all
}
