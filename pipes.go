//go:build !js

package main

import (
	"os/signal"
	"syscall"
)

// ignoreBrokenPipes makes writing to a pipe that nobody reads any more an error
// like any other, and not the end of the program.
func ignoreBrokenPipes() { signal.Ignore(syscall.SIGPIPE) }
