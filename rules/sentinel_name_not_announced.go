package rules

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var sentinelNameNotAnnounced = &lint.Rule{
	ID:       "sentinel-name-not-announced",
	Group:    "sentinel",
	Severity: lint.Warning,
	Summary:  "A sentinel resolves the name of its master once, and keeps the address for good",
	Why: `
With resolve-hostnames alone, Sentinel writes an address into its conf file in the
place of the name, as soon as it starts. Containers get their addresses anew: after
docker compose down and up it watches an address that is nobody's, or another
server's. With announce-hostnames the name stays. The servers have to announce names
as well then, with replica-announce-ip.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#ip-addresses-and-dns-names"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n  watch:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/names.conf\n    volumes: [./conf:/conf]\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    networks: {default: {ipv4_address: 10.0.0.1}}\n  watch:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/names.conf\n    volumes: [./conf:/conf]\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n",
		Mend:     "Set sentinel announce-hostnames yes, and replica-announce-ip with its name on each server; or give the servers fixed addresses.",
		Ignore:   "Where the conf file is written anew before each start.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where: "in the conf file of the sentinel, above the line that names the master; on each server replica-announce-ip with its own name:",
		Lines: []string{"sentinel announce-hostnames yes"},
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, s := range inspect.Sentinels(p.Project) {
			resolves, _, given := s.SentinelSetting("resolve-hostnames")
			announces, _, announced := s.SentinelSetting("announce-hostnames")
			if s.Opaque != "" || s.Partial || !given || !saysYes(resolves) || announced && !saysNo(announces) || len(s.Ends()) > 0 {
				continue
			}
			for _, monitor := range s.Monitors {
				_, err := netip.ParseAddr(monitor.Host)
				if err == nil || !keeps(s, monitor) || !movesAbout(t.Reach(s.Service, monitor.Host, monitor.Port)) {
					continue
				}
				p.Report(monitor.HostAt, s.Service, "%q writes the address of %q into its conf in the place of the name: when the containers are made anew it watches whoever has that address then", s.Name, monitor.Host)
			}
		}
	},
}

func saysYes(words []string) bool { return len(words) == 1 && strings.EqualFold(words[0], "yes") }
func saysNo(words []string) bool  { return len(words) == 1 && strings.EqualFold(words[0], "no") }

// keeps reports whether a sentinel surely reads again what it has written in the
// place of a line, when its container is made anew (tried on Redis 7.0.15: a second
// after the start "monitor main one" is "monitor main 192.168.208.2").
func keeps(s *inspect.Service, monitor inspect.Monitor) bool {
	return slices.ContainsFunc(s.Confs, func(conf inspect.Conf) bool { return conf.Shown == monitor.At.File && s.KeepsConf(conf) })
}

// movesAbout reports whether a server gets its address from Docker.
func movesAbout(s *inspect.Service) bool {
	if s == nil || s.Config.NetworkMode != "" {
		return false
	}
	for _, network := range s.Config.Networks {
		if len(network.Addresses) > 0 {
			return false
		}
	}
	return true
}
