package rollout

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
)

// access says who is refused from the restart on.
func (c *change) access() {
	before, after := c.before, c.after
	const defaultSecret = credentials.DefaultPassword
	switch {
	case before.has(defaultSecret) && !after.has(defaultSecret):
		c.says("the default user is turned off: clients that log in with secrets/%s alone are refused from the restart on; default-user = true in the intent keeps it until they log in as users", defaultSecret)
	case !before.has(defaultSecret) && after.has(defaultSecret):
		c.says("the default user is turned on, with all rights and the password in secrets/%s", defaultSecret)
	}
	for _, user := range before.users() {
		if !slices.Contains(after.users(), user) {
			c.says("the user %s goes: clients that log in as it are refused from the restart on", user)
		}
	}
	for _, user := range after.users() {
		switch {
		case !slices.Contains(before.users(), user):
			c.says("the user %s comes: it can log in from the restart on, so restart servers before its clients", user)
		case before.rights[user] != after.rights[user]:
			c.says("the rights of the user %s change: what it may do no more is refused with NOPERM from the restart on", user)
		}
	}
	c.topology()
	c.encryption()
	for _, gone := range after.goneSince(before) {
		switch gone {
		case before.project + "-exporter":
			c.says("%s goes: whoever reads its metrics finds nobody", gone)
		case before.project + "-proxy":
			c.says("%s goes: clients that come that way find nobody, so let them ask the sentinels before", gone)
		}
	}
	c.certificates()
	c.secrets()
	c.networks()
	c.ports()
}

// topology says how clients find whom they write to.
func (c *change) topology() {
	before, after := c.before, c.after
	if before.topology == after.topology {
		return
	}
	switch after.topology {
	case intent.Standalone:
		c.says("clients change with the servers: they connect to %s", after.servers[0])
	case intent.Replicated:
		c.says("clients change with the servers: they write to %s, which leads always", after.servers[0])
	case intent.Sentinel:
		c.says("clients change with the servers: they ask the sentinels who leads, or the proxy where there is one")
	case intent.Cluster:
		c.says("clients change with the servers: they have to know clusters")
	}
}

// networks says in which of them containers find the servers.
func (c *change) networks() {
	before, after := c.before, c.after
	if before.project != after.project {
		return
	}
	comes, goes := differing(before.networks, after.networks)
	for _, left := range goes {
		c.says("servers leave the network %s: clients there do not find them any more", left)
	}
	for _, joined := range comes {
		c.says("servers join the network %s: whoever is there reaches their log-in", joined)
	}
}

// certificates says who needs one from the restart on.
func (c *change) certificates() {
	const asks = "tls-auth-clients"
	switch before, after := c.before.setting(asks), c.after.setting(asks); {
	case before == "no" && after == "yes":
		c.says("clients need a certificate of the same authority, beside their password, from the restart on: give them theirs before")
	case before == "yes" && after == "no":
		c.says("clients need no certificate any more: their password is enough from the restart on")
	}
}

// ports says what the host opens and closes.
func (c *change) ports() {
	before, after := c.before, c.after
	opened, closed := differing(before.publish, after.publish)
	if len(opened) > 0 {
		c.says("the host listens on %s: whoever reaches that address reaches the servers' log-in", strings.Join(opened, ", "))
	}
	if len(closed) > 0 {
		c.says("the host does not listen on %s any more: clients that come that way are refused from the restart on", strings.Join(closed, ", "))
	}
	if before.topology == intent.Cluster && after.topology == intent.Cluster && len(opened)+len(closed) > 0 {
		c.says("every client of the cluster is sent to other addresses and ports, those in containers too: README.md has them")
	}
	opened, closed = differing(before.metrics, after.metrics)
	if len(opened) > 0 {
		c.says("the host listens on %s: whoever reaches that address reads the metrics of all members, without a password", strings.Join(opened, ", "))
	}
	if _, stays := after.services[after.project+"-exporter"]; len(closed) > 0 && stays {
		c.says("the host does not listen on %s any more: whoever reads metrics there finds nobody", strings.Join(closed, ", "))
	}
}

// differing are what comes and what goes.
func differing(before, after []string) (comes, goes []string) {
	return without(after, func(one string) bool { return slices.Contains(before, one) }), without(before, func(one string) bool { return slices.Contains(after, one) })
}
