package topology

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
)

// Watch is a sentinel that watches a master.
type Watch struct {
	inspect.Monitor
	Sentinel *inspect.Service
	Address  Address
	Login    Login // at the master and at its replicas
}

// Master is what several sentinels watch under one name.
type Master struct {
	Name      string
	Watches   []Watch
	Sentinels int // containers
	Quorum    int // the largest
}

func (t *Topology) findWatches() {
	byName := map[string]*Master{}
	for _, s := range inspect.Sentinels(t.project) {
		counted := map[string]bool{} // a sentinel that names a master twice is one
		for _, monitor := range s.Monitors {
			watch := Watch{Monitor: monitor, Sentinel: s, Address: t.address(s.Service, monitor.Host, monitor.Port), Login: watchLogin(s, monitor)}
			t.Watches = append(t.Watches, watch)
			if there := watch.Address.Server; there != nil && t.watchers[there] == nil {
				t.watchers[there] = s
			}
			master := byName[monitor.Name]
			if master == nil {
				master = &Master{Name: monitor.Name}
				byName[monitor.Name] = master
				t.Masters = append(t.Masters, master)
			}
			if !counted[monitor.Name] {
				master.Sentinels += s.Config.Count()
			}
			counted[monitor.Name] = true
			master.Watches, master.Quorum = append(master.Watches, watch), max(master.Quorum, monitor.Quorum)
		}
	}
}

// watchLogin is what a sentinel logs in with, at the master and its replicas.
func watchLogin(s *inspect.Service, monitor inspect.Monitor) Login {
	login := Login{At: monitor.At, Unknown: s.Opaque != "" || s.Partial}
	if words, _, ok := s.SentinelSettingOf("auth-user", monitor.Name); ok && len(words) > 0 {
		login.User = words[0]
	}
	if words, at, ok := s.SentinelSettingOf("auth-pass", monitor.Name); ok && len(words) > 0 {
		login.Password, login.Given, login.At = words[0], words[0] != "", at
	}
	return login
}

// PeerLogin is what a sentinel gives to the other sentinels: sentinel-pass or,
// without it, its own requirepass (sentinelSendAuthIfNeeded; tried on Redis 7.0.15).
func PeerLogin(s *inspect.Service) Login {
	login := Login{Unknown: s.Opaque != "" || s.Partial}
	if user, _, ok := s.SentinelSetting("sentinel-user"); ok && len(user) > 0 {
		login.User = user[0]
	}
	if words, at, ok := s.SentinelSetting("sentinel-pass"); ok && len(words) > 0 {
		login.Password, login.Given, login.At = words[0], words[0] != "", at
		return login
	}
	password, given := s.Given("requirepass")
	login.Password, login.Given, login.At = password.Value, given && password.Value != "", password.Origin.Span
	return login
}

// WatcherOf returns a sentinel of the project that watches a server as master.
func (t *Topology) WatcherOf(s *inspect.Service) *inspect.Service { return t.watchers[s] }

// SentinelsKnown reports whether all sentinels of the project are seen, and how
// many containers of each there are: none may be scaled by hand.
func (t *Topology) SentinelsKnown() bool {
	sentinels := inspect.Sentinels(t.project)
	for _, s := range sentinels {
		if s.Opaque != "" || len(s.Monitors) == 0 || len(sentinels) == 1 && mayBeScaled(s) {
			return false
		}
	}
	for _, service := range t.project.Services {
		words, _ := service.Command("command")
		speaks := strings.Contains(strings.Join(words.Texts(), " ")+" "+service.Name, "sentinel")
		if speaks && t.places.known[service] == nil {
			return false
		}
	}
	return true
}

// mayBeScaled reports whether nothing of a service stands against several
// containers of it: then --scale may make them.
func mayBeScaled(s *inspect.Service) bool {
	if s.Config.ContainerName != "" || s.Config.Scale != nil || s.Config.Deploy.Replicas != nil {
		return false
	}
	for _, port := range s.Config.Ports {
		if port.Published != "" && !strings.Contains(port.Published, "-") {
			return false
		}
	}
	return true
}
