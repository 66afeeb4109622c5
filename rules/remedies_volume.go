package rules

import (
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/edit"
)

// newVolume says that data start anew on a named volume.
const newVolume = "the server starts with an empty volume: what the old container holds is not taken along"

// addVolume plans a named volume for the data of a server.
func addVolume(s *inspect.Service, directory string) *edit.Plan {
	name := volumeName(s)
	plan := edit.New(s.Project, "keep %s on the volume %s", directory, name).Unsafe(newVolume)
	if !plainPath.MatchString(directory) {
		return plan.Refuse("the directory of the data is not plain")
	}
	return plan.Append(s.Service, []edit.Value{edit.Text(name + ":" + directory)}, "volumes").Top(s.Service, "volumes", edit.Entry{Key: name, Value: edit.Nothing()})
}

// nameVolume plans a name for an anonymous volume.
func nameVolume(s *inspect.Service, directory string, mount inspect.Mount) *edit.Plan {
	name := volumeName(s)
	plan := edit.New(s.Project, "keep %s on the volume %s", directory, name).Unsafe(newVolume)
	written := strings.Trim(s.Written(mount.Span), `"'`)
	if !plainPath.MatchString(written) {
		return plan.Refuse("the volume is not written plainly")
	}
	plan.Means("services." + s.Name + ".volumes")
	return plan.ReplaceAt(mount.Span, written, name+":"+written).Top(s.Service, "volumes", edit.Entry{Key: name, Value: edit.Nothing()})
}

// moveVolume plans a volume where the data are.
func moveVolume(s *inspect.Service, directory string, mount inspect.Mount) *edit.Plan {
	plan := edit.New(s.Project, "mount what is at %s at %s", mount.Target, directory).
		Unsafe("the server starts with what the volume holds: what the old container holds is not taken along").Means("services." + s.Name + ".volumes")
	if written := strings.Trim(s.Written(mount.Span), `"'`); !strings.HasSuffix(written, ":"+mount.Target) {
		return plan.Refuse("the volume is not written plainly")
	}
	return plan.ReplaceAt(mount.Span, ":"+mount.Target, ":"+directory)
}

// volumeName is a name for the data of a server that no volume has.
func volumeName(s *inspect.Service) string {
	name := notOfName.ReplaceAllString(s.Name, "-") + "-data"
	for s.Project.Value("volumes", name) != nil {
		name += "-volume"
	}
	return name
}

var notOfName = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

// ownVolume plans a volume of its own for a server that shares one.
func ownVolume(s *inspect.Service, mount inspect.Mount) *edit.Plan {
	name := volumeName(s)
	plan := edit.New(s.Project, "keep %s on a volume of its own, %s", mount.Target, name).Unsafe(newVolume).Means("services." + s.Name + ".volumes")
	written := strings.Trim(s.Written(mount.Span), `"'`)
	if mount.Type != compose.TypeVolume || !strings.HasPrefix(written, mount.Source+":") {
		return plan.Refuse("the volume is not written plainly")
	}
	return plan.ReplaceAt(mount.Span, mount.Source+":", name+":").Top(s.Service, "volumes", edit.Entry{Key: name, Value: edit.Nothing()})
}
