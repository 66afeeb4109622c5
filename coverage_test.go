package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCoverage counts how many servers of a corpus are known in full, in part,
// and not: the table of docs/coverage.md. `go test . -run TestCoverage -v`
// prints it.
func TestCoverage(t *testing.T) {
	corpus, _ := corpusDirectory()
	repositories, err := os.ReadDir(corpus)
	require.NoError(t, err)
	c := coverage{}
	for _, repository := range repositories {
		c.repository(t, filepath.Join(corpus, repository.Name()))
	}
	for _, row := range []string{"fully known", "partly known", "not judged, said so", "without a word"} {
		t.Logf("%-20s %4d  of them built here %3d", row, len(c[row]), len(slices.DeleteFunc(slices.Clone(c[row]), func(s seen) bool { return !s.built })))
	}
	for _, silent := range c["without a word"] {
		t.Logf("without a word: %s", silent.name)
	}
	if testing.Verbose() {
		for _, unseen := range append(c["partly known"], c["not judged, said so"]...) {
			t.Logf("%s: %s", unseen.name, unseen.why)
		}
	}
	assert.NotEmpty(t, c["fully known"])
	assert.Empty(t, c["without a word"], "a service that has to do with Redis is passed over in silence")
}

// seen is a service of a corpus and why it is not known.
type seen struct {
	name, why string
	built     bool
}

// coverage lists services by how much of them is known.
type coverage map[string][]seen

func (c coverage) repository(t *testing.T, root string) {
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	groups, err := compose.Discover(tree, tree.Path())
	require.NoError(t, err)
	for _, group := range groups {
		project := compose.Load(tree, group)
		services := inspect.Services(project)
		for _, service := range project.Services {
			at := slices.IndexFunc(services, func(s *inspect.Service) bool { return s.Name == service.Name })
			var inspected *inspect.Service
			if at >= 0 {
				inspected = services[at]
			}
			row, why := rowOf(project, service, inspected)
			name := fmt.Sprintf("%s/%s %s", filepath.Base(root), project.Files[0], service.Name)
			c[row] = append(c[row], seen{name, why, service.Config.Build != nil})
		}
	}
	delete(c, "")
}

// serverImage recognises services that are servers by what people call them.
var serverImage = regexp.MustCompile(`^(redis|valkey|keydb|dragonfly|garnet|kvrocks)([-_]?(server|sentinel|cluster|stack|master|slave|replica|node)[-_0-9]*)?$`)

// rowOf says how much of a service is known; "" for one that has nothing to do
// with Redis.
func rowOf(project *compose.Project, service *compose.Service, inspected *inspect.Service) (row, why string) {
	if inspected == nil {
		for _, note := range project.Unseen {
			if note.Service == service.Name && strings.Contains(note.Message, "is not judged") {
				return "not judged, said so", note.Message
			}
		}
		repository, _, _ := strings.Cut(service.Config.Image, "@")
		repository, _, _ = strings.Cut(filepath.Base(repository), ":")
		if serverImage.MatchString(repository) || service.Config.Build != nil && serverImage.MatchString(service.Name) {
			return "without a word", ""
		}
		return "", ""
	}
	switch inspected.Kind {
	case inspect.Server, inspect.Sentinel, inspect.ClusterNode, inspect.Compatible:
	default:
		return "", ""
	}
	if inspected.Opaque != "" {
		return "partly known", inspected.Opaque
	}
	if inspected.Kind == inspect.Compatible {
		return "partly known", "it is no server of Redis"
	}
	if !inspected.ReleaseKnown {
		return "partly known", "its release is not known"
	}
	for _, setting := range inspected.All() {
		if !setting.Known {
			return "partly known", setting.Name + ": " + setting.Why
		}
	}
	return "fully known", ""
}
