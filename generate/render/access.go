package render

import (
	"fmt"
	"path"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
)

// CLI is the command that talks to a server: redis-cli or valkey-cli with what it does not assume anyway.
func (v View) CLI() string {
	command := v.Client
	if v.Host.IsValid() && v.HostAddress() != "127.0.0.1" {
		command += " -h " + v.HostAddress()
	}
	if v.Host.IsValid() && v.Port != defaultPort {
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

// PeopleCLI and PeopleSecret are how people log in.
func (v View) PeopleCLI() string {
	if len(v.Users) == 0 {
		return v.CLI()
	}
	return v.CLI() + " --user operator"
}

func (v View) PeopleSecret() string {
	if len(v.Users) == 0 {
		return credentials.DefaultPassword
	}
	return deployment.OperatorPassword
}

// UserLines are users as users.txt has them: an ACL file with names of secrets in the places of passwords.
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
