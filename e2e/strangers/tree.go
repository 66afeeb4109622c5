// Package strangers makes repositories as a stranger's pull request may leave
// them: every kind of reference that a compose file has, written in every way
// that may lead out of the repository, at random.
package strangers

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Secret stands in every file that must not be read.
const Secret = "STRANGERS-SECRET"

// Outside makes a directory beside repositories with files to be led to.
func Outside(directory string) error {
	files := map[string]string{
		"compose.yml": "services: {leak: {image: 'redis:" + Secret + "', command: redis-server --maxmemory " + Secret + "}}\n",
		"redis.conf":  "maxmemory " + Secret + "\nrequirepass " + Secret + "\n",
		".env":        "LEAK=" + Secret + "\nREDIS_PORT=" + Secret + "\n",
		"leak.env":    "LEAK=" + Secret + "\nREDIS_PORT=" + Secret + "\n",
		"Dockerfile":  "FROM redis:" + Secret + "\nCMD redis-server --maxmemory " + Secret + "\n",
		"start.sh":    "exec redis-server --maxmemory " + Secret + "\n",
	}
	return write(directory, files)
}

func write(directory string, files map[string]string) error {
	for name, content := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// Repository makes one, at a path that does not exist yet. Outside is the
// directory that Outside made.
func Repository(random *rand.Rand, root, outside string) error {
	r := repository{random, root, outside}
	files := map[string]string{
		".git/HEAD":        "ref: refs/heads/main\n",
		".git/config":      "maxmemory " + Secret + "\n",
		".git/compose.yml": "services: {leak: {image: 'redis:" + Secret + "'}}\n",
		".git/leak.env":    "LEAK=" + Secret + "\n",
		"compose.yml":      r.compose(),
		"sub/compose.yml":  r.compose(),
		"sub/a.yml":        r.compose(),
		"sub/deep/b.yml":   r.compose(),
		"redis.conf":       "include " + r.path("redis.conf") + "\n",
		"conf/redis.conf":  "maxmemory 1mb\n",
		"sub/leak.env":     "LEAK=inside\n",
		"start.sh":         ". " + r.path("start.sh") + "\nexec redis-server " + r.path("redis.conf") + "\n",
		"Dockerfile":       "FROM redis:7.4\nCOPY " + r.path("redis.conf") + " /redis.conf\nCMD redis-server /redis.conf\n",
	}
	if random.IntN(2) == 0 {
		files[".env"] = "WAY=" + r.path("leak.env") + "\nTOP=" + outside + "\n"
	}
	if err := write(root, files); err != nil {
		return err
	}
	for name, target := range r.links() {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.Symlink(target, path); err != nil && !os.IsExist(err) {
			return err
		}
	}
	return nil
}

type repository struct {
	random        *rand.Rand
	root, outside string
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

// links are by their path.
func (r repository) links() map[string]string {
	up := "../" + filepath.Base(r.outside)
	all := map[string]string{
		"out":             pick(r.random, up, r.outside, "../"),
		"sub/out":         pick(r.random, "../"+up, "../out", r.outside),
		"link.yml":        pick(r.random, up+"/compose.yml", r.outside+"/compose.yml", "sub/a.yml", ".git/compose.yml"),
		"link.conf":       pick(r.random, up+"/redis.conf", ".git/config", "conf/redis.conf", "/proc/self/environ"),
		"link.env":        pick(r.random, up+"/leak.env", "/proc/self/environ", "sub/leak.env", ".git/leak.env"),
		"in":              pick(r.random, "sub", "sub/deep", ".", r.root),
		"sub/.env":        pick(r.random, "../"+up+"/.env", "leak.env", "../.git/leak.env", "/dev/zero"),
		"sub/deep/up":     pick(r.random, "..", "../..", "../../.."),
		"way":             pick(r.random, "in/out", "sub/out", "out/"+filepath.Base(r.outside)),
		"git":             ".git",
		"circle":          "circle",
		"sub/deep/link":   pick(r.random, "../../link.yml", "../out/compose.yml", "b.yml"),
		"docker.override": "compose.yml",
	}
	for name := range all {
		if r.random.IntN(4) == 0 {
			delete(all, name)
		}
	}
	return all
}

// path is a way to some file of a name: some stay inside, most do not.
func (r repository) path(name string) string {
	up := "../" + filepath.Base(r.outside) + "/"
	base := filepath.Base(r.root)
	link := "link" + filepath.Ext(name)
	return pick(r.random,
		name, "./"+name, "sub/"+name, "conf/"+name, link, "in/"+name,
		up+name, "../"+up+name, "sub/../"+up+name, "none/../"+up+name,
		r.outside+"/"+name, r.root+"/"+up+name, r.root+"/out/../"+name, r.root+"/in/../"+up+name, "//"+r.outside+"/"+name,
		"out/"+name, "sub/out/"+name, "way/"+name, "out/"+filepath.Base(r.outside)+"/"+name, "sub/deep/up/"+name, "sub/deep/up/../"+name,
		"out/../"+name, "in/../"+name, "../"+base+"/"+link, "in/in/in/"+name,
		"~/"+name, "~", "~root/"+name, "${TOP}/"+name, "${WAY}", "${HOME}/"+name, "$PWD/"+up+name, "${PWD}/../"+name,
		".git/config", "git/config", ".GIT/config", "sub/../.git/compose.yml", ".git/leak.env",
		"/proc/self/environ", "/proc/self/cwd/"+up+name, "/dev/zero", "/etc/passwd", "/dev/stdin", "circle",
		"file://"+r.outside+"/"+name, "https://127.0.0.1:9/"+name, "git@127.0.0.1:x", "oci://127.0.0.1/x",
		"", ".", "..", "/", `..\..\`+name, name+"\x00",
	)
}

// scalar writes a text as YAML in one of its ways.
func (r repository) scalar(text string) string {
	switch r.random.IntN(6) {
	case 0:
		return "!!binary " + base64.StdEncoding.EncodeToString([]byte(text))
	case 1:
		return "!!str " + quoted(text)
	case 2:
		return "!own " + quoted(text)
	}
	return quoted(text)
}

func quoted(text string) string { return fmt.Sprintf("%q", text) }

// key writes a key, sometimes so that its letters do not stand there.
func (r repository) key(name string) string {
	switch r.random.IntN(12) {
	case 0:
		return "!!binary " + base64.StdEncoding.EncodeToString([]byte(name))
	case 1:
		return fmt.Sprintf(`"\x%02x%s"`, name[0], name[1:])
	case 2:
		return "? " + name + "\n"
	}
	return name
}

func (r repository) file(name string) string { return r.scalar(r.path(name)) }

func (r repository) maybe(text string) string { return pick(r.random, text, "") }

// compose is a compose file in which every reference is one of the ways.
func (r repository) compose() string {
	var text strings.Builder
	if r.random.IntN(3) > 0 {
		fmt.Fprintf(&text, "%s: [%s]\n", strings.TrimPrefix(strings.TrimSuffix(r.key("include"), "\n"), "? "), r.includes())
	}
	fmt.Fprintf(&text, "x-extends: &extends {extends: {file: %s, service: leak}}\n", r.file("compose.yml"))
	fmt.Fprintf(&text, "x-env: &env {env_file: %s}\n", r.file("leak.env"))
	text.WriteString("services:\n")
	for i := range 1 + r.random.IntN(3) {
		fmt.Fprintf(&text, "  s%d: {%s}\n", i, r.service())
	}
	fmt.Fprintf(&text, "  leak: {image: 'redis:7.4', command: ['redis-server', '--port', '${LEAK:-1}']}\n")
	fmt.Fprintf(&text, "secrets: {s: {file: %s}}\nconfigs: {c: {file: %s}}\n", r.file("leak.env"), r.file("redis.conf"))
	return text.String()
}

func (r repository) includes() string {
	var all []string
	for range 1 + r.random.IntN(2) {
		switch r.random.IntN(3) {
		case 0:
			all = append(all, r.file("compose.yml"))
		case 1:
			all = append(all, fmt.Sprintf("{path: [%s, %s]%s%s}", r.file("a.yml"), r.file("compose.yml"),
				r.maybe(", project_directory: "+r.file("")), r.maybe(", env_file: ["+r.file("leak.env")+"]")))
		case 2:
			all = append(all, fmt.Sprintf("{path: %s%s, env_file: %s}", r.file("a.yml"),
				r.maybe(", project_directory: "+r.file("deep")), r.file("leak.env")))
		}
	}
	return strings.Join(all, ", ")
}

func (r repository) service() string {
	parts := []string{pick(r.random, "image: 'redis:7.4'", "image: 'redis:${LEAK:-7.4}'", "build: {context: "+r.file("")+", dockerfile: "+r.file("Dockerfile")+"}")}
	for _, part := range []string{
		"extends: {file: " + r.file("compose.yml") + ", service: leak}",
		"<<: *extends", "<<: [*env, *extends]",
		"env_file: " + r.file("leak.env"),
		"label_file: " + r.file("leak.env"),
		"environment: [LEAK, 'REDIS_PORT=${LEAK}', HOME, PATH, RCOMP_PLANTED]",
		"secrets: [s]",
		"configs: [{source: c, target: /redis.conf}]",
	} {
		if r.random.IntN(3) == 0 && !strings.Contains(strings.Join(parts, " "), part[:4]) {
			parts = append(parts, part)
		}
	}
	if r.random.IntN(3) == 0 && !strings.Contains(strings.Join(parts, " "), "env_file") {
		parts = append(parts, fmt.Sprintf("env_file: [{path: %s, required: false, format: raw}, %s]", r.file("leak.env"), r.file(".env")))
	}
	source := r.file(pick(r.random, "redis.conf", "conf", ""))
	parts = append(parts,
		fmt.Sprintf("volumes: [{type: bind, source: %s, target: /conf}, {type: bind, source: %s, target: /start.sh}]", source, r.file("start.sh")),
		pick(r.random, "command: [redis-server, /conf]", "command: [redis-server, /conf/redis.conf]", "command: [redis-server, /redis.conf]",
			"command: [sh, /start.sh]", "command: 'redis-server --include /conf/*.conf'", "entrypoint: [/start.sh]"))
	return strings.Join(parts, ", ")
}
