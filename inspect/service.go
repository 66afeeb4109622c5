package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/dockerfile"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/redis"
)

// inspect looks at one service. It is nil for one that has nothing to do with
// Redis.
func inspect(service *compose.Service) *Service {
	// A service without an image is a part of one: what it lacks stands elsewhere.
	if service.Config.Image == "" && service.Config.Build == nil {
		return nil
	}
	s := workOut(service, false)
	if s == nil {
		noteUnknownImage(service)
		noteStranger(service)
		noteUnread(service)
		return nil
	}
	if s.Kind == Client {
		return s
	}
	if service.Project.IsFragment() {
		// What a part of something lacks may stand in another; a note says so already.
		s.Partial, s.Opaque = true, nonEmpty(s.Opaque, "the file is a part of something")
		return s
	}
	if s.Kind == Compatible {
		runs := "runs " + s.compatibleFacts().name
		if s.Image.Family == "" {
			runs = "is named after " + s.compatibleFacts().name
		}
		service.Project.Note(s.ImageAt(), service.Name, fmt.Sprintf(
			"%q %s: its port, its tag, its password, its memory limit and its volume are judged as far as they are seen, and nothing else", service.Name, runs))
		return s
	}
	if s.Opaque != "" {
		service.Project.Note(s.OpaqueAt, service.Name, fmt.Sprintf("the configuration of %q is not fully known: %s", service.Name, unset.Plain(s.Opaque)))
	}
	s.noteHooks()
	for _, f := range s.further {
		service.Project.Note(f.at, service.Name, fmt.Sprintf(
			"%q starts more than one server: judged is the one at %s:%d, and not this one", service.Name, f.judged.File, f.judged.Start.Line))
	}
	return s
}

// noteStranger says that an image which is named like a server, and is none
// that is known, is not judged: what it starts by itself nobody knows here.
func noteStranger(service *compose.Service) {
	if service.Config.Build != nil || runsTool(service) {
		return
	}
	image, err := redis.ParseImage(service.Config.Image)
	if err != nil || image.Named().Engine == "" {
		return
	}
	service.Project.Note(service.At("image"), service.Name,
		fmt.Sprintf("%q is not judged: %q is no image of a server that is known, and it is not seen to start one", service.Name, image.Text))
}

// noteUnread says that an image is built of what is not seen, where something
// tells that it has to do with Redis.
func noteUnread(service *compose.Service) {
	s := &Service{Service: service}
	if service.Config.Build == nil {
		return
	}
	if built := s.build(service.Config.Build); built.why != "" && (built.concerned || s.namesServer()) {
		service.Project.Note(service.At("build"), service.Name, fmt.Sprintf("%q is not judged: %s", service.Name, built.why))
	}
}

// WhenUnset returns the service as it is where every variable of Compose
// without a value is empty, which is what Compose makes of them.
func (s *Service) WhenUnset() *Service { return workOut(s.Service, true) }

// workOut follows a service from its image to the last directive.
func workOut(service *compose.Service, unset bool) *Service {
	s := &Service{Service: service, settings: map[string]Setting{}, expanded: map[string]bool{}, unset: unset}
	known := s.readImage()
	traits := s.Image.Traits()
	s.environment = sync.OnceValue(s.readEnvironment)
	bare := known && holdsNoConf(traits) && !s.Unread && len(service.Config.VolumesFrom) == 0
	var image *imageFiles
	if s.Built != nil {
		image = s.Built.image
		bare = bare && image.bare
	}
	s.files = newFiles(service, bare, image)
	s.files.absent = ownPaths(traits)
	if unset {
		s.files.unset()
	}
	s.Mounts = s.files.mounts
	s.directory = s.startDirectory(traits)

	switch s.Image.Family {
	case redis.Exporter:
		s.Kind = Exporter
		return s
	case redis.AdminTool:
		s.Kind = Admin
		return s
	}
	named := s.Image.Named()
	if s.Image.Family.Compatible() || named.Other != "" {
		s.followCompatible()
		return s
	}
	ways := append([]way{{s, s.process()}}, s.ways...)
	if first := &ways[0].process; first.kind == "" && named.Engine != "" && s.startsByItself() {
		*first = s.namedProcess(named)
	}
	ways = mostLikely(ways)
	if ways[0].process.kind == "" && !traits.ReadsConf {
		return nil
	}
	return settled(ways)
}

