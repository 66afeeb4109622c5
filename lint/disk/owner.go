//go:build !windows

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// Owner is whose a file is, by number, where the system tells.
func Owner(info fs.FileInfo) (uid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

// keepOwner gives a new file to whom the old one belongs.
func keepOwner(file *os.File, like fs.FileInfo) error {
	if like == nil {
		return nil
	}
	was, ok := like.Sys().(*syscall.Stat_t)
	info, err := file.Stat()
	if !ok || err != nil {
		return err
	}
	is, ok := info.Sys().(*syscall.Stat_t)
	if !ok || is.Uid == was.Uid && is.Gid == was.Gid {
		return nil
	}
	return file.Chown(int(was.Uid), int(was.Gid))
}
