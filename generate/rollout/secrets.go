package rollout

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/ondisk"
)

// secrets says who has one that holds no more. It was lost, since gen replaces none.
func (c *change) secrets() {
	passwords := without(c.anew, func(secret string) bool { return !strings.HasSuffix(secret, "-password") })
	if len(passwords) > 0 {
		c.says("made anew: %s; servers know the former ones until they restart, and refuse them from then on", inSecrets(passwords))
	}
	switch {
	case slices.Contains(c.anew, credentials.AuthorityFile):
		c.says("made anew: %s; clients that trust the former one trust no server from its restart on", inSecrets([]string{credentials.AuthorityFile}))
	case slices.Contains(c.anew, credentials.CertificateFile):
		c.says("made anew: %s; README.md has what brings it to servers that run", inSecrets([]string{credentials.CertificateFile}))
	}
	if len(c.anew) > 0 && c.before.stack && c.after.stack {
		c.says("a swarm keeps the former secrets under their names: count secrets-version up, and run gen again")
	}
}

func inSecrets(names []string) string {
	return credentials.Directory + strings.Join(names, ", "+credentials.Directory)
}

// madeAnew are the secrets of what runs that are not there any more, and are made
// when the files are written.
func (d deployed) madeAnew(changes []ondisk.Change) (anew []string) {
	for _, change := range changes {
		name, secret := strings.CutPrefix(change.Path, credentials.Directory)
		if secret && change.State == ondisk.New && d.has(name) {
			anew = append(anew, name)
		}
	}
	return anew
}

// renewable are the secrets that servers take while they run, as README.md says,
// and all of them trust.
var renewable = []string{credentials.CertificateFile, credentials.KeyFile}

// usersOnly tells that members do not know each other by any of the secrets.
func usersOnly(secrets []string) bool {
	return !slices.ContainsFunc(secrets, func(secret string) bool {
		_, user := credentials.UserOf(secret)
		return !user && secret != credentials.DefaultPassword
	})
}

// restarts tells that servers have to start again for secrets that are made anew.
func restarts(anew []string) bool {
	return slices.ContainsFunc(anew, func(secret string) bool { return !slices.Contains(renewable, secret) })
}

// nextForSecrets starts everything again that has one, and what else is to
// change, also where nothing runs, as in a clone. Members with the former and
// the new one do not understand each other, unless it is a user's.
func nextForSecrets(anew []string, alone, more bool, up string) []string {
	switch {
	case alone:
		return []string{up + " --force-recreate"} // also what is as it was
	case usersOnly(anew) && !more:
		return []string{"sh roll.sh"}
	}
	return []string{"docker compose stop", up}
}
