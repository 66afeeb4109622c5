package redis

import (
	"slices"
	"strings"
)

// FromEnvironment is a directive that an image's start-up script sets.
type FromEnvironment struct {
	Assignment
	Variable string // the environment variable that it comes from; "" when the script sets it by itself
	// Unknown says that the directive may be set, to something that cannot be
	// known; of the arguments only the first word of a sentinel line is there.
	Unknown bool
	Err     error // why the script makes something of the variable that no server reads
}

// Lookup tells the value of an environment variable: whether it is set, and
// whether that and the value are known.
type Lookup func(name string) (value string, set, known bool)

// EnvironmentAssignments says what the image's start-up script makes of the
// environment, in the order in which the server reads it. before stands before
// the command's own arguments. Of these, those that are not FromArgv are lines
// of the generated conf file (a file at Traits.OverridesPath is read after
// them, one at Traits.ConfPath instead of them); for redis-stack there is no
// such file, and Traits.ConfPath is read before them all. after is appended to
// the command's own arguments. Where Traits.SetupScript is set, all this holds
// only for a command that runs it.
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
	}
	return s.made, nil
}

// Flags is an environment variable whose words an image's start-up script puts
// among the server's arguments. They are split on blanks, and quotes in them
// are kept.
type Flags struct {
	Variable string // "" there is none
	Behind   bool   // the command's own arguments stand in front, else they follow
	Modules  bool   // the options of modules stand in front: no word is taken for the conf file, and those in front of the first "--" go to a module
}

// Flags returns that variable. It counts where EnvironmentAssignments does. The
// scripts end in exec "$@" $VALKEY_EXTRA_FLAGS (valkey), exec valkey-server
// "$@" $MODULE_ARGS $EXTRA_ARGS (valkey-bundle), --loadmodule … ${REDIS_ARGS}
// (redis-stack), and Bitnami's in exec redis-server CONF --daemonize no
// $REDIS_EXTRA_FLAGS "$@".
func (i Image) Flags() Flags {
	switch {
	case i.Family == ValkeyImage:
		return Flags{Variable: "VALKEY_EXTRA_FLAGS", Behind: true}
	case i.Family == ValkeyBundle:
		return Flags{Variable: "VALKEY_EXTRA_FLAGS", Behind: true, Modules: true}
	case i.Family == RedisStack || i.Family == RedisStackServer:
		return Flags{Variable: "REDIS_ARGS", Behind: true, Modules: true}
	case i.Family.Bitnami() && !i.Family.Sentinel():
		return Flags{Variable: strings.ToUpper(string(i.Engine)) + "_EXTRA_FLAGS"}
	}
	return Flags{}
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

// redisStack follows /entrypoint.sh: its own arguments, in front of the modules
// and of Flags.
func (s *script) redisStack() {
	directory := s.variable("REDIS_DATA_DIR").or("/data")
	s.flag("dir", directory)
	s.fixedFlag("protected-mode", "no")
	s.fixedFlag("daemonize", "no")
}
