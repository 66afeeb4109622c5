package compose

import (
	"regexp"
	"slices"

	"github.com/rcomp/rcomp/lint/disk"
)

// aKey is what may be the name of a service.
var aKey = regexp.MustCompile(`([\w.-]+)["']?\s*:`)

// KeysBelow collects all that may name a service in the compose files below a
// directory, none of which is judged for that; nil where not all of them can be
// read.
func KeysBelow(tree *disk.Tree, directory string) map[string]bool {
	groups, err := Discover(tree, directory)
	if err != nil {
		return nil
	}
	keys := map[string]bool{}
	for _, file := range slices.Concat(groups...) {
		content, err := tree.ReadFile(file)
		if err != nil {
			return nil
		}
		for _, found := range aKey.FindAllSubmatch(content, -1) {
			keys[string(found[1])] = true
		}
	}
	return keys
}