// settled works every way out in which a service may start, and joins them.
// Those that run a client are none where others run a server.
func settled(ways []way) *Service {
	s := ways[0].service
	s.ways = nil
	var others []*Service
	for i, w := range ways {
		if i > 0 && w.process.kind == Client {
			continue
		}
		w.service.run(w.process)
		if i > 0 {
			others = append(others, w.service)
		}
	}
	s.agree(others)
	if s.Kind == Server && (s.Get("cluster-enabled").Value == "yes" || isClusterFamily(s.Image.Family)) {
		s.Kind = ClusterNode
	}
	return s
}

// run works out what a process makes of the service.
func (s *Service) run(process process) {
	s.Kind, s.Program = process.kind, process.program
	s.Wrapped, s.SetUp = process.wrapped, process.setup
	if process.why != "" {
		s.opaque(process.at, process.why)
	}
	switch s.Kind {
	case Server, Sentinel:
		s.readEngine(process.program)
		s.configure(process)
	case "":
		// An image that runs a server, started in a way that cannot be followed.
		s.Kind = Server
		if s.Image.Family.Sentinel() {
			s.Kind = Sentinel
		}
		s.readEngine("")
		s.opaque(process.at, "it is not seen to start a server")
	}
	s.findEnds(process)
}

// startsByItself reports whether an image starts what it starts by itself: the
// service gives it no other program.
func (s *Service) startsByItself() bool {
	command, _ := s.Command("command")
	if len(s.Config.Entrypoint) > 0 || s.Built != nil && (s.Built.Entrypoint != nil || s.Built.Command != nil) {
		return false
	}
	return len(command.Words) == 0 || strings.HasPrefix(command.Words[0].Text, "-")
}

// namedProcess is what an image of an unknown owner surely starts, because of
// its name: a server, in a way and of a release that nobody knows here. Words
// that begin with an option are for the server.
func (s *Service) namedProcess(named redis.Named) process {
	p := process{kind: Server, program: string(named.Engine) + "-server", at: s.ImageAt()}
	if named.Sentinel {
		p.kind, p.program = Sentinel, string(named.Engine)+"-sentinel"
	}
	command, _ := s.Command("command")
	p.arguments = s.wordsOf(command)
	p.why = nonEmpty(s.unread, fmt.Sprintf("%q is no image that is known: what it starts by itself is not seen", s.Image.Text))
	return p
}

// readEnvironment returns the container's environment.
func (s *Service) readEnvironment() []compose.Environment {
	environment := slices.Clone(s.Service.Environment())
	if s.Built != nil {
		environment = withBuilt(environment, s.Built.Environment)
	}
	for i := range environment {
		if s.unset {
			environment[i].Value = unset.WhenUnset(environment[i].Value)
		}
	}
	return environment
}

// withBuilt adds the variables of an image that the service does not set.
func withBuilt(environment []compose.Environment, built []dockerfile.Variable) []compose.Environment {
	for _, variable := range built {
		if !slices.ContainsFunc(environment, func(e compose.Environment) bool { return e.Name == variable.Name }) {
			environment = append(environment, compose.Environment{Name: variable.Name, Value: variable.Value, Set: true, Span: variable.At})
		}
	}
	slices.SortFunc(environment, func(a, b compose.Environment) int { return strings.Compare(a.Name, b.Name) })
	return environment
}

// holdsNoConf reports whether an image is known to bring no conf file: those
// with a setup script keep theirs somewhere.
func holdsNoConf(traits redis.Traits) bool {
	return traits.ReadsConf && traits.SetupScript == "" && traits.DefaultConf == ""
}

