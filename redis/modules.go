package redis

import "strings"

// ModuleDirective tells whether a name belongs to a module of Redis 8:
// search-*, ts-*, bf-*, cf-* and the vector sets'. A server without the module
// refuses it; Redis 8's images load the modules themselves on amd64 and arm64.
func ModuleDirective(name string) bool {
	name = strings.ToLower(name)
	for _, pattern := range catalogue().modules {
		prefix, isPrefix := strings.CutSuffix(pattern, "*")
		if name == pattern || isPrefix && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// LoadsModules tells whether the release's own image loads modules beside the core.
func (r Release) LoadsModules() bool { return r.Engine == Redis && r.AtLeast(8, 0) }
