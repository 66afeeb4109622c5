package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var exporterAddressWrong = &lint.Rule{
	ID:       "exporter-address-wrong",
	Group:    "clients",
	Severity: lint.Warning,
	Summary:  "An exporter asks where no server is",
	Why: `
Without an address redis_exporter asks localhost, which is its own container. A name
leads only to services on a network that both share. The exporter runs on and says
redis_up 0, and dashboards stay empty.
`,
	Refs: []string{"https://github.com/oliver006/redis_exporter#command-line-flags"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n  exporter:\n    image: oliver006/redis_exporter:v1.62.0\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n  exporter:\n    image: oliver006/redis_exporter:v1.62.0\n    network_mode: service:db\n",
		Mend:     "Set REDIS_ADDR to the server's name and port, and put both on one network.",
		Ignore:   "Where the exporter is only asked with ?target=.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the environment of the exporter:",
		Lines:  []string{"REDIS_ADDR: redis://<server>:6379"},
		Choose: "<server>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, use := range t.Uses {
			if use.Purpose != topology.ForMetrics || use.Address.Server != nil || !ownNetwork(use.By.Config.NetworkMode) || !unset.Known(use.Host) {
				continue
			}
			switch other := t.Named(use.Host); {
			case topology.IsLoopback(use.Host) && !t.IsShared(use.By):
				p.Report(use.At, use.By, "%q asks %s, its own container, where no server is", use.By.Name, use.Host)
			case other != nil && ownNetwork(other.Config.NetworkMode) && !onExternal(other) && !onExternal(&inspect.Service{Service: use.By}) && !inspect.ShareNetwork(use.By, other.Service) && !topology.Redirects(use.By, use.Host):
				p.Report(use.At, use.By, "%q asks %q, with which it shares no network: the name leads nowhere", use.By.Name, other.Name)
			}
		}
	},
}

func ownNetwork(mode string) bool { return mode == "" || mode == "bridge" }

// onExternal reports whether a service is on a network that another project made:
// two names may mean one.
func onExternal(s *inspect.Service) bool {
	_, external := s.Neighbours()
	return external != ""
}
