package compose_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzLoad holds Load to what it promises of any input: it comes back, and
// all places are in the file.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		ordinary,
		"services:\n  a: &a {image: x, command: \"r \\\n    b\"}\n  b: {<<: *a, command: >-\n    x \\\n    y}\n",
		"services: {a: {extends: {file: compose.yml, service: a}}}\ninclude: [compose.yml]\n",
		"a: &a [*a]\n", "services: &s\n  <<: *s\n", "redis:\n  image: x\n", "- a\n", "---\r", "\r---", "---", "services:\r\n  a:\r\n    image: 'x\r\n      y'\r\n",
		"\ufeffservices: {a: {image: é, command: 'é ${X:-a} $(b) `c` d;e'}}\n", "services:\u2028  a: {image: x}\n", "services: {a: {image: x,\x85 b}}\n",
		"services: {a: {image: x, ports: ['${P}:1'], mem_limit: '${M}', networks: ['${N}']}}\n---\nservices: {a: !reset null}\n",
		"services:\n !a b\n",
		"services:\n  a:\n    image: x\n    command: |2\n\n       a 'b\n      c' 2>&1\n",
	} {
		f.Add([]byte(seed))
	}
	root, err := filepath.EvalSymlinks(f.TempDir())
	require.NoError(f, err)
	tree := open(f, root)
	f.Fuzz(func(t *testing.T, source []byte) {
		directory, err := os.MkdirTemp(root, "p")
		require.NoError(t, err)
		defer os.RemoveAll(directory)
		file := filepath.Join(directory, "compose.yml")
		require.NoError(t, os.WriteFile(file, source, 0o600))
		project := compose.Load(tree, []string{file})
		for _, span := range spans(project) {
			require.True(t, inside(project, span), "%v", span)
		}
	})
}

// spans are places of everything in a project that a rule may report.
func spans(project *compose.Project) []position.Span {
	var all []position.Span
	for _, refusal := range project.Refusals {
		all = append(all, refusal.Span)
	}
	for _, note := range project.Unseen {
		all = append(all, note.Span)
	}
	for _, service := range project.Services {
		all = append(all, service.Span(), service.At("image"), service.KeyAt("image"), service.At("healthcheck", "test"), project.Lookup("services", service.Name))
		for _, section := range []string{"ports", "volumes", "env_file"} {
			for i := range 3 {
				all = append(all, service.At(section, i))
			}
		}
		for _, variable := range service.Environment() {
			all = append(all, variable.Span)
		}
		for _, path := range [][]any{{"command"}, {"entrypoint"}, {"healthcheck", "test"}} {
			command, ok := service.Command(path...)
			if !ok {
				continue
			}
			all = append(all, command.Span)
			for _, word := range command.Words[:min(len(command.Words), 200)] {
				all = append(all, word.Span)
			}
		}
	}
	return all
}

// inside reports whether a span is in its file. It may go one character past
// the end of a line, so that there is something to point at.
func inside(project *compose.Project, span position.Span) bool {
	lines := bytes.Split(bytes.TrimPrefix(project.Source(span.File), []byte("\ufeff")), []byte("\n"))
	for _, pos := range []position.Pos{span.Start, span.End} {
		if pos.Line < 1 || pos.Line > len(lines) || pos.Column < 1 || pos.Column > len([]rune(string(lines[pos.Line-1])))+2 {
			return false
		}
	}
	return span.Start.Compare(span.End) <= 0
}

// within fails a test that takes longer than a person would wait: the limit
// is far above what is needed, on a busy machine too.
func within(t *testing.T, limit time.Duration, do func()) {
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatal("it takes too long")
	}
}

