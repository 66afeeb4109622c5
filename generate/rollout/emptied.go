package rollout

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/ondisk"
)

// emptied says that a restart ends what is in memory alone. One after the other
// members get it from each other; one server has it from nobody.
func (c *change) emptied(old map[string][]byte, files []ondisk.File) {
	var changes []ondisk.Change
	for path, content := range contents(files) {
		state := ondisk.Same
		if before, stood := old[path]; stood && !bytes.Equal(before, content) {
			state = ondisk.Drifted
		}
		changes = append(changes, ondisk.Change{Path: path, State: state})
	}
	if !c.before.keeps() && restartsAll(Next(Client{}, old, files, changes)) {
		c.says("the restart empties what keeps nothing: all keys are lost, as with each restart so far")
	}
}

// restartsAll tells whether commands stop every server before one that is to go
// on has the keys.
func restartsAll(commands []string) bool {
	if slices.ContainsFunc(commands, func(command string) bool { return strings.HasPrefix(command, "sh roll.sh") }) {
		return false
	}
	return slices.ContainsFunc(commands, func(command string) bool {
		all := strings.HasPrefix(command, "docker compose up") && !strings.Contains(command, "--no-deps")
		return all || strings.HasPrefix(command, "docker stack deploy")
	})
}
