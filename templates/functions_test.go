package templates_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// function is what functions of some sources print when lines ask for them, in a
// directory that stands for a container's file system.
type function struct {
	name, sources, lines, want string
	files                      map[string]string
}

// beginning is that of a function, and a value that stands above functions.
var (
	beginning = regexp.MustCompile(`^([a-z_]+)\(\) [{(]`)
	value     = regexp.MustCompile(`^[a-z_]+=[^$ ]*$`)
)

// source reads a program, or a part that several have.
func source(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("programs", name+".sh"))
	if err != nil {
		content, err = os.ReadFile(filepath.Join("programs", "shared", name+".sh"))
	}
	require.NoError(t, err)
	return string(content)
}

// definitions are the functions of a source, and plain values: what it does
// besides is left out.
func definitions(text string) string {
	var kept strings.Builder
	within := false
	for line := range strings.Lines(text) {
		begins := beginning.MatchString(line)
		if within || begins || value.MatchString(strings.TrimSuffix(line, "\n")) {
			kept.WriteString(line)
		}
		if begins {
			within = !strings.HasSuffix(line, "}\n")
		} else if line == "}\n" {
			within = false
		}
	}
	return kept.String()
}

// run asks for the functions.
func (f function) run(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range f.files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o755))
	}
	script := "set -eu\n"
	if strings.Contains(f.sources, "creator") || strings.Contains(f.sources, "check-") {
		script = "set -u\n" // as the programs have it
	}
	for _, name := range strings.Fields(f.sources) {
		script += definitions(source(t, name))
	}
	for _, directory := range []string{"/run/", "/usr/local/", "/etc/hosts", "/data/", "/password"} {
		for _, before := range []string{" ", `"`, "<", ">", "=", "("} {
			script = strings.ReplaceAll(script, before+directory, before+root+directory)
		}
	}
	command := exec.Command("sh", "-c", script+f.lines, "/usr/local/lib/rcomp/start-server.sh")
	command.Env = append(os.Environ(), "PATH="+root+"/bin:"+os.Getenv("PATH"), "ROOT="+root)
	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))
	return string(output)
}