func TestHostileInput(t *testing.T) {
	laughs := "x-0: &x0 {a: b}\n"
	for i := 1; i < 30; i++ {
		laughs += fmt.Sprintf("x-%d: &x%d [*x%d, *x%d, *x%d, *x%d]\n", i, i, i-1, i-1, i-1, i-1)
	}
	merges := "x-0: &x0 {a: b}\n"
	for i := 1; i < 30; i++ {
		merges += fmt.Sprintf("x-%d: &x%d {<<: [*x%d, *x%d, *x%d, *x%d]}\n", i, i, i-1, i-1, i-1, i-1)
	}
	var many, broken strings.Builder
	many.WriteString("services:\n")
	for i := 0; many.Len() < 5<<20; i++ {
		fmt.Fprintf(&many, "  s%06d: {image: redis}\n", i)
	}
	broken.WriteString("services:\n")
	for i := range 150 {
		fmt.Fprintf(&broken, "  s%06d: {image: redis, ports: ['${P}:6379']}\n", i)
	}
	broken.WriteString("  last: {image: redis, memory: 1g}\n")
	for _, test := range []struct{ name, source string }{
		{"billion laughs", laughs + "services: {redis: {image: redis, labels: *x29}}\n"},
		{"billion laughs that nobody uses", laughs + "services: {redis: {image: redis}}\n"},
		{"billions of merges", merges + "services: {redis: {image: redis, labels: {<<: *x29}}}\n"},
		{"a service of billions of merges", merges + "services: {redis: {<<: *x29, image: redis}}\n"},
		{"deep lists", "services: {redis: {image: redis, labels: " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}}\n"},
		{"deep mappings", "services:\n  redis: " + strings.Repeat("{a: ", 2_000) + strings.Repeat("}", 2_000) + "\n"},
		{"deep lists below the limit", "services: {redis: {image: redis, x-a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}}\n"},
		{"more than the limit of a file", many.String()},
		{"many services, the last one wrong", broken.String()},
		{"an anchor in itself", "services: {redis: {image: redis, labels: &a [*a]}}\n"},
		{"a mapping in itself", "services: &a\n  redis: {image: redis}\n  again: *a\n"},
		{"a merge of itself", "services:\n  redis: &a\n    <<: *a\n    image: redis\n"},
		{"merges in a circle", "x-a: &a {<<: &b {<<: *a}}\nservices: {redis: {<<: *b, image: redis}}\n"},
		{"a NUL byte", "services:\n  redis:\n    image: \"re\x00dis\"\n"},
		{"invalid UTF-8", "services:\n  redis:\n    image: \"re\xffdis\"\n"},
		{"a byte order mark alone", "\ufeff"},
		{"an old Macintosh", "services:\r  redis:\r    image: redis\r    command: a b\r"},
		{"line ends of YAML 1.1", "services:\u0085  redis:\u2028    image: redis\u2029    command: a b\n"},
		{"the marks of variables without a value", "services:\n  redis: {image: \"\uE0F0X\uE0F1\", command: \"a \uE0F0 b \uE0F1\uE0F0\"}\n"},
		{"a long line", "services: {redis: {image: redis, command: \"" + strings.Repeat("word ", 20_000) + "\"}}\n"},
		{"a long block", "services:\n  redis:\n    image: redis\n    command: >\n" + strings.Repeat("      --flag value\n", 5_000)},
		{"nested defaults", "services: {redis: {image: '" + strings.Repeat("${A:-", 3_000) + strings.Repeat("}", 3_000) + "'}}\n"},
		{"open braces", "services: {redis: {image: '" + strings.Repeat("${A:-", 20_000) + "'}}\n"},
		{"many variables", "services: {redis: {image: '" + strings.Repeat("${A:-x}", 20_000) + "'}}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			within(t, 5*time.Minute, func() {
				project := load(t, test.source)
				for _, span := range spans(project) {
					assert.True(t, inside(project, span), "%v", span)
				}
				if len(project.Refusals) == 0 {
					assert.NotNil(t, project.Service("redis"))
				} else {
					assert.Less(t, len(project.Refusals[0].Message), 2000)
				}
			})
		})
	}
}

