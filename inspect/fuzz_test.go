package inspect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
)

// FuzzServices reads arbitrary bytes as a compose file, as a conf file and as
// a start script that one mounts. Whatever they are, there is no panic, and
// every place lies inside the file that it names.
func FuzzServices(f *testing.F) {
	for _, name := range []string{"shell.txt", "files.txt", "compose.txt"} {
		for _, s := range scenarios(f, name) {
			conf, script := "", ""
			for _, file := range s.files[1:] {
				if strings.HasSuffix(file.name, ".sh") {
					script = file.content
				} else {
					conf = file.content
				}
			}
			f.Add(s.files[0].content, conf, script)
		}
	}
	f.Add(mounting, "maxmemory 1gb\n", "cat > /r.conf <<EOF\nsave 1 1\nEOF\nexec redis-server /r.conf \"$@\"\n")
	require.Len(f, inspect.Services(project(f, mounting)), 6)
	root, err := filepath.EvalSymlinks(f.TempDir())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text, conf, script string) {
		if len(text)+len(conf)+len(script) > 1<<14 {
			return // larger inputs are judged by their work elsewhere
		}
		texts := []string{text}
		if conf+script != "" {
			texts = append(texts, mounting)
		}
		for _, text := range texts {
			directory, err := os.MkdirTemp(root, "p")
			require.NoError(t, err)
			for name, content := range map[string]string{"compose.yml": text, "redis.conf": conf, "start.sh": script} {
				require.NoError(t, os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600))
			}
			checkServices(t, directory)
			require.NoError(t, os.RemoveAll(directory))
		}
	})
}

// mounting reads the conf and the script in every way that a service may.
const mounting = `services:
  conf:
    image: redis:7.2
    command: redis-server /redis.conf
    volumes: [./redis.conf:/redis.conf]
  old:
    image: redis:6.2
    command: /redis.conf
    volumes: [./redis.conf:/redis.conf]
  guard:
    image: valkey/valkey:8.1
    command: valkey-server /redis.conf --sentinel
    volumes: [./redis.conf:/redis.conf]
  script:
    image: redis:7.2
    entrypoint: /start.sh
    command: redis-server /redis.conf --maxmemory 1gb
    volumes: [./redis.conf:/redis.conf, ./start.sh:/start.sh]
    healthcheck: {test: [CMD, sh, /start.sh]}
  bitnami:
    image: bitnami/redis:7.2
    volumes: [./redis.conf:/opt/bitnami/redis/mounted-etc/overrides.conf]
    env_file: [{path: redis.conf, required: false}]
  acl:
    image: redis:7.2
    command: redis-server --aclfile /redis.conf
    volumes: [./redis.conf:/redis.conf]
`

// spans lists every place that a service tells.
func spans(s *inspect.Service) []position.Span {
	all := []position.Span{s.OpaqueAt}
	for _, setting := range s.All() {
		all = append(all, setting.Origin.Span)
		for _, part := range setting.Parts {
			all = append(all, part.Span)
		}
	}
	for _, problem := range s.Problems {
		all = append(all, problem.At)
	}
	for _, conf := range s.Confs {
		all = append(all, conf.At)
	}
	for _, monitor := range s.Monitors {
		all = append(all, monitor.At, monitor.HostAt)
	}
	for _, mount := range s.Mounts {
		all = append(all, mount.Span)
	}
	for _, port := range s.Ports() {
		all = append(all, port.At)
	}
	for _, secret := range s.SecretsInArgv() {
		all = append(all, secret.At)
	}
	probes, _ := s.Health()
	for _, probe := range append(probes, s.ClientCalls()...) {
		all = append(all, probe.At)
		for i := range probe.Words {
			all = append(all, probe.WordAt(i))
		}
	}
	s.Access()
	s.Reachable()
	s.Directory()
	return all
}

// inside requires that a place is none, or one in a file that was read.
func inside(t *testing.T, project *compose.Project, span position.Span) {
	if span.IsZero() {
		return
	}
	source := project.Source(span.File)
	require.NotNil(t, source, "%v", span)
	lines := strings.Split(string(source), "\n")
	require.LessOrEqual(t, span.Start.Compare(span.End), 0, "%v", span)
	require.Positive(t, span.Start.Line, "%v", span)
	require.Positive(t, span.Start.Column, "%v", span)
	require.LessOrEqual(t, span.End.Line, max(len(lines), 1), "%v", span)
	if span.Start.Line <= len(lines) && span.Start.Line == span.End.Line {
		width := utf8.RuneCountInString(lines[span.Start.Line-1])
		require.LessOrEqual(t, span.Start.Column, width+1, "%v", span)
	}
}
