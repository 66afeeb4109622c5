package canonical

import (
	"maps"
	"path"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// imply adds to a service what Compose adds to it once its files are merged:
// the default network, where it is built, and the services that it shares
// something with among those that it waits for.
func imply(service map[string]any, value *model.Value) {
	_, mode := service["network_mode"]
	_, provider := service["provider"]
	if networks, _ := service["networks"].(map[string]any); len(networks) == 0 && !mode && !provider {
		service["networks"] = map[string]any{"default": nil}
	}
	if written := value.Get("build"); written != nil && !hasMarks(written) {
		build, _ := service["build"].(map[string]any)
		if build == nil {
			build = map[string]any{}
		}
		service["build"] = build
		if written.Get("context") == nil {
			build["context"] = written.Origin.Document.Directory
		}
		_, inline := build["dockerfile_inline"]
		if _, named := build["dockerfile"]; !named && !inline {
			build["dockerfile"] = "Dockerfile"
		}
	}
	if volumes, ok := service["volumes"].([]any); ok {
		for _, item := range volumes {
			if volume, ok := item.(map[string]any); ok && volume["target"] != nil {
				volume["target"] = path.Clean(text(volume["target"]))
			}
		}
	}
	needs, _ := service["depends_on"].(map[string]any)
	if needs == nil {
		needs = map[string]any{}
	}
	need := func(name string, more map[string]any) {
		if _, known := needs[name]; !known {
			needs[name] = map[string]any{"condition": "service_started", "required": "true"}
			maps.Copy(needs[name].(map[string]any), more)
		}
	}
	restarts := map[string]any{"restart": "true"}
	links, _ := service["links"].([]any)
	for _, link := range links {
		name, _, _ := strings.Cut(text(link), ":")
		need(name, restarts)
	}
	for _, key := range []string{"network_mode", "ipc", "pid", "uts", "cgroup"} {
		if name, found := strings.CutPrefix(text(service[key]), "service:"); found {
			need(name, restarts)
		}
	}
	from, _ := service["volumes_from"].([]any)
	for _, other := range from {
		if name, _, _ := strings.Cut(text(other), ":"); name != "container" {
			need(name, nil)
		}
	}
	if len(needs) > 0 {
		service["depends_on"] = needs
	}
}
