package deployment

import (
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
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

// chooseAccess decides who may log in, and by what.
func (d *decider) chooseAccess() {
	i, p := d.intent, &d.plan
	d.checkUsers()
	p.Users = d.users()
	p.Secrets = secretsOf(&i, p.Topology)
	switch {
	case len(i.Users) > 0:
		p.UsersText = "one of the users above, content of its secret"
	default:
		p.UsersText = "`default`, content of `secrets/redis-password`"
	}
	p.PeopleCLI, p.PeopleSecret = p.CLI+" --user operator", "operator-password"
	if len(p.Users) == 0 {
		p.PeopleCLI, p.PeopleSecret = p.CLI, credentials.DefaultPassword
	}
}

// users are those that the servers know; none where a password alone is asked for. Where the intent names users, the default user is off, unless clients are still to
// move to them.
func (d *decider) users() []ServerUser {
	i := d.intent
	if alone(&i, d.plan.Topology) {
		return nil
	}
	users := []ServerUser{defaultUser}
	if len(i.Users) > 0 && !i.DefaultUser {
		users = []ServerUser{{Name: defaultUser.Name}}
	}
	for _, user := range i.Users {
		users = append(users, ServerUser{user.Name, passwordOf(user), d.rulesOf(user)})
	}
	if i.Exporter {
		users = append(users, ServerUser{intent.Exporter, exporterPassword, d.rulesOf(intent.User{Name: intent.Exporter, Preset: intent.Exporter})})
	}
	return users
}

// alone tells that one server has one password, and no users.
func alone(i *intent.Intent, topology string) bool {
	return topology == intent.Standalone && len(i.Users) == 0 && !i.Exporter
}

func passwordOf(user intent.User) string { return "user-" + user.Name + "-password" }

// checkUsers refuses what the users of the intent cannot be.
func (d *decider) checkUsers() {
	i := d.intent
	if i.DefaultUser && len(i.Users) == 0 {
		d.refuse(intent.Faultf("leave it out", "the default user is on where no [[users]] are"), "default-user")
	}
	for _, user := range i.Users {
		d.checkUser(user)
		if i.Exporter && user.Name == intent.Exporter {
			d.problems = append(d.problems, i.UserProblem(user, "name",
				intent.Faultf("leave this user out", "the user %q is made by exporter = true", intent.Exporter)))
		}
	}
}

// clusterClients are what clients of a cluster ask beside what they came for.
const clusterClients = " +cluster|slots +cluster|shards +cluster|nodes +readonly +readwrite +asking"

// setUsers are the users by which members of a set or a cluster know each other.
func (p Plan) setUsers() []ServerUser {
	users := []ServerUser{
		{"operator", "operator-password", "~* &* +@all"},
		// sync is what Valkey 8 sends over the second connection of a full copy.
		{"replica", "replica-password", "+psync +sync +replconf +ping"},
	}
	if p.Cluster != nil {
		return append(users, ServerUser{"health", "health-password", "+ping +info +role +cluster|info +cluster|nodes"})
	}
	users = append(users, ServerUser{"health", "health-password", "+ping +info +role"})
	if len(p.Sentinels) == 0 {
		return users
	}
	return append(users, ServerUser{"monitor", "monitor-password",
		"&__sentinel__:hello +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish +info +client|setname +client|kill +script|kill +failover"})
}

// UserLines are users as users.txt has them: an ACL file with names of secrets in the places of passwords.
func (p Plan) UserLines() []string {
	var lines []string
	for _, user := range p.Users {
		if user.Secret == "" {
			lines = append(lines, "user "+user.Name+" off")
			continue
		}
		if p.Cluster != nil {
			user.Rules += clusterClients
		}
		lines = append(lines, user.line())
	}
	for _, user := range p.setUsers() {
		lines = append(lines, user.line())
	}
	return lines
}

func (u ServerUser) line() string { return "user " + u.Name + " on @" + u.Secret + " " + u.Rules }

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
