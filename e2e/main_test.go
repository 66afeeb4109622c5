// Package e2e holds what rcomp says against what real servers do: it starts
// generated and odd deployments with Docker Compose and asks the servers.
//
// It runs only with RCOMP_E2E=1, so that a plain go test never touches Docker.
// Every container, network and volume is named after namePrefix and is removed
// when its test ends.
package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// namePrefix begins every name that the tests give to something in the engine;
// engine/clean removes by it.
const namePrefix = "rcomp-e2e-"

// places are for the deployments that run at once. Starting, stopping and
// failing over is mostly waiting, so one more than the machine has processors;
// with still more, the programs that look after each deployment take the time
// of the others.
var places = make(chan struct{}, 1+max(2, runtime.NumCPU()))

// largeSwarm is the place of the one stack of many containers: in a swarm each
// is asked for its health every two seconds, which keeps a processor busy. It
// is one more: in the queue for the others the second of them would come last.
var largeSwarm = make(chan struct{}, 1)

// processors are for the programs that are asked thousands of things.
// Everything at once would take the time of the deployments beside them, in
// which members that are not heard for a while are replaced.
var processors = make(chan struct{}, runtime.NumCPU())

// politeness is how far such a program steps back behind them (nice).
const politeness = "10"

// inParts lets a test whose parts run side by side begin with all others.
func inParts(t *testing.T) {
	t.Helper()
	if !long {
		t.Parallel()
	}
}

// take waits for a place, and says how long it was held: with -v that is what a
// test costs the gate.
func take(t *testing.T, places chan struct{}) {
	t.Helper()
	places <- struct{}{}
	taken := time.Now()
	t.Cleanup(func() {
		<-places
		t.Logf("held a place for %.0f s", time.Since(taken).Seconds())
	})
}

// longest has a test run beside others, before those that take less time: begun
// last, it would run alone at the end.
func longest(t *testing.T) {
	t.Helper()
	inParts(t)
	take(t, places)
}

// longestInSwarm is longest for a stack of many containers.
func longestInSwarm(t *testing.T) {
	t.Helper()
	inParts(t)
	take(t, largeSwarm)
}

// sideBySide has a test run beside others. The long form measures times, and
// runs one after the other.
func sideBySide(t *testing.T) {
	t.Helper()
	inParts(t)
	if !long {
		time.Sleep(time.Second) // the longest have their places then
	}
	take(t, places)
}

// containersAtOnce is how many containers of one deployment are started or
// stopped at once. An engine of 2022 (20.10) was seen to stand still for good
// when nearly two hundred came and went together.
const containersAtOnce = "4"

func TestMain(m *testing.M) {
	if os.Getenv("RCOMP_E2E") != "1" {
		fmt.Println("end-to-end tests not run: they need a Docker engine and RCOMP_E2E=1")
		return
	}
	flag.Parse()
	// Places are what tests wait for.
	if err := flag.Set("test.parallel", "1000"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	m.Run()
	if swarm.made {
		exec.Command("docker", "swarm", "leave", "--force").Run()
	}
	if binary.directory != "" {
		os.RemoveAll(binary.directory)
	}
}

// release is a server image that the engine has.
type release struct {
	engine  string // redis or valkey, as in an intent
	version string // such as 7.0.15
	image   string // reference, such as redis:7.0.15
}

func (r release) String() string { return r.engine + "-" + r.version }

// releases returns the images that the tests run, after it gave them to the
// engine where it lacked them.
func releases(t *testing.T) []release {
	t.Helper()
	output, err := preparedImages()
	require.NoError(t, err)
	var found []release
	for _, reference := range strings.Fields(output) {
		name, version, _ := strings.Cut(reference, ":")
		found = append(found, release{engine: filepath.Base(name), version: version, image: reference})
	}
	require.NotEmpty(t, found)
	return found
}

var preparedImages = sync.OnceValues(func() (string, error) {
	for _, needed := range [][]string{{"docker", "info"}, {"docker", "compose", "version"}} {
		if output, err := exec.Command(needed[0], needed[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s", strings.Join(needed, " "), err, output)
		}
	}
	command := exec.Command("engine/images")
	if long {
		command.Args = append(command.Args, "long")
	}
	command.Stderr = os.Stderr
	output, err := command.Output()
	return string(output), err
})

// binary is rcomp, built once for all tests.
var binary struct {
	once      sync.Once
	directory string
	err       error
}

// rcompPath returns the path of rcomp built from this tree.
func rcompPath(t *testing.T) string {
	t.Helper()
	binary.once.Do(func() {
		if binary.directory, binary.err = os.MkdirTemp("", namePrefix); binary.err != nil {
			return
		}
		// A user other than the one who runs the tests starts it too.
		if binary.err = os.Chmod(binary.directory, 0o755); binary.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", binary.directory+"/rcomp", ".")
		build.Dir = ".."
		if output, err := build.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("go build: %w\n%s", err, output)
		}
	})
	require.NoError(t, binary.err)
	return filepath.Join(binary.directory, "rcomp")
}
