package inspect

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"
)

// Mount is something of the project that stands in a container's file system.
type Mount struct {
	Target   string // clean absolute path in the container
	Type     string // bind, volume, tmpfs, config, secret, image
	Source   string // of a bind mount the absolute path, of a volume its name; "" anonymous
	ReadOnly bool
	Subpath  string
	// CreatesDirectory: a missing source of a bind mount becomes a directory.
	CreatesDirectory bool
	Span             position.Span
	content          string // inline content of a config
	hasContent       bool
	filled           bool // by the swarm, which makes the file of a template
}

// Content is the text of a config that stands in the compose file; given is
// false for every other mount.
func (m *Mount) Content() (text string, given bool) { return m.content, m.hasContent }

// mounts lists what a service mounts, longest target first.
func mounts(service *compose.Service) []Mount {
	var all []Mount
	for _, volume := range service.Config.Volumes {
		all = append(all, volumeMount(service, volume))
	}
	for _, target := range service.Config.Tmpfs {
		target, _, _ := strings.Cut(target, ":")
		all = append(all, Mount{Target: path.Clean(target), Type: "tmpfs", Span: service.At("tmpfs")})
	}
	for _, reference := range service.Config.Configs {
		all = append(all, configMount(service, reference))
	}
	for _, reference := range service.Config.Secrets {
		target := reference.Target
		if !strings.HasPrefix(target, "/") {
			target = "/run/secrets/" + nonEmpty(target, reference.Source)
		}
		all = append(all, Mount{Target: path.Clean(target), Type: "secret", Source: reference.Source, ReadOnly: true, Span: reference.Span})
	}
	slices.SortStableFunc(all, func(a, b Mount) int { return len(b.Target) - len(a.Target) })
	return all
}

func volumeMount(service *compose.Service, volume compose.Volume) Mount {
	mount := Mount{
		Target: path.Clean(volume.Target), Type: volume.Type, Source: volume.Source, ReadOnly: volume.ReadOnly,
		Subpath: volume.Subpath, CreatesDirectory: volume.CreatesHostPath, Span: volume.Span,
	}
	if device, ok := boundVolume(service.Project, volume); ok {
		mount.Type, mount.Source = compose.TypeBind, filepath.Join(device, filepath.FromSlash(mount.Subpath))
	}
	return mount
}

// boundVolume recognises a named volume that is a directory of the host:
// driver local with the options type none, o bind and device.
func boundVolume(project *compose.Project, volume compose.Volume) (device string, ok bool) {
	if volume.Type != compose.TypeVolume {
		return "", false
	}
	resource, _ := project.Resource("volumes", volume.Source)
	device, bound := resource.DriverOpts["device"], strings.Contains(resource.DriverOpts["o"], "bind")
	if !bound || device == "" {
		return "", false
	}
	return compose.Absolute(project.Directory, device), true
}

func configMount(service *compose.Service, reference compose.Reference) Mount {
	mount := Mount{Target: reference.Target, Type: "config", ReadOnly: true, Span: reference.Span}
	if mount.Target == "" {
		mount.Target = "/" + reference.Source
	}
	mount.Target = path.Clean(mount.Target)
	config, _ := service.Project.Resource("configs", reference.Source)
	mount.Source = config.File
	if config.TemplateDriver != "" {
		// Swarm fills the file in; what the server reads is not what it says.
		mount.Source, mount.filled = "", true
		return mount
	}
	if config.Content != "" {
		mount.content, mount.hasContent = config.Content, true
		mount.Source = reference.Source
	}
	return mount
}
