package generate

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
)

// ServerUser is a user that the servers know.
type ServerUser struct {
	Name   string
	Secret string // file of the password; "" for a user that is off
	Rules  string // of the ACL, without the password
}

// defaultUser is who logs in without a name.
var defaultUser = ServerUser{"default", "redis-password", "~* &* +@all"}

// FirstUser is one whom applications log in as.
func (p Plan) FirstUser() ServerUser {
	for _, user := range p.Users {
		if user.Secret != "" {
			return user
		}
	}
	return defaultUser
}

// chooseUsers decides who may log in to the servers. Where the intent names users, the default user is off, unless clients are still to move to them.
func (d *decider) chooseUsers() {
	i, p := d.intent, &d.plan
	p.PeopleCLI, p.PeopleSecret = p.CLI+" --user operator", "operator-password"
	p.UsersText = "one of the users above, content of its secret"
	if i.DefaultUser && len(i.Users) == 0 {
		d.refuse(intent.Faultf("leave it out", "the default user is on where no [[users]] are"), "default-user")
	}
	if len(i.Users) == 0 {
		p.UsersText = "`default`, content of `secrets/redis-password`"
		if len(p.Members) == 0 && !i.Exporter {
			p.PeopleCLI, p.PeopleSecret = p.CLI, "redis-password"
			return
		}
		p.Users = append(p.Users, defaultUser)
	} else if i.DefaultUser {
		p.Users = append(p.Users, defaultUser)
	} else {
		p.Users = append(p.Users, ServerUser{Name: "default"})
		p.Secrets = slices.DeleteFunc(slices.Clone(p.Secrets), func(s Secret) bool { return s.Name == "redis-password" })
	}
	for _, user := range i.Users {
		d.checkUser(user)
		one := ServerUser{user.Name, "user-" + user.Name + "-password", d.rulesOf(user)}
		p.Users = append(p.Users, one)
		p.Secrets = append(p.Secrets, Secret{one.Secret, user.Name, "an application: " + intent.FindPreset(user.Preset).Use + namesShown(user)})
	}
	if len(p.Members) == 0 {
		p.Secrets = append(p.Secrets, serverSecrets...)
	}
	d.addExporterUser()
}

// namesShown says what patterns do not hide: an ACL holds SCAN and RANDOMKEY to no pattern (redis.io, "ACL": commands that name no key).
func namesShown(user intent.User) string {
	if len(user.Keys) == 0 {
		return ""
	}
	return "; SCAN and RANDOMKEY show it the names of all keys, not only of its own"
}

// checkUser refuses patterns that the preset gives no use.
func (d *decider) checkUser(user intent.User) {
	p := intent.FindPreset(user.Preset)
	if user.Given("keys") && !p.Keys {
		d.problems = append(d.problems, d.intent.UserProblem(user, "keys", intent.Faultf("leave keys out", "a user with preset %q works on no keys", user.Preset)))
	}
	if user.Given("channels") && user.Preset != "application" && !p.Channels {
		d.problems = append(d.problems, d.intent.UserProblem(user, "channels", intent.Faultf("leave channels out", "a user with preset %q works on no channels", user.Preset)))
	}
}

// rulesOf writes the ACL rules of a user, as the release knows them.
func (d *decider) rulesOf(user intent.User) string {
	var words []string
	p := intent.FindPreset(user.Preset)
	keys, channels := user.Keys, user.Channels
	if p.Keys && len(keys) == 0 {
		keys = []string{"*"}
	}
	if p.Channels && len(channels) == 0 {
		channels = []string{"*"}
	}
	for _, pattern := range keys {
		words = append(words, "~"+pattern)
	}
	for _, pattern := range channels {
		words = append(words, "&"+pattern)
	}
	words = append(words, p.Rules)
	if (d.release.Engine != "redis" || d.release.AtLeast(7, 2)) && strings.Contains(p.Rules, "client|setname") {
		words = append(words, "+client|setinfo")
	}
	if user.Preset == intent.Exporter {
		words = append(words, d.measures()...)
	}
	return strings.Join(words, " ")
}
