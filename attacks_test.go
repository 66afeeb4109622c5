package main

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// leaked stands in what a run must not read, and in its environment.
const leaked = "LEAKED-VALUE"

// attack is what a pull request does to a repository. Names of files and
// targets of links may begin with OUTSIDE, the directory beside the repository.
type attack struct {
	name  string
	files map[string]string
	links map[string]string
	pipes []string
	// What is run: "lint" of the repository, "inspect" of its compose.yml where
	// nothing else is said.
	run [][]string
	// says is part of what is printed by one of the runs: why it is not read.
	says string
}

const (
	oneServer  = "services:\n  cache: {image: 'redis:7.4.6', command: redis-server --port 1}\n"
	serverConf = "services:\n  cache: {image: 'redis:7.4.6', command: redis-server /conf/redis.conf, volumes: ['SOURCE:/conf/redis.conf']}\n"
	isOutside  = "it is outside the project"
)

func mounting(source string) map[string]string {
	return map[string]string{"compose.yml": strings.Replace(serverConf, "SOURCE", source, 1)}
}

// building is a server that is built by steps behind FROM.
func building(steps string) map[string]string {
	return map[string]string{
		"compose.yml": "services: {cache: {build: .}}\n",
		"Dockerfile":  "FROM redis:7.4.6\n" + steps + "CMD [\"redis-server\", \"/etc/redis.conf\"]\n",
	}
}

func binaryScalar(text string) string {
	return "!!binary " + base64.StdEncoding.EncodeToString([]byte(text))
}

// with is a compose file with something more at its top level, and further
// files.
func with(more string, files ...string) map[string]string {
	all := map[string]string{"compose.yml": more + oneServer}
	for i := 0; i+1 < len(files); i += 2 {
		all[files[i]] = files[i+1]
	}
	return all
}

