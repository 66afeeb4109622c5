package generate

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"github.com/rcomp/rcomp/templates"
)

// File is a file to write.
type File struct {
	Path    string // relative to the output directory, with slashes
	Content []byte // nil for a secret: it is made when it is first written
	Mode    fs.FileMode
	Secret  bool // made once, never printed, compared or replaced
}

// PasswordFile is where the password of the default user is, relative to the output directory.
const PasswordFile = "secrets/redis-password"

// outputs are the files in the order in which they are written. The container reads redis.conf as root before it steps
// down, so the modes are for the people of the host.
var outputs = []File{
	{Path: "docker-compose.yml", Mode: 0o644},
	{Path: "redis.conf", Mode: 0o644},
	{Path: "README.md", Mode: 0o644},
	{Path: "secrets/.gitignore", Mode: 0o644},
	{Path: PasswordFile, Mode: 0o600, Secret: true},
}

// Files prints a plan. The same plan gives the same bytes.
func Files(plan Plan) ([]File, error) {
	var files []File
	for _, file := range outputs {
		if !file.Secret {
			content, err := render(file.Path+templates.Suffix, plan)
			if err != nil {
				return nil, fmt.Errorf("cannot make %s: %w", file.Path, err)
			}
			file.Content = content
		}
		files = append(files, file)
	}
	return files, nil
}

// parsed are all templates, under their paths.
var parsed = parseAll()

func parseAll() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, file := range outputs {
		path := file.Path + templates.Suffix
		text, err := fs.ReadFile(templates.Files, path)
		if err != nil {
			continue // a secret has no template
		}
		all[path] = template.Must(template.New(path).Option("missingkey=error").Parse(string(text)))
	}
	return all
}

// render executes a template and enters the digest of what it made.
func render(path string, plan Plan) ([]byte, error) {
	plan.Digest = ""
	var out bytes.Buffer
	if err := parsed[path].Execute(&out, plan); err != nil {
		return nil, err
	}
	text := strings.TrimRight(out.String(), "\n") + "\n"
	return stamp([]byte(text)), nil
}
