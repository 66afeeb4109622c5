//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// outcome is what became of a mutant.
type outcome int

const (
	notCompiled outcome = iota // the compiler noticed: no mutant
	noticed                    // a test failed, or did not end
	survived
)

// rootTests are the tests of the whole program in which a changed judgement
// shows: fixtures, sessions, secrets and attacks. Those that take minutes or
// judge what gen writes are not among them.
const rootTests = "^(TestRules|TestInspect.*|TestSessions|TestSeverities|TestGuides|TestAttacks|TestNoPlanted.*|TestConf.*|TestBaseline.*|TestIgnore.*|TestSettings.*|TestChanged.*|TestReadme|TestWhatIsGeneratedIsClean)$"

// try asks first the tests beside the source, then those of the packages that
// read through it, then those of the program.
func try(m mutant, limit time.Duration) (outcome, error) {
	overlay, remove, err := overlaid(m)
	if err != nil {
		return notCompiled, err
	}
	defer remove()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()

	own := "./" + filepath.ToSlash(filepath.Dir(m.file))
	if exec.CommandContext(ctx, "go", "build", "-overlay", overlay, own).Run() != nil && ctx.Err() == nil {
		return notCompiled, nil
	}
	for _, arguments := range [][]string{
		{own},
		{"-run", rootTests, "."},
		{"./" + m.directory + "/..."},
		{"./inspect/..."},
	} {
		passes, err := pass(ctx, overlay, arguments)
		if err != nil {
			return notCompiled, err
		}
		if !passes {
			return noticed, nil
		}
	}
	return survived, nil
}

// overlaid writes the changed source outside of the tree, and what tells the
// compiler to read it.
func overlaid(m mutant) (overlay string, remove func(), err error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return "", nil, err
	}
	scratch, err := os.MkdirTemp("", "rcomp-mutation-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(scratch) }
	changed := filepath.Join(scratch, filepath.Base(m.file))
	overlay = filepath.Join(scratch, "overlay.json")
	whole, err := filepath.Abs(m.file)
	if err == nil {
		err = os.WriteFile(changed, bytes.Join([][]byte{source[:m.start], []byte(m.new), source[m.end:]}, nil), 0o600)
	}
	if err == nil {
		var text []byte
		text, err = json.Marshal(map[string]any{"Replace": map[string]string{whole: changed}})
		err = errors.Join(err, os.WriteFile(overlay, text, 0o600))
	}
	if err != nil {
		remove()
		return "", nil, err
	}
	return overlay, remove, nil
}

// pass says whether tests pass within the time of the context. Fuzz targets
// take part with their seeds.
func pass(ctx context.Context, overlay string, arguments []string) (bool, error) {
	// A mutant that asks for memory without end is to meet its own end, not
	// that of the machine.
	words := append([]string{"-c", `ulimit -v 12000000; exec go test -vet=off -failfast "$@"`, "sh", "-overlay", overlay}, arguments...)
	command := exec.CommandContext(ctx, "sh", words...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) } // with the program of the tests
	err := command.Run()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &failed), ctx.Err() != nil:
		return false, nil
	}
	return false, err
}
