package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rcomp/rcomp/e2e/strangers"
	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/stretchr/testify/require"
)

// What a fuzzed repository may have. Larger ones are judged by their work in
// other tests.
const (
	mostArchive = 1 << 14
	mostFiles   = 16
)

// archives are repositories in one text: "-- FILE --" begins a file, and
// "-- FILE -> TARGET --" is a link.
var archives = []string{
	"-- compose.yml --\ninclude: [a.yml, {path: [sub/b.yml, a.yml], project_directory: sub, env_file: [sub/.env, x.env]}]\nservices:\n  cache: {image: 'redis:${TAG:-7.4}', extends: {file: sub/b.yml, service: b}, env_file: [x.env, {path: none.env, required: false}]}\n" +
		"-- compose.override.yml --\nservices: {cache: {command: !override [redis-server, --maxmemory, '${MEMORY}'], ports: !reset null}}\n" +
		"-- a.yml --\nservices: {a: {image: redis, command: redis-server /r.conf, volumes: ['./r.conf:/r.conf']}}\n" +
		"-- sub/b.yml --\nservices: {b: {image: 'valkey/valkey:8', env_file: x.env, environment: [A, B=1]}}\n" +
		"-- .env --\nTAG=6.2\nMEMORY=1gb # x\n-- sub/.env --\nMEMORY='${TAG}'\n-- x.env --\nREDIS_PORT=7000\nexport A=\"b\n c\"\n-- sub/x.env --\nA\n",
	"-- docker-compose.yml --\nservices:\n  cache:\n    build: {context: ., dockerfile: Dockerfile, args: [V=7]}\n    entrypoint: [/start.sh]\n    command: [redis-server, /conf/redis.conf, --appendonly, 'yes']\n    volumes: [./conf:/conf, './start.sh:/start.sh', './users.acl:/users.acl']\n    healthcheck: {test: 'redis-cli -h cache ping || exit 1'}\n" +
		"  watch: {image: redis:7.2, command: redis-sentinel /conf/sentinel.conf, volumes: ['./conf:/conf']}\n" +
		"-- Dockerfile --\nARG V=7\nFROM redis:${V} AS x\nCOPY conf/redis.conf /etc/\nENV A=1\nCMD [\"redis-server\", \"/etc/redis.conf\"]\n" +
		"-- conf/redis.conf --\ninclude /conf/*.part\nmaxmemory 1gb\naclfile /users.acl\nsave 60 1\n-- conf/a.part --\nhz 10\n-- conf/b.part -> a.part --\n" +
		"-- conf/sentinel.conf --\nsentinel monitor m cache 6379 2\nsentinel down-after-milliseconds m 5000\n" +
		"-- users.acl --\nuser default on nopass ~* +@all\nuser a off\n" +
		"-- start.sh --\n#!/bin/sh\nset -e\nif [ -n \"$PW\" ]; then echo \"masterauth $PW\" >> /conf/x; fi\nexec \"$@\"\n",
	"-- docker-compose.yml -> ../outside/compose.yml --\n-- compose.yml --\nservices: {cache: {image: redis, env_file: out/leak.env, command: redis-server /r, volumes: ['./link.conf:/r']}}\ninclude: [link.yml, out/compose.yml, .git/compose.yml, ../outside/compose.yml]\n" +
		"-- link.yml -> ../outside/compose.yml --\n-- link.conf -> ../outside/redis.conf --\n-- out -> ../outside --\n-- .env -> out/.env --\n-- circle -> circle --\n",
	"-- stack.yml --\nversion: '3.8'\nx-server: &server {image: 'redis:7', deploy: {mode: replicated, replicas: 3}, configs: [{source: c, target: /c}], command: redis-server /c}\nservices: {a: *server, b: {<<: *server, configs: [d]}}\nconfigs: {c: {content: \"requirepass x\\nport 1\"}, d: {file: ./d.conf}}\n-- d.conf --\nbind 0.0.0.0\n",
	"-- v1/docker-compose.yml --\nredis:\n  image: redis\n  ports: ['6379:6379']\n-- sub/compose.yaml --\nname: '##[error]'\nservices: {'::error::x': {image: redis, command: \"redis-server --bind '\\u202e'\"}}\n",
}

