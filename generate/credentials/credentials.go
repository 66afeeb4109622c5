// Package credentials makes passwords, keys and certificates, and tells which
// of them belong together.
package credentials

// Directory is where the secrets of a deployment are, relative to its files.
const Directory = "secrets/"

// DefaultPassword is the file of the default user's password.
const DefaultPassword = "redis-password"

// The files of TLS. The authority's key never leaves the host.
const (
	AuthorityFile    = "tls-authority.pem"
	AuthorityKeyFile = "tls-authority-key.pem"
	CertificateFile  = "tls-certificate.pem"
	KeyFile          = "tls-key.pem"
)
