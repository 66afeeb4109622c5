package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sourcegraph/jsonrpc2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

const lspCompose = `services:
  cache:
    image: redis:7.2.4
    command: redis-server --maxmemory 256mb --appendonly yess
    mem_limit: 400m
    ports:
      - "6379:6379"
`

// findings are seen while a file is written, of what is written and not of what
// is on the disk.
func TestEditorSeesFindings(t *testing.T) {
	c := startLSP(t, map[string]string{"compose.yml": lspCompose}).begin()
	found := c.open("compose.yml")
	at := requireRule(t, found, "directive-invalid")
	assert.Equal(t, "yess", c.textAt("compose.yml", at))
	requireRule(t, found, "password-missing")

	found = c.replace("compose.yml", "yess", "yes")
	assertNoRule(t, found, "directive-invalid")
	requireRule(t, found, "password-missing")

	c.replace("compose.yml", "services:", "services: [")
	found = c.replace("compose.yml", "services: [", "services:")
	requireRule(t, found, "password-missing")

	c.notify("textDocument/didClose", protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("compose.yml")}})
	assert.Empty(t, c.until("compose.yml", func(p protocol.PublishDiagnosticsParams) bool { return p.Version == nil }))
	assert.Equal(t, statusClean, c.end())
	assert.Empty(t, c.stderr.String())
}

// A conf is judged as the servers have it that read it, both as the editor has
// them.
func TestEditorJudgesAConfWithItsReaders(t *testing.T) {
	c := startLSP(t, map[string]string{
		"compose.yml": "services:\n  db:\n    image: redis:7.2.4\n    command: redis-server /etc/redis.conf\n    volumes: [\"./redis.conf:/etc/redis.conf:ro\"]\n",
		"redis.conf":  "maxmemory 100mb\nappendonly yes\n",
	}).begin()
	assertNoRule(t, c.open("redis.conf"), "directive-invalid")
	found := c.replace("redis.conf", "100mb", "100xb")
	assert.Equal(t, "100xb", c.textAt("redis.conf", requireRule(t, found, "directive-invalid")))

	// What the compose file says changes what a directive means.
	found = c.replace("redis.conf", "100xb", "100mb\nio-threads-do-reads yes\nshutdown-timeout 10")
	assertNoRule(t, found, "directive-unknown")
	c.open("compose.yml")
	c.replace("compose.yml", "redis:7.2.4", "redis:6.2.14")
	found = c.until("redis.conf", func(p protocol.PublishDiagnosticsParams) bool {
		_, told := ruleAt(p.Diagnostics, "directive-unknown")
		return told
	})
	assert.Equal(t, "shutdown-timeout", c.textAt("redis.conf", requireRule(t, found, "directive-unknown")))
	assert.Contains(t, c.hover("redis.conf", "maxmemory"), "`db`: `104857600` — conf, redis.conf:1")
	c.end()
}

// What stands in files that no server reads, and in rcomp's own, is judged too.
func TestEditorJudgesOtherFiles(t *testing.T) {
	c := startLSP(t, map[string]string{
		"sentinel.conf": "port 26379\nsentinel monitor m 10.0.0.1 6379 two\n",
		"users.acl":     "user default on nopass ~* &* +@all\nuserr app on\n",
		".rcomp.toml":   "[rules]\npassword-missing = \"offf\"\n",
		"redis.toml":    "name = \"cache\"\npurpose = \"cachee\"\n",
		"deploy.yml":    "kind: Deployment\n",
	}).begin()
	found := c.open("sentinel.conf")
	assert.Equal(t, "two", c.textAt("sentinel.conf", requireRule(t, found, "directive-invalid")))
	found = c.open("users.acl")
	require.NotEmpty(t, found)
	assert.Equal(t, 1, found[len(found)-1].Range.Start.Line)
	found = c.open(".rcomp.toml")
	require.Len(t, found, 1)
	assert.Equal(t, `"offf"`, c.textAt(".rcomp.toml", found[0].Range))
	assert.Empty(t, c.replace(".rcomp.toml", "offf", "off"))
	found = c.open("redis.toml")
	require.NotEmpty(t, found)
	assert.Equal(t, "purpose", c.textAt("redis.toml", found[len(found)-1].Range))
	assert.Empty(t, c.open("deploy.yml"), "what is no compose file is none of ours")
	c.end()
}

