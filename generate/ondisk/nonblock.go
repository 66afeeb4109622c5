//go:build !js

package ondisk

import "syscall"

// nonblock opens a pipe that has taken a file's place without waiting for who
// writes to it.
const nonblock = syscall.O_NONBLOCK
