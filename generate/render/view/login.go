package view

import (
	"fmt"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
)

// What files say of who logs in, and by which command.

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
	return credentials.OperatorPassword
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
