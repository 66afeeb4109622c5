// Package view spells a deployment as files have it: bytes and durations become
// words of Compose, of redis.conf and of people.
package view

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/deployment/subnet"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// View is what templates see: the deployment, spelt as files have it, and what
// follows from files that are made before.
type View struct {
	deployment.Plan
	Digest     string             // filled in when the file is complete
	ConfDigest string             // of redis.conf
	Configs    []Mount            // files that services have
	Mounts     map[string][]Mount // the same, by the kind of the service
}

// Dialect is what runs a deployment.
func (v View) Dialect() Dialect {
	if v.Stack != nil {
		return Stack
	}
	return Compose
}

// Kinds are the kinds of services that a deployment has.
func (v View) Kinds() []Kind {
	kinds := []Kind{v.memberKind()}
	for _, beside := range []struct {
		has  bool
		kind Kind
	}{
		{v.Topology == intent.Sentinel, Sentinel},
		{v.Cluster != nil, Creator},
		{v.Proxy != nil, Proxy},
		{v.Exporter != nil, Exporter},
	} {
		if beside.has {
			kinds = append(kinds, beside.kind)
		}
	}
	return kinds
}

// memberKind is what servers are.
func (v View) memberKind() Kind {
	switch v.Topology {
	case intent.Standalone:
		return Single
	case intent.Cluster:
		return Node
	}
	return Server
}

// What Compose and stack files say.

// Service is the name as YAML has it.
func (v View) Service() string { return Word(v.Name) }

// Title is what the server is used as.
func (v View) Title() string { return v.Role.Title }

// Image is the reference of the image.
func (v View) Image() string { return v.Plan.Image.Reference }

// Restart is the policy as YAML has it.
func (v View) Restart() string { return Word(v.Plan.Restart) }

// KeepsData tells start programs whether data outlive a restart.
func (v View) KeepsData() string { return yesOrNo(v.Persistent) }

// StartPeriod is until a server is healthy.
func (v View) StartPeriod() string { return units.Seconds(v.Plan.StartPeriod) }

// StopGrace is until a server that stops is killed.
func (v View) StopGrace() string { return units.Seconds(v.Plan.StopGrace) }

// SentinelStart is until a sentinel is healthy.
func (v View) SentinelStart() string { return units.Seconds(v.SentinelStartPeriod) }

// ClusterStart is until a cluster is whole.
func (v View) ClusterStart() string { return units.Seconds(v.ClusterStartPeriod) }

// HandOverSeconds is how long a master that stops waits for another.
func (v View) HandOverSeconds() int64 { return int64(v.HandOver.Seconds()) }

// MemoryLimit is the limit of a server.
func (v View) MemoryLimit() string { return units.Compose(v.Budget.Limit) }

// MemoryReservation is what a full server holds.
func (v View) MemoryReservation() string { return units.Compose(v.Budget.Idle()) }

// LogSize is the size of one file of the log.
func (v View) LogSize() string { return units.Compose(v.Plan.LogSize) }

// Networks are those of the one server, as YAML has them.
func (v View) Networks() []string { return words(v.Plan.Networks) }

// OtherNetworks are those that the intent names.
func (v View) OtherNetworks() []string { return words(v.Plan.OtherNetworks) }

// MemberNames are the servers, with blanks between.
func (v View) MemberNames() string { return names(v.Members) }

// SentinelNames are the sentinels, with blanks between.
func (v View) SentinelNames() string { return names(v.Sentinels) }

// SentinelList is the same where YAML needs a text.
func (v View) SentinelList() string { return orEmptyText(names(v.Sentinels)) }

// Creator is the service that forms a cluster.
func (v View) Creator() string { return Word(v.Cluster.Creator) }

// HostAddress is where a server listens in the host's own network, "" where it
// has another.
func (v View) HostAddress() string {
	if !v.Host.IsValid() {
		return ""
	}
	return v.Host.Addr().String()
}

// Ports are where the host listens for one server, and on which port of it: for
// TLS beside plain text under the server's own number.
func (v View) Ports() []string {
	published, err := netip.ParseAddrPort(v.Publish)
	switch {
	case err != nil:
		return nil
	case v.PlainPort != 0:
		return []string{fmt.Sprintf("%s:%d", v.Publish, v.PlainPort), fmt.Sprintf("%s:%d", v.PublishedTLS(), v.Port)}
	}
	return []string{fmt.Sprintf("%s:%d", published, v.Port)}
}

// PublishedTLS is where the host listens for TLS beside plain text.
func (v View) PublishedTLS() string {
	published, err := netip.ParseAddrPort(v.Publish)
	if err != nil {
		return ""
	}
	return netip.AddrPortFrom(published.Addr(), uint16(v.Port)).String()
}