// planting are ways to give a password in a file, by what its name ends with.
// The § is where it stands.
var planting = map[string][]string{
	".conf": {"requirepass §", "masterauth \"§\"", "requirepas § x", "user a on >§", "sentinel auth-pass m § x", "rename-command CONFIG §"},
	".acl":  {"user a on >§", "user default on >§ ~* +@all x"},
	".env":  {"REDIS_PASSWORD=§", "export A_TOKEN='§'", "SECRET=\"§\" # x"},
	".sh":   {"exec redis-server --requirepass §", "redis-cli -a § ping", "REDIS_PASSWORD='§'"},
	".yml":  {"x-password: §", "x-env: {REDIS_PASSWORD: \"§\"}", "# requirepass §"},
}

// FuzzRepository judges repositories of several files that name each other in
// any way, and prints what it finds in every format. Nothing outside the root
// is opened, every place lies in its file, each output is of its format and no
// command, and no password of a file is in it, nor what is outside.
func FuzzRepository(f *testing.F) {
	for i, archive := range archives {
		f.Add(archive, uint8(i), []byte("pw"))
	}
	for _, path := range fixtureFiles(f) {
		content, err := os.ReadFile(path)
		require.NoError(f, err)
		if len(content) < 1<<11 {
			f.Add("-- compose.yml --\n"+string(content), uint8(len(content)), []byte{1})
		}
	}
	above, err := filepath.EvalSymlinks(f.TempDir())
	require.NoError(f, err)
	outside := filepath.Join(above, "outside")
	require.NoError(f, strangers.Outside(outside))
	f.Setenv("HOME", outside)
	f.Setenv("LEAK", strangers.Secret)
	f.Fuzz(func(t *testing.T, archive string, form uint8, seed []byte) {
		if len(archive) > mostArchive || strings.Contains(archive, strangers.Secret) {
			return
		}
		root, err := os.MkdirTemp(above, "r")
		require.NoError(t, err)
		defer os.RemoveAll(root)
		// In letters that no file has of its own.
		secret := "Zq" + hex.EncodeToString(append(seed[:min(len(seed), 40)], "plant"...))
		unpack(root, archive, form, secret)
		checkRepository(t, root, secret)
	})
}

// fixtureFiles are the compose files that rules are tested with.
func fixtureFiles(f *testing.F) []string {
	paths, err := filepath.Glob(filepath.Join(repository, ruleFixtures, "*", "*.yml"))
	require.NoError(f, err)
	require.NotEmpty(f, paths)
	return paths
}

// unpack writes what an archive says as far as a file system takes it, with a
// password at the end of each file that may hold one.
func unpack(root, archive string, form uint8, secret string) {
	name, content, written := "", "", 0
	put := func() {
		path := filepath.Join(root, name)
		if name == "" || !filepath.IsLocal(name) || written >= mostFiles || os.MkdirAll(filepath.Dir(path), 0o755) != nil {
			return
		}
		written++
		if lines, ok := planting[filepath.Ext(name)]; ok {
			content = strings.TrimSuffix(content, "\n") + "\n" + strings.ReplaceAll(lines[int(form)%len(lines)], "§", secret) + "\n"
		}
		_ = os.WriteFile(path, []byte(content), 0o600)
	}
	for line := range strings.Lines(archive) {
		header, begins := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		if header, begins = strings.CutSuffix(header, " --"); !begins || !strings.HasPrefix(line, "-- ") {
			content += line
			continue
		}
		put()
		name, content = header, ""
		if link, target, ok := strings.Cut(header, " -> "); ok && filepath.IsLocal(link) && written < mostFiles {
			written++
			name = ""
			if os.MkdirAll(filepath.Dir(filepath.Join(root, link)), 0o755) == nil {
				_ = os.Symlink(target, filepath.Join(root, link))
			}
		}
	}
	put()
}

func checkRepository(t *testing.T, root, secret string) {
	t.Helper()
	seen := judgeStranger(t, root)
	for _, path := range seen.opened {
		assertInside(t, root, path)
	}
	for _, finding := range seen.result.Findings {
		checkSpan(t, seen.result.Sources(finding.Span.File), finding.Span)
	}
	for _, unseen := range seen.result.Unseen {
		checkSpan(t, seen.result.Sources(unseen.Span.File), unseen.Span)
	}
	for format, output := range seen.printed {
		checkOutput(t, format, output, secret)
	}
}

