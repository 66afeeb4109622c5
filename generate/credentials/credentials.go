// Package credentials makes passwords, keys and certificates, and tells which
// of them belong together.
package credentials

import (
	"slices"
	"strings"
)

// Directory is where the secrets of a deployment are, relative to its files.
const Directory = "secrets/"

// The files of passwords, but for those of users that an intent names.
const (
	DefaultPassword  = "redis-password" // the default user's
	OperatorPassword = "operator-password"
	ReplicaPassword  = "replica-password"
	HealthPassword   = "health-password"
	MonitorPassword  = "monitor-password"
	SentinelPassword = "sentinel-password"
	ExporterPassword = "exporter-password"
)

// The names of the passwords of users that an intent names.
const (
	userPrefix = "user-"
	userSuffix = "-password"
)

// UserPassword is the file of the password of a user that an intent names.
func UserPassword(user string) string { return userPrefix + user + userSuffix }

// UserOf is the user of the intent whose password a file has, false for others.
func UserOf(name string) (user string, ok bool) {
	user, named := strings.CutPrefix(name, userPrefix)
	user, ok = strings.CutSuffix(user, userSuffix)
	return user, named && ok && user != ""
}

// Makes tells that gen makes a file of this name. Others in the directory are
// the user's own, also where they are passwords.
func Makes(name string) bool {
	_, user := UserOf(name)
	return user || slices.Contains([]string{
		DefaultPassword, OperatorPassword, ReplicaPassword, HealthPassword, MonitorPassword, SentinelPassword, ExporterPassword,
		AuthorityFile, AuthorityKeyFile, CertificateFile, KeyFile,
	}, name)
}

// The files of TLS. The authority's key never leaves the host.
const (
	AuthorityFile    = "tls-authority.pem"
	AuthorityKeyFile = "tls-authority-key.pem"
	CertificateFile  = "tls-certificate.pem"
	KeyFile          = "tls-key.pem"
)
