package rollout

import (
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
)

// encryption says what clients that connect as they did find. One server can
// speak TLS and plain text side by side, on a port each, until all of them have
// moved; members of a set cannot, among each other.
func (c *change) encryption() {
	before, after := c.before, c.after
	switch had, has := before.encrypts(), after.encrypts(); {
	case !had && has && after.plainPort() != "":
		c.says("TLS comes on port %s, and port %s goes on without: clients move with secrets/%s, one after the other, and none is refused before plain-text leaves the intent",
			after.setting(tlsPort), after.plainPort(), credentials.AuthorityFile)
	case !had && has:
		c.says("TLS comes: clients need secrets/%s and an encrypted connection from the restart on%s%s", credentials.AuthorityFile, c.atOnce(),
			c.sideBySide("port = 6380 and plain-text = true in [tls] leave port 6379 as it is until they have moved"))
	case had && !has && (len(before.servers) > 1 || before.setting(tlsPort) == usualPort):
		c.says("TLS goes: clients that ask for an encrypted connection are refused from the restart on%s", c.atOnce())
	case had && !has && before.plainPort() == "":
		c.says("TLS goes: clients that ask for an encrypted connection are refused from the restart on%s", c.sideBySide("plain-text = true in [tls] opens port 6379 before, until they have moved"))
	case had && !has:
		c.says("TLS goes: clients that still ask for it on port %s are refused from the restart on", before.setting(tlsPort))
	case had && has:
		c.portsOfTLS()
		if was, is := before.secretFile(credentials.AuthorityFile), after.secretFile(credentials.AuthorityFile); was != is {
			c.says("another authority: clients have to trust the one in %s, beside the former, before servers restart", strings.TrimPrefix(is, "./"))
		}
	}
}

// secretFile is where the servers have a secret from.
func (d deployed) secretFile(name string) string {
	definition, _ := d.services[d.servers[0]].secrets[name].(map[string]any)
	file, _ := definition["file"].(string)
	return file
}

const (
	tlsPort   = "tls-port"
	usualPort = "6379"
)

// portsOfTLS says which ports speak otherwise than they did.
func (c *change) portsOfTLS() {
	before, after := c.before, c.after
	if before.setting(tlsPort) == "" {
		return // redis.conf is lost, or of another time than what reads it
	}
	if before.setting(tlsPort) != after.setting(tlsPort) {
		c.says("TLS moves from port %s to port %s: clients that ask for it where it was are refused from the restart on", before.setting(tlsPort), after.setting(tlsPort))
	}
	switch was, is := before.plainPort(), after.plainPort(); {
	case was != "" && is == "":
		c.says("port %s closes: clients that have not moved to TLS on port %s are refused; README.md had the command that counts them", was, after.setting(tlsPort))
	case was == "" && is != "":
		c.says("port %s opens without TLS: what clients send and get there can be read on the way", is)
	}
}

// atOnce is why several servers do not change one after the other.
func (c *change) atOnce() string {
	if len(c.after.servers) < 2 {
		return ""
	}
	return "; members with and without do not understand each other, so restart all at once, and clients with them"
}

// sideBySide is a word of the way by which no client is refused, where there is
// one: on the host's network a server has one port.
func (c *change) sideBySide(way string) string {
	if len(c.after.servers) > 1 || c.after.services[c.after.servers[0]].definition["network_mode"] != nil {
		return ""
	}
	return "; " + way
}

func (d deployed) encrypts() bool { return d.has(credentials.AuthorityFile) }

// plainPort is where one server that speaks TLS listens without, "" where it does not.
func (d deployed) plainPort() string {
	return strings.TrimPrefix(d.setting("port"), "0")
}
