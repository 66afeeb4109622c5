package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// badStack is a stack with a fault that people make, as files below its name in
// testdata/bad. What is seen of it on an engine is a line: one before it is
// fixed, another one after.
type badStack struct {
	name          string
	rules         []string // find it, and nothing as severe when it is fixed
	look          func(visitor) string
	before, after string

	service   string // whose data are kept, and of which is asked; "": "db"
	port      string // "": the usual one
	passwords [2]string
	lost      string // why there are no data to be kept
	carried   bool   // the data are carried over by hand: carryOut, carryIn
	refused   bool   // Docker does not start it before it is fixed
	then      func(*stack)
	gate      bool // short enough for it
}

// The commands of docs/fixes.md that take the data of a server along when it
// gets a volume: before and after the fix.
const (
	carryOut = "docker compose stop db && docker compose cp db:/data/. old-data"
	carryIn  = "docker compose create --force-recreate db && docker compose cp old-data/. db:/data && docker compose start db"
)

// TestFixedStacks starts stacks as people write them, has `rcomp lint --fix
// --unsafe-fixes` mend them, and starts them again. The fault is there before
// and gone after, on the engine as in what lint finds, and so are the data, but
// where the fix says that it leaves them behind. The gate has a few; the long
// form has all, each on the first release and in turn on another one.
func TestFixedStacks(t *testing.T) {
	inParts(t)
	all := releases(t)
	for number, bad := range badStacks {
		if !long && !bad.gate {
			continue
		}
		chosen := all[:1]
		if others := all[1:]; long && len(others) > 0 {
			chosen = append(slices.Clone(chosen), others[number%len(others)])
		}
		for _, release := range chosen {
			t.Run(bad.name+"/"+release.String(), func(t *testing.T) {
				sideBySide(t)
				bad.mend(t, release)
			})
		}
	}
}

func (b badStack) mend(t *testing.T, release release) {
	s := newStack(t)
	b.write(s, release)
	found := s.lintAll()
	for _, rule := range b.rules {
		assert.Contains(t, rulesOf(found), rule, "lint finds it")
	}
	server := visitor{stack: s, service: "db", port: "6379", password: b.passwords[0]}
	if b.service != "" {
		server.service = b.service
	}
	if b.port != "" {
		server.port = b.port
	}

	b.start(server, b.refused)
	eventuallySees(server, b.look, b.before)
	if b.lost == "" {
		b.start(server, false) // the look may have ended it
		server.put("kept", "x")
		server.command("save")
	}
	if b.carried {
		s.byHand(carryOut)
	}

	fixed := run(t, s.directory, "", rcompPath(t), "lint", "--fix", "--unsafe-fixes", "--fail-on", "never")
	require.Zero(t, fixed.status, "%s%s", fixed.stdout, fixed.stderr)
	left := s.lintAll()
	for _, rule := range b.rules {
		assert.Regexp(t, `: fixed: .*\[`+rule+`\]`, fixed.stdout)
		for _, one := range found {
			if one.Rule == rule {
				assert.False(t, slices.ContainsFunc(left, func(other finding) bool { return other.Rule == rule && other.Severity == one.Severity }), "%s is fixed: %s", rule, one.Severity)
			}
		}
	}
	if b.then != nil {
		b.then(s)
	}

	server.password = b.passwords[1]
	if b.carried {
		assert.Contains(t, fixed.stdout, "what the old container holds is not taken along")
		s.byHand(carryIn)
	}
	b.start(server, false)
	if b.lost == "" {
		eventuallySees(server, func(server visitor) string { return server.cli("get", "kept") }, "x")
	}
	eventuallySees(server, b.look, b.after)
}

// write puts the files of a stack into the project's directory, on the image of
// a release. That of no other release is there for a fix to take.
func (b badStack) write(s *stack, release release) {
	s.t.Helper()
	words := []string{"redis:7.0.15", release.image}
	for _, program := range []string{"server", "cli", "sentinel"} {
		words = append(words, "redis-"+program, release.engine+"-"+program)
	}
	onRelease := strings.NewReplacer(append(words, "16379", fmt.Sprint(freePort(s.t)))...)
	from := os.DirFS(filepath.Join("testdata", "bad", b.name))
	require.NoError(s.t, fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(from, path)
		s.write(path, onRelease.Replace(string(content)))
		return err
	}))
	s.write(".rcomp.toml", "[rules]\nimage-vulnerable = \"off\"\n")
}

// start starts what is to be started: where a conf file is another, Compose
// sees no change.
func (b badStack) start(server visitor, refused bool) {
	server.t.Helper()
	left := server.compose("up", "--detach", "--force-recreate")
	assert.Equal(server.t, refused, left.status != 0, "docker compose up\n%s%s", left.stdout, left.stderr)
}

// byHand runs commands as a person types them in the project's directory.
func (s *stack) byHand(commands string) {
	s.t.Helper()
	typed(s.t, s.directory, commands, "COMPOSE_PROJECT_NAME="+s.project)
}

func rulesOf(findings []finding) (rules []string) {
	for _, finding := range findings {
		rules = append(rules, finding.Rule)
	}
	return rules
}

func eventuallySees(server visitor, look func(visitor) string, wanted string) {
	server.t.Helper()
	eventuallyWhole(server.t, wanted, func() error {
		if seen := look(server); seen != wanted {
			return fmt.Errorf("what is seen is: %s", seen)
		}
		return nil
	})
}

// TestDocsHaveFixedStacks holds the table of docs/fixes.md to the stacks.
func TestDocsHaveFixedStacks(t *testing.T) {
	docs, err := os.ReadFile("../docs/fixes.md")
	require.NoError(t, err)
	rows := "| stack | found by | before | after | data |\n|---|---|---|---|---|\n"
	for _, bad := range badStacks {
		data := "kept"
		switch {
		case bad.lost != "":
			data = bad.lost
		case bad.carried:
			data = "carried over, as above"
		}
		rows += fmt.Sprintf("| [%s](../e2e/testdata/bad/%s) | `%s` | %s | %s | %s |\n", strings.ReplaceAll(bad.name, "-", " "), bad.name, strings.Join(bad.rules, "`, `"), bad.before, bad.after, data)
	}
	assert.Contains(t, string(docs), rows, "the table is\n%s", rows)
	for _, command := range []string{carryOut, carryIn} {
		assert.Contains(t, string(docs), "$ "+command+"\n")
	}
}