var attacks = []attack{
	// What a compose file names.
	{name: "include, tagged binary", files: with("include: [" + binaryScalar("../outside/compose.yml") + "]\n")},
	{name: "include, the key tagged binary", files: with(binaryScalar("include") + ": [../outside/compose.yml]\n")},
	{name: "path of include, tagged binary", files: with("include: [{path: " + binaryScalar("../outside/compose.yml") + "}]\n")},
	{name: "env_file of include, tagged binary", files: with("include: [{path: a.yml, env_file: "+binaryScalar("../outside/leak.env")+"}]\n", "a.yml", "services: {a: {image: 'redis:${LEAK}'}}\n")},
	{name: "env_file, the environment of the process, tagged binary", files: map[string]string{
		"compose.yml": "services: {cache: {image: 'redis:7.4.6', command: redis-server --maxmemory x, env_file: " + binaryScalar("/proc/self/environ") + "}}\n"}},
	{name: "env_file, the environment of the process, by a link", files: map[string]string{
		"compose.yml": "services: {cache: {image: 'redis:7.4.6', env_file: [env]}}\n"}, links: map[string]string{"env": "/proc/self/environ"}, says: isOutside},
	{name: "file of extends, tagged binary", files: map[string]string{
		"compose.yml": "services: {cache: {extends: {file: " + binaryScalar("../outside/compose.yml") + ", service: leak}}}\n"}},
	{name: "extends, the keys tagged binary", files: map[string]string{
		"compose.yml": "services: {cache: {" + binaryScalar("extends") + ": {" + binaryScalar("file") + ": ../outside/compose.yml, service: leak}}}\n"}},
	{name: "extends, the key escaped", files: map[string]string{
		"compose.yml": `services: {cache: {"\x65xtends": {"f\u0069le": ../outside/compose.yml, service: leak}}}` + "\n"}},
	{name: "extends of the home directory, nested", files: map[string]string{
		"compose.yml": "services: {cache: {extends: {file: sub/a.yml, service: a}}}\n",
		"sub/a.yml":   "services: {a: {image: 'redis:7.4.6', extends: {file: ~/compose.yml, service: leak}}}\n"}},
	{name: "include of the home directory", files: with("include: [~/compose.yml]\n")},
	{name: "include of a user's home directory, nested", files: with("include: [sub/a.yml]\n", "sub/a.yml", "include: [~root/compose.yml]\nservices: {a: {image: 'redis:7.4.6'}}\n")},
	{name: "include, absolute, through a link and dots", files: with("include: [REPO/out/../compose2.yml]\n"), links: map[string]string{"out": "../outside/below"}},
	{name: "include, relative, through a link and dots", files: with("include: [out/../compose2.yml]\n"), links: map[string]string{"out": "../outside/below"}},
	{name: "a link to a link and dots", files: with("include: [b]\n"), links: map[string]string{"a": "../outside/below", "b": "a/../compose.yml"}, says: isOutside},
	{name: "an included file includes from the current directory", files: with("include: [sub/a.yml]\n",
		"sub/a.yml", "include: [{path: b.yml, project_directory: ../outside}]\nservices: {a: {image: 'redis:7.4.6'}}\n",
		"sub/b.yml", "services: {b: {image: 'redis:${LEAK:-1}'}}\n")},
	{name: "an included file takes variables from the current directory", files: with("include: [sub/a.yml]\n",
		"sub/a.yml", "include: [{path: b.yml, env_file: ../outside/leak.env}]\nservices: {a: {image: 'redis:7.4.6'}}\n",
		"sub/b.yml", "services: {b: {image: 'redis:${LEAK:-1}'}}\n")},
	{name: "include by dots", files: with("include: [../outside/compose.yml]\n"), says: isOutside},
	{name: "include, absolute", files: with("include: [OUTSIDE/compose.yml]\n"), says: isOutside},
	{name: "include by a link", files: with("include: [a.yml]\n"), links: map[string]string{"a.yml": "../outside/compose.yml"}, says: isOutside},
	{name: "include by an absolute link", files: with("include: [a.yml]\n"), links: map[string]string{"a.yml": "OUTSIDE/compose.yml"}, says: isOutside},
	{name: "include below a linked directory", files: with("include: [out/compose.yml]\n"), links: map[string]string{"out": "../outside"}, says: isOutside},
	{name: "include by a variable of .env", files: with("include: ['${WAY}/compose.yml']\n", ".env", "WAY=../outside\n"), says: isOutside},
	{name: "include of what git keeps", files: with("include: [.git/compose.yml]\n"), says: "what git keeps for itself is never read"},
	{name: "include, fetched", files: with("include: ['https://127.0.0.1:9/compose.yml', 'git@127.0.0.1:x', 'oci://127.0.0.1:9/x']\n"), says: "it is fetched from elsewhere"},
	{name: "the .env, by a link", files: map[string]string{"compose.yml": "services: {cache: {image: 'redis:${LEAK:-7.4.6}'}}\n"}, links: map[string]string{".env": "../outside/leak.env"}, says: isOutside},
	{name: "a secret and a config of elsewhere", files: with("secrets: {s: {file: ../outside/redis.conf}}\nconfigs: {c: {file: OUTSIDE/redis.conf}}\n")},
	{name: "a config that a server reads", files: map[string]string{"compose.yml": "configs: {c: {file: ../outside/redis.conf}}\nservices: {cache: {image: 'redis:7.4.6', command: redis-server /r.conf, configs: [{source: c, target: /r.conf}]}}\n"}, says: isOutside},
	{name: "label_file", files: map[string]string{"compose.yml": "services: {cache: {image: 'redis:7.4.6', label_file: ../outside/leak.env}}\n"}},
	{name: "a Dockerfile of elsewhere", files: map[string]string{"compose.yml": "services: {cache: {build: ../outside, command: redis-server}}\n"}},
	{name: "a Dockerfile by a link", files: map[string]string{"compose.yml": "services: {cache: {build: ., command: redis-server}}\n"}, links: map[string]string{"Dockerfile": "../outside/Dockerfile"}, says: isOutside},
	{name: "a Dockerfile by dots", files: map[string]string{"compose.yml": "services: {redis: {build: {context: ., dockerfile: ../outside/Dockerfile}}}\n"}, says: isOutside},
	{name: "an absolute Dockerfile", files: map[string]string{"compose.yml": "services: {redis: {build: {context: ., dockerfile: OUTSIDE/Dockerfile}}}\n"}, says: isOutside},
	{name: "a context of elsewhere", files: map[string]string{"compose.yml": "services: {redis: {build: {context: ../outside}}}\n"}, says: isOutside},
	{name: "a context by a link", files: map[string]string{"compose.yml": "services: {redis: {build: {context: out}}}\n"}, links: map[string]string{"out": "../outside"}, says: isOutside},
	{name: "contexts that are fetched", files: map[string]string{"compose.yml": "services: {redis: {build: 'https://127.0.0.1:9/x.git#main:y'}, valkey: {build: 'git@127.0.0.1:x'}, keydb: {build: 'ssh://127.0.0.1:9/x'}}\n"}, says: "is not in the project"},
	{name: "a file that a Dockerfile copies, by a link", files: building("COPY redis.conf /etc/redis.conf\n"), links: map[string]string{"redis.conf": "../outside/redis.conf"}, says: isOutside},
	{name: "a file that a Dockerfile copies, below a link", files: building("COPY out/redis.conf /etc/redis.conf\n"), links: map[string]string{"out": "../outside"}, says: isOutside},
	{name: "a pattern of a Dockerfile, below a link", files: building("COPY out/*.conf /etc/\nCOPY o*/redis.c* /etc/\n"), links: map[string]string{"out": "../outside"}},
	{name: "files that a Dockerfile copies, by dots and absolute", files: building("COPY ../outside/redis.conf /etc/redis.conf\nADD OUTSIDE/redis.conf /etc/b.conf\n"), says: "is not in the project"},
	{name: "a directory that a Dockerfile copies, with links", files: building("COPY . /etc/\n"), links: map[string]string{"redis.conf": "../outside/redis.conf"}, says: isOutside},
	{name: "a .dockerignore by a link", files: building("COPY a.conf /etc/redis.conf\n"), links: map[string]string{".dockerignore": "../outside/redis.conf", "Dockerfile.dockerignore": "../outside/redis.conf"}},
	{name: "a further context of elsewhere", files: map[string]string{
		"compose.yml": "services: {cache: {build: {context: ., additional_contexts: {x: ../outside, y: OUTSIDE}}}}\n",
		"Dockerfile":  "FROM redis:7.4.6\nCOPY --from=x redis.conf /etc/redis.conf\nCOPY --from=y redis.conf /etc/b.conf\nCMD [\"redis-server\", \"/etc/redis.conf\"]\n"}, says: isOutside},
	{name: "what git keeps, copied by a Dockerfile", files: building("COPY .git/config /etc/redis.conf\n"), says: "what git keeps for itself is never read"},
	{name: "the environment of the process, copied by a Dockerfile", files: building("COPY environ /etc/redis.conf\n"), links: map[string]string{"environ": "/proc/self/environ"}, says: isOutside},
	{name: "a pipe as Dockerfile", files: map[string]string{"compose.yml": "services: {redis: {build: .}}\n"}, pipes: []string{"Dockerfile"}, says: "it is not a regular file"},
	{name: "a RUN that reads what is outside", files: building("RUN cat ../outside/redis.conf /etc/passwd OUTSIDE/redis.conf > /etc/redis.conf\n")},

	// What a server reads.
	{name: "a conf by dots", files: mounting("../outside/redis.conf"), says: isOutside},
	{name: "a conf by a link", files: mounting("./redis.conf"), links: map[string]string{"redis.conf": "../outside/redis.conf"}, says: isOutside},
	{name: "a conf, by a chain of links", files: mounting("./a.conf"), links: map[string]string{"a.conf": "b.conf", "b.conf": "sub/c.conf", "sub/c.conf": "../../outside/redis.conf"}, says: isOutside},
	{name: "the configuration of git as a conf", files: mounting("./.git/config"), says: "what git keeps for itself is never read"},
	{name: "the configuration of git, by a link", files: mounting("./redis.conf"), links: map[string]string{"redis.conf": "git/config", "git": ".git"}, says: "what git keeps for itself is never read"},
	{name: "the configuration of git, in other letters", files: mounting("./.GIT/config"), says: "what git keeps for itself is never read"},
	{name: "the configuration of git in a module", files: func() map[string]string {
		files := mounting("./module/.git/config")
		files["module/.git/config"] = "maxmemory " + leaked + "\n"
		return files
	}(), says: "what git keeps for itself is never read"},
	{name: "include of a conf leads out", files: func() map[string]string {
		files := map[string]string{"compose.yml": "services:\n  cache: {image: 'redis:7.4.6', command: redis-server /conf/redis.conf, volumes: ['./conf:/conf']}\n"}
		files["conf/redis.conf"] = "include /conf/out/*.conf\ninclude /conf/out/redis.conf\ninclude /conf/../conf/link.conf\n"
		return files
	}(), links: map[string]string{"conf/out": "../../outside", "conf/link.conf": "../../outside/redis.conf"}, says: "does not exist"},
	{name: "a script leads out", files: map[string]string{
		"compose.yml": "services:\n  cache: {image: 'redis:7.4.6', entrypoint: [sh, /start.sh], volumes: ['./start.sh:/start.sh']}\n"}, links: map[string]string{"start.sh": "../outside/start.sh"}, says: "which is not read"},
	{name: "the environment of the process as a conf", files: mounting("/proc/self/environ"), says: isOutside},

	// What is no file.
	{name: "a pipe as compose file", pipes: []string{"compose.yml"}, run: [][]string{{"lint", "compose.yml"}, {"inspect", "compose.yml"}}, says: "it is not a regular file"},
	{name: "a pipe as conf", files: mounting("./redis.conf"), pipes: []string{"redis.conf"}, says: "it is not a regular file"},
	{name: "a pipe as .env", files: with(""), pipes: []string{".env"}, says: "it is not a regular file"},
	{name: "a pipe as env_file", files: map[string]string{"compose.yml": "services: {cache: {image: 'redis:7.4.6', env_file: env}}\n"}, pipes: []string{"env"}, says: "it is not a regular file"},
	{name: "a pipe, included", files: with("include: [a.yml]\n"), pipes: []string{"a.yml"}, says: "it is not a regular file"},
	{name: "a pipe, by a link", files: with("include: [a.yml]\n"), pipes: []string{"pipe"}, links: map[string]string{"a.yml": "pipe"}, says: "it is not a regular file"},
	{name: "a pipe that is found", files: with(""), pipes: []string{"docker-compose.yml", "other.yml"}},
	{name: "a pipe as an intent", files: with(""), pipes: []string{"redis.toml"}, run: [][]string{{"gen", "--check"}, {"gen"}}, says: "it is not a regular file"},
	{name: "zeros without end as a conf", files: mounting("./redis.conf"), links: map[string]string{"redis.conf": "/dev/zero"}, says: isOutside},
	{name: "zeros without end as an env_file", files: map[string]string{"compose.yml": "services: {cache: {image: 'redis:7.4.6', env_file: /dev/zero}}\n"}, says: isOutside},
	{name: "standard input as a compose file", files: with("include: [/dev/stdin]\n"), says: isOutside},

	// What a command line is given.
	{name: "a directory that became a link", files: with(""), links: map[string]string{"deploy": "../outside"}, run: [][]string{{"lint", "deploy"}, {"lint", "deploy/compose.yml"}, {"inspect", "deploy/compose.yml"}, {"lint", "-f", "deploy/compose.yml"}}, says: "leads out of what may be read"},
	{name: "a file that became a link", files: with(""), links: map[string]string{"a.yml": "OUTSIDE/compose.yml"}, run: [][]string{{"lint", "a.yml"}, {"inspect", "a.yml"}, {"lint", "-f", "compose.yml", "-f", "a.yml"}}, says: "leads out of what may be read"},
	{name: "a conf that became a link", files: with(""), links: map[string]string{"redis.conf": "../outside/redis.conf"}, run: [][]string{{"lint", "redis.conf"}}, says: "leads out of what may be read"},
	{name: "a link that is found", files: with(""), links: map[string]string{"docker-compose.yml": "../outside/compose.yml", "sub": "../outside"}},
	{name: "an override that is a link", files: with(""), links: map[string]string{"compose.override.yml": "../outside/compose.yml"}, run: [][]string{{"lint"}, {"lint", "compose.yml"}}},
	{name: "an intent that is a link", files: with(""), links: map[string]string{"redis.toml": "../outside/redis.conf"}, run: [][]string{{"gen", "--check"}, {"gen", "--format", "github", "--check"}, {"gen", "--diff"}, {"gen"}}, says: "a link leads out of the repository"},
	{name: "an intent below a link", files: with(""), links: map[string]string{"deploy": "../outside"}, run: [][]string{{"gen", "--check", "deploy/redis.toml"}}, says: "a link leads out of the repository"},
	{name: "an intent of git's", files: with(""), run: [][]string{{"gen", "--check", ".git/config"}}, says: "what git keeps for itself is never read"},
	{name: "a path into git's directory", files: with(""), run: [][]string{{"lint", ".git"}, {"lint", ".git/compose.yml"}, {"lint", "--root", ".git", ".git/compose.yml"}}, says: "what git keeps for itself is never read"},
	{name: "names that would be flags and commands", files: with("", "--root=..", oneServer, "-f", oneServer, "a\n::error::x", "services: [", "b\r##[error]x.yml", "services: [", "%0A::warning::.yml", "services: ["),
		run: [][]string{{"lint", "--format", "github", "--", "--root=..", "-f", "a\n::error::x", "b\r##[error]x.yml", "%0A::warning::.yml", "none\n::error::y", "none\r##[error]z.conf"}}},

	// What a process knows.
	{name: "variables of the process", files: map[string]string{
		"compose.yml": "services: {cache: {image: 'redis:${LEAK:-7.4.6}', command: 'redis-server --maxmemory ${LEAK} --maxmemory-policy ${RCOMP_LEAK:?x}', environment: [LEAK, RCOMP_LEAK]}}\n"}},
	{name: "variables of the process in an env_file", files: map[string]string{
		"compose.yml": "services: {cache: {image: 'redis:${LEAK2:-7.4.6}', env_file: env, environment: {A: '${LEAK2}'}}}\n",
		".env":        "LEAK2=${LEAK}\nRCOMP_LEAK\n", "env": "LEAK\nOTHER=${RCOMP_LEAK}\n"}},
}

