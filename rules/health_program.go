package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/redis"
)

// absent are programs that the images have not: the Debian ones of Redis and
// Valkey bring no client but their own, Alpine has no bash.
var absent = map[bool][]string{
	false: {"curl", "wget", "nc", "ncat", "netcat", "telnet"},
	true:  {"bash", "curl"},
}

// lacksProgram says which program of a check the image has not.
func lacksProgram(s *inspect.Service, test []string) string {
	program, _, _ := strings.Cut(strings.TrimSpace(test[1]), " ")
	if test[0] == "CMD" {
		program = test[1]
	}
	official := s.Image.Family == redis.OfficialRedis || s.Image.Family == redis.ValkeyImage
	switch name := path.Base(program); {
	case !official || s.Built != nil || s.Unread || strings.HasPrefix(program, "/"):
		return ""
	case test[0] == "CMD" && len(test) == 2 && strings.Contains(program, " "):
		return fmt.Sprintf("runs a program of the name %q, blanks and all", program) // tried on Docker 28
	case name == "valkey-cli" && s.Image.Engine == redis.Redis,
		slices.Contains(absent[strings.Contains(s.Image.Variant, "alpine")], name):
		return fmt.Sprintf("runs %s, which the image has not", name)
	}
	return ""
}
