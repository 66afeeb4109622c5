package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
)

// isConf tells the configuration of a server from a compose file, by its name
// as servers and their images take them.
func isConf(path string) bool { return strings.EqualFold(filepath.Ext(path), ".conf") }

// addReaders adds the projects that read conf files. That no project reads a
// file is said and no trouble: it may be for something else.
func (j *judgement) addReaders(find *compose.Finder, confs []string) {
	readers := inspect.NewConfReaders(j.roots, tell(j.settings))
	for _, conf := range confs {
		found, err := readers.AddTo(find, conf)
		switch {
		case err != nil:
			j.trouble(err)
		case !found:
			fmt.Fprintf(j.stderr, "rcomp: no compose file has a server that reads %q\n", conf)
		}
	}
}