// attacked makes the repository of an attack and what is beside it.
func attacked(t *testing.T, a attack) (repo string) {
	t.Helper()
	above, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	outside, repo := filepath.Join(above, "outside"), filepath.Join(above, "repo")
	for name, content := range map[string]string{
		"compose.yml": "services: {leak: {image: 'redis:" + leaked + "', command: redis-server --maxmemory " + leaked + "}}\n",
		"redis.conf":  "maxmemory " + leaked + "\n", "leak.env": "LEAK=" + leaked + "\n", ".env": "LEAK=" + leaked + "\n",
		"Dockerfile": "FROM redis:" + leaked + "\nCMD redis-server --maxmemory " + leaked + "\n",
		"start.sh":   "exec redis-server --maxmemory " + leaked + "\n", "redis.toml": leaked + "\n", "below/x": "",
		"compose2.yml": "services: {leak: {image: 'redis:" + leaked + "'}}\n",
	} {
		write(t, filepath.Join(outside, name), content)
	}
	write(t, filepath.Join(repo, ".git", "config"), "maxmemory "+leaked+"\n")
	write(t, filepath.Join(repo, ".git", "compose.yml"), "services: {leak: {image: 'redis:"+leaked+"'}}\n")
	places := strings.NewReplacer("OUTSIDE", outside, "REPO", repo)
	for name, content := range a.files {
		write(t, filepath.Join(repo, name), places.Replace(content))
	}
	for name, target := range a.links {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(repo, name)), 0o755))
		require.NoError(t, os.Symlink(places.Replace(target), filepath.Join(repo, name)))
	}
	for _, name := range a.pipes {
		require.NoError(t, exec.Command("mkfifo", filepath.Join(repo, name)).Run())
	}
	t.Setenv("HOME", outside)
	t.Setenv("LEAK", leaked)
	t.Setenv("RCOMP_LEAK", leaked)
	t.Chdir(repo)
	return repo
}

