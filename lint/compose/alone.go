package compose

import (
	"path/filepath"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// Alone is a project without any compose file: a file that stands for itself.
// It has no services, and nothing that Compose could refuse.
func Alone(tree *disk.Tree, path string) (*Project, error) {
	p := &Project{
		Files: []string{tree.Show(path)}, Directory: filepath.Dir(path), path: path,
		tree: tree.With(disk.NewBudget()), sources: map[string]*position.Text{}, memory: map[any]any{}, alone: true,
	}
	_, _, err := p.ReadFile(path)
	return p, err
}

// AloneService is a service that nothing is said of, at the beginning of a
// project's file.
func AloneService(p *Project, name string) *Service {
	document := &model.Document{Text: p.sources[p.Files[0]], Path: p.path, Directory: p.Directory}
	origin := model.Origin{Document: document, Node: &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}}
	return &Service{Name: name, Project: p, Value: &model.Value{Kind: model.Mapping, Origin: origin}, home: origin}
}

// IsAlone reports whether a project is a file that stands for itself.
func (p *Project) IsAlone() bool { return p.alone }
