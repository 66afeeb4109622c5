// Package inspect works out what the services of a compose project run: which
// are Redis or Valkey servers, sentinels, clients, and the configuration that
// each of them will have, with the place that every value comes from.
package inspect

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// Kind is what a service runs.
type Kind string

// The kinds. "" is anything else.
const (
	Server      Kind = "server"
	Sentinel    Kind = "sentinel"
	ClusterNode Kind = "cluster-node"
	Client      Kind = "client"     // redis-cli or the like, run once
	Exporter    Kind = "exporter"   // of metrics
	Admin       Kind = "admin"      // a user interface
	Compatible  Kind = "compatible" // a server that speaks the protocol, and reads no redis.conf
)

// Service is a service of the project that has to do with Redis.
type Service struct {
	*compose.Service
	Kind  Kind
	Image redis.Image // zero where the image is not known; of one that is built here, the image below
	Built *Build      // what it is built of; nil: it is not built here, or is Unread
	// Unread says that the image is built here, and not seen of what.
	Unread bool
	// Release is the line that the directives are judged by. Where it is not
	// Known, it is the engine's default, and defaults are not known.
	Release      redis.Release
	ReleaseKnown bool
	Program      string // "redis-server"; "" where no program was seen
	// Wrapped says that the server does not go through the image's entrypoint.
	Wrapped bool
	// SetUp says that the image's own script makes the configuration of its
	// variables before it starts the server.
	SetUp bool
	// Partial says that the file is a part of something: what is not in it may
	// stand elsewhere.
	Partial bool
	Confs   []Conf // the conf files that the server reads, in order
	Mounts  []Mount
	// Opaque says why any directive may be set beside those seen; "" if not.
	Opaque   string
	OpaqueAt position.Span
	Problems []Problem // what the server objects to
	Monitors []Monitor // the masters that a sentinel watches

	ends            []End
	hooks           []position.Span // commands that run in it later, and are not followed
	unaided         bool            // nothing but the server runs in the container, before it or beside it
	unprivileged    bool            // it surely runs as the image's own user
	confNamed       bool            // its first argument is a conf file
	startedAt       position.Span   // what it is started by
	settings        map[string]Setting
	environment     func() []compose.Environment // read when first asked for
	files           *files
	directory       string  // where the process starts
	entries         []entry // everything that is read, in order
	dropped         []entry // what some ways of a script read and others do not: it may hold passwords
	sentinelEntries []entry
	calls           []Probe             // of clients, by the command or its script
	variables       []map[string]string // that scripts set on the way to the server
	script          *word               // the start script that was followed last, nil: none
	kept            bool                // a shell that takes no signals stays in front of the server
	unread          string              // why Unread; "" where it has nothing to do with Redis
	candidates      []redis.Release     // that it may run, where the engine is not known; nil: all of its engine
	told            bool                // the user says what the image holds
	unset           bool                // every variable of Compose without a value is empty
	further         []further           // servers that a start script runs beside the one that is judged
	exports         map[string]string   // variables that a start script gives to what it starts
	ways            []way               // the other ways in which it may start, until they are joined
	expanded        map[string]bool     // variables that a start script looks up
	defaultUser     position.Span       // in the ACL file, once it was looked for
	noDefaultUser   bool                // no line of the ACL file is about it
}

// ConfState says what stands where a server looks for a conf file.
type ConfState string

// The states.
const (
	ConfRead      ConfState = "read"
	ConfDirectory ConfState = "directory"          // a directory, which a server reads like an empty file
	ConfMissing   ConfState = "missing"            // nothing, and the server stops
	ConfNotHere   ConfState = "not in the project" // a bind mount whose source is not there
	ConfUnknown   ConfState = "unknown"
)

// Conf is a conf file that a server is told to read.
type Conf struct {
	Path  string // in the container
	State ConfState
	Shown string        // the project's file, "" none
	Mount *Mount        // what brings it, nil: nothing does
	At    position.Span // where it is named
}

// OriginKind says where a value comes from.
type OriginKind string

// The kinds of origins.
const (
	FromArgv        OriginKind = "argv"
	FromConf        OriginKind = "conf"
	FromEnvironment OriginKind = "environment"
	FromImage       OriginKind = "image"
	FromContainer   OriginKind = "container" // a limit that the service sets
	FromDefault     OriginKind = "default"
)

// Origin is where a value comes from. Only argv, conf, environment and container
// have a place.
type Origin struct {
	Kind OriginKind
	Span position.Span
}

// Setting is one directive of a server.
type Setting struct {
	Name   string
	Value  string // as CONFIG GET prints it; may hold marks where not Known
	Args   []string
	Set    bool // by something else than the default
	Known  bool // the value is; an unknown setting may be set or not
	Origin Origin
	Parts  []Origin // every line and option that makes up the value
	Why    string   // why it is not known
}

