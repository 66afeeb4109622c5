package intent

import (
	"regexp"
	"slices"
)

// User is an application's user as [[users]] names it.
type User struct {
	Name, Preset   string
	Keys, Channels []string // patterns; Keys is empty for every key
	at             map[string]entry
}

// Given tells that a key stands in the user's table.
func (u User) Given(key string) bool {
	_, given := u.at[key]
	return given
}

// userProblem places a fault at a key of a user.
func (i *Intent) userProblem(u User, key string, f *Fault) Problem {
	return i.problem(usersTable+"."+key, u.at[key].at, f)
}

// Preset is what a user may do. Its rules follow those for keys and channels.
type Preset struct {
	Name, Use string
	May       string // the same for the documentation, in Markdown
	Rules     string
	Keys      bool // works on keys
	Channels  bool // every channel where none is named
}

// What every client library sends when it connects.
const connects = "+@connection -@dangerous +client|setname +client|getname +client|id"

// presets are ordered from much to little.
var presets = []Preset{
	{"application", "reads and writes keys, without the commands that look at or change the server or all keys at once", "read and write keys; not what looks at or changes the server or all keys at once (`KEYS`, `FLUSHALL`, `CONFIG`, `SHUTDOWN`, …)",
		"+@all -@admin -@dangerous +client|setname +client|getname +client|id +info +role", true, false},
	{"read-only", "reads keys", "read keys", "+@read +@transaction " + connects + " +info +role", true, false},
	{"subscriber", "listens to channels", "listen to channels", "+subscribe +psubscribe +unsubscribe +punsubscribe +pubsub " + connects, false, true},
	{"publisher", "sends to channels", "send to channels", "+publish " + connects, false, true},
	{Exporter, "reads what monitoring needs: INFO, SLOWLOG and LATENCY, no key and no configuration, which holds passwords", "`INFO`, `SLOWLOG`, `LATENCY`, `DBSIZE`: no key and no `CONFIG GET`, which shows passwords",
		"+ping +info +select +dbsize +slowlog|len +slowlog|get +latency|latest +client|setname", false, false},
	{"backup", "fetches a copy of all data with --rdb", "fetch a copy of all data with `--rdb`", "+ping +replconf +sync +psync +info", false, false},
}

// Exporter is the user that an exporter logs in as, and the preset for one of
// somebody else's.
const Exporter = "exporter"

// FindPreset returns the preset of a name, none for one that was refused already.
func FindPreset(name string) Preset {
	for _, p := range presets {
		if p.Name == name {
			return p
		}
	}
	return Preset{}
}

func presetNames() []string {
	var names []string
	for _, p := range presets {
		names = append(names, p.Name)
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
	for _, k := range userKeys {
		if k.Required && !user.Given(k.Name) {
			problems = append(problems, i.problem(usersTable, header, Faultf(k.missing(), "a user needs a %s", k.Name)))
		}
	}
	for _, other := range i.Users {
		if other.Name == user.Name && user.Name != "" {
			problems = append(problems, i.problem("name", user.at["name"].at, Faultf("give each user a name of its own", "there are two users %q", user.Name)))
		}
	}
	if len(problems) == 0 {
		i.Users = append(i.Users, user)
	}
	return problems
}

// userKeys are the keys of [[users]].
var userKeys = []Key[User]{
	{
		Name: "name", Required: true, Example: `"shop"`,
		Value: "a-z, 0-9, `_` and `-`, at most 32, the first a letter; not one that gen makes itself: `default`, `operator`, `replica`, `health`, `monitor`, `sentinel`",
		Type:  text(userShape.String(), (*User).readName),
	},
	{
		Name: "preset", Required: true, Example: `"application"`, More: ", " + Quoted(presetNames()[1:]),
		Value: "one of the presets below",
		Type:  word(func(u *User) *string { return &u.Preset }, presetNames()...),
	},
	{
		Name: "keys", Example: `["session:*"]`, Without: "every key",
		Value: "patterns of keys",
		Type:  texts(patternShape.String(), func(u *User, list []string) *Fault { u.Keys = list; return patterns(list) }),
	},
	{
		Name: "channels", Example: `["news:*"]`, Without: "every channel, but none for an `application`",
		Value: "patterns of channels",
		Type:  texts(patternShape.String(), func(u *User, list []string) *Fault { u.Channels = list; return patterns(list) }),
	},
}

func (u *User) read(e entry) *Fault {
	if k, ok := find(userKeys, e.name); ok {
		return k.Type.read(u, e.value)
	}
	if e.name == "password" {
		return Faultf("leave it out", "every user gets a password of its own, made once in secrets/user-NAME-password")
	}
	return Faultf("the keys are name, preset, keys and channels", "a user has no key %q", e.name)
}

func (u *User) readName(s string) *Fault {
	u.Name = s
	switch {
	case slices.Contains(internalUsers, s):
		return Faultf(`choose another name, such as "shop"`, "the user %q is made by gen itself", s)
	case !userShape.MatchString(s):
		return Faultf(`write name = "shop"`, "must be 1 to 32 characters of a-z, 0-9, _ and -, the first a letter, not %q", s)
	}
	return nil
}

func patterns(list []string) *Fault {
	for _, pattern := range list {
		if !patternShape.fits(pattern) {
			return Faultf(`write a pattern such as "session:*"`, "%q is not a pattern of letters, digits and _ . : * ? [ ] { } / @ -", pattern)
		}
	}
	return nil
}
