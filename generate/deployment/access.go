package deployment

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/redis"
)

// Access is who may log in, and by what.
type Access struct {
	Users   []User   // whom clients log in as; none where a password alone is asked for
	Named   bool     // the intent names users
	Inner   []User   // of the deployment itself, beside them
	Secrets []Secret // in the order in which the README tells them
}

// User is a user that the servers know.
type User struct {
	Name   string
	Secret string // file of the password; "" for a user that is off
	Rules  string // of the ACL, without the password
}

// Secret is a file that containers have and nobody else, and whose it is.
type Secret struct{ Name, User, Why string }

// The users by which a deployment knows its own.
var (
	defaultUser = User{"default", credentials.DefaultPassword, "~* &* +@all"} // who logs in without a name
	operator    = User{"operator", credentials.OperatorPassword, "~* &* +@all"}
	// sync is what Valkey 8 sends over the second connection of a full copy.
	replica      = User{"replica", credentials.ReplicaPassword, "+psync +sync +replconf +ping"}
	health       = User{"health", credentials.HealthPassword, "+ping +info +role"}
	healthOfNode = User{"health", credentials.HealthPassword, "+ping +info +role +cluster|info +cluster|nodes"}
	monitor      = User{"monitor", credentials.MonitorPassword,
		"&__sentinel__:hello +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish +info +client|setname +client|kill +script|kill +failover"}
)

// FirstUser is one whom applications log in as.
func (a Access) FirstUser() User {
	at := slices.IndexFunc(a.Users, func(user User) bool { return user.Secret != "" })
	if at < 0 {
		return defaultUser
	}
	return a.Users[at]
}

// accessOf decides who may log in, and by what.
func accessOf(i *intent.Intent, release redis.Release, s Set) (Access, []intent.Problem) {
	refused := i.Refusals()
	refuseUsers(refused, i)
	return Access{Users: usersOf(i, release, s), Named: len(i.Users) > 0, Inner: innerUsers(i, s), Secrets: secretsOf(i, s)}, refused.Problems
}

// onePassword tells that one server has one password, and no users.
func onePassword(i *intent.Intent, s Set) bool {
	return s.Alone() && len(i.Users) == 0 && !i.Exporter
}

// usersOf are those that clients log in as; none where a password alone is
// asked for. Where the intent names users, the default user is off, unless
// clients are still to move to them.
func usersOf(i *intent.Intent, release redis.Release, s Set) []User {
	if onePassword(i, s) {
		return nil
	}
	users := []User{defaultUser}
	if len(i.Users) > 0 && !i.DefaultUser {
		users = []User{{Name: defaultUser.Name}}
	}
	for _, user := range i.Users {
		users = append(users, User{user.Name, credentials.UserPassword(user.Name), rulesOf(user, release, s.Topology)})
	}
	if i.Exporter {
		exporter := intent.User{Name: intent.Exporter, Preset: intent.Exporter}
		users = append(users, User{intent.Exporter, credentials.ExporterPassword, rulesOf(exporter, release, s.Topology)})
	}
	return users
}

// innerUsers are those of people, health checks and members among each other.
func innerUsers(i *intent.Intent, s Set) []User {
	switch s.Topology {
	case intent.Cluster:
		return []User{operator, replica, healthOfNode}
	case intent.Sentinel:
		if len(s.Sentinels) == 0 {
			break
		}
		return []User{operator, replica, health, monitor}
	case intent.Standalone:
		if onePassword(i, s) {
			return nil
		}
		return []User{operator, health}
	}
	return []User{operator, replica, health}
}

