package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var sentinelPasswordWrong = &lint.Rule{
	ID:       "sentinel-password-wrong",
	Group:    "sentinel",
	Severity: lint.Error,
	Summary:  "A sentinel is not let in where it has to be",
	Why: `
A sentinel has one password for a master and all of its replicas: auth-pass. Where
it is missing or another one, the sentinel counts a healthy server as down, and no
failover ever ends. Sentinels that ask for passwords give each other sentinel-pass
or, without it, their own requirepass: where those differ they do not see each
other, and never are a majority.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#configuring-sentinel-instances-with-authentication"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?} --masterauth ${PASSWORD:?}\n    networks: {default: {ipv4_address: 10.0.0.1}}\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server\n    networks: {default: {ipv4_address: 10.0.0.1}}\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n",
		Mend:     "Give the sentinel what the servers ask for, all servers of a set one password, and all sentinels one.",
		Ignore:   "Where a command sets the password once the sentinels run.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file of the sentinel, below the line that names the master:",
		Lines:  []string{"sentinel auth-pass <master> <password>"},
		Choose: "<password>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, w := range t.Watches {
			master := w.Address.Server
			if master == nil {
				continue
			}
			if fault := refusal(w.Login, master); fault != "" {
				p.Report(w.Login.At, w.Sentinel.Service, "%q watches %q and %s: it counts it as down", w.Sentinel.Name, master.Name, fault)
				continue
			}
			for _, r := range t.ReplicasOf(master) {
				if fault := refusal(w.Login, r.Replica); fault != "" {
					p.Report(w.Login.At, w.Sentinel.Service, "%q watches %q and its replica %q with one password, and %s: it counts the replica as down", w.Sentinel.Name, master.Name, r.Replica.Name, fault)
					break
				}
			}
		}
		for _, master := range t.Masters {
			reportStrangers(p, master)
		}
	},
}

// samePassword is what lets sentinels see each other.
var samePassword = &lint.Help{
	Where:  "in the conf file of every sentinel, the same:",
	Lines:  []string{"requirepass <password>"},
	Choose: "<password>",
}

// refusal says why a login fails for certain, "" where it may not.
func refusal(login topology.Login, at *inspect.Service) string {
	switch login.Outcome(at) {
	case topology.Missing:
		return "gives no password, and it asks for one"
	case topology.Wrong:
		return "gives another password than it has"
	case topology.NoUser:
		return fmt.Sprintf("logs in as %q, a user that it has not", login.User)
	}
	return ""
}

// reportStrangers finds sentinels of one master that do not let in the one before
// them in the file.
func reportStrangers(p *lint.Pass, master *topology.Master) {
	for i := 1; i < len(master.Watches); i++ {
		one, other := master.Watches[i-1].Sentinel, master.Watches[i].Sentinel
		if len(one.Ends()) > 0 || len(other.Ends()) > 0 {
			continue // one that does not run sees nobody: server-ends says so
		}
		for _, pair := range [][2]*inspect.Service{{one, other}, {other, one}} {
			if outcome := topology.PeerLogin(pair[0]).Outcome(pair[1]); outcome == topology.Missing || outcome == topology.Wrong {
				password, _ := pair[1].Given("requirepass")
				p.Report(password.Origin.Span, pair[1].Service, "%q asks for a password that the sentinel %q does not give: they do not see each other", pair[1].Name, pair[0].Name).Help = samePassword
				break
			}
		}
	}
}
