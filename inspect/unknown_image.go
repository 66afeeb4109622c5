package inspect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// noteUnknownImage says that a service is not judged whose image is a variable
// without a value, where something else that it says speaks of Redis.
func noteUnknownImage(service *compose.Service) {
	variables := unset.VariablesIn(service.Config.Image)
	if len(variables) == 0 || !speaksOfRedis(service) || runsTool(service) {
		return
	}
	service.Project.Note(service.At("image"), service.Name,
		fmt.Sprintf("%q is not judged: which image it runs is not known, since %s has no value here", service.Name, variables[0]))
}

// runsTool reports whether a service runs a program that never becomes a
// server.
func runsTool(service *compose.Service) bool {
	command, given := service.Command("command")
	return given && len(command.Words) > 0 && isTool(command.Words[0].Text)
}

var (
	// engineWord is an engine as a word of a name or a path: not all that looks
	// like one is (predis, redisson).
	engineWord = regexp.MustCompile(`(?i)(^|[^a-z0-9])(redis|valkey|keydb)([^a-z]|$)`)
	// usesEngine is a name of what only uses one.
	usesEngine = regexp.MustCompile(`(?i)(redis|valkey|keydb)[-_.]?(commander|insight|exporter|ui|admin|browser|client|app|worker|api|web|proxy)`)
	// ownOption is an option that hardly any other program has.
	ownOption   = regexp.MustCompile(`^--(appendonly|appendfsync|maxmemory|maxmemory-policy|requirepass|masterauth|replicaof|slaveof|protected-mode|cluster-enabled)$`)
	serverPorts = []string{"6379", "26379"}
)

// speaksOfRedis reports whether a service's name, what is known of its image,
// its command, its ports or where its volumes are mounted are those of a server.
func speaksOfRedis(service *compose.Service) bool {
	repository, _, _ := strings.Cut(unset.WhenUnset(service.Config.Image), ":")
	if namesServer(service.Name) || namesServer(repository) {
		return true
	}
	for _, port := range service.Config.Ports {
		if slices.Contains(serverPorts, port.Target) {
			return true
		}
	}
	for _, volume := range service.Config.Volumes {
		if engineWord.MatchString(volume.Target) {
			return true
		}
	}
	for _, key := range []string{"entrypoint", "command"} {
		command, _ := service.Command(key)
		for _, word := range command.Words {
			if ownOption.MatchString(word.Text) || strings.HasSuffix(word.Text, ".conf") && engineWord.MatchString(word.Text) {
				return true
			}
		}
	}
	return false
}

func namesServer(name string) bool {
	return engineWord.MatchString(name) && !usesEngine.MatchString(name)
}
