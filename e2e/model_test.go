package e2e

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/canonical"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
)

// modelDifferences lists the fields of a project's services that do not come to
// what docker compose config makes of them. Profiles are all active.
func (p composeProject) modelDifferences(t *testing.T) (compared int, fields []string) {
	t.Helper()
	left := p.config(t, bare(), []string{"--profile", "*"}, "--format", "json")
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
		written := canonical.Written(theirs.Services[service.Name])
		for _, name := range unknown {
			if name != "environment" { // each variable of it is known or not by itself
				delete(written, name)
			}
		}
		// Compose merges the env files into the environment.
		delete(ours, "env_file")
		setEnvironment(ours, written, service.Environment())
		for _, difference := range canonical.Differences(ours, written) {
			fields = append(fields, service.Name+difference)
		}
		compared++
	}
	return compared, fields
}

// setEnvironment makes the environment of a container that of our service. What
// hangs on a variable without a value is left out on both sides.
func setEnvironment(ours, theirs map[string]any, environment []compose.Environment) {
	known := map[string]any{}
	others, _ := theirs["environment"].(map[string]any)
	for _, variable := range environment {
		switch {
		case !unset.Known(variable.Value):
			delete(others, variable.Name)
		case variable.Set:
			known[variable.Name] = variable.Value
		default:
			known[variable.Name] = nil
		}
	}
	delete(ours, "environment")
	delete(theirs, "environment")
	if len(known) > 0 {
		ours["environment"] = known
	}
	if len(others) > 0 {
		theirs["environment"] = others
	}
}