// sharedFunctions are those that several programs have.
var sharedFunctions = []function{
	{"say", "say", "say one '*' two", "start-server: one * two\n", nil},
	{"is_one_of, the first", "lists", `is_one_of a "a b" && echo yes`, "yes\n", nil},
	{"is_one_of, the last", "lists", `is_one_of b "a b" && echo yes`, "yes\n", nil},
	{"is_one_of, a part of a word", "lists", `is_one_of a "ab ba" || echo no`, "no\n", nil},
	{"is_one_of, nobody", "lists", `is_one_of a "" || echo no`, "no\n", nil},
	{"field", "field", "field role \"$(printf 'a:b\\r\\nrole:master\\r\\nroles:x\\r\\n')\"", "master\n", nil},
	{"field, several", "field", `field 'db[0-9]*' "db0:keys=1
db12:keys=2"`, "keys=1\nkeys=2\n", nil},
	{"field, none", "field", `field role ""`, "", nil},
	{"ask", "ask", `CLI='client --tls'; ask shop-1 6379 health 'a b' info replication`,
		"a b: --tls -h shop-1 -p 6379 --user health info replication\n", map[string]string{"bin/client": "#!/bin/sh\necho \"$REDISCLI_AUTH: $*\"\n"}},
	{"ask, a client that fails", "ask", `CLI=client; ask shop-1 6379 health x info || echo "$?"`, "answer\n3\n",
		map[string]string{"bin/client": "#!/bin/sh\necho answer\nexit 3\n"}},
	{"ask, no answer in time", "ask", `CLI=client; ask shop-1 6379 health x info || echo "$?"`, "124\n", map[string]string{"bin/client": "#!/bin/sh\nexec sleep 30\n"}},
	{"ask keeps standard input", "ask", `CLI=cat; echo kept | { ask 1 2 3 4 2>/dev/null || :; cat; }`, "kept\n", nil},
	// printf secret | sha256sum
	{"write_user", "secret users", `write_user shop shop-password '~* +@all'`, "user shop on #2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b ~* +@all\n",
		map[string]string{"run/secrets/shop-password": "secret\r\nanother line\n"}},
	{"secret", "secret", "secret a", "x y", map[string]string{"run/secrets/a": "x y\r\nz\n"}},
	{"secret, empty", "secret", "secret a || echo \"$?\"", "the secret a is missing or empty\n1\n", map[string]string{"run/secrets/a": "\n"}},
	{"write_user without a password", "secret users", "write_user shop none +@all 2>/dev/null || echo failed", "failed\n", nil},
	{"write_users", "secret users", "write_users",
		"user default off\nuser shop on #2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b ~a:* ~b?[x] &* +@all -@admin\n",
		map[string]string{"run/secrets/shop-password": "secret\n",
			"usr/local/etc/redis/users.txt": "# user nobody on @shop-password +@all\n\nuser default off\nuser shop on @shop-password ~a:* ~b?[x] &* +@all -@admin\n"}},
	{"has_tls", "certificates", "has_tls && echo yes", "yes\n", map[string]string{"run/secrets/tls-key.pem": "k"}},
	{"has_tls, none", "certificates", "has_tls || echo no", "no\n", nil},
	{"copy_certificates, none", "certificates", `copy_certificates; [ ! -e "$ROOT/run/redis" ] && echo none`, "none\n", nil},
	{"copy_certificates", "certificates", `copy_certificates; cat "$ROOT"/run/redis/tls/*`, "ack",
		map[string]string{"run/secrets/tls-authority.pem": "a", "run/secrets/tls-certificate.pem": "c", "run/secrets/tls-key.pem": "k"}},
	{"address_of", "hosts", "address_of shop-2; address_of shop; address_of 10.0.0.1", "10.0.0.2\n",
		map[string]string{"etc/hosts": "10.0.0.1 shop-1\n10.0.0.2 other shop-2\n10.0.0.3 shop-2\n"}},
	{"endpoint_of", "hosts", "endpoint_of shop-1:7000", "10.0.0.1:7000@17000\n", map[string]string{"etc/hosts": "10.0.0.1 shop-1\n"}},
	{"name_of", "deployment", `name_of "a-b-1 a-b-2"; name_of "cart-1:7000 cart-2:7001"`, "a-b\ncart\n", nil},
	{"setting", "deployment", `deployment=$ROOT/file; setting NODES; setting NAME; setting NONE`, "a-1 a-2\n0a\n",
		map[string]string{"file": "x:\n  NODES: a-1 a-2\n  NAME: \"0a\"\nservices:\n    NODES: other\n"}},
	{"give_up", "say deployment", `(give_up "it is not healthy") || echo "$?"`, "start-server: it is not healthy; the rest is left as it was\n1\n", nil},
	{"only", "stack", `deployment=$ROOT/stack.yml; only a-1; echo; only 0b`,
		"x-a: &a\n  b: c\nservices:\n  a-1:\n    image: x\nnetworks:\n  redis:\n    a: b\n\nx-a: &a\n  b: c\nservices:\n  \"0b\":\n    image: y\n# end\nnetworks:\n  redis:\n    a: b\n",
		map[string]string{"stack.yml": "x-a: &a\n  b: c\nservices:\n  a-1:\n    image: x\n  \"0b\":\n    image: y\n# end\nnetworks:\n  redis:\n    a: b\n"}},
	{"file_of", "stack", `deployment=$ROOT/stack.yml; cd /tmp; file_of own.pem; file_of made.pem; file_of above.pem`, "/etc/ssl/own.pem\n/tmp/secrets/made.pem\n/tmp/../above.pem\n",
		map[string]string{"stack.yml": "configs:\n  made.pem:\n    file: ./wrong\nsecrets:\n  own.pem:\n    name: x\n    file: /etc/ssl/own.pem\n  made.pem:\n    file: ./secrets/made.pem\n  above.pem:\n    file: ../above.pem\n"}},
	{"place_of and locate, fixed", "hosts node-fixed", `place_of shop-1:6379; locate 10.0.0.1:6379@16379,shop-1,tls-port=0; echo "$at"`, "10.0.0.1:6379@16379\n10.0.0.1:6379@16379\n",
		map[string]string{"etc/hosts": "10.0.0.1 shop-1\n"}},
	{"place_of and locate, moving", "hosts node-moving", `place_of shop-1:6379; locate 10.0.0.1:6379@16379,shop-1,tls-port=0; echo "$at"`, "shop-1\nshop-1\n", nil},
	{"is_place, fixed", "hosts creator-fixed", `is_place shop-1:6379 10.0.0.1:6379@16379 && echo yes; is_place shop-1:6379 10.0.0.1:6380@16380,shop-1 || echo no`, "yes\nno\n",
		map[string]string{"etc/hosts": "10.0.0.1 shop-1\n"}},
	{"is_place, moving", "hosts creator-moving", `is_place shop-1:6379 :0@0,shop-1 && echo yes; is_place shop-1:6379 10.0.0.1:6379@16379,shop-11 || echo no`, "yes\nno\n", nil},
	{"is_lost, fixed", "creator-fixed", `is_lost master,fail,noaddr && echo lost; is_lost master,fail || echo not`, "lost\nnot\n", nil},
	{"is_lost, moving", "creator-moving", `is_lost master,fail,noaddr || echo not`, "not\n", nil},
	{"is_nowhere", "hosts node-moving", `is_nowhere shop-1 || echo here; is_nowhere shop-2 && echo away; is_nowhere shop-3 && echo unknown`, "here\naway\nunknown\n",
		map[string]string{"etc/hosts": "10.0.0.1 shop-1\n192.0.2.2 shop-2\n"}},
	{"correction", "node-fixed", `correction 10.0.0.1:6379@16379 10.0.0.9:6379@16379`, `s/^\([0-9a-f]\{40\} \)10.0.0.1:6379@16379\([ ,]\)/\110.0.0.9:6379@16379\2/` + "\nt\n", nil},
}

