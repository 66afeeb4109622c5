package readme

import (
	"fmt"

	"github.com/rcomp/rcomp/generate/credentials"
)

// WhoEncrypts says who connects by TLS.
func (r Readme) WhoEncrypts() string {
	if r.besidePlain() {
		return fmt.Sprintf("Port %d speaks TLS, port %d does not yet. Health checks connect by TLS.", r.Port, r.PlainPort)
	}
	return "Nothing is served in plain text: clients" + where(r.isSet(), ", replicas") + where(r.Cluster != nil, ", the cluster bus") + where(r.hasSentinels(), ", sentinels") +
		" and health checks all connect by TLS."
}

// TLSAskers are who shows a certificate beside health checks.
func (r Readme) TLSAskers() string {
	return where(r.isSet(), ", start programs") + where(r.hasSentinels(), ", sentinels") + where(r.hasProxy(), ", the proxy") + where(r.hasExporter(), ", the exporter")
}

// ClientsToo is what is asked of clients beside a password.
func (r Readme) ClientsToo() string {
	return where(r.clientsShow(), ". They also need a certificate of the same authority")
}

// Covered is what the certificate is for.
func (r Readme) Covered() string {
	if r.ownCertificate() {
		return "every name"
	}
	return "every name and address"
}

// Reached is how a renewed certificate comes to the servers.
func (r Readme) Reached() string {
	if r.byCompose() {
		return "servers without a restart:"
	}
	text := fmt.Sprintf("the swarm under a new name:\ncount `secrets-version` in %s up, run `%s`, and ", r.Source, r.Gen())
	if r.isOne() {
		return text + "deploy as above, which restarts the server."
	}
	return text + "let the members change one after the other, who understand each other meanwhile:"
}

// NodePort is how a client in a node's container finds the node.
func (r Readme) NodePort() string { return where(r.Cluster != nil, ` -p "$PORT"`) }

// Renewed are the secrets that change with a renewal of the certificate.
func (r Readme) Renewed() []string {
	if len(r.TLS.Own) > 0 {
		return r.TLS.Files()
	}
	return []string{credentials.CertificateFile}
}

// ServerNames are the servers, one or several.
func (r Readme) ServerNames() string {
	if len(r.Members) == 0 {
		return r.Name
	}
	return r.MemberNames()
}
