package compose_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/lint/compose"
)

// A fault of rcomp's own reaches who asked, who may go on without the answer.
func TestPanicReachesWhoAsked(t *testing.T) {
	root := write(t, "services: {a: {image: redis}}\n")
	targets := []compose.Target{{Tree: open(t, root), Group: compose.Group{filepath.Join(root, "compose.yml")}}}
	defer func() { assert.Contains(t, recover(), "a fault") }()
	compose.Judge(targets, func(*compose.Project) int { panic("a fault") })
}
