package e2e

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// addresses knows where the services of a set are now. Containers' names mean
// nothing on the host, but the host reaches containers' addresses, also in an
// internal network.
type addresses struct {
	set *set

	mu     sync.Mutex
	asked  time.Time
	places map[string]string // service to address, of those that run and have one
	owners map[string]string // address to the service that has it or had it last
}

// How old an answer of the engine may be, since asking costs a process: an
// address is asked for when a connection is made, an owner all the time where
// sentinels announce addresses.
const (
	addressAge = 100 * time.Millisecond
	ownerAge   = time.Second
)

// of returns the present address of a service.
func (a *addresses) of(service string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refresh(addressAge)
	if place, found := a.places[service]; found {
		return place, nil
	}
	return "", fmt.Errorf("%s does not run or has no network", service)
}

// owner returns the service that a host as sentinels announce it means, or ""
// for a stranger.
func (a *addresses) owner(host string) string {
	if slices.Contains(a.set.services(), host) {
		return host
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refresh(ownerAge)
	return a.owners[host]
}

// refresh asks the engine unless it did so recently.
func (a *addresses) refresh(age time.Duration) {
	if time.Since(a.asked) < age {
		return
	}
	// An error says that a container does not exist at the moment; what is said
	// of the others holds.
	output, _ := dockerOutput(append([]string{"inspect", "--format",
		"{{.Name}} {{.State.Running}}{{range .NetworkSettings.Networks}} {{.IPAddress}}{{end}}"},
		a.set.containers(a.set.services()...)...)...)
	a.asked = time.Now()
	a.places = map[string]string{}
	if a.owners == nil {
		a.owners = map[string]string{}
	}
	for line := range strings.Lines(output) {
		a.note(strings.Fields(line))
	}
}

// note takes in one container: its name, whether it runs, and its addresses.
func (a *addresses) note(words []string) {
	if len(words) < 3 || words[1] != "true" {
		return
	}
	for _, service := range a.set.services() {
		if "/"+a.set.container(service) != words[0] {
			continue
		}
		a.places[service] = words[2]
		for _, address := range words[2:] {
			a.owners[address] = service
		}
	}
}

// dial connects to a service by its name, or to an address, and says which
// service answers there.
func (a *addresses) dial(ctx context.Context, network, address string) (net.Conn, string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, "", err
	}
	service := a.owner(host)
	if service == host {
		if host, err = a.of(service); err != nil {
			return nil, "", err
		}
	}
	// The time that the engine took to answer is not the server's.
	connection, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(context.WithoutCancel(ctx), network, net.JoinHostPort(host, port))
	if err != nil || a.set.encryption == nil {
		return connection, service, err
	}
	// The certificate must be for the name by which the server is known.
	asked := a.set.encryption.Clone()
	asked.ServerName = service
	return tls.Client(connection, asked), service, nil
}

// plainly is dial for clients that need not know who answers.
func (a *addresses) plainly(ctx context.Context, network, address string) (net.Conn, error) {
	connection, _, err := a.dial(ctx, network, address)
	return connection, err
}
