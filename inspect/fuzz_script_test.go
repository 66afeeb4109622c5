package inspect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
)

// starting runs a script in every way that a service may.
const starting = `services:
  entrypoint: {image: redis:7.2, entrypoint: /start.sh, command: [redis-server, --maxmemory, 1gb], volumes: [./start.sh:/start.sh], environment: {A: b c, PW: x}}
  shell: {image: valkey/valkey:8.1, command: sh -eu /start.sh a 'b c', volumes: [./start.sh:/start.sh], env_file: [{path: none, required: false}]}
  watch: {image: redis:7.2, command: [bash, -c, '. /start.sh && redis-sentinel /s.conf'], volumes: [./start.sh:/start.sh]}
`

// FuzzScript follows arbitrary start scripts: every place lies in its file,
// and nothing else is opened.
func FuzzScript(f *testing.F) {
	for _, s := range append(scenarios(f, "shell.txt"), scenarios(f, "scripts.txt")...) {
		for _, file := range s.files {
			if strings.HasSuffix(file.name, ".sh") {
				f.Add(file.content)
			}
		}
	}
	for _, script := range []string{
		"exec \"$@\"", "set -- redis-server \"$@\"; exec \"$@\"", "for i in 1 2 3; do redis-server --port $i & done; wait",
		"while true; do :; done", "f() { f; }; f", ". /start.sh", "sh /start.sh", "exec /start.sh", "eval \"$(cat /start.sh)\"",
		"cat <<A <<B >/r.conf\nport 1\nA\nhz 1\nB\nexec redis-server /r.conf", "case $1 in a) redis-server;; *) exec redis-server $*;; esac",
		"x=$(echo $(echo $(echo redis-server))); $x", "redis-server ${A:+--save} ${B:=1 2} ${PW%x} ${#A} $((1+2))", "sed -i \"s/a/$PW/\" /r.conf; redis-server /r.conf",
		"`echo redis-server` \\\n --port 1", "if [ \"$A\" = b ]; then exec redis-server; elif true; then :; else false; fi", "{ echo port 1; } | redis-server -", "a=b b=$a c=$b redis-server $c", "'", "()0", "while read -r a b; do echo $a; done < /start.sh > /r.conf; redis-server /r.conf", "a=(x \"$@\"); exec redis-server \"${a[@]:1}\" ${A:+--x \"$A\"} {a,b}",
		"case $A in b*) B=1;; esac; [[ $A == b* ]] && exec redis-server $B", "$((", "<<", "\"$(", "}", "fi",
	} {
		f.Add(script)
	}
	root, err := filepath.EvalSymlinks(f.TempDir())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, script string) {
		if len(script) > 1<<13 {
			return
		}
		directory, err := os.MkdirTemp(root, "p")
		require.NoError(t, err)
		defer os.RemoveAll(directory)
		require.NoError(t, os.WriteFile(filepath.Join(directory, "compose.yml"), []byte(starting), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(directory, "start.sh"), []byte(script), 0o600))
		checkServices(t, directory)
	})
}

// FuzzUsers reads arbitrary ACL files, from a command line and from a conf.
func FuzzUsers(f *testing.F) {
	for _, users := range []string{
		"", "user default on nopass ~* +@all", "user default off", "user default on >x", "user default reset on #" + strings.Repeat("a", 64), "user default", "user", "# user default on nopass",
		"\tuser\tdefault\ton\tnopass", "user a on nopass\nuser default on >b -@all (+get ~x)", "user default on nopass resetpass\r\n", "user \"default\" on", "\ufeffuser default on", "USER default on", "user default on nopass\x00",
	} {
		f.Add(users)
	}
	root, err := filepath.EvalSymlinks(f.TempDir())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, users string) {
		if len(users) > 1<<13 {
			return
		}
		directory, err := os.MkdirTemp(root, "p")
		require.NoError(t, err)
		defer os.RemoveAll(directory)
		for name, content := range map[string]string{
			"compose.yml": "services:\n  a: {image: redis:7.2, command: redis-server --aclfile /users.acl, volumes: [./users.acl:/users.acl]}\n" +
				"  b: {image: valkey/valkey:8.1, command: valkey-server /r.conf, volumes: ['./users.acl:/etc/users.acl', './r.conf:/r.conf']}\n",
			"r.conf": "dir /etc\naclfile users.acl\n", "users.acl": users,
		} {
			require.NoError(t, os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600))
		}
		services := checkServices(t, directory)
		require.Len(t, services, 2)
		require.Equal(t, services[0].Access(), services[1].Access(), "the same users, by another way")
	})
}

// checkServices loads what is in a directory and holds all places to it.
func checkServices(t *testing.T, directory string) []*inspect.Service {
	t.Helper()
	tree, err := disk.OpenTree(directory, directory)
	require.NoError(t, err)
	defer tree.Close()
	tree.Observe(func(path string, _ *os.File) {
		below, err := filepath.Rel(directory, path)
		require.NoError(t, err)
		require.True(t, filepath.IsLocal(below), path)
	})
	loaded := compose.Load(tree, []string{filepath.Join(directory, "compose.yml")})
	services := inspect.Services(loaded)
	inspect.Describe(services)
	for _, s := range services {
		for _, span := range spans(s) {
			inside(t, loaded, span)
		}
	}
	return services
}
