package generate

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/deployment"
)

const proxied = "name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\ntopology = \"sentinel\"\nproxy = true\n"

// sections are the sections of a haproxy.cfg by their first lines.
func sections(conf string) map[string][]string {
	all := map[string][]string{}
	head := ""
	for _, line := range strings.Split(conf, "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, " "):
			all[head] = append(all[head], strings.TrimSpace(line))
		default:
			head = line
			all[head] = []string{}
		}
	}
	return all
}

func TestProxyAsksEverySentinelForEveryServer(t *testing.T) {
	for _, count := range []struct{ replicas, sentinels, majority int }{{1, 3, 2}, {2, 5, 3}, {5, 9, 5}} {
		plan, files := compile(t, fmt.Sprintf("%sreplicas = %d\nsentinels = %d\n", proxied, count.replicas, count.sentinels))
		conf := sections(files["haproxy.cfg"])
		require.Len(t, plan.Members, count.replicas+1)
		for _, member := range plan.Members {
			assert.Contains(t, conf["frontend clients"], fmt.Sprintf("use_backend %s if { nbsrv(%[1]s) ge 1 } { nbsrv(names-%[1]s) ge %d }", member.Name, count.majority))
			assert.Contains(t, conf["frontend votes"], fmt.Sprintf("http-request return status 200 if { path /%s } { nbsrv(names-%[1]s) ge %d }", member.Name, count.majority))
			assert.Contains(t, conf["backend "+member.Name], fmt.Sprintf("server %s %[1]s:6379 on-marked-down shutdown-sessions", member.Name))
			assert.Contains(t, conf["backend "+member.Name], "tcp-check send GET\\ /"+member.Name+"\\ HTTP/1.0\\r\\n\\r\\n")
			votes := conf["backend names-"+member.Name]
			assert.Contains(t, votes, `tcp-check expect min-recv 0 string \r\n`+member.Name+`\r\n`)
			for _, sentinel := range plan.Sentinels {
				assert.Contains(t, votes, fmt.Sprintf("server %s %[1]s:26379", sentinel.Name))
			}
		}
		assert.Len(t, conf, 4+2*len(plan.Members), "sections")
	}
}

func TestProxyWaitsForTheMasterAsLongAsTheSentinels(t *testing.T) {
	for downAfter, silence := range map[string]string{"5s": "2500ms", "30s": "15000ms", "5m": "150000ms"} {
		_, files := compile(t, proxied+"down-after = \""+downAfter+"\"\n")
		conf := sections(files["haproxy.cfg"])
		assert.Contains(t, conf["backend shop-1"], "timeout check "+silence)
		assert.Contains(t, conf["backend names-shop-1"], "timeout check 2500ms", "a sentinel is never that slow")
		assert.Contains(t, strings.Join(conf["defaults"], "\n"), fmt.Sprintf(" fall %d ", deployment.Silences))
	}
}

// proxyServices are the services of a compose file as far as a proxy matters.
type proxyServices struct {
	Services map[string]struct {
		Image    string
		Ports    []string
		Secrets  []string
		Networks map[string]struct {
			Address string `yaml:"ipv4_address"`
		}
		MemLimit string `yaml:"mem_limit"`
	}
	Hosts map[string]string `yaml:"x-hosts"`
}

func TestProxyHasThePort(t *testing.T) {
	_, files := compile(t, proxied+"publish = \"127.0.0.1:7000\"\nsubnet = \"10.9.8.0/24\"\n")
	var file proxyServices
	require.NoError(t, yaml.Unmarshal([]byte(files["docker-compose.yml"]), &file))
	for name, service := range file.Services {
		if name != "shop-proxy" {
			assert.Empty(t, service.Ports, name)
		}
	}
	proxy := file.Services["shop-proxy"]
	assert.Equal(t, []string{"127.0.0.1:7000:6379"}, proxy.Ports)
	assert.Equal(t, []string{"health-password", "sentinel-password"}, proxy.Secrets, "no more than it needs")
	assert.Equal(t, "10.9.8.121", proxy.Networks["redis"].Address)
	assert.Equal(t, "10.9.8.121", file.Hosts["shop-proxy"])
	assert.Regexp(t, `^haproxy:\d+\.\d+\.\d+$`, proxy.Image)
	assert.NotContains(t, files["docker-compose.yml"], "internal: true")
}

