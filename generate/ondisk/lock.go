//go:build unix && !solaris && !illumos && !aix

package ondisk

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// lockPatience is how long a run waits for another one, which takes milliseconds.
var lockPatience = 10 * time.Second

// lock keeps other runs out of a directory until unlock is called or the
// process ends. It is a lock of the directory itself, so it leaves nothing
// behind.
func lock(root *os.Root) (unlock func(), err error) {
	directory, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	unlock = func() { directory.Close() }
	for end := time.Now().Add(lockPatience); ; time.Sleep(10 * time.Millisecond) {
		err := syscall.Flock(int(directory.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return unlock, nil // locked, or on a file system that has no locks
		case time.Now().After(end):
			unlock()
			return nil, errors.New("another rcomp gen is at work there: try again when it is done")
		}
	}
}
