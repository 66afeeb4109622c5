package compose_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/require"
)

const ordinary = `services:
  web:
    image: example/web:1.4
    depends_on:
      cache: {condition: service_healthy}
    environment:
      REDIS_URL: redis://:${REDIS_PASSWORD}@cache:6379/0
    ports: ["127.0.0.1:8080:8080"]
  cache:
    image: redis:7.4-alpine
    command: >
      redis-server --appendonly yes
      --maxmemory 256mb --maxmemory-policy allkeys-lru
      --requirepass ${REDIS_PASSWORD}
    mem_limit: 512m
    healthcheck:
      test: ["CMD-SHELL", "redis-cli ping | grep PONG"]
      interval: 10s
    volumes: ["data:/data"]
volumes:
  data:
`

func BenchmarkLoadOne(b *testing.B) {
	tree, groups := generated(b, 1)
	b.ResetTimer()
	for b.Loop() {
		compose.Load(tree, groups[0])
	}
}

func BenchmarkLoad200(b *testing.B) {
	tree, groups := generated(b, 200)
	b.ResetTimer()
	for b.Loop() {
		for _, group := range groups {
			compose.Load(tree, group)
		}
	}
}

// generated writes projects that differ in nothing but their name.
func generated(b *testing.B, count int) (*disk.Tree, []compose.Group) {
	root := b.TempDir()
	for i := range count {
		directory := filepath.Join(root, fmt.Sprintf("project%03d", i))
		require.NoError(b, os.MkdirAll(directory, 0o755))
		require.NoError(b, os.WriteFile(filepath.Join(directory, "compose.yml"), []byte(ordinary), 0o600))
	}
	tree, err := disk.OpenTree(root, root)
	require.NoError(b, err)
	b.Cleanup(func() { tree.Close() })
	groups, err := compose.Discover(tree, tree.Path())
	require.NoError(b, err)
	require.Len(b, groups, count)
	return tree, groups
}
