package generate

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"text/template"

	"github.com/rcomp/rcomp/templates"
)

// File is a file to write.
type File struct {
	Path    string // relative to the output directory, with slashes
	Content []byte // nil for a secret: it is made when it is first written
	Mode    fs.FileMode
	Secret  bool // made once, never printed, compared or replaced

	names []string // that a certificate is for
}

// PasswordFile is where the password of the default user is, relative to the output directory.
const PasswordFile = secretsDirectory + "redis-password"

const secretsDirectory = "secrets/"

// output is a file that gen writes and the template that it is made from. The container reads the files as root before it steps
// down, so the modes are for the people of the host.
type output struct {
	path, template string
}

// outputs are the files of each topology in the order in which they are written, the secrets left out.
var outputs = map[string][]output{
	topologyStandalone: {
		{"docker-compose.yml", "standalone/docker-compose.yml"},
		{"redis.conf", "redis.conf"},
		{"README.md", "standalone/README.md"},
		{"secrets/.gitignore", "secrets/.gitignore"},
	},
	topologyReplicated: set(),
	topologySentinel: set(
		output{"sentinel.conf", "set/sentinel.conf"},
		output{"start-sentinel.sh", "set/start-sentinel.sh"},
		output{"check-sentinel.sh", "set/check-sentinel.sh"},
	),
	topologyCluster: clusterOutputs,
}

func set(more ...output) []output {
	return append([]output{
		{"docker-compose.yml", "set/docker-compose.yml"},
		{"redis.conf", "redis.conf"},
		{"start-server.sh", "set/start-server.sh"},
		{"check-server.sh", "set/check-server.sh"},
		{"roll.sh", "set/roll.sh"},
		{"README.md", "set/README.md"},
		{"secrets/.gitignore", "secrets/.gitignore"},
	}, more...)
}

// Files prints a plan. The same plan gives the same bytes.
func Files(plan Plan) ([]File, error) {
	var files []File
	conf, err := render("redis.conf", plan)
	if err != nil {
		return nil, fmt.Errorf("cannot make redis.conf: %w", err)
	}
	plan.ConfDigest = digest(conf)[len("sha256:"):][:8]
	for _, out := range plan.outputs() {
		content, err := render(out.template, plan)
		if err != nil {
			return nil, fmt.Errorf("cannot make %s: %w", out.path, err)
		}
		if plan.Stack != nil {
			plan.Stack = plan.Stack.withConfig(plan.Name, out.path, content)
		}
		files = append(files, File{Path: out.path, Content: content, Mode: 0o644})
	}
	if plan.TLS != nil && len(plan.TLS.Own) == 0 {
		files = append(files, File{Path: secretsDirectory + authorityKeyFile, Mode: 0o600, Secret: true, names: plan.TLS.Names})
	}
	for _, secret := range plan.Secrets {
		if plan.own(secret.Name) != "" {
			continue
		}
		files = append(files, File{Path: secretsDirectory + secret.Name, Mode: 0o600, Secret: true})
		if plan.TLS != nil {
			files[len(files)-1].names = plan.TLS.Names
		}
	}
	return files, nil
}

// parts are the templates that others are made with.
var parts = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Option("missingkey=error").ParseFS(templates.Files, "*.md"+templates.Suffix, "shared/*"+templates.Suffix)
})

// parsed are the templates that were needed so far, under their paths without the suffix. Parsing all of them takes longer than the rest of a run.
var parsed sync.Map

// parse returns a template that may be executed by several at once.
func parse(name string) (*template.Template, error) {
	if made, ok := parsed.Load(name); ok {
		return made.(*template.Template), nil
	}
	text, err := fs.ReadFile(templates.Files, name+templates.Suffix)
	if err != nil {
		return nil, err
	}
	base, err := parts()
	if err != nil {
		return nil, err
	}
	if base, err = base.Clone(); err != nil {
		return nil, err
	}
	made, err := base.New(name).Parse(string(text))
	if err != nil {
		return nil, err
	}
	parsed.Store(name, made)
	return made, nil
}

// render executes a template and enters the digest of what it made.
func render(name string, plan Plan) ([]byte, error) {
	plan.Digest = ""
	made, err := parse(name)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := made.Execute(&out, plan); err != nil {
		return nil, err
	}
	text := strings.TrimRight(out.String(), "\n") + "\n"
	return stamp([]byte(text)), nil
}