// ownPaths are where an image's own script looks for a conf file of its user's:
// the image has none there.
func ownPaths(traits redis.Traits) []string {
	if traits.SetupScript == "" {
		return nil
	}
	return []string{traits.ConfPath, traits.OverridesPath}
}

func isClusterFamily(family redis.Family) bool {
	return family == redis.BitnamiRedisCluster || family == redis.BitnamiValkeyCluster
}

// readImage reads the image reference: the service's own, or the one that it is
// built of.
func (s *Service) readImage() (known bool) {
	text := s.Config.Image
	if config := s.buildConfig(); config != nil {
		built := s.build(config)
		s.Built, s.Unread, s.unread = built.build, built.build == nil, built.why
		if s.Built != nil {
			text = s.Built.From
		}
	}
	image, err := readReference(text)
	if err != nil {
		return false
	}
	s.Image, s.told = toldOf(s.Project).image(image)
	return true
}

// readEngine settles which release the directives are judged by.
func (s *Service) readEngine(program string) {
	engine := s.Image.Engine
	if engine == "" {
		engine = engineOf(program)
	}
	if (!s.Unread || s.told) && s.Image.ReleaseKnown {
		s.Release, s.ReleaseKnown = s.Image.Release, true
		return
	}
	s.Release = redis.DefaultRelease(engine)
}

func (s *Service) opaque(at position.Span, why string) {
	if s.Opaque == "" {
		s.Opaque, s.OpaqueAt = why, at
	}
}

// startDirectory is where the container's process starts.
func (s *Service) startDirectory(traits redis.Traits) string {
	directory := homeDirectory(s.Image, traits)
	if s.Built != nil {
		directory = join(directory, s.Built.WorkingDir)
	}
	if s.Config.WorkingDir != "" {
		directory = join(directory, s.Config.WorkingDir)
	}
	if !unset.Known(directory) || !path.IsAbs(directory) {
		return ""
	}
	return directory
}

// homeDirectory is the working directory of an image, "" where it is not known.
func homeDirectory(image redis.Image, traits redis.Traits) string {
	switch {
	case len(traits.DataDirectories) == 0:
		return ""
	case image.Family.Bitnami(), image.Family == redis.RedisStack, image.Family == redis.RedisStackServer:
		return "/"
	}
	return traits.DataDirectories[0]
}

var serverPrograms = map[string]redis.Engine{
	"redis-server": redis.Redis, "redis-stack-server": redis.Redis, "valkey-server": redis.Valkey, "keydb-server": redis.KeyDB,
}

var sentinelPrograms = map[string]redis.Engine{
	"redis-sentinel": redis.Redis, "valkey-sentinel": redis.Valkey, "keydb-sentinel": redis.KeyDB,
}

// toolPrograms come with the images, or are what a container without a task
// runs: none of them ever becomes a server.
var toolPrograms = []string{
	"redis-benchmark", "valkey-benchmark", "keydb-benchmark", "memtier_benchmark", "redis-check-aof", "redis-check-rdb",
	"valkey-check-aof", "valkey-check-rdb", "sleep", "tail", "true", "false", "echo", "cat", "ls",
}

var clientPrograms = map[string]redis.Engine{
	"redis-cli": redis.Redis, "valkey-cli": redis.Valkey, "keydb-cli": redis.KeyDB,
}

func isServer(program string) bool   { return serverPrograms[path.Base(program)] != "" }
func isSentinel(program string) bool { return sentinelPrograms[path.Base(program)] != "" }
func isClient(program string) bool   { return clientPrograms[path.Base(program)] != "" }
func isTool(program string) bool     { return slices.Contains(toolPrograms, path.Base(program)) }

func engineOf(program string) redis.Engine {
	name := path.Base(program)
	for _, programs := range []map[string]redis.Engine{serverPrograms, sentinelPrograms, clientPrograms} {
		if engine := programs[name]; engine != "" {
			return engine
		}
	}
	return redis.Redis
}
