package e2e

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/canonical"
	"github.com/rcomp/rcomp/lint/disk"
)

// modelDifferences lists the fields of a project's services that do not come to what docker compose config makes of them.
// Profiles are all active, and env files stay beside the environment, since rcomp keeps them apart.
func (p composeProject) modelDifferences(t *testing.T) (compared int, fields []string) {
	t.Helper()
	left := p.config(t, bare(), []string{"--profile", "*"}, "--format", "json", "--no-env-resolution")
	if left.status != 0 {
		return 0, nil // a profile that is not active by itself: the exceptions know
	}
	var theirs struct{ Services map[string]map[string]any }
	// Compose escapes for its own reading of what it prints.
	require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(left.stdout, "$$", "$")), &theirs), p.name)
	tree, err := disk.OpenTree(p.root, p.root)
	require.NoError(t, err)
	defer tree.Close()
	var paths []string
	for _, file := range p.files {
		paths = append(paths, filepath.Join(p.directory, file))
	}
	for _, service := range compose.Load(tree, paths).Services {
		ours, unknown := canonical.Service(service.Value)
		written := theirs.Services[service.Name]
		for _, name := range unknown {
			delete(written, name)
		}
		for _, difference := range canonical.Differences(ours, canonical.Written(written)) {
			fields = append(fields, service.Name+difference)
		}
		compared++
	}
	return compared, fields
}
