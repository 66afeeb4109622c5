//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// patience is how long a run may take. It is no bound of the tool: there is none of time.
const patience = 60 * time.Second

// usage is what a process took.
type usage struct {
	cpu    time.Duration // of all processors together
	memory int64         // the most that it had, in bytes
	late   bool          // it was stopped
}

// run runs a program in a directory. That it finds something is no fault.
func run(directory, program string, arguments ...string) (usage, error) {
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	command := exec.CommandContext(ctx, program, arguments...)
	command.Dir = directory
	if err := command.Run(); ctx.Err() == nil && (command.ProcessState == nil || command.ProcessState.ExitCode() > 1) {
		return usage{}, fmt.Errorf("%s: %w", command, err)
	}
	return usage{command.ProcessState.UserTime() + command.ProcessState.SystemTime(), peak(command.ProcessState), ctx.Err() != nil}, nil
}

func (u usage) String() string {
	text := fmt.Sprintf("%.2f s", u.cpu.Seconds())
	if u.cpu < 100*time.Millisecond {
		text = fmt.Sprintf("%.0f ms", float64(u.cpu.Microseconds())/1000)
	}
	if u.late {
		text = "over " + text
	}
	return fmt.Sprintf("%s | %d MB", text, u.memory>>20)
}

// peak is the most memory that a process had, in bytes.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

// median returns the middle one of an odd number of runs, by time.
func median(runs []usage) usage {
	runs = slices.SortedFunc(slices.Values(runs), func(a, b usage) int { return int(a.cpu - b.cpu) })
	return runs[len(runs)/2]
}
