package inspect

import "github.com/rcomp/rcomp/lint/position"

// MemoryLimit returns a container's limit in bytes, 0 for none, and where it
// is written. known is false where a variable decides.
func (s *Service) MemoryLimit() (bytes int64, at position.Span, known bool) {
	deploy := []any{"deploy", "resources", "limits", "memory"}
	if len(s.Unresolved("mem_limit")) > 0 || len(s.Unresolved(deploy...)) > 0 {
		return 0, s.Span(), false
	}
	if s.Config.MemLimit > 0 {
		return s.Config.MemLimit, s.At("mem_limit"), true
	}
	if s.Config.Deploy.MemoryLimit > 0 {
		return s.Config.Deploy.MemoryLimit, s.At(deploy...), true
	}
	return 0, s.Span(), true
}

// Saves reports whether a server certainly writes snapshots or an append-only
// file: then it forks, and its data outlive it.
func (s *Service) Saves() bool {
	if s.Kind == Compatible {
		return s.compatibleSaves()
	}
	save, appendonly := s.Get("save"), s.Get("appendonly")
	return save.Known && save.Value != "" || appendonly.Known && appendonly.Value == "yes"
}
