// Package ondisk brings a directory to what files say: what gen wrote is told
// from what somebody edited, and secrets are made once.
package ondisk

import (
	"io/fs"
	"path"
)

// File is a file to write.
type File struct {
	Path    string // relative to the output directory, with slashes
	Content []byte // nil for a secret: it is made when it is first written
	Mode    fs.FileMode
	Secret  bool // made once, never printed, compared or replaced

	Names []string // that a certificate is for
}

// sameSource tells that two names of intents in generated files mean the same
// one. Files of former releases name it without a way.
func sameSource(standing, wanted string) bool {
	return standing == wanted || standing == path.Base(wanted)
}