// secretsOf are the secrets of a deployment.
func secretsOf(i *intent.Intent, s Set) []Secret {
	var all []Secret
	if len(i.Users) == 0 || i.DefaultUser {
		all = append(all, Secret{credentials.DefaultPassword, "default", "applications"})
	}
	if !s.Alone() {
		all = append(all,
			Secret{credentials.OperatorPassword, "operator", "the start program and people who operate the set"},
			Secret{credentials.ReplicaPassword, "replica", "replicas, to follow their master"},
			Secret{credentials.HealthPassword, "health", "health checks, and the question who leads"})
	}
	if s.Topology == intent.Sentinel {
		all = append(all,
			Secret{credentials.MonitorPassword, "monitor", "sentinels, to watch and to promote servers"},
			Secret{credentials.SentinelPassword, "default, of the sentinels", "clients that ask a sentinel, and sentinels among each other"})
	}
	if i.TLS {
		all = append(all,
			Secret{Name: credentials.AuthorityFile, Why: "whom clients trust: give them a copy"},
			Secret{Name: credentials.CertificateFile, Why: "the servers' certificate"},
			Secret{Name: credentials.KeyFile, Why: "its private key"})
	}
	for _, user := range i.Users {
		all = append(all, Secret{credentials.UserPassword(user.Name), user.Name, "an application: " + intent.FindPreset(user.Preset).Use + namesShown(user)})
	}
	if s.Alone() && !onePassword(i, s) {
		all = append(all,
			Secret{credentials.OperatorPassword, "operator", "people who operate the server"},
			Secret{credentials.HealthPassword, "health", "health checks"})
	}
	if i.Exporter {
		all = append(all, Secret{credentials.ExporterPassword, intent.Exporter, "the exporter, to read what it measures"})
	}
	return all
}

// namesShown says what patterns do not hide: an ACL holds SCAN and RANDOMKEY to
// no pattern (redis.io, "ACL": commands that name no key).
func namesShown(user intent.User) string {
	if len(user.Keys) == 0 {
		return ""
	}
	return "; SCAN and RANDOMKEY show it the names of all keys, not only of its own"
}

// refuseUsers refuses what the users of the intent cannot be, and patterns that
// a preset gives no use.
func refuseUsers(refused *intent.Refusals, i *intent.Intent) {
	if i.DefaultUser && len(i.Users) == 0 {
		refused.Refuse(intent.Faultf("leave it out", "the default user is on where no [[users]] are"), "default-user")
	}
	for _, user := range i.Users {
		p := intent.FindPreset(user.Preset)
		if user.Given("keys") && !p.Keys {
			refused.RefuseUser(user, "keys", intent.Faultf("leave keys out", "a user with preset %q works on no keys", user.Preset))
		}
		if user.Given("channels") && user.Preset != "application" && !p.Channels {
			refused.RefuseUser(user, "channels", intent.Faultf("leave channels out", "a user with preset %q works on no channels", user.Preset))
		}
		if i.Exporter && user.Name == intent.Exporter {
			refused.RefuseUser(user, "name", intent.Faultf("leave this user out", "the user %q is made by exporter = true", intent.Exporter))
		}
	}
}

// ClusterClients are what clients of a cluster ask beside what they came for.
const ClusterClients = " +cluster|slots +cluster|shards +cluster|nodes +readonly +readwrite +asking"

// rulesOf writes the ACL rules of a user, as the release knows them.
func rulesOf(user intent.User, release redis.Release, topology string) string {
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
	if (release.Engine != redis.Redis || release.AtLeast(7, 2)) && strings.Contains(p.Rules, "client|setname") {
		words = append(words, "+client|setinfo")
	}
	if user.Preset == intent.Exporter {
		words = append(words, measures(release, topology)...)
	}
	return strings.Join(words, " ")
}

// measures are the commands of an exporter that some releases and topologies
// have, as redis_exporter 1.88 sends them: what is refused is counted in ACL
// LOG each time.
func measures(release redis.Release, topology string) []string {
	var words []string
	valkey := release.Engine == redis.Valkey
	if valkey || release.AtLeast(7, 0) {
		words = append(words, "+latency|histogram")
	}
	if valkey && release.AtLeast(8, 1) {
		words = append(words, "+commandlog|len")
	}
	if topology == intent.Cluster {
		words = append(words, "+cluster|info")
	}
	return words
}
