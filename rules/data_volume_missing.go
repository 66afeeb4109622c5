package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var dataVolumeMissing = &lint.Rule{
	ID:       "data-volume-missing",
	Group:    "persistence",
	Severity: lint.Warning,
	Summary:  "The server saves its data, but not on a volume that lasts",
	Why: `
What the server writes to its data directory is gone with the container unless a
named volume or a bind mount is there: docker compose down is enough. Older
images bring an anonymous volume, which stays behind unused then. A volume on
another path than the image's (/data for redis and valkey, /bitnami/redis/data
for Bitnami) holds nothing. If the data may go, turn saving off (save "",
appendonly no). A service that is a cache by its name, its policy or its clients,
and does not ask for saving, is not found, and neither is a replica whose master
the project has, where no sentinel promotes it.
`,
	Refs: []string{"https://docs.docker.com/engine/storage/volumes/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly yes\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly yes\n    volumes: [data:/data]\nvolumes:\n  data:\n",
		Mend:     "Mount a named volume where the data are, or turn saving off: --save '' --appendonly no.",
		Ignore:   "Where the data may go. For a cache, tell it in .rcomp.toml: [services.NAME] role = \"cache\".",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, and the volume at the top level:",
		Lines:  []string{"volumes:", "  - <name>:/data"},
		Choose: "<name>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Stores(p.Project) {
			directory, known := s.Directory()
			if !known || s.Partial || s.Unread || !s.Saves() || isCache(s) || s.MayLoseData() || copiesMaster(s) || mountsUnseen(s) {
				continue
			}
			mount, mounted := s.MountAt(directory)
			switch {
			case mounted && mount.Type == compose.TypeVolume && mount.Source == "":
				offer(p.Report(mount.Span, s.Service, "%q saves its data on an anonymous volume, which docker compose down leaves behind", s.Name), nameVolume(s, directory, mount))
			case mounted:
			case s.VolumeOfBuild(directory) != nil:
				p.Report(s.VolumeOfBuild(directory).At, s.Service, "%q saves its data on an anonymous volume, which docker compose down leaves behind", s.Name)
			default:
				if stray, ok := strayVolume(s, directory); ok {
					offer(p.Report(stray.Span, s.Service, "%q saves its data in %s, not in %s: nothing is kept", s.Name, directory, stray.Target), moveVolume(s, directory, stray))
					continue
				}
				if s.WhyNotWritable() != "" {
					continue // nothing is saved there: snapshot-not-writable, and server-ends
				}
				offer(p.Report(s.Span(), s.Service, "%q saves its data in %s, where no named volume or bind mount is: it is gone with the container", s.Name, directory), addVolume(s, directory))
			}
		}
	},
}

// isCache reports whether a server may lose any key at any time anyway, and
// nobody asked it to save.
func isCache(s *inspect.Service) bool {
	if s.Cache() != "" {
		return true
	}
	policy := s.Get("maxmemory-policy")
	return policy.Set && (!policy.Known || strings.HasPrefix(policy.Value, "allkeys-")) && !s.AsksToSave()
}

// copiesMaster reports whether a server is a replica that gets its data from
// another of the project whenever it starts. One that sentinels may promote, or
// a node of a cluster, is the only one that has them then.
func copiesMaster(s *inspect.Service) bool {
	return topology.Of(s.Project).MasterOf(s) != nil && len(inspect.Sentinels(s.Project)) == 0
}

// mountsUnseen reports whether there is more mounted than can be seen.
func mountsUnseen(s *inspect.Service) bool {
	return len(s.Config.VolumesFrom) > 0 || slices.ContainsFunc(s.Mounts, func(m inspect.Mount) bool { return !unset.Known(m.Target) })
}

// strayVolume returns a volume that was meant for the data.
func strayVolume(s *inspect.Service, directory string) (inspect.Mount, bool) {
	for _, mount := range s.Mounts {
		named := mount.Type == compose.TypeVolume && (strings.HasPrefix(mount.Target, directory+"/") || meantForData.MatchString(mount.Target))
		bound := mount.Type == compose.TypeBind && dataOnly.MatchString(mount.Target)
		if (named || bound) && !otherPurpose.MatchString(mount.Target) {
			return mount, true
		}
	}
	return inspect.Mount{}, false
}

// What people mount for the data where the image does not keep them. Of a
// bind mount the name has to be plainer: it may well bring files for the server.
var (
	meantForData = regexp.MustCompile(`^/bitnami\b|(redis|valkey|data)[^/]*$`)
	dataOnly     = regexp.MustCompile(`^/bitnami\b|^/var/lib/(redis|valkey)$|/data$`)
	otherPurpose = regexp.MustCompile(`/(etc|run|log|logs|tmp|conf|config|ssl|tls|certs?|modules|scripts)(/|$)|\.[a-z]+$`)
)
