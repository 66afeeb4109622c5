package inspect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// What an image's own entrypoint needs to step down from root, and a container
// does not have (tried on the entrypoints of Redis 7.0.15 and 8.0.2 and Valkey
// 8.1.1). A service that names a user needs none of it.

// endsForCapabilities: up to Redis 7.4 and in Valkey the entrypoint always
// becomes another user, and stops where it cannot. From Redis 8 on it stays root
// there, and stops where it may become another and not give up the rest.
func endsForCapabilities(s *Service, p process) []End {
	lacking := s.LackingCapabilities()
	plain := p.entrypoint && !p.wrapped && s.script == nil && s.Image.StepsDown(p.called) && s.Built == nil && !s.Unread
	_, skips, _ := s.Variable("SKIP_DROP_PRIVS")
	if !plain || skips || !isRoot(s.Config.User) || s.Config.Privileged || len(s.Config.CapDrop) == 0 || !s.Image.ReleaseKnown || lacking == nil {
		return nil
	}
	return []End{{EndCapabilities, fmt.Sprintf("cap_drop leaves the image's entrypoint without %s, which it needs to become the server's user: name that user, or add them", strings.Join(lacking, " and ")), s.KeyAt("cap_drop")}}
}

// LackingCapabilities are those that the entrypoint of an image needs to become
// another user, and that the container has not.
func (s *Service) LackingCapabilities() []string {
	changes := s.hasCapability("SETUID") && s.hasCapability("SETGID")
	switch newer := s.Image.Family == redis.OfficialRedis && s.Release.AtLeast(8, 0); {
	case newer && changes && !s.hasCapability("SETPCAP"):
		return []string{"SETPCAP"}
	case !newer && !changes:
		return []string{"SETUID", "SETGID"}
	}
	return nil
}

// hasCapability reports whether a container has a capability that Docker gives
// to all.
func (s *Service) hasCapability(name string) bool {
	names := func(list []string) bool {
		return slices.ContainsFunc(list, func(entry string) bool {
			entry = strings.TrimPrefix(strings.ToUpper(entry), "CAP_")
			return entry == name || entry == "ALL" || !isKnown(entry)
		})
	}
	return names(s.Config.CapAdd) || !names(s.Config.CapDrop)
}
