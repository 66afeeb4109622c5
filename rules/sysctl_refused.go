package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var sysctlRefused = &lint.Rule{
	ID:       "sysctl-refused",
	Group:    "start",
	Severity: lint.Error,
	Summary:  "A kernel setting is asked for that no container may have",
	Why: `
vm.overcommit_memory and the like belong to the whole host: Docker refuses to
make the container ("sysctl is not allowed"). Only net.*, kernel.shm*,
kernel.msg*, kernel.sem and fs.mqueue.* are a container's own. Set the others on
the host, in /etc/sysctl.d. The server's warning about overcommit is a warning.
`,
	Refs: []string{"https://docs.docker.com/reference/cli/docker/container/run/#sysctl"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    sysctls: [vm.overcommit_memory=1]\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    sysctls: [net.core.somaxconn=1024]\n",
		Mend:     "Set it on the host, and take it out of the file.",
		Ignore:   "Never: the container is not made.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "on the host, since it belongs to it:",
		Lines:  []string{"sysctl -w <name>=<value>"},
		Choose: "<name>=<value>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			for _, name := range sysctls(s) {
				if !slices.ContainsFunc(ofContainer, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
					offer(p.Report(s.KeyAt("sysctls", name), s.Service, "%q asks for %s, which belongs to the host: Docker does not make the container", s.Name, name), dropSysctl(s, name))
				}
			}
		}
	},
}

// ofContainer are what the sysctls begin with that have a namespace (tried on
// Docker 26: vm.overcommit_memory is not allowed).
var ofContainer = []string{"net.", "kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.", "kernel.domainname", "kernel.hostname"}

// sysctls are the names of a mapping, or of NAME=value in a list.
func sysctls(s *inspect.Service) (names []string) {
	value := s.Value.Get("sysctls")
	if value == nil {
		return nil
	}
	for _, entry := range value.Entries {
		names = append(names, entry.Name)
	}
	for _, item := range value.Items {
		name, _, _ := strings.Cut(item.Text, "=")
		names = append(names, name)
	}
	return names
}
