package compose_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const anyService = "services:\n  redis:\n    image: redis\n"

// discovered lists the groups below a directory, each on one line.
func discovered(t *testing.T, text string) []string {
	root := write(t, text)
	groups, err := compose.Discover(open(t, root), root)
	require.NoError(t, err)
	return relative(t, root, groups)
}

func relative(t *testing.T, root string, groups []compose.Group) []string {
	var lines []string
	for _, group := range groups {
		var names []string
		for _, path := range group {
			name, err := filepath.Rel(root, path)
			require.NoError(t, err)
			names = append(names, filepath.ToSlash(name))
		}
		lines = append(lines, strings.Join(names, " + "))
	}
	return lines
}

func TestDiscoverNames(t *testing.T) {
	for _, test := range []struct {
		name, content string
		want          bool
	}{
		// A compose file by its name, whatever it holds.
		{"compose.yml", "", true},
		{"compose.yaml", "x: [", true},
		{"docker-compose.yml", "x: [", true},
		{"docker-compose.prod.yml", "", true},
		{"docker-compose-dev.yaml", "", true},
		{"docker-compose_ci.yml", "", true},
		{"docker_compose.yml", "", true},
		{"dockercompose.yml", "", true},
		{"Docker-Compose.yml", "", true},
		{"redis.compose.yml", "", true},
		{"redis-docker-compose.yml", "", true},
		{"local.docker-compose.yaml", "", true},
		{"compose-redis.yaml", "", true},
		{".docker/compose.yml", "", true},
		{".devcontainer/docker-compose.yml", "", true},
		// By what it holds.
		{"redis.yml", anyService, true},
		{"docker-stack.yml", anyService, true},
		{"stack.yaml", "\"services\":\n  redis:\n    extends: base\n", true},
		{"quoted.yml", "\"services\": {redis: {image: redis}}\n", true},
		{"anchored.yml", "services: &all\n  redis:\n    build: .\n", true},
		{"windows.yml", "\ufeff" + strings.ReplaceAll(anyService, "\n", "\r\n"), true},
		{"broken.yml", anyService + "    ports: [\n", true},
		{"docker-compose.yml.template", anyService, true},
		{"docker-compose.yaml.dist", anyService, true},
		{"compose.yml.example", anyService, true},
		// Other programs' files.
		{"docker-compose.yml.template", anyService + "    {{ if .X }}\n", false},
		{"docker-compose.yml.bak", anyService, false},
		{"compose.txt", anyService, false},
		{"composer.yml", "a: b\n", false},
		{"decompose.yml", "a: b\n", false},
		{"rancher-compose.yml", "redis:\n  scale: 1\n", false},
		{"stack.yaml", "resolver: lts-22.0\npackages: [.]\n", false},
		{"config/services.yaml", "parameters:\n  a: b\nservices:\n  _defaults:\n    autowire: true\n  App\\Image:\n    arguments:\n      image: x\n", false},
		{"services.yaml", "services:\n  _defaults: {autowire: true}\n  App\\:\n    resource: ../src\n", false},
		{"k8s.yml", "apiVersion: v1\nkind: Service\nservices:\n  a:\n    image: x\n", false},
		{".woodpecker.yml", "steps:\n  test: {image: go}\nservices:\n  redis:\n    image: redis\n", false},
		{".gitlab-ci.yml", "image: go\nservices:\n  - name: redis\n    image: redis\n", false},
		{".github/workflows/docker-compose.yml", "on: push\njobs:\n  a:\n    services:\n      redis: {image: redis}\n", false},
		{".lando.yml", "name: x\nrecipe: drupal\nservices:\n  cache:\n    type: redis\n    build: [x]\n", false},
		{"kong.yml", "_format_version: '3.0'\nservices:\n- name: a\n", false},
		{"node_modules/a/compose.yml", anyService, false},
		{"vendor/a/compose.yml", anyService, false},
		{".git/compose.yml", anyService, false},
		{".terraform/compose.yml", anyService, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := discovered(t, "-- "+test.name+" --\n"+test.content)
			if test.want {
				assert.Equal(t, []string{test.name}, found)
			} else {
				assert.Empty(t, found)
			}
		})
	}
}

// Compose takes one base and one override of a directory by default.
func TestGroups(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		want  []string
	}{
		{"a base and its override", []string{"docker-compose.yml", "docker-compose.override.yml"}, []string{"docker-compose.yml + docker-compose.override.yml"}},
		{"names need not agree", []string{"compose.yaml", "docker-compose.override.yml"}, []string{"compose.yaml + docker-compose.override.yml"}},
		{"an override alone", []string{"compose.override.yml"}, []string{"compose.override.yml"}},
		{"two bases", []string{"docker-compose.yml", "compose.yml", "compose.override.yml"}, []string{"compose.yml + compose.override.yml", "docker-compose.yml"}},
		{"two overrides", []string{"compose.yml", "compose.override.yml", "docker-compose.override.yml"}, []string{"compose.yml + compose.override.yml", "docker-compose.override.yml"}},
		{"files that are run by naming them", []string{"compose.yml", "compose.prod.yml", "compose.override.prod.yml"}, []string{"compose.override.prod.yml", "compose.prod.yml", "compose.yml"}},
		{"directories are apart", []string{"a/compose.yml", "b/compose.override.yml", "b/compose.yml"}, []string{"a/compose.yml", "b/compose.yml + b/compose.override.yml"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := ""
			for _, name := range test.files {
				text += "-- " + name + " --\n" + anyService
			}
			for range 5 {
				require.Equal(t, test.want, discovered(t, text))
			}
		})
	}
}

// Whichever of the two is named, the pair is judged, and once.
func TestGroupsOfNamedFiles(t *testing.T) {
	root := write(t, "-- compose.yml --\n"+anyService+"-- compose.override.yml --\n"+anyService+"-- other.yml --\n"+anyService)
	tree := open(t, root)
	both := []string{"compose.yml + compose.override.yml"}
	base, override := filepath.Join(root, "compose.yml"), filepath.Join(root, "compose.override.yml")
	assert.Equal(t, both, relative(t, root, compose.Groups(tree, []string{base})))
	assert.Equal(t, both, relative(t, root, compose.Groups(tree, []string{override})))
	assert.Equal(t, both, relative(t, root, compose.Groups(tree, []string{override, base, base})))
	assert.Equal(t, []string{"other.yml"}, relative(t, root, compose.Groups(tree, []string{filepath.Join(root, "other.yml")})))
}

func TestDiscoverFollowsNoLinks(t *testing.T) {
	outside := write(t, anyService)
	root := write(t, "-- a/compose.yml --\n"+anyService)
	require.NoError(t, os.Symlink(outside, filepath.Join(root, "b")))
	require.NoError(t, os.Symlink(filepath.Join(outside, "compose.yml"), filepath.Join(root, "compose.yml")))
	require.NoError(t, os.Symlink(root, filepath.Join(root, "a", "again")))
	groups, err := compose.Discover(open(t, root), root)
	require.NoError(t, err)
	assert.Equal(t, []string{"a/compose.yml"}, relative(t, root, groups))
}

func TestDiscoverOfWhatIsNotThere(t *testing.T) {
	root := write(t, anyService)
	_, err := compose.Discover(open(t, root), filepath.Join(root, "none"))
	assert.EqualError(t, err, "no such file or directory")
}
