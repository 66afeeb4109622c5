package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// crowd is how many other services make a network one of strangers: nobody
// looks after all of them.
const crowd = 10

var passwordMissing = &lint.Rule{
	ID:       "password-missing",
	Group:    "access",
	Severity: lint.Note,
	Alone:    true,
	Summary:  "The server lets anyone in who reaches it",
	Why: `
Without a password every container on the same network can read, change and
delete all data, and any one that is broken into takes the data with it. That is
a note where the file itself says who is there, a warning where the network is
made elsewhere or shared by ten services, and an error where the port is
published on all interfaces, or the container uses the host's network: then
everybody who reaches the host gets in, since Docker's rules come before those
of ufw and firewalld. An ACL file makes requirepass void: what counts is its
line for the user default, and without one that user needs no password.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --protected-mode yes\n",
		Mend:     "Put requirepass into a conf file that git ignores, or users with passwords into an ACL file.",
		Ignore:   "Where nothing but the service's own containers is on its network, now and later.",
		Cases:    []lint.Case{{When: "who is on its network was put there by the same file", Hurt: lint.Data, Surely: lint.Possible, Soon: lint.Sometimes}, {When: "others share its network, or a variable decides who reaches it", Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}, {When: "it listens on the host's interfaces", Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in a conf file that is no part of the repository:",
		Lines:  []string{"requirepass <password>"},
		Choose: "<password>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Stores(p.Project) {
			if !isOpen(s) {
				continue
			}
			at, why := openedBy(s)
			if p.IsAlone() {
				said := false
				if at, said = s.OpenedBy(); !said {
					continue // a command may set a password beside the file
				}
			}
			severity, who := whoComesIn(s)
			finding := p.Report(at, s.Service, "%q has no password%s: whoever reaches it reads and deletes everything%s", s.Name, why, who)
			if finding.Severity = severity; severity == lint.Error && !s.OnHost() {
				finding.Fix = closeDoor(s).Fix()
			}
		}
	},
}

// isOpen reports whether a server lets in whoever reaches it, and starts.
func isOpen(s *inspect.Service) bool {
	return s.Access() == inspect.Open && s.Reachable() && !asksForCertificate(s) && !refuses(s, "requirepass")
}

// openedBy is where it says that a server is open, and why there, if an ACL
// file does: then a password elsewhere is void (tried on 7.0.15).
func openedBy(s *inspect.Service) (at position.Span, why string) {
	at, missing, inFile := s.DefaultUser()
	switch {
	case !inFile:
		return s.Span(), ""
	case !missing:
		return at, `, since its ACL file asks none of the user "default"`
	}
	why = `, since its ACL file has no line for the user "default"`
	if _, given := s.Given("requirepass"); given {
		why += ", which makes requirepass void"
	}
	return at, why + ` (write "user default off", or give it a password there)`
}

// whoComesIn says who reaches an open server, and what that is worth.
func whoComesIn(s *inspect.Service) (severity lint.Severity, who string) {
	switch port, reach := exposure(s); {
	case s.Project.IsAlone():
		return lint.Warning, "" // who reaches it stands elsewhere
	case s.OnHost():
		return lint.Error, "; it listens on every interface of the host"
	case reach == fromAnywhere:
		return lint.Error, "; port " + port.Text + " is published on every interface"
	case reach == byVariable:
		return lint.Warning, "; port " + unset.Plain(port.Text) + " is published on every interface, unless " + port.Variable + " brings an address with it"
	case reach == fromAddress:
		return lint.Warning, "; port " + unset.Plain(port.Text) + " is published"
	}
	switch neighbours, external := s.Neighbours(); {
	case external != "":
		return lint.Warning, fmt.Sprintf("; the network %q is made elsewhere, and others may be on it", external)
	case neighbours >= crowd:
		return lint.Warning, fmt.Sprintf("; %d other services are on its networks", neighbours)
	}
	return lint.Note, ""
}

// reach is from where a published port is reached.
type reach int

const (
	notPublished reach = iota // or for the host alone
	fromAddress               // of one address, or of one that is not known
	byVariable                // that may bring an address with it
	fromAnywhere
)

// exposure returns the port of a server that is reached from farthest.
func exposure(s *inspect.Service) (port inspect.Port, farthest reach) {
	for _, published := range s.Ports() {
		if from := reachOf(published); from > farthest {
			port, farthest = published, from
		}
	}
	return port, farthest
}

func reachOf(port inspect.Port) reach {
	address, err := netip.ParseAddr(port.Address)
	switch {
	case port.Everywhere():
		return fromAnywhere
	case port.Variable != "":
		return byVariable
	case port.Known && err == nil && !address.IsLoopback() && !address.IsUnspecified():
		return fromAddress
	}
	return notPublished
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
