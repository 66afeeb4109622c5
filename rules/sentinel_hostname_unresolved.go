package rules

import (
	"net/netip"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var sentinelHostnameUnresolved = &lint.Rule{
	ID:       "sentinel-hostname-unresolved",
	Group:    "sentinel",
	Severity: lint.Error,
	Alone:    true,
	Summary:  "A sentinel watches a host name without being allowed to resolve it",
	Why: `
Since 6.2 Sentinel takes addresses only, unless "sentinel resolve-hostnames yes"
is set: with a name it exits with "Can't resolve instance hostname". Set
resolve-hostnames, and announce-hostnames with it, or give the server a fixed
address.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#ip-addresses-and-dns-names"},
	Guide: lint.Guide{
		Fault:    "services:\n  watch:\n    image: redis:7.4.6\n    command: [redis-server, --sentinel, --sentinel monitor main cache 6379 2]\n",
		NearMiss: "services:\n  watch:\n    image: redis:7.4.6\n    command: [redis-server, --sentinel, --sentinel resolve-hostnames yes, --sentinel monitor main cache 6379 2]\n",
		Mend:     "Set sentinel resolve-hostnames yes before the masters, and announce-hostnames with it.",
		Ignore:   "Where the name is put in the place of an address before Sentinel reads it.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where: "in the conf file, above the line that names the host:",
		Lines: []string{"sentinel resolve-hostnames yes"},
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Sentinels(p.Project) {
			if s.Opaque != "" || resolvesOnce(s) || resolvesNames(s) {
				continue
			}
			for _, monitor := range s.Monitors {
				if _, err := netip.ParseAddr(monitor.Host); err != nil && unset.Known(monitor.Host) {
					offer(p.Report(monitor.HostAt, s.Service, "%q watches the name %q without resolve-hostnames: Sentinel exits at its start", s.Name, monitor.Host), resolveHostnames(s))
				}
			}
		}
	},
}

// resolvesNames reports whether resolve-hostnames may be on.
func resolvesNames(s *inspect.Service) bool {
	words, _, ok := s.SentinelSetting("resolve-hostnames")
	return ok && (len(words) == 0 || !strings.EqualFold(words[0], "no"))
}

// resolvesOnce reports whether a sentinel may be older than 6.2, which
// resolved names once, at its start.
func resolvesOnce(s *inspect.Service) bool {
	return !s.ReleaseKnown && (s.Image.Version != "" || s.Unread || s.Image.Family == "")
}
