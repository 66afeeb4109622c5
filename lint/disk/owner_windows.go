package disk

import (
	"io/fs"
	"os"
)

// Owner is whose a file is, by number, where the system tells.
func Owner(fs.FileInfo) (uid int, known bool) { return 0, false }

// keepOwner gives a new file to whom the old one belongs: who writes it here
// owns it.
func keepOwner(*os.File, fs.FileInfo) error { return nil }