func TestNothingOutsideTheRootIsRead(t *testing.T) {
	const redis = "services:\n  redis: {image: redis}\n"
	outside := write(t, "services: {leak: {image: SECRET, mem_limit: 1g}}\n-- leak.env --\nLEAK=SECRET\n-- .env --\nLEAK=SECRET\n")
	links := map[string]string{"link.yml": outside + "/compose.yml", "link.env": outside + "/leak.env", "dir": outside}
	for _, test := range []struct{ name, files, note string }{
		{"include by an absolute path", "include: [" + outside + "/compose.yml]\n" + redis, "is not read: it is outside the project"},
		{"include by dots", "include: ['../../" + filepath.Base(filepath.Dir(outside)) + "/" + filepath.Base(outside) + "/compose.yml']\n" + redis, "is not read: it is outside the project"},
		{"include by a link", "include: [link.yml]\n" + redis, "is not read: it is outside the project"},
		{"include by a linked directory", "include: [dir/compose.yml]\n" + redis, "is not read: it is outside the project"},
		{"include in an included file", "include: [sub/a.yml]\n" + redis + "-- sub/a.yml --\ninclude: [../link.yml]\nservices: {a: {image: a}}\n", "is not read: it is outside the project"},
		{"include from another project directory", "include: [{path: sub/a.yml, project_directory: dir}]\n" + redis + "-- sub/a.yml --\nservices: {a: {image: \"${LEAK:-none}\"}}\n", "is not read: it is outside the project"},
		{"the variables of include", "include: [{path: a.yml, env_file: link.env}]\n" + redis + "-- a.yml --\nservices: {a: {image: \"${LEAK:-none}\"}}\n", "is not read: it is outside the project"},
		{"the .env of an included directory", "include: [sub/a.yml]\n" + redis + "-- sub/a.yml --\nservices: {a: {image: \"${LEAK:-none}\"}}\n-- sub/.env -> --\n", "is not read: it is outside the project"},
		{"extends by a link", "services:\n  redis: {image: redis}\n  x: {extends: {file: link.yml, service: leak}}\n", "is not read: it is outside the project"},
		{"extends through a merge key", "x-e: &e {extends: {file: link.yml, service: leak}}\nservices:\n  redis: {image: redis}\n  x: {<<: *e}\n", "is not read: it is outside the project"},
		{"extends of a service that is merged in", "x-s: &s {x: {extends: {file: link.yml, service: leak}}}\nservices:\n  <<: *s\n  redis: {image: redis}\n", "is not read: it is outside the project"},
		{"extends in an extended file", "services:\n  redis: {image: redis}\n  x: {extends: {file: sub/a.yml, service: a}}\n-- sub/a.yml --\nservices: {a: {extends: {file: ../link.yml, service: leak}}}\n", "is not read: it is outside the project"},
		{"an environment file", "services:\n  redis: {image: redis, env_file: link.env}\n", `the environment file "link.env" is not known: it is outside the project`},
		{"the .env of the project", "services:\n  redis: {image: \"redis:${LEAK:-none}\"}\n-- .env -> --\n", "cannot be used: it is outside the project"},
		{"a pipe in place of a file", "include: [pipe]\n" + redis, "is not read: it is not a regular file"},
		{"a pipe in place of variables", "include: [{path: a.yml, env_file: pipe}]\n" + redis + "-- a.yml --\nservices: {a: {image: a}}\n", "is not read: it is not a regular file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files, links := test.files, links
			if before, _, found := strings.Cut(files, "-- sub/.env -> --\n"); found {
				files, links = before, map[string]string{"sub/.env": outside + "/.env"}
			} else if before, _, found := strings.Cut(files, "-- .env -> --\n"); found {
				files, links = before, map[string]string{".env": outside + "/.env"}
			}
			root := write(t, files)
			for name, target := range links {
				require.NoError(t, os.Symlink(target, filepath.Join(root, name)))
			}
			require.NoError(t, exec.Command("mkfifo", filepath.Join(root, "pipe")).Run())
			within(t, 5*time.Minute, func() {
				project := compose.Load(open(t, root), []string{filepath.Join(root, "compose.yml")})
				require.Empty(t, project.Refusals, "what is not read is no fault")
				require.NotNil(t, project.Service("redis"), "the rest is judged")
				for _, service := range project.Services {
					service.Environment()
					assert.NotContains(t, fmt.Sprint(service.Config), "SECRET")
				}
				var notes []string
				for _, note := range project.Unseen {
					notes = append(notes, note.Message)
				}
				assert.Contains(t, strings.Join(notes, "\n"), test.note)
				assert.Nil(t, project.Service("x"), "it is more than what it says here")
			})
		})
	}
}

func TestDirectoriesInPlaceOfFiles(t *testing.T) {
	for _, test := range []struct{ name, files, load string }{
		{"the compose file", "-- compose.yml/x --\n", "compose.yml"},
		{"an included file", "include: [d]\nservices: {redis: {image: redis}}\n-- d/x --\n", "compose.yml"},
		{"the .env file", "services: {redis: {image: redis}}\n-- .env/x --\n", "compose.yml"},
		{"the .env file of an included directory", "include: [d/c.yml]\nservices: {redis: {image: redis}}\n-- d/c.yml --\nservices: {a: {image: a}}\n-- d/.env/x --\n", "compose.yml"},
		{"an environment file", "services: {redis: {image: redis, env_file: d}}\n-- d/x --\n", "compose.yml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			project := load(t, test.files, test.load)
			if test.name == "the compose file" {
				require.NotEmpty(t, project.Refusals)
				assert.Equal(t, compose.Unreadable, project.Refusals[0].Kind)
				assert.Equal(t, "it is not a regular file", project.Refusals[0].Message)
				return
			}
			require.NotNil(t, project.Service("redis"))
			if test.name == "an included file" {
				require.Len(t, project.Refusals, 1)
				assert.Equal(t, `Compose refuses it: "d" is a directory`, project.Refusals[0].Message)
				return
			}
			require.Empty(t, project.Refusals)
			project.Service("redis").Environment()
			if !strings.Contains(test.name, "included directory") {
				require.Len(t, project.Unseen, 1)
				assert.Contains(t, project.Unseen[0].Message, "it is not a regular file")
			}
		})
	}
}

