package redis

import (
	"net/netip"
	"strings"
)

// stringChecks hold the texts that a server examines when it reads the line:
// each returns what is wrong, or "".
var stringChecks = map[string]func(string) string{
	"dbfilename":                      checkBaseName,
	"appendfilename":                  checkNonEmptyBaseName,
	"appenddirname":                   checkNonEmptyBaseName,
	"cluster-announce-hostname":       checkHostname,
	"cluster-announce-human-nodename": checkNodeName,
	"cluster-announce-client-ipv4":    checkAddress(netip.Addr.Is4, "IPv4"),
	"cluster-announce-client-ipv6":    checkAddress(netip.Addr.Is6, "IPv6"),
	"proc-title-template":             checkProcessTitle,
}

// checkString returns what is wrong with the text of a directive, or "".
func (r Release) checkString(name, text string) string {
	if text == "" && r.Engine == Valkey && r.AtLeast(8, 0) && (name == "dbfilename" || name == "cluster-config-file") {
		return checkNonEmptyBaseName(text) // tried on Valkey 8.0.1
	}
	if check, ok := stringChecks[name]; ok {
		return check(text)
	}
	return ""
}

func checkBaseName(text string) string {
	if strings.ContainsAny(text, `/\`) {
		return "must be a name without a directory; dir says where it lies"
	}
	return ""
}

func checkNonEmptyBaseName(text string) string {
	if text == "" {
		return "must not be empty"
	}
	return checkBaseName(text)
}

// maxHostname is the length that the server's buffer for a host name ends at.
const maxHostname = 256

func checkHostname(text string) string {
	if len(text) >= maxHostname {
		return "must be shorter than 256 characters"
	}
	if strings.ContainsFunc(text, func(c rune) bool { return c != '-' && c != '.' && !isAlphanumeric(c) }) {
		return "must be letters, digits, hyphens and dots only"
	}
	return ""
}

// forbiddenInNodeName are the characters that nodes.conf gives a meaning to,
// and others that the server keeps out.
const forbiddenInNodeName = "!#$%&()*+;<>?@[]^{|}~"

func checkNodeName(text string) string {
	if i := strings.IndexAny(text, forbiddenInNodeName); i >= 0 {
		return "must not hold " + text[i:i+1]
	}
	return ""
}

func isAlphanumeric(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func checkAddress(is func(netip.Addr) bool, name string) func(string) string {
	return func(text string) string {
		address, err := netip.ParseAddr(text)
		if text != "" && (err != nil || !is(address)) {
			return "must be an " + name + " address"
		}
		return ""
	}
}

// processTitleFields are the names that proc-title-template may hold in braces.
var processTitleFields = map[string]bool{
	"title": true, "listen-addr": true, "server-mode": true, "port": true,
	"tls-port": true, "unixsocket": true, "config-file": true,
}

func checkProcessTitle(text string) string {
	if strings.TrimSpace(text) == "" {
		return "must not be empty"
	}
	rest := text
	for {
		_, after, open := strings.Cut(rest, "{")
		if !open {
			return ""
		}
		if strings.HasPrefix(after, "{") { // "{{" is a brace
			rest = after[1:]
			continue
		}
		name, behind, closed := strings.Cut(after, "}")
		if !closed || !processTitleFields[name] {
			return "must hold no other fields than {title}, {listen-addr}, {server-mode}, {port}, {tls-port}, {unixsocket} and {config-file}"
		}
		rest = behind
	}
}