// checkSpan holds a place to the file that it names. It may go one character
// past a line's end, so that there is something to point at.
func checkSpan(t *testing.T, source []byte, span position.Span) {
	t.Helper()
	if source == nil { // it could not be read, so it has a beginning and nothing else
		require.Equal(t, position.Span{File: span.File, Start: position.At(1, 1), End: position.At(1, 1)}, span)
		return
	}
	lines := strings.Split(strings.TrimPrefix(string(source), "\ufeff"), "\n")
	require.LessOrEqual(t, span.Start.Compare(span.End), 0, "%v", span)
	for _, at := range []position.Pos{span.Start, span.End} {
		require.Positive(t, at.Line, "%v", span)
		require.LessOrEqual(t, at.Line, len(lines), "%v", span)
		require.Positive(t, at.Column, "%v", span)
		require.LessOrEqual(t, at.Column, utf8.RuneCountInString(lines[at.Line-1])+2, "%v", span)
	}
}

// checkOutput holds what is printed to its format, and to what every format
// promises.
func checkOutput(t *testing.T, format, output, secret string) {
	t.Helper()
	require.True(t, utf8.ValidString(output), "%s is not UTF-8: %q", format, output)
	for _, hidden := range []string{secret, strangers.Secret} {
		require.NotContains(t, strings.ToLower(output), strings.ToLower(hidden), format)
	}
	for _, command := range bracketed.FindAllString(output, -1) {
		require.True(t, strings.HasPrefix(command, ownCommands[format]) && ownCommands[format] != "", "%q in %s", command, format)
	}
	if at := strings.IndexFunc(output, movesCursor); at >= 0 {
		require.Fail(t, "it does not print", "%q in %s: %q", output[at:at+1], format, output)
	}
	for line := range strings.Lines(output) {
		command, isCommand := strings.CutPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::")
		if isCommand && (format != "github" || !meant.MatchString(command)) {
			require.Fail(t, "a command", "%q in %s", line, format)
		}
	}
	if strings.HasSuffix(format, "json") || strings.Contains(format, "json ") || format == "sarif" || format == "gitlab" {
		require.True(t, json.Valid([]byte(output)), format)
	}
}

// movesCursor reports whether a terminal does anything but print a character.
// Tabs of a quoted line stay.
func movesCursor(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }

// bracketed are commands to the runners of GitHub, Azure and TeamCity, and
// ownCommands those that formats for them begin with.
var (
	bracketed   = regexp.MustCompile(`##[A-Za-z]*\[`)
	ownCommands = map[string]string{"azure": "##vso[", "teamcity": "##teamcity["}
)

// meant are the commands that lint gives a runner.
var meant = regexp.MustCompile(`^(error|warning|notice) file=`)

// FuzzGenerated has gen print what an intent asks for: whatever its values
// are, the compose file is valid, its servers read the conf that was printed,
// and lint has nothing to say about either.
func FuzzGenerated(f *testing.F) {
	intents, err := filepath.Glob(filepath.Join(repository, "fixtures", "gen", "*", "redis.toml"))
	require.NoError(f, err)
	more, err := filepath.Glob(filepath.Join(repository, "fixtures", "gen", "*", "intent.toml"))
	require.NoError(f, err)
	require.NotEmpty(f, append(intents, more...))
	for _, path := range append(intents, more...) {
		source, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(string(source))
	}
	f.Add("name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\n[raw]\nhz = \"10 # x\"\nproc-title-template = \"'{title} ${X} \\\"\"\n")
	above, err := filepath.EvalSymlinks(f.TempDir())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, intent string) {
		if len(intent) > 1<<12 {
			return
		}
		plan, problems := generate.Compile("redis.toml", []byte(intent))
		if len(problems) > 0 {
			return
		}
		files, err := generate.Files(plan)
		require.NoError(t, err)
		root, err := os.MkdirTemp(above, "g")
		require.NoError(t, err)
		defer os.RemoveAll(root)
		for _, file := range files {
			path := filepath.Join(root, filepath.FromSlash(file.Path))
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, file.Content, 0o600))
		}
		seen := judgeStranger(t, root)
		require.NotEmpty(t, seen.projects)
		for _, project := range seen.projects {
			require.Empty(t, project.Refusals)
			for _, service := range inspect.Services(project) {
				require.Empty(t, service.Problems, "%s: %q", service.Name, intent)
			}
		}
		// An intent may ask for a release that has ended, or is vulnerable. The
		// comments that say so are not looked at here, but in
		// TestEveryTopologyIsClean.
		require.Empty(t, slices.DeleteFunc(seen.result.Findings, func(f lint.Finding) bool { return f.Rule.ID == "image-ended" || f.Rule.ID == "image-vulnerable" }))
	})
}