// Columns are UTF-16 units: a wide character has two, a byte order mark that
// the editor does not show has none.
func TestEditorPositions(t *testing.T) {
	wide := strings.Replace(lspCompose, "command: redis-server", `command: redis-server --logfile "/😀ü" `, 1)
	for name, text := range map[string]string{
		"wide": wide, "crlf": strings.ReplaceAll(wide, "\n", "\r\n"), "mark": "\ufeff" + wide, "both": "\ufeff" + strings.ReplaceAll(wide, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			c := startLSP(t, map[string]string{"compose.yml": text}).begin()
			found := c.open("compose.yml")
			at := requireRule(t, found, "directive-invalid")
			line := strings.Split(wide, "\n")[at.Start.Line]
			assert.Equal(t, "yess", c.textAt("compose.yml", at))
			before := line[:strings.Index(line, "yess")]
			assert.Equal(t, len([]rune(before))+1, at.Start.Character, "the wide character counts twice")
			assert.Contains(t, c.hover("compose.yml", "--appendonly"), "**appendonly**")

			for _, action := range c.actions("compose.yml", at) {
				if strings.HasPrefix(action.Title, "Ignore ") {
					assertNoRule(t, c.apply("compose.yml", action), "directive-invalid")
				}
			}
			assert.Contains(t, c.texts["compose.yml"].String(), "# rcomp: ignore[directive-invalid] say why")
			if strings.Contains(text, "\r\n") {
				assert.Equal(t, strings.Count(c.texts["compose.yml"].String(), "\n"), strings.Count(c.texts["compose.yml"].String(), "\r\n"), "line ends stay")
			}
			c.end()
		})
	}
}

// A conf with a byte order mark is refused by the server, also where the editor
// does not show the mark.
func TestEditorKnowsOfTheMark(t *testing.T) {
	c := startLSP(t, map[string]string{"redis.conf": "\ufeffmaxmemory 1mb\n"}).begin()
	found := c.open("redis.conf")
	require.NotEmpty(t, found)
	assert.Contains(t, found[0].Message, "byte order mark")
	assert.Equal(t, protocol.Position{}, found[0].Range.Start)
	c.end()
}

func TestEditorHover(t *testing.T) {
	c := startLSP(t, map[string]string{
		"compose.yml": strings.Replace(lspCompose, "yess", "yes --requirepass hunter2hunter2", 1),
		"redis.toml":  "name = \"cache\"\ntopology = \"standalone\"\n\n[redis]\nmaxclients = 100\n",
		".rcomp.toml": "[rules]\npassword-missing = \"off\"\n",
		"redis.conf":  "# rcomp: ignore[directive-invalid] because\nmaxmemory-policy noeviction\nsave 60 1\n",
	}).begin()
	c.open("compose.yml")
	service := c.hover("compose.yml", "cache:")
	assert.Contains(t, service, "**cache** · server · redis 7.2.4")
	assert.Contains(t, service, "`maxmemory 268435456` — argv, compose.yml:4")
	assert.NotContains(t, service, "hunter2", "a secret is not shown")
	flag := c.hover("compose.yml", "--maxmemory")
	assert.Contains(t, flag, "**maxmemory** · size in bytes")
	assert.Contains(t, flag, "`cache`: `268435456` — argv, compose.yml:4")
	assert.Contains(t, flag, "default `0`")
	assert.Contains(t, flag, "since redis")
	assert.NotContains(t, c.hover("compose.yml", "--requirepass"), "hunter2")
	assert.Empty(t, c.hover("compose.yml", "mem_limit"))

	c.open("redis.toml")
	assert.Contains(t, c.hover("redis.toml", "topology"), "one of standalone, replicated, sentinel, cluster")
	assert.Contains(t, c.hover("redis.toml", "maxclients"), "**maxclients** · number")
	c.open(".rcomp.toml")
	assert.Contains(t, c.hover(".rcomp.toml", "password-missing"), "**password-missing** · ")
	c.open("redis.conf")
	assert.Contains(t, c.hover("redis.conf", "directive-invalid"), "**directive-invalid**")
	assert.Contains(t, c.hover("redis.conf", "maxmemory-policy"), "allkeys-lru")
	c.end()
}

