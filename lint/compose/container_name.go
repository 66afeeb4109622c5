package compose

import (
	"slices"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// mostNamesakes are compared with each other: nobody has as many profiles.
const mostNamesakes = 100

// containerNames wants each container to have a name of its own: Compose
// refuses a second one of the same as soon as both services are active.
func (c *consistency) containerNames() {
	named := map[string][]model.Entry{} // services by the name of their container
	for _, entry := range entriesOf(c.services) {
		name := entry.Value.Get("container_name")
		if name == nil || name.Marked || name.Text == "" {
			continue
		}
		others := named[name.Text]
		if at := slices.IndexFunc(others, func(other model.Entry) bool { return runTogether(entry.Value, other.Value) }); at >= 0 {
			c.name = entry.Name
			c.refuse(name.Origin, "container_name %q of service %q is that of service %q already", name.Text, entry.Name, others[at].Name)
			continue // and is none that a third could be held to
		}
		if len(others) < mostNamesakes {
			named[name.Text] = append(others, entry)
		}
	}
}

// runTogether reports whether there is a profile with which both services are
// active. Without a profile a service always is.
func runTogether(one, other *model.Value) bool {
	mine, others := textsOf(one.Get("profiles")), textsOf(other.Get("profiles"))
	return len(mine) == 0 || len(others) == 0 || slices.ContainsFunc(mine, func(profile string) bool { return slices.Contains(others, profile) })
}
