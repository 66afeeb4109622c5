//go:build unix

package generate

import "syscall"

func setUmask(mask int) (old int) { return syscall.Umask(mask) }