// All that is to be known of a directive stands in one place: what each server
// makes of it, where that comes from, its default, its range, its releases.
func TestEditorHoverIsWhole(t *testing.T) {
	c := startLSP(t, map[string]string{
		"compose.yml": "services:\n  a:\n    image: redis:7.2.4\n    command: redis-server /r.conf --maxclients 300\n    volumes: [./redis.conf:/r.conf]\n" +
			"  b:\n    image: valkey/valkey:8.1\n    command: valkey-server /r.conf\n    volumes: [./redis.conf:/r.conf]\n" +
			"  s:\n    image: redis:7.2.4\n    command: redis-sentinel /s.conf\n    volumes: [./sentinel.conf:/s.conf]\n",
		"redis.conf":    "maxclients 100\nshutdown-timeout 20\n",
		"sentinel.conf": "sentinel monitor m 10.0.0.1 6379 2\nsentinel down-after-milliseconds m 5000\n",
	}).begin()
	c.open("redis.conf")
	assert.Equal(t, strings.Join([]string{
		"**maxclients** · number · clients",
		"- `a`: `300` — argv, compose.yml:4\n- `b`: `100` — conf, redis.conf:1",
		"default `10000` · from `1` to `4294967295` · CONFIG SET changes it while the server runs",
		"since redis 6.2 or before · since valkey 7.2 or before",
	}, "\n\n"), c.hover("redis.conf", "maxclients"))
	assert.Contains(t, c.hover("redis.conf", "shutdown-timeout"), "since redis 7.0 · since valkey 7.2 or before")
	c.open("sentinel.conf")
	assert.Contains(t, c.hover("sentinel.conf", "down-after-milliseconds"), "default `30000`")
	c.end()
}

func TestEditorCompletion(t *testing.T) {
	c := startLSP(t, map[string]string{
		"compose.yml": "services:\n  a:\n    image: redis:7.2.4\n    command:\n      - redis-server\n      - --maxmem\n      - --appendfsync\n      - \"\"\n  b:\n    image: valkey/valkey:8.1\n    command: valkey-server --maxmemory-policy volatile --app\n",
		"redis.conf":  "max\nmaxmemory-policy \nappendonly \nsentinel \n# rcomp: ignore[password\n",
		"redis.toml":  "name = \"x\"\ntopo\npersistence = \"\"\n\n[redis]\nmaxc\n\n[tls]\nauth\n",
		".rcomp.toml": "fail-on = \n[rules]\npassword\nhealth = \"\"\n",
	}).begin()
	c.open("compose.yml")
	assert.Contains(t, c.complete("compose.yml", "--maxmem"), "--maxmemory-policy")
	assert.Contains(t, c.complete("compose.yml", "--app"), "--appendonly")
	assert.Equal(t, []string{"everysec", "always", "no"}, sorted(c.complete("compose.yml", "--appendfsync\n      - \""), "everysec", "always", "no"))
	assert.Contains(t, c.complete("compose.yml", "--maxmemory-policy volatile"), "volatile-ttl")
	assert.Empty(t, c.complete("compose.yml", "image: redis"))

	c.open("redis.conf")
	assert.Contains(t, c.complete("redis.conf", "max"), "maxmemory")
	assert.Contains(t, c.complete("redis.conf", "maxmemory-policy "), "allkeys-lfu")
	assert.Equal(t, []string{"yes", "no"}, c.complete("redis.conf", "appendonly "))
	assert.Contains(t, c.complete("redis.conf", "sentinel "), "monitor")
	assert.Contains(t, c.complete("redis.conf", "ignore[password"), "password-missing")

	c.open("redis.toml")
	assert.Contains(t, c.complete("redis.toml", "topo"), "topology")
	assert.Equal(t, []string{"none", "rdb", "aof", "both"}, c.complete("redis.toml", "persistence = \""))
	assert.Contains(t, c.complete("redis.toml", "maxc"), "maxclients")
	assert.Contains(t, c.complete("redis.toml", "auth"), "authority")

	c.open(".rcomp.toml")
	assert.Contains(t, c.complete(".rcomp.toml", "fail-on = "), `"error"`)
	assert.Contains(t, c.complete(".rcomp.toml", "password"), "password-missing")
	assert.Contains(t, c.complete(".rcomp.toml", "health = \""), "off")
	c.end()
}

// sorted is what is wanted of a list, where the list has just that.
func sorted(list []string, want ...string) []string {
	if len(list) == len(want) {
		for _, word := range want {
			if !strings.Contains(" "+strings.Join(list, " ")+" ", " "+word+" ") {
				return list
			}
		}
		return want
	}
	return list
}

// A fix is offered as the edit that --fix would make, and the finding is gone.
func TestEditorFixes(t *testing.T) {
	c := startLSP(t, map[string]string{"compose.yml": "version: \"3\" # ours\n" + lspCompose}).begin()
	found := c.open("compose.yml")
	actions := c.actions("compose.yml", requireRule(t, found, "version-key-obsolete"))
	require.NotEmpty(t, actions)
	assert.Equal(t, "delete the version key", actions[0].Title)
	assertNoRule(t, c.apply("compose.yml", actions[0]), "version-key-obsolete")
	assert.Contains(t, c.texts["compose.yml"].String(), lspCompose, "nothing else has changed")
	c.end()
}

