package generate

import (
	"regexp"
	"slices"
	"strings"
)

// User is an application's user as [[users]] names it.
type User struct {
	Name, Preset   string
	Keys, Channels []string // patterns; Keys is empty for every key
	at             map[string]entry
}

// ServerUser is a user that the servers know.
type ServerUser struct {
	Name   string
	Secret string // file of the password; "" for a user that is off
	Rules  string // of the ACL, without the password
}

// preset is what a user may do. Its rules follow those for keys and channels.
type preset struct {
	name, use string
	rules     string
	keys      bool // works on keys
	channels  bool // every channel where none is named
}

// What every client library sends when it connects.
const connects = "+@connection -@dangerous +client|setname +client|getname +client|id"

// presets are ordered from much to little.
var presets = []preset{
	{"application", "reads and writes keys, without the commands that look at or change the server or all keys at once",
		"+@all -@admin -@dangerous +client|setname +client|getname +client|id +info +role", true, false},
	{"read-only", "reads keys", "+@read +@transaction " + connects + " +info +role", true, false},
	{"subscriber", "listens to channels", "+subscribe +psubscribe +unsubscribe +punsubscribe +pubsub " + connects, false, true},
	{"publisher", "sends to channels", "+publish " + connects, false, true},
	{exporterUser, "reads what monitoring needs: INFO, SLOWLOG and LATENCY, no key and no configuration, which holds passwords",
		"+ping +info +select +dbsize +slowlog|len +slowlog|get +latency|latest +client|setname", false, false},
	{"backup", "fetches a copy of all data with --rdb", "+ping +replconf +sync +psync +info", false, false},
}

func presetNames() []string {
	var names []string
	for _, p := range presets {
		names = append(names, p.name)
	}
	return names
}

// internalUsers are those that gen makes for itself.
var internalUsers = []string{"default", "operator", "replica", "health", "monitor", "sentinel"}

const usersTable = "users"

var (
	userShape = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
	// A pattern must not leave its place in a shell word or an ACL line.
	patternShape = shape{regexp.MustCompile(`^[A-Za-z0-9_.:*?{}\[\]/@-]+$`), 128}
)

// readUser takes one table of [[users]].
func (i *Intent) readUser(header place, entries []entry) []Problem {
	user := User{at: map[string]entry{}}
	var problems []Problem
	for _, e := range entries {
		user.at[e.name] = e
		if c := user.read(e); c != nil {
			problems = append(problems, i.problem(e.name, e.at, c))
		}
	}
	for _, required := range []string{"name", "preset"} {
		if _, given := user.at[required]; !given {
			example := map[string]string{"name": `write name = "shop"`, "preset": "write preset = " + quotedList(presetNames())}[required]
			problems = append(problems, i.problem(usersTable, header, complain(example, "a user needs a %s", required)))
		}
	}
	for _, other := range i.Users {
		if other.Name == user.Name && user.Name != "" {
			problems = append(problems, i.problem("name", user.at["name"].at, complain("give each user a name of its own", "there are two users %q", user.Name)))
		}
	}
	if len(problems) == 0 {
		i.Users = append(i.Users, user)
	}
	return problems
}

func (u *User) read(e entry) *complaint {
	switch e.name {
	case "name":
		return text(func(_ *Intent, s string) *complaint { return u.readName(s) })(nil, e.value)
	case "preset":
		return text(func(_ *Intent, s string) *complaint { u.Preset = s; return oneOf(s, presetNames()) })(nil, e.value)
	case "keys":
		return texts(func(_ *Intent, list []string) *complaint { u.Keys = list; return patterns(list) })(nil, e.value)
	case "channels":
		return texts(func(_ *Intent, list []string) *complaint { u.Channels = list; return patterns(list) })(nil, e.value)
	case "password":
		return complain("leave it out", "every user gets a password of its own, made once in secrets/user-NAME-password")
	}
	return complain("the keys are name, preset, keys and channels", "a user has no key %q", e.name)
}

func (u *User) readName(s string) *complaint {
	u.Name = s
	switch {
	case slices.Contains(internalUsers, s):
		return complain(`choose another name, such as "shop"`, "the user %q is made by gen itself", s)
	case !userShape.MatchString(s):
		return complain(`write name = "shop"`, "must be 1 to 32 characters of a-z, 0-9, _ and -, the first a letter, not %q", s)
	}
	return nil
}

func patterns(list []string) *complaint {
	for _, pattern := range list {
		if !patternShape.fits(pattern) {
			return complain(`write a pattern such as "session:*"`, "%q is not a pattern of letters, digits and _ . : * ? [ ] { } / @ -", pattern)
		}
	}
	return nil
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
		d.refuse(complain("leave it out", "the default user is on where no [[users]] are"), "default-user")
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
		p.Secrets = append(p.Secrets, Secret{one.Secret, user.Name, "an application: " + findPreset(user.Preset).use + namesShown(user)})
	}
	if len(p.Members) == 0 {
		p.Secrets = append(p.Secrets, serverSecrets...)
	}
	d.addExporterUser()
}

// namesShown says what patterns do not hide: an ACL holds SCAN and RANDOMKEY to no pattern (redis.io, "ACL": commands that name no key).
func namesShown(user User) string {
	if len(user.Keys) == 0 {
		return ""
	}
	return "; SCAN and RANDOMKEY show it the names of all keys, not only of its own"
}

// findPreset returns the preset of a name, none for one that was refused already.
func findPreset(name string) preset {
	for _, p := range presets {
		if p.name == name {
			return p
		}
	}
	return preset{}
}

// checkUser refuses patterns that the preset gives no use.
func (d *decider) checkUser(user User) {
	p := findPreset(user.Preset)
	if e, given := user.at["keys"]; given && !p.keys {
		d.problems = append(d.problems, d.intent.problem("users.keys", e.at, complain("leave keys out", "a user with preset %q works on no keys", user.Preset)))
	}
	if e, given := user.at["channels"]; given && user.Preset != "application" && !p.channels {
		d.problems = append(d.problems, d.intent.problem("users.channels", e.at, complain("leave channels out", "a user with preset %q works on no channels", user.Preset)))
	}
}

// rulesOf writes the ACL rules of a user, as the release knows them.
func (d *decider) rulesOf(user User) string {
	var words []string
	p := findPreset(user.Preset)
	keys, channels := user.Keys, user.Channels
	if p.keys && len(keys) == 0 {
		keys = []string{"*"}
	}
	if p.channels && len(channels) == 0 {
		channels = []string{"*"}
	}
	for _, pattern := range keys {
		words = append(words, "~"+pattern)
	}
	for _, pattern := range channels {
		words = append(words, "&"+pattern)
	}
	words = append(words, p.rules)
	if (d.release.Engine != "redis" || d.release.AtLeast(7, 2)) && strings.Contains(p.rules, "client|setname") {
		words = append(words, "+client|setinfo")
	}
	if user.Preset == exporterUser {
		words = append(words, d.measures()...)
	}
	return strings.Join(words, " ")
}
