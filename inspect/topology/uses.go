package topology

import (
	"regexp"
	"strings"

	"github.com/rcomp/rcomp/inspect"
)

// Purpose is what a service uses a server for.
type Purpose string

// The purposes.
const (
	ForClients Purpose = "client"   // an application
	ForJobs    Purpose = "queue"    // an application that keeps jobs there
	ForCache   Purpose = "cache"    // an application that speaks of a cache
	ForMetrics Purpose = "exporter" //
	ForPeople  Purpose = "admin"    // a user interface
	ForBackup  Purpose = "backup"   // it copies the data, over the network or from the volume
	ByCommand  Purpose = "command"  // redis-cli or the like
)

// Use is a service that uses a server.
type Use struct {
	inspect.Use
	Purpose Purpose
	Address Address
	Login   Login
	Volume  string // that both mount, where it reaches the data by that
}

func (t *Topology) findUses() {
	for _, use := range inspect.Uses(t.project) {
		if by := t.places.known[use.By]; by == nil || by.Kind != inspect.Exporter {
			t.Uses = append(t.Uses, t.use(use, t.purposeOf(use)))
		}
	}
	for _, s := range t.Services {
		if s.Kind == inspect.Exporter {
			t.findExport(s)
		}
		t.findCalls(s)
	}
	t.findVolumes()
	for _, use := range t.Uses {
		if s := use.Address.Server; s != nil {
			t.uses[s] = append(t.uses[s], use)
		}
	}
}

func (t *Topology) use(use inspect.Use, purpose Purpose) Use {
	return Use{
		Use: use, Purpose: purpose, Address: t.address(use.By, use.Host, use.Port),
		Login: Login{User: use.User, Password: use.Password, Given: use.Password != "", Unknown: use.URL == "" || strings.Contains(use.Password, "%"), At: use.At},
	}
}

func (t *Topology) purposeOf(use inspect.Use) Purpose {
	by := t.places.known[use.By]
	switch {
	case by != nil && by.Kind == inspect.Admin:
		return ForPeople
	case use.Queue != "":
		return ForJobs
	case use.Cache:
		return ForCache
	}
	return ForClients
}

// findCalls looks at what a service calls redis-cli for.
func (t *Topology) findCalls(s *inspect.Service) {
	for _, call := range s.ClientCalls() {
		host := call.Host
		if host == "" {
			host = "localhost"
		}
		if call.ClusterCommand != "" || listens[s.Kind] && IsLoopback(host) {
			continue
		}
		use := inspect.Use{By: s.Service, At: call.At, Host: host, Port: call.Port, User: call.User, Password: call.Password, Database: call.Database, TLS: call.TLS}
		purpose := ByCommand
		if call.Mode == "--rdb" || len(call.Command) > 0 && copies.MatchString(call.Command[0]) {
			purpose = ForBackup
		}
		found := t.use(use, purpose)
		found.Login.Unknown = !call.PasswordGiven // a variable may give it
		t.Uses = append(t.Uses, found)
	}
}

var copies = regexp.MustCompile(`(?i)^(bgsave|save|bgrewriteaof)$`)

// findVolumes looks for services that mount the data of a server, and are none.
func (t *Topology) findVolumes() {
	owner := map[string]*inspect.Service{}
	for _, s := range inspect.Stores(t.project) {
		directory, known := s.Directory()
		if mount, mounted := s.MountAt(directory); known && mounted && mount.Source != "" && owner[mount.Source] == nil {
			owner[mount.Source] = s
		}
	}
	for _, service := range t.project.Services {
		if other := t.places.known[service]; other != nil && listens[other.Kind] {
			continue
		}
		seen := map[*inspect.Service]bool{}
		for _, volume := range service.Config.Volumes {
			s := owner[volume.Source]
			if s == nil || seen[s] {
				continue
			}
			seen[s] = true
			t.Uses = append(t.Uses, Use{
				Use: inspect.Use{By: service, At: volume.Span}, Purpose: ForBackup, Address: Address{Server: s}, Volume: volume.Source,
				Login: Login{Unknown: true},
			})
		}
	}
}

// UsesOf returns what the services of a project say of a server.
func (t *Topology) UsesOf(s *inspect.Service) []Use { return t.uses[s] }