// A password moves out of a command into a file of its own, which git leaves
// out: into three files at once, as --fix does it.
func TestEditorFixMakesFiles(t *testing.T) {
	const compose = "services:\n  cache:\n    image: redis:7.2.4\n    command: redis-server --requirepass hunter2hunter2\n"
	for name, ignored := range map[string]string{"none": "", "silent": "", "lines": "*.log\n", "open": "*.log\n"} {
		t.Run(name, func(t *testing.T) {
			can := map[string]any{"documentChanges": name != "silent", "resourceOperations": []string{"create"}}
			files := map[string]string{"compose.yml": compose}
			if ignored != "" {
				files[".gitignore"] = ignored
			}
			c := startLSP(t, files).beginWith(can)
			if name == "open" {
				c.open(".gitignore")
			}
			found := c.open("compose.yml")
			action := c.actions("compose.yml", requireRule(t, found, "password-in-argv"))[0]
			assert.Contains(t, action.Title, "move the password of the command into a file (")
			assert.Contains(t, action.Title, "; all users of this machine may look into secrets unless you make it first")
			c.apply("compose.yml", action)

			secret, err := os.ReadFile("secrets/cache-requirepass.conf")
			require.NoError(t, err)
			assert.Equal(t, "requirepass hunter2hunter2\n", string(secret))
			text, err := os.ReadFile(".gitignore")
			require.NoError(t, err)
			if name == "open" {
				text = []byte(c.texts[".gitignore"].String())
			}
			assert.Equal(t, ignored+"/secrets/\n", string(text))
			assert.NotContains(t, c.texts["compose.yml"].String(), "hunter2")

			// The same files as those of --fix.
			edited := c.texts["compose.yml"].String()
			c.notify("textDocument/didSave", protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("compose.yml")}})
			assertNoRule(t, c.replace("compose.yml", "services:\n", "services:\n\n"), "password-in-argv")
			assertNoRule(t, c.wait("compose.yml"), "password-missing")
			c.end()
			t.Chdir(t.TempDir())
			write(t, "compose.yml", compose)
			require.Equal(t, statusClean, rcomp("lint", "--fix", "--unsafe-fixes", "--only", "password-in-argv", "compose.yml").status)
			fixed, err := os.ReadFile("compose.yml")
			require.NoError(t, err)
			assert.Equal(t, string(fixed), edited)
		})
	}
}

// An editor that makes no files is told who does.
func TestEditorThatMakesNoFiles(t *testing.T) {
	for name, changes := range map[string]map[string]any{
		"plain": {}, "documents": {"documentChanges": true}, "renames": {"documentChanges": true, "resourceOperations": []string{"rename"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := startLSP(t, map[string]string{
				"compose.yml": "version: \"3\"\nservices:\n  cache:\n    image: redis:7.2.4\n    command: redis-server --requirepass hunter2hunter2\n",
			}).beginWith(changes)
			found := c.open("compose.yml")
			at := requireRule(t, found, "password-in-argv")
			for _, action := range c.actions("compose.yml", at) {
				assert.NotContains(t, action.Title, "into a file")
			}
			index := slices.IndexFunc(found, func(diagnostic protocol.Diagnostic) bool { return diagnostic.Code == "password-in-argv" })
			assert.Contains(t, found[index].Message, "\nthis editor cannot be told to make files; rcomp lint --fix --unsafe-fixes --only password-in-argv does it: move the password")
			action := c.actions("compose.yml", requireRule(t, found, "version-key-obsolete"))[0]
			assert.Equal(t, name == "plain", len(action.Edit.Changes[c.uri("compose.yml")]) == 1, "one of the two forms")
			assert.Equal(t, name != "plain", len(action.Edit.DocumentChanges) == 1)
			c.end()
		})
	}
}