// Subnet is the range of the members, "" where whoever runs them chooses.
func (v View) Subnet() string {
	if !v.Plan.Subnet.IsValid() {
		return ""
	}
	return v.Plan.Subnet.String()
}

// FreeAddresses is the part of the subnet for containers without a fixed address.
func (v View) FreeAddresses() string { return subnet.Upper(v.Plan.Subnet).String() }

func names(list []deployment.Member) string {
	var all []string
	for _, member := range list {
		all = append(all, member.Name)
	}
	return strings.Join(all, " ")
}

// Hosts are all that have a fixed address.
func (v View) Hosts() []deployment.Member {
	hosts := slices.Concat(v.Members, v.Sentinels)
	if v.Proxy != nil {
		hosts = append(hosts, v.Proxy.Member)
	}
	return hosts
}

// ImageRemark stands behind the image of a release that has ended, or has a
// known vulnerability: whoever wrote the intent was told, and lint need not say
// it again.
func (v View) ImageRemark() string {
	if v.Ended == nil && v.Vulnerable != "" {
		return fmt.Sprintf(" # rcomp: ignore[image-vulnerable] %s asks for it; it has %s", v.Source, v.Vulnerable)
	}
	return v.SentinelImageRemark()
}

// SentinelImageRemark is the same for a sentinel: it runs no scripts and holds
// no data, and lint says nothing of vulnerabilities there.
func (v View) SentinelImageRemark() string {
	if v.Ended == nil {
		return ""
	}
	return fmt.Sprintf(" # rcomp: ignore[image-ended] %s asks for it; security fixes for %s ended on %s", v.Source, v.Ended.Line, v.Ended.Date)
}

// CLI is the command that talks to a server: redis-cli or valkey-cli with what
// it does not assume anyway.
func (v View) CLI() string {
	command := v.Client
	if v.Host.IsValid() && v.HostAddress() != "127.0.0.1" {
		command += " -h " + v.HostAddress()
	}
	if v.Port != 0 && v.Port != defaultPort {
		command += fmt.Sprintf(" -p %d", v.Port)
	}
	if v.TLS != nil {
		command += " --tls --cacert /run/secrets/" + credentials.AuthorityFile
	}
	if v.TLS != nil && v.TLS.ByCertificate {
		command += " --cert /run/secrets/" + credentials.CertificateFile + " --key /run/secrets/" + credentials.KeyFile
	}
	return command
}

// defaultPort is the one that clients assume.
const defaultPort = 6379

// PeopleCLI is the command by which people log in.
func (v View) PeopleCLI() string {
	if len(v.Users) == 0 {
		return v.CLI()
	}
	return v.CLI() + " --user " + v.PeopleUser()
}

// PeopleSecret is the secret that people log in with.
func (v View) PeopleSecret() string {
	if len(v.Users) == 0 {
		return credentials.DefaultPassword
	}
	return deployment.OperatorPassword
}

// PeopleUser is the user that people log in as.
func (v View) PeopleUser() string {
	if len(v.Users) == 0 {
		return "default"
	}
	return "operator"
}

// UserLines are users as users.txt has them: an ACL file with names of secrets
// in the places of passwords.
func (v View) UserLines() []string {
	var lines []string
	for _, user := range v.Users {
		switch {
		case user.Secret == "":
			lines = append(lines, "user "+user.Name+" off")
		case v.Cluster != nil:
			lines = append(lines, userLine(user)+deployment.ClusterClients)
		default:
			lines = append(lines, userLine(user))
		}
	}
	for _, user := range v.Inner {
		lines = append(lines, userLine(user))
	}
	return lines
}

func userLine(u deployment.User) string { return "user " + u.Name + " on @" + u.Secret + " " + u.Rules }

// Own is where the user's own file for a secret is, "" where gen makes it.
func (v View) Own(secret string) string {
	if v.TLS == nil {
		return ""
	}
	return v.TLS.Own[secret]
}

// SecretPath is where a secret is on the host, from the output directory or absolute.
func (v View) SecretPath(name string) string {
	if own := v.Own(name); own != "" {
		return own
	}
	return credentials.Directory + name
}

// SecretFile is the same as Compose and stack files have it.
func (v View) SecretFile(name string) string {
	file := v.SecretPath(name)
	if !path.IsAbs(file) && !strings.HasPrefix(file, "../") {
		file = "./" + file
	}
	return file
}

// TLSFiles are the secrets of TLS that members have.
func (v View) TLSFiles() []string {
	if v.TLS == nil {
		return nil
	}
	return v.TLS.Files()
}

// ClientFiles are those that a client of the deployment needs.
func (v View) ClientFiles() []string {
	if v.TLS == nil {
		return nil
	}
	return v.TLS.ClientFiles()
}