func TestWithoutProxyNothingOfIt(t *testing.T) {
	for _, line := range []string{"", "proxy = false\n"} {
		_, files := compile(t, strings.Replace(proxied, "proxy = true\n", line, 1))
		for path, content := range files {
			if path == "roll.sh" { // looks for one
				continue
			}
			assert.NotContains(t, strings.ToLower(path+content), "proxy", path)
		}
	}
}

func TestProxyLeavesTheServersConnections(t *testing.T) {
	for lines, want := range map[string]int64{
		"[redis]\nmaxclients = 1000\n":                981, // two for each of 3 sentinels, 3 servers, 10 for people and checks
		"sentinels = 9\n[redis]\nmaxclients = 1000\n": 969,
		"[redis]\nmaxclients = 20\n":                  5,
	} {
		plan, files := compile(t, proxied+lines)
		assert.Equal(t, want, plan.Proxy.MaxClients, lines)
		assert.Contains(t, sections(files["haproxy.cfg"])["frontend clients"], fmt.Sprintf("maxconn %d", want))
		assert.GreaterOrEqual(t, plan.Proxy.MemoryLimit, plan.Proxy.MaxConn*deployment.ProxyClient+deployment.ProxyBase)
		assert.Greater(t, plan.Proxy.OpenFiles, 2*plan.Proxy.MaxConn)
	}
}

// TestStartProxy runs start-proxy.sh with passwords of any characters and reads
// what HAProxy would send.
func TestStartProxy(t *testing.T) {
	_, files := compile(t, proxied)
	for _, password := range []string{"plain-1_A", `a "b" 'c' \d $(e) %f # g @health`, "pässwört", "*"} {
		m := newMachine(t, nil)
		m.write("run/secrets/health-password", password+"\r\n")
		m.write("run/secrets/sentinel-password", password+password)
		m.write("run/haproxy/.keep", "")
		m.write("usr/local/etc/haproxy/haproxy.cfg", files["haproxy.cfg"])
		m.write("bin/haproxy", "#!/bin/sh\necho \"$*\" >>\"$ROOT/started\"\ncp \"$4\" \"$ROOT/conf\" 2>/dev/null || :\n")
		require.NoError(t, os.Chmod(filepath.Join(m.root, "bin/haproxy"), 0o755))
		script := strings.NewReplacer("</usr/", "<"+m.root+"/usr/", `"/run/`, `"`+m.root+"/run/").Replace(files["start-proxy.sh"])
		require.Empty(t, m.run(script))

		assert.Equal(t, fmt.Sprintf("-c -f %s\n-db -q -f %[1]s\n", m.root+"/run/haproxy/haproxy.cfg"), m.read("started"))
		written := m.read("conf")
		assert.Equal(t, strings.Count(files["haproxy.cfg"], "\n"), strings.Count(written, "\n"))
		assert.NotRegexp(t, `(?m)^ .*@(health|sentinel|starting)`, written)
		both := password + password
		assert.Equal(t, map[string]int{
			fmt.Sprintf("*3\r\n$4\r\nAUTH\r\n$6\r\nhealth\r\n$%d\r\n%s\r\n", len(password), password): 3,
			fmt.Sprintf("*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n", len(both), both):                         3,
		}, sentBy(t, written))
		info, err := os.Stat(filepath.Join(m.root, "run/haproxy/haproxy.cfg"))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
}

var binarySend = regexp.MustCompile(`(?m)^  tcp-check send-binary ([0-9a-f]+)$`)

// sentBy counts what the checks of a haproxy.cfg send.
func sentBy(t *testing.T, conf string) map[string]int {
	t.Helper()
	sent := map[string]int{}
	for _, found := range binarySend.FindAllStringSubmatch(conf, -1) {
		text, err := hex.DecodeString(found[1])
		require.NoError(t, err)
		sent[string(text)]++
	}
	return sent
}