func allFunctions() []function {
	return slices.Concat(sharedFunctions, creatorFunctions, nodeFunctions, serverFunctions, besideFunctions, rollFunctions)
}

func TestFunctions(t *testing.T) {
	for _, f := range allFunctions() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, f.want, f.run(t))
		})
	}
}

// TestEveryFunctionIsTried: a function that nobody asks for by itself is tried
// by scenarios alone, if at all.
func TestEveryFunctionIsTried(t *testing.T) {
	places := defined(t)
	assert.Greater(t, len(places), 80)
	for called, sources := range places {
		asks := regexp.MustCompile(`\b` + called + `\b([^(]|$)`)
		for _, name := range sources {
			assert.True(t, slices.ContainsFunc(allFunctions(), func(f function) bool {
				return slices.Contains(strings.Fields(f.sources), name) && asks.MatchString(f.lines)
			}), "nobody asks for %s of %s.sh", called, name)
		}
	}
}

// tools are the parts that programs of several kinds have.
var tools = strings.Fields("ask certificates deployment field hosts lists say secret users")

// TestToolsExistOnce: a second one would not be mended where the first was.
func TestToolsExistOnce(t *testing.T) {
	for called, sources := range defined(t) {
		if slices.ContainsFunc(sources, func(name string) bool { return slices.Contains(tools, name) }) {
			assert.Len(t, sources, 1, called)
		}
	}
}

// defined are all functions, by their names, and the sources that define them.
func defined(t *testing.T) map[string][]string {
	t.Helper()
	paths, err := filepath.Glob("programs/*.sh")
	require.NoError(t, err)
	shared, err := filepath.Glob("programs/shared/*.sh")
	require.NoError(t, err)
	places := map[string][]string{}
	for _, path := range append(paths, shared...) {
		name := strings.TrimSuffix(filepath.Base(path), ".sh")
		for line := range strings.Lines(source(t, name)) {
			if found := beginning.FindStringSubmatch(line); found != nil {
				places[found[1]] = append(places[found[1]], name)
			}
		}
	}
	return places
}
