package rollout

import (
	"slices"
	"strings"
)

// emptied says that a restart ends what is in memory alone. One after the other
// members get it from each other; one server has it from nobody.
func (c *change) emptied(commands []string) {
	if !c.before.keeps() && c.before.project == c.after.project && restartsAll(commands) {
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
		all := strings.HasPrefix(command, "docker compose up") && !strings.Contains(command, "--no-deps") && !strings.Contains(command, "--no-recreate")
		return all || strings.HasPrefix(command, "docker stack deploy")
	})
}
