package redis

import (
	"slices"
	"strings"
)

// FromEnvironment is a directive that an image's start-up script sets.
type FromEnvironment struct {
	Assignment
	Variable string // the environment variable that it comes from; "" when the script sets it by itself
	// Unknown says that the directive may be set, to something that cannot be known; of the arguments only the first word of a
	// sentinel line is there. Without a Name, any directive may be set.
	Unknown bool
	Err     error // why the script makes something of the variable that no server reads
}

// Lookup tells the value of an environment variable: whether it is set, and whether that and the value are known.
type Lookup func(name string) (value string, set, known bool)

// EnvironmentAssignments says what the image's start-up script makes of the environment, in the order in which the server reads it.
// before stands before the command's own arguments. Of these, those that are not FromArgv are lines of the generated conf file
// (a file at Traits.OverridesPath is read after them, one at Traits.ConfPath instead of them); for redis-stack there is no such file,
// and Traits.ConfPath is read before them all. after is appended to the command's own arguments.
// Where Traits.SetupScript is set, all this holds only for a command that runs it.
func (i Image) EnvironmentAssignments(value func(name string) (v string, set, known bool)) (before, after []FromEnvironment) {
	s := script{image: i, lookup: value}
	switch {
	case i.Family.Sentinel():
		s.bitnamiSentinel()
	case i.Family.Bitnami():
		s.bitnamiServer()
	case i.Family == RedisStack || i.Family == RedisStackServer:
		s.redisStack()
	case i.Family == KeyDBImage:
		// The script appends it to whatever command it runs.
		s.flag("requirepass", s.variable("KEYDB_PASSWORD"))
		return nil, s.made
	case i.Family == ValkeyImage:
		s.flags("VALKEY_EXTRA_FLAGS")
		return nil, s.made
	}
	return s.made, nil
}

// setting is what a script finds in a variable. An empty variable counts as not set.
type setting struct {
	variable, value string
	unknown         bool
}

// given says whether there is something in the variable, or may be.
func (s setting) given() bool { return s.unknown || s.value != "" }

// yes reads a boolean as Bitnami's scripts do.
func (s setting) yes() bool {
	return slices.Contains([]string{"1", "true", "yes"}, strings.ToLower(s.value))
}

// or gives a setting that is not there a default.
func (s setting) or(value string) setting {
	if s.given() {
		return s
	}
	return setting{value: value}
}

// script collects what a start-up script sets.
type script struct {
	image  Image
	lookup Lookup
	made   []FromEnvironment
}

// variable looks a variable up.
func (s *script) variable(name string) setting {
	value, set, known := s.lookup(name)
	switch {
	case !known:
		return setting{variable: name, unknown: true}
	case !set:
		return setting{variable: name}
	}
	return setting{variable: name, value: value}
}

// set adds a conf line with those arguments.
func (s *script) set(from setting, directive string, args ...string) {
	made := FromEnvironment{Assignment: Assignment{Name: directive, Args: args}, Variable: from.variable, Unknown: from.unknown}
	if from.unknown {
		made.Args = nil
	}
	s.made = append(s.made, made)
}

// flag adds an argument "--directive value" for a variable that is given.
func (s *script) flag(directive string, from setting) {
	if !from.given() {
		return
	}
	s.set(from, directive, from.value)
	s.made[len(s.made)-1].FromArgv = true
}

// fixedFlag adds an argument that the script gives by itself.
func (s *script) fixedFlag(directive, value string) {
	s.flag(directive, setting{value: value})
}

// flags adds a variable that the script splits on blanks, quotes or not, and puts among the arguments.
func (s *script) flags(name string) {
	from := s.variable(name)
	if from.unknown {
		s.made = append(s.made, FromEnvironment{Assignment: Assignment{FromArgv: true}, Variable: name, Unknown: true})
		return
	}
	// A conf word stands in front, so that the first of the flags is not taken for one; what follows it without dashes
	// would belong to the option before, which is not known here.
	argv, err := ParseArgv(append([]string{"conf"}, strings.Fields(from.value)...), s.image.Release)
	for _, option := range argv.Options {
		made := Assignment{Name: option.Name, Args: option.Args, FromArgv: true}
		s.made = append(s.made, FromEnvironment{Assignment: made, Variable: name})
	}
	if err != nil {
		s.made = append(s.made, FromEnvironment{Assignment: Assignment{FromArgv: true}, Variable: name, Err: err})
	}
}

// redisStack follows /entrypoint.sh: its own arguments, the modules, and REDIS_ARGS unquoted behind the last of them, so that
// words in front of the first "--" go to the module.
func (s *script) redisStack() {
	directory := s.variable("REDIS_DATA_DIR").or("/data")
	s.flag("dir", directory)
	s.fixedFlag("protected-mode", "no")
	s.fixedFlag("daemonize", "no")
	from := s.variable("REDIS_ARGS")
	if at := strings.Index(" "+from.value, " --"); at >= 0 {
		s.flagsOf(from, from.value[at:])
	} else if from.unknown {
		s.flags("REDIS_ARGS")
	}
}

// flagsOf is flags for a part of a variable's value.
func (s *script) flagsOf(from setting, value string) {
	rest := script{image: s.image, lookup: func(string) (string, bool, bool) { return value, true, true }}
	rest.flags(from.variable)
	s.made = append(s.made, rest.made...)
}
