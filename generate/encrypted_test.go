package generate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/render"
)

const withCertificates = tlsTableLines + "clients = \"certificate\"\n"

// In a swarm servers and sentinels get the files, a script that asks them gets
// those that it needs, and the certificate has the swarm's names.
func TestTLSInASwarm(t *testing.T) {
	document, files := compileStack(t, swarmIntent(intent.Sentinel, "secrets-version = 3\n"+withCertificates))
	for name, service := range document.Services {
		for _, file := range []string{credentials.AuthorityFile, credentials.CertificateFile, credentials.KeyFile} {
			assert.Contains(t, service.Secrets, file, name)
		}
		assert.NotContains(t, service.Secrets, credentials.AuthorityKeyFile, name)
	}
	for _, file := range []string{credentials.AuthorityFile, credentials.CertificateFile, credentials.KeyFile} {
		assert.Equal(t, "shop_"+file+"_3", document.Secrets[file].Name)
	}
	calls, said, err := roll(t, files, "", answersOfSet)
	require.NoError(t, err, said)
	assert.Equal(t, map[string]string{
		"/run/secrets/" + credentials.AuthorityFile:   "/shop/secrets/" + credentials.AuthorityFile,
		"/run/secrets/" + credentials.CertificateFile: "/shop/secrets/" + credentials.CertificateFile, "/run/secrets/" + credentials.KeyFile: "/shop/secrets/" + credentials.KeyFile,
	}, mountsOf(calls))
	plan, _ := compile(t, swarmIntent(intent.Sentinel, tlsTableLines))
	for _, name := range []string{"shop-1", "tasks.shop-1", "shop-sentinel-3", "tasks.shop-sentinel-3", "localhost"} {
		assert.Contains(t, plan.TLS.Names, name)
	}
	_, files = compile(t, swarmIntent(intent.Replicated, tlsTableLines))
	calls, said, err = roll(t, files, "", answersOfSet)
	require.NoError(t, err, said)
	assert.Equal(t, map[string]string{"/run/secrets/" + credentials.AuthorityFile: "/shop/secrets/" + credentials.AuthorityFile}, mountsOf(calls),
		"a script without a certificate of its own needs no key")
}

// One server in a swarm knows the users that one in Docker Compose knows, by
// the same program.
func TestUsersOfOneServerInASwarm(t *testing.T) {
	program := func(file, content string) string {
		t.Helper()
		var document struct {
			Services map[string]struct{ Command []string }
		}
		require.NoError(t, yaml.Unmarshal([]byte(content), &document), file)
		if server, ok := document.Services["shop"]; ok && len(server.Command) == 3 {
			return server.Command[2]
		}
		var stack struct {
			Server struct{ Command []string } `yaml:"x-server"`
		}
		require.NoError(t, yaml.Unmarshal([]byte(content), &stack), file)
		require.Len(t, stack.Server.Command, 3)
		return stack.Server.Command[2]
	}
	for _, lines := range []string{"", everyPreset, tlsTableLines, everyPreset + withCertificates} {
		_, composed := compile(t, strings.Replace(swarmIntent(intent.Standalone, lines), "target = \"swarm\"\n", "", 1))
		document, stacked := compileStack(t, swarmIntent(intent.Standalone, lines))
		assert.Equal(t, program("docker-compose.yml", composed["docker-compose.yml"]), program(render.StackFile, stacked[render.StackFile]), lines)
		named := strings.Contains(lines, "users")
		assert.Equal(t, named, slices.Contains(document.Services["shop"].Secrets, "health-password"))
		assert.Equal(t, named, strings.Contains(stacked[render.StackFile], "--user health ping"))
		assert.Equal(t, !named, slices.Contains(document.Services["shop"].Secrets, "redis-password"))
	}
}

func TestProxyChecksByTLS(t *testing.T) {
	plan, files := compile(t, proxied+"subnet = \"10.9.8.0/24\"\npublish = \"192.168.1.10:7000\"\n"+tlsTableLines)
	conf := sections(files["haproxy.cfg"])
	assert.Contains(t, conf["defaults"], "default-server check-ssl verify required ca-file /run/secrets/tls-authority.pem")
	for _, member := range plan.Members {
		backend := conf["backend "+member.Name]
		assert.Contains(t, backend, "tcp-check connect default", "by what the server's line says")
		assert.Contains(t, backend, "tcp-check connect addr 127.0.0.1 port 8400", "the proxy itself speaks plain text")
		assert.Contains(t, backend, "server "+member.Name+" "+member.Name+":6379 on-marked-down shutdown-sessions verifyhost "+member.Name)
		for _, sentinel := range plan.Sentinels {
			assert.Contains(t, conf["backend names-"+member.Name], "server "+sentinel.Name+" "+sentinel.Name+":26379 verifyhost "+sentinel.Name)
		}
	}
	for _, name := range []string{"shop-proxy", "10.9.8.121", "192.168.1.10"} {
		assert.Contains(t, plan.TLS.Names, name)
	}
	var file proxyServices
	require.NoError(t, yaml.Unmarshal([]byte(files["docker-compose.yml"]), &file))
	assert.Equal(t, []string{"health-password", "sentinel-password", credentials.AuthorityFile}, file.Services["shop-proxy"].Secrets, "no key that it does not need")
}

// Where clients need a certificate, the proxy gets the servers' in one file
// with its key, for root alone.
func TestProxyWithACertificate(t *testing.T) {
	_, files := compile(t, proxied+withCertificates)
	assert.Contains(t, files["haproxy.cfg"], "ca-file /run/secrets/tls-authority.pem crt /run/haproxy/client.pem\n")
	m := newMachine(t, nil)
	for name, content := range map[string]string{"health-password": "a", "sentinel-password": "b", credentials.CertificateFile: "certificate\n", credentials.KeyFile: "key\n"} {
		m.write("run/secrets/"+name, content)
	}
	m.write("run/haproxy/.keep", "")
	m.write("usr/local/etc/haproxy/haproxy.cfg", files["haproxy.cfg"])
	m.write("bin/haproxy", "#!/bin/sh\n:\n")
	require.NoError(t, os.Chmod(filepath.Join(m.root, "bin/haproxy"), 0o755))
	require.Empty(t, m.run(strings.NewReplacer("/usr/local/etc", m.root+"/usr/local/etc", "/run/", m.root+"/run/").Replace(files["start-proxy.sh"])))
	assert.Equal(t, "certificate\nkey\n", m.read("run/haproxy/client.pem"))
	info, err := os.Stat(filepath.Join(m.root, "run/haproxy/client.pem"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}
