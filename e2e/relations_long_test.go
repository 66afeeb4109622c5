//go:build long

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// relation is what a rule says of services of a project, to be seen on an
// engine: what a look comes to with the fault, and without. The two differ in
// what stands for FAULT.
type relation struct {
	rule       string
	compose    string // IMAGE is that of the release
	files      map[string]string
	bad, good  string
	look       func(visitor) string
	sees, want string // with the fault, and without
}

var relations = []relation{
	{rule: "replica-older", look: link, bad: "7.0.15", good: "8.0.2", sees: "master_link_status:down", want: "master_link_status:up",
		compose: `
services:
  main:
    image: redis:8.0.2
  copy:
    image: redis:FAULT
    command: redis-server --replicaof main 6379
`},
	{rule: "command-renamed", look: link, bad: "PSYNC", good: "FLUSHALL", sees: "master_link_status:down", want: "master_link_status:up",
		compose: `
services:
  main:
    image: IMAGE
    command: [redis-server, --rename-command, FAULT, ""]
  copy:
    image: IMAGE
    command: redis-server --replicaof main 6379
`},
	{rule: "replication-without-tls", look: link, bad: "no", good: "yes", sees: "master_link_status:down", want: "master_link_status:up",
		compose: `
services:
  main:
    image: IMAGE
    command: redis-server --port 0 --tls-port 6379 --tls-cert-file /certs/redis.pem --tls-key-file /certs/redis-key.pem --tls-ca-cert-file /certs/ca.pem --tls-auth-clients no
    volumes: ["./certs:/certs:ro"]
  copy:
    image: IMAGE
    command: redis-server --replicaof main 6379 --tls-cert-file /certs/redis.pem --tls-key-file /certs/redis-key.pem --tls-ca-cert-file /certs/ca.pem --tls-replication FAULT
    volumes: ["./certs:/certs:ro"]
`},
	{rule: "snapshot-not-writable", look: afterSnapshot, bad: "/usr/local", good: "/data", sees: "MISCONF", want: "OK",
		compose: `
services:
  db:
    image: IMAGE
    command: redis-server --save 3600 1 --dir FAULT
`},
	{rule: "sentinel-name-not-announced", look: monitorLine, bad: "no", good: "yes", sees: "sentinel monitor main ADDRESS 6379 1", want: "sentinel monitor main db 6379 1",
		files: map[string]string{"conf/sentinel.conf": "sentinel resolve-hostnames yes\nsentinel announce-hostnames FAULT\nsentinel monitor main db 6379 1\n"},
		compose: `
services:
  db:
    image: IMAGE
  sentinel:
    image: IMAGE
    command: redis-sentinel /conf/sentinel.conf
    volumes: ["./conf:/conf"]
    depends_on: [db]
`},
}

// TestRulesSayWhatProjectsDo shows on an engine what rules say of several
// services: with the fault that they find, and without.
func TestRulesSayWhatProjectsDo(t *testing.T) {
	first := releases(t)[0]
	for _, one := range relations {
		t.Run(one.rule, func(t *testing.T) {
			one.show(t, first, one.bad, one.sees, true)
			one.show(t, first, one.good, one.want, false)
		})
	}
}

func (r relation) show(t *testing.T, first release, what, wanted string, found bool) {
	t.Helper()
	s := newStack(t)
	in := strings.NewReplacer("IMAGE", first.image, "FAULT", what)
	s.write("compose.yaml", in.Replace(r.compose))
	for name, content := range r.files {
		s.write(name, in.Replace(content))
	}
	if strings.Contains(r.compose, "./certs") {
		certs := filepath.Join(s.directory, "certs")
		newCertificateOffice(t).issue(certs, "main")
		require.NoError(t, os.Chmod(filepath.Join(certs, "redis-key.pem"), 0o644)) // for the server, who is another user
		for _, name := range []string{"redis.pem", "ca.pem"} {
			require.NoError(t, os.Chmod(filepath.Join(certs, name), 0o644))
		}
	}
	assert.Equal(t, found, strings.Contains(strings.Join(rulesOf(s.lintAll()), " "), r.rule))
	s.mustCompose("up", "--detach")
	eventuallySees(visitor{stack: s, service: "db", port: "6379"}, r.look, wanted)
}

// afterSnapshot is what a server answers to a write behind a snapshot: OK, or why not.
func afterSnapshot(a visitor) string {
	a.ready().cli("bgsave")
	answer, _, _ := strings.Cut(a.cli("set", "a", "1"), " ")
	return answer
}

// monitorLine is the line of the master as the sentinel has written it.
func monitorLine(a visitor) string {
	a.of("sentinel", "26379").ready()
	address := a.container().inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
	content, err := os.ReadFile(filepath.Join(a.directory, "conf", "sentinel.conf"))
	require.NoError(a.t, err)
	for line := range strings.Lines(string(content)) {
		if strings.HasPrefix(line, "sentinel monitor") && strings.Contains(string(content), "sentinel myid") {
			return strings.TrimSpace(strings.Replace(line, address, "ADDRESS", 1))
		}
	}
	return "not yet written"
}