// soon runs rcomp and fails where it does not come back: far above what is
// needed.
func soon(t *testing.T, arguments []string) outcome {
	t.Helper()
	done := make(chan outcome, 1)
	go func() { done <- rcomp(arguments...) }()
	select {
	case got := <-done:
		return got
	case <-time.After(time.Minute):
		require.Fail(t, "it hangs", "%q", arguments)
		return outcome{}
	}
}

// TestAttacks is what was tried on lint, and what is like it: whatever the
// format, nothing is printed of what must not be read.
func TestAttacks(t *testing.T) {
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			attacked(t, a)
			runs := a.run
			if runs == nil {
				runs = [][]string{{"lint"}, {"lint", "--format", "json"}, {"lint", "--format", "github"}, {"lint", "--format", "sarif"}, {"lint", "--format", "github-summary"}, {"inspect", "--all", "compose.yml"}, {"inspect", "--format", "json", "compose.yml"}}
			}
			var all strings.Builder
			for _, arguments := range runs {
				got := soon(t, arguments)
				printed := got.stdout + got.stderr
				assert.NotContains(t, printed, leaked, "%q", arguments)
				for line := range strings.SplitSeq(printed, "\n") {
					assert.False(t, strings.HasPrefix(line, "::error::") || strings.Contains(line, "##[error]") || strings.HasPrefix(line, "::warning::"), "a command for a runner: %q", line)
				}
				all.WriteString(printed)
			}
			assert.Contains(t, all.String(), a.says)
			if a.run != nil && a.says != "" {
				for _, arguments := range a.run {
					if arguments[0] != "lint" || len(arguments) > 1 {
						assert.Equal(t, statusTrouble, soon(t, arguments).status, "%q", arguments)
					}
				}
			}
		})
	}
}

