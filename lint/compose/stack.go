package compose

import (
	"slices"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// onlyInStacks are keys below deploy that mean something to a swarm alone.
var onlyInStacks = []string{"mode", "update_config", "rollback_config", "placement", "endpoint_mode"}

// OfStack reports whether a service says by itself what only a stack has.
func (s *Service) OfStack() bool { return saysOfStack(s.Value) }

func saysOfStack(service *model.Value) bool {
	return slices.ContainsFunc(onlyInStacks, func(key string) bool { return service.Find("deploy", key) != nil })
}

// isStack reports whether a project is written for a swarm: it says what only
// a stack has, below deploy or as a network that reaches several machines. A
// comment is no evidence. docker stack reads the version key, other than Compose:
// it chooses what may be written (docker stack config 28.2.2 refuses
// endpoint_mode in 3.0, and any 2.4).
func (p *Project) isStack() bool {
	for _, entry := range entriesOf(p.model.Get("services")) {
		if saysOfStack(entry.Value) {
			return true
		}
	}
	for _, entry := range entriesOf(p.model.Get("networks")) {
		if textOf(entry.Value.Get("driver")) == "overlay" {
			return true
		}
	}
	return false
}
