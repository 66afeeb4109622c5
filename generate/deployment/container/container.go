// Package container decides what every server's container has beside its memory:
// when it is started again, its share of the CPUs, its log and its capabilities.
package container

import (
	"cmp"
	"slices"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// Container is what every server's container has.
type Container struct {
	Restart              string // no, always, unless-stopped, on-failure or on-failure:5
	CPUs                 string // a decimal number; empty for no bound
	LogSize, LogFiles    int64  // bytes of each
	Capabilities         []Capability
	SentinelCapabilities []Capability
}

// Capability is a Linux capability that the container starts with, and what for.
type Capability struct{ Name, Why string }

// Of decides what a container has that no other decision bears on. A server that
// is not alone has a program beside it.
func Of(i *intent.Intent, release redis.Release, alone bool) Container {
	c := Container{
		Restart: cmp.Or(i.Restart, "unless-stopped"), CPUs: i.CPUs,
		LogSize: cmp.Or(i.LogSize, 10*units.MiB), LogFiles: cmp.Or(i.LogFiles, 3),
		Capabilities: capabilitiesOf(release),
	}
	if alone {
		return c
	}
	c.SentinelCapabilities = c.Capabilities
	// The start program signals a server that runs as another user.
	c.Capabilities = append(slices.Clone(c.Capabilities), Capability{"KILL", "lets the start program, which stays root, stop the server"})
	return c
}

// capabilitiesOf are what a server of a release starts with.
func capabilitiesOf(release redis.Release) []Capability {
	all := []Capability{
		{"CHOWN", "gives the data and the joined redis.conf to the server's user"},
		{"DAC_OVERRIDE", "reads the password and redis.conf whoever owns them on the host"},
		{"SETGID", "steps down"},
		{"SETUID", "steps down"},
	}
	if release.LoadsModules() { // the entrypoint of Redis 8 also empties the bounding set
		all = append(all, Capability{"SETPCAP", "gives up every capability for good"})
	}
	return all
}