// What a server would do to a session is tried on one that goes on afterwards.
func TestEditorSessionSurvives(t *testing.T) {
	c := startLSP(t, map[string]string{"compose.yml": lspCompose})
	err := c.call("textDocument/hover", map[string]any{}, nil)
	failure := (*jsonrpc2.Error)(nil)
	require.ErrorAs(t, err, &failure)
	assert.EqualValues(t, -32002, failure.Code, "nothing is answered before the session begins")
	c.begin()
	c.open("compose.yml")
	for name, text := range map[string]string{
		"compose.bomb.yml":   "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\nservices: {x: {image: redis, command: *d}}\n",
		"compose.deep.yml":   "services: " + strings.Repeat("[", 200_000),
		"compose.script.yml": "services:\n  a:\n    image: redis\n    command: sh -c 'a=x; while :; do a=$$a$$a; done; redis-server $$a'\n",
		"compose.long.yml":   "services: {a: {image: redis, command: \"" + strings.Repeat("ü", 1<<20) + "\"}}\n",
		"huge.conf":          strings.Repeat("maxmemory 1xb\n", 400_000),
		"redis.nul.conf":     "maxmemory 1\x00mb\n",
		"redis.huge.toml":    strings.Repeat("a", 1<<20),
	} {
		c.open(name, text)
	}
	assert.Error(t, c.call("textDocument/rename", map[string]any{}, nil), "what is not known is refused")
	assert.Error(t, c.call("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": "file:///not/open"}}, nil))
	c.notify("textDocument/didChange", map[string]any{"textDocument": 1})
	c.notify("$/cancelRequest", map[string]any{"id": 77})
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": "untitled:Untitled-1", "text": "services:"}})
	assertNoRule(t, c.replace("compose.yml", "yess", "yes"), "directive-invalid")
	assert.Contains(t, c.hover("compose.yml", "cache:"), "**cache**")
	assert.Equal(t, statusClean, c.end())
}

// A file outside what may be read is judged by nobody.
func TestEditorReadsNoOtherFiles(t *testing.T) {
	c := startLSP(t, map[string]string{
		"repo/.git/HEAD": "", "repo/compose.yml": "services:\n  a:\n    image: redis:7.2.4\n    command: redis-server /r.conf\n    volumes: [\"../secret.conf:/r.conf\"]\n",
		"secret.conf": "maxmemory SECRETSECRETxb\n",
	}).begin()
	for _, diagnostic := range c.open("repo/compose.yml") {
		assert.NotContains(t, diagnostic.Message, "SECRETSECRET")
	}
	assert.NotContains(t, c.hover("repo/compose.yml", "a:"), "SECRETSECRET")
	c.end()
}

// What files say is text, whatever marks are in it: a link that a stranger
// writes is none in the editor.
func TestEditorShowsMarksAsTheyAre(t *testing.T) {
	c := startLSP(t, map[string]string{
		"compose.yml": "services:\n  a:\n    image: redis:7.2.4\n    command: ['redis-server', '--logfile', '`[x](http://evil.example)<b>', '--port', '6379']\n",
	}).begin()
	c.open("compose.yml")
	said := c.hover("compose.yml", "--logfile")
	assert.Contains(t, said, "`` `[x](http://evil.example)<b> ``")
	c.end()
}

// An editor that dies leaves no server behind.
func TestEditorThatIsGone(t *testing.T) {
	c := startLSP(t, map[string]string{"compose.yml": lspCompose}).begin()
	c.open("compose.yml")
	require.NoError(t, c.conn.Close())
	assert.Equal(t, statusTrouble, c.left())
}

// BenchmarkEditor is the time from a key to what is said of the text, the pause
// after the key included: for a small file, and for the one of median length
// and the longest of the public compose files that have servers.
func BenchmarkEditor(b *testing.B) {
	files := map[string]string{"small": lspCompose}
	if corpus := os.Getenv("RCOMP_CORPUS"); corpus != "" {
		public := publicFiles(b, corpus)
		files["median"], files["longest"] = public[len(public)/2], public[len(public)-1]
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		b.Run(name, func(b *testing.B) {
			c := startLSP(b, map[string]string{"compose.yml": files[name]}).begin()
			c.open("compose.yml")
			end := c.texts["compose.yml"].Position(len(c.texts["compose.yml"].String()))
			for b.Loop() {
				c.change("compose.yml", protocol.Change{Range: &protocol.Range{Start: end, End: end}, Text: "\n"})
				c.wait("compose.yml")
			}
			b.StopTimer()
			b.ReportMetric(float64(len(files[name]))/1024, "KiB")
			c.end()
		})
	}
}

// publicFiles are the texts of compose files that have servers, the shortest
// first.
func publicFiles(t testing.TB, corpus string) []string {
	tree, err := disk.OpenTree(corpus, corpus)
	require.NoError(t, err)
	defer tree.Close()
	groups, err := compose.Discover(tree, tree.Path())
	require.NoError(t, err)
	var texts []string
	for _, group := range groups {
		source, err := os.ReadFile(group[0])
		require.NoError(t, err)
		if strings.Contains(string(source), "image: redis") || strings.Contains(string(source), "image: valkey") {
			texts = append(texts, string(source))
		}
	}
	require.NotEmpty(t, texts)
	slices.SortFunc(texts, func(a, b string) int { return len(a) - len(b) })
	return texts
}