// TestAttacksCouldLeak is the counterpart: with a root that holds both, or
// with the same content inside, the value is read and printed. Where this
// fails, TestAttacks holds because nothing is looked at.
func TestAttacksCouldLeak(t *testing.T) {
	for name, test := range map[string]struct {
		attack
		run []string
	}{
		"a conf":           {attack{files: mounting("../outside/redis.conf")}, []string{"lint", "--root", "..", "compose.yml"}},
		"a conf by a link": {attack{files: mounting("./redis.conf"), links: map[string]string{"redis.conf": "../outside/redis.conf"}}, []string{"lint", "--root", "..", "compose.yml"}},
		"an include":       {attack{files: with("include: [" + binaryScalar("../outside/compose.yml") + "]\n")}, []string{"lint", "--root", "..", "compose.yml"}},
		"an argument":      {attack{files: with(""), links: map[string]string{"deploy": "../outside"}}, []string{"lint", "--root", "..", "deploy"}},
		"a variable":       {attack{files: map[string]string{"compose.yml": "services: {cache: {image: redis, command: 'redis-server --maxmemory ${LEAK}'}}\n", ".env": "LEAK=" + leaked + "\n"}}, []string{"lint", "compose.yml"}},
	} {
		t.Run(name, func(t *testing.T) {
			attacked(t, test.attack)
			got := soon(t, test.run)
			assert.Contains(t, got.stdout+got.stderr, leaked)
		})
	}
}