// Problem is something the server objects to at its start, or misreads.
type Problem struct {
	redis.Problem
	Name string // the directive as written
	At   position.Span
}

// word is one word of a command line in the container.
type word struct {
	text  string
	at    position.Span
	lines int // over how many it is written, where the span does not tell
	// variable is the one that an image's own script takes the word from.
	variable    string
	placeholder bool // for what the image's own script puts there
}

type servicesKey struct{}

// Services returns the services of a project that have to do with Redis, in
// the order of the files.
func Services(project *compose.Project) []*Service {
	return compose.Once(project, servicesKey{}, func() []*Service {
		var services []*Service
		for _, service := range project.Services {
			if inspected := inspect(service); inspected != nil {
				services = append(services, inspected)
			}
		}
		return services
	})
}

// Servers returns the services that hold data: servers and cluster nodes.
func Servers(project *compose.Project) []*Service {
	return ofKind(project, Server, ClusterNode)
}

// Sentinels returns the services that run Sentinel.
func Sentinels(project *compose.Project) []*Service { return ofKind(project, Sentinel) }

// Stores returns all services that hold data, those included whose server only
// speaks the protocol: for what is the same for all of them.
func Stores(project *compose.Project) []*Service {
	return ofKind(project, Server, ClusterNode, Compatible)
}

// kindsKey keeps the services of some kinds: rules ask once for each service.
type kindsKey string

func ofKind(project *compose.Project, kinds ...Kind) []*Service {
	return compose.Once(project, kindsKey(fmt.Sprint(kinds)), func() (services []*Service) {
		for _, service := range Services(project) {
			if slices.Contains(kinds, service.Kind) {
				services = append(services, service)
			}
		}
		return services
	})
}

// Get returns a directive: as it is set, else as the engine has it by default.
func (s *Service) Get(name string) Setting {
	if setting, ok := s.settings[s.name(name)]; ok {
		return setting
	}
	setting := Setting{Name: name, Origin: Origin{Kind: FromDefault}}
	if s.Opaque != "" {
		setting.Why = s.Opaque
		return setting
	}
	if value, ok := s.Image.Traits().Overrides[name]; ok {
		setting.Value, setting.Known, setting.Origin = value, true, Origin{Kind: FromImage}
		return setting
	}
	directive, ok := s.Release.Directive(name)
	setting.Value = directive.Default
	setting.Known = ok && directive.HasDefault && (s.ReleaseKnown || sameEverywhere(s.Release.Engine, name, directive.Default))
	if !setting.Known {
		setting.Why = "the version is not known"
	}
	return setting
}

// sameEverywhere reports whether all releases of an engine have one default.
func sameEverywhere(engine redis.Engine, name, value string) bool {
	for _, release := range redis.Releases(engine) {
		if directive, ok := release.Directive(name); !ok || !directive.HasDefault || directive.Default != value {
			return false
		}
	}
	return true
}

// name is what the release calls a directive.
func (s *Service) name(spelling string) string {
	if directive, ok := s.Release.Directive(spelling); ok {
		return directive.Name
	}
	return spelling
}

// Absent reports whether a directive is certainly not set.
func (s *Service) Absent(name string) bool {
	_, set := s.settings[s.name(name)]
	return !set && s.Opaque == ""
}

// Certain reports whether a directive is set to a value that is known.
func (s *Service) Certain(name string) (Setting, bool) {
	setting, ok := s.settings[s.name(name)]
	return setting, ok && setting.Known
}

// Given reports whether a directive is set, be its value known or not.
func (s *Service) Given(name string) (Setting, bool) {
	setting, ok := s.settings[s.name(name)]
	return setting, ok
}

// Variable looks up a variable of the container's environment. known is false
// where its value is not.
func (s *Service) Variable(name string) (value string, set, known bool) {
	for _, variable := range s.environment() {
		if variable.Name == name {
			return variable.Value, true, variable.Set && unset.Known(variable.Value)
		}
	}
	return "", false, true
}

// Environment returns the variables of the container.
func (s *Service) Environment() []compose.Environment { return s.environment() }

// MountAt returns the mount that a path of the container lies in.
func (s *Service) MountAt(target string) (Mount, bool) { return s.files.mountAt(target) }

// Expanded reports whether a start script looks a variable up.
func (s *Service) Expanded(name string) bool { return s.expanded[name] }

// ReadPaths lists the paths of the container that the server, or a script on
// the way to it, reads or works on.
func (s *Service) ReadPaths() []string { return s.files.asked }

// Directory is where the server's data go: an absolute path in the container;
// ok is false where it is not known.
func (s *Service) Directory() (path string, ok bool) {
	if setting, given := s.Given("dir"); given {
		return join(s.directory, setting.Value), setting.Known
	}
	return s.directory, s.Opaque == "" && s.directory != ""
}
