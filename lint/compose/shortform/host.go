package shortform

import (
	"errors"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// Host is an entry of extra_hosts. Its texts may hold marks; one that is a
// variable alone has no addresses.
type Host struct {
	Name      string
	Addresses []string
}

// ParseHost reads an entry of extra_hosts in the short form, name=address or
// name:address, with commas between several addresses.
func ParseHost(text string) (Host, error) {
	name, addresses, found := strings.Cut(text, "=")
	if !found {
		name, addresses, found = strings.Cut(text, ":")
	}
	if !found && !unset.Known(text) {
		return Host{Name: text}, nil
	}
	if !found {
		return Host{}, errors.New("an address is missing")
	}
	if err := CheckHostName(name); err != nil {
		return Host{}, err
	}
	host := Host{Name: name, Addresses: strings.Split(addresses, ",")}
	for i, address := range host.Addresses {
		host.Addresses[i] = HostAddress(address)
	}
	return host, nil
}

// CheckHostName says what is wrong with a name of extra_hosts, in the long
// form too.
func CheckHostName(name string) error {
	switch {
	case name == "":
		return errors.New("a name of a host is missing")
	case strings.ContainsAny(name, ":="):
		return errors.New("a name of a host holds a colon or an equals sign")
	}
	return nil
}

// HostAddress is an address of extra_hosts without the brackets around it, in
// the long form too.
func HostAddress(text string) string {
	if len(text) > 2 && text[0] == '[' && text[len(text)-1] == ']' {
		return text[1 : len(text)-1]
	}
	return text
}
