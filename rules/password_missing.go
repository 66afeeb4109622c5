package rules

import (
	"slices"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var passwordMissing = &lint.Rule{
	ID:       "password-missing",
	Group:    "access",
	Severity: lint.Warning,
	Alone:    true,
	Summary:  "The server lets anyone in who reaches it",
	Why: `
Without a password every container on the same network can read, change and
delete all data, and any one that is broken into takes the data with it. Where
the port is published on all interfaces, or the container uses the host's
network, so can everybody who reaches the host: Docker's rules come before those
of ufw and firewalld. That is an error.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Stores(p.Project) {
			if s.Access() != inspect.Open || !s.Reachable() || asksForCertificate(s) || refuses(s, "requirepass") {
				continue
			}
			at := s.Span()
			if p.IsAlone() {
				said := false
				if at, said = s.OpenedBy(); !said {
					continue // a command may set a password beside the file
				}
			}
			finding := p.Report(at, s.Service, "%q has no password: whoever reaches it reads and deletes everything", s.Name)
			switch at, exposed := exposure(s); {
			case s.OnHost():
				finding.Severity = lint.Error
				finding.Message += "; it listens on every interface of the host"
			case exposed:
				finding.Severity = lint.Error
				finding.Message += "; port " + at.Text + " is published on every interface"
			case at.Variable != "":
				finding.Message += "; port " + unset.Plain(at.Text) + " is published"
			}
		}
	},
}

// exposure returns the first port of the server that is published on all
// interfaces; where none certainly is, the first that a variable decides on.
func exposure(s *inspect.Service) (port inspect.Port, certain bool) {
	for _, published := range s.Ports() {
		switch {
		case published.Everywhere():
			return published, true
		case published.Variable != "" && port.Variable == "":
			port = published
		}
	}
	return port, false
}

// asksForCertificate reports whether only clients with a certificate come in.
func asksForCertificate(s *inspect.Service) bool {
	port, tls, clients := s.Get("port"), s.Get("tls-port"), s.Get("tls-auth-clients")
	return port.Value == "0" && tls.Value != "0" && tls.Value != "" && (!clients.Known || clients.Value == "yes")
}

// refuses reports whether a server does not start because of a directive.
func refuses(s *inspect.Service, name string) bool {
	return slices.ContainsFunc(s.Problems, func(p inspect.Problem) bool { return p.Fatal && p.Name == name })
}