func TestTooManyIncludedFiles(t *testing.T) {
	var files, include strings.Builder
	for i := range 250 {
		fmt.Fprintf(&include, "  - f%d.yml\n", i)
		fmt.Fprintf(&files, "-- f%d.yml --\nservices: {s%d: {image: x}}\n", i, i)
	}
	project := load(t, "include:\n"+include.String()+"services: {redis: {image: redis}}\n"+files.String())
	require.Empty(t, project.Refusals)
	require.NotNil(t, project.Service("redis"))
	require.Len(t, project.Unseen, 1)
	assert.Equal(t, "not followed: more than 200 files are included or extended", project.Unseen[0].Message)
}

// What one file brings goes through all those above it.
func TestIncludesAreFollowedTenDeep(t *testing.T) {
	var files strings.Builder
	for i := range 15 {
		fmt.Fprintf(&files, "-- f%d.yml --\ninclude: [f%d.yml]\nservices: {s%d: {image: x}}\n", i, i+1, i)
	}
	files.WriteString("-- f15.yml --\nservices: {last: {image: x}}\n")
	project := load(t, "include: [f0.yml]\nservices: {redis: {image: redis}}\n"+files.String())
	require.Empty(t, project.Refusals)
	require.NotNil(t, project.Service("redis"))
	require.NotNil(t, project.Service("s9"))
	assert.Nil(t, project.Service("s10"))
	require.Len(t, project.Unseen, 1)
	assert.Equal(t, "not followed: it is included through more than 10 files", project.Unseen[0].Message)
}

// Each document of a file is merged over those before it, and four bytes begin
// one.
func TestTooManyDocuments(t *testing.T) {
	for _, document := range []string{"---\n", "--- x\n", "---\nservices: {a: {image: x}}\n", "---\n# x\n...\n"} {
		project := load(t, "services: {redis: {image: redis}}\n"+strings.Repeat(document, 1000))
		require.Len(t, project.Refusals, 1, document)
		assert.Equal(t, compose.TooMuch, project.Refusals[0].Kind)
		assert.Equal(t, "not read any further: it has more than 1000 documents", project.Refusals[0].Message)
	}
	project := load(t, "services: {redis: {image: redis}}\n"+strings.Repeat("---\nservices: {redis: {image: redis}}\n", 999))
	require.Empty(t, project.Refusals)
	require.NotNil(t, project.Service("redis"))
}

// YAML takes a hundred times the memory of its text, so all compose files of a
// project together are bounded.
func TestTooMuchYAML(t *testing.T) {
	const service = "services: {redis: {image: redis}}\n"
	project := load(t, service+strings.Repeat("#", 1<<20-len(service)))
	require.Empty(t, project.Refusals)
	require.NotNil(t, project.Service("redis"))
	project = load(t, service+strings.Repeat("#", 1<<20))
	require.Len(t, project.Refusals, 1)
	assert.Equal(t, compose.TooMuch, project.Refusals[0].Kind)
	assert.Equal(t, "not read: it causes too much work: more than 1048576 bytes of compose files", project.Refusals[0].Message)
	assert.Empty(t, project.Services)
}

// Those that are clear within the budget are judged.
func TestTooManyServices(t *testing.T) {
	var services strings.Builder
	for i := range 6100 {
		fmt.Fprintf(&services, "  s%d: {image: redis}\n", i)
	}
	project := load(t, "services:\n"+services.String())
	require.Len(t, project.Refusals, 1)
	assert.Equal(t, compose.TooMuch, project.Refusals[0].Kind)
	assert.Equal(t, "not read any further: it causes too much work: more than 6000 services", project.Refusals[0].Message)
	assert.Len(t, project.Services, 6000)
}

// A line about a fault is longer than the fault.
func TestTooManyFaults(t *testing.T) {
	var keys, services strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
		fmt.Fprintf(&services, "  s%d: {image: x, depends_on: [n%d], bogus: 1}\n", i, i)
	}
	for name, source := range map[string]string{
		"keys of the top level":  "services: {redis: {image: redis}}\n" + keys.String(),
		"keys that repeat":       "services: {redis: {image: redis}}\n" + strings.Repeat("x-a: b\n", 5000),
		"keys of services":       "services:\n  redis: {image: redis}\n" + services.String(),
		"names that nobody gave": "services:\n  redis: {image: redis}\n" + strings.ReplaceAll(services.String(), ", bogus: 1", ""),
	} {
		t.Run(name, func(t *testing.T) {
			project := load(t, source)
			assert.GreaterOrEqual(t, len(project.Refusals), 1000)
			assert.LessOrEqual(t, len(project.Refusals), 1001)
			if name != "keys of the top level" { // of which the schema lists no more
				assert.True(t, slices.ContainsFunc(project.Refusals, func(r compose.Refusal) bool {
					return r.Kind == compose.TooMuch && r.Message == "not listed any further: there are more than 1000 faults"
				}))
			}
			require.NotNil(t, project.Service("redis"))
		})
	}
}
