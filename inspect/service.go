package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
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
	if s.Opaque != "" {
		service.Project.Note(s.OpaqueAt, service.Name, fmt.Sprintf("the configuration of %q is not fully known: %s", service.Name, unset.Plain(s.Opaque)))
	}
	if s.further > 0 {
		service.Project.Note(s.Span(), service.Name, fmt.Sprintf("%q starts more than one server; only the first is judged", service.Name))
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
	if err != nil || !slices.Contains(serverNames, path.Base(image.Repository)) {
		return
	}
	service.Project.Note(service.At("image"), service.Name,
		fmt.Sprintf("%q is not judged: %q is no image of a server that is known, and it is not seen to start one", service.Name, image.Text))
}

// serverNames are what people call an image of a server.
var serverNames = []string{
	"redis", "redis-server", "redis-sentinel", "redis-cluster", "redis-stack", "redis-stack-server", "valkey", "valkey-server", "valkey-sentinel", "valkey-cluster", "valkey-bundle", "keydb", "keydb-server",
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
	s.files = newFiles(service, known && holdsNoConf(traits) && service.Config.Build == nil && len(service.Config.VolumesFrom) == 0)
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
	case redis.Dragonfly, redis.Garnet:
		s.Kind = Compatible
		return s
	}
	process := s.process()
	if process.kind == "" && !traits.ReadsConf {
		return nil
	}
	s.Kind, s.Program = process.kind, process.program
	s.Wrapped = process.wrapped
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
	if s.Kind == Server && (s.Get("cluster-enabled").Value == "yes" || isClusterFamily(s.Image.Family)) {
		s.Kind = ClusterNode
	}
	return s
}

// readEnvironment returns the container's environment.
func (s *Service) readEnvironment() []compose.Environment {
	environment := slices.Clone(s.Service.Environment())
	for i := range environment {
		if s.unset {
			environment[i].Value = unset.WhenUnset(environment[i].Value)
		}
	}
	return environment
}

// holdsNoConf reports whether an image is known to bring no conf file: those
// with a setup script keep theirs somewhere.
func holdsNoConf(traits redis.Traits) bool {
	return traits.ReadsConf && traits.SetupScript == "" && traits.DefaultConf == ""
}

func isClusterFamily(family redis.Family) bool {
	return family == redis.BitnamiRedisCluster || family == redis.BitnamiValkeyCluster
}

// readImage reads the image reference. A tag that is not known leaves the
// family, which the repository tells.
func (s *Service) readImage() bool {
	text := s.Config.Image
	if text == "" {
		return false
	}
	if !unset.Known(text) {
		colon := strings.LastIndex(text, ":")
		if colon < 0 || !unset.Known(text[:colon]) || strings.Contains(text[colon:], "/") {
			return false
		}
		image, err := redis.ParseImage(text[:colon])
		if err != nil {
			return false
		}
		image.Text, image.Tag, image.Floating = text, "", ""
		image.ReleaseKnown, image.ReleaseAssumed, image.Release = false, false, redis.Release{}
		s.Image, s.told = toldOf(s.Project).image(image)
		return true
	}
	image, err := redis.ParseImage(text)
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
	if (s.Config.Build == nil || s.told) && s.Image.ReleaseKnown {
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
	switch {
	case s.Config.WorkingDir != "" && unset.Known(s.Config.WorkingDir):
		return path.Clean(s.Config.WorkingDir)
	case s.Config.WorkingDir != "" || len(traits.DataDirectories) == 0:
		return ""
	case s.Image.Family.Bitnami():
		return "/"
	case s.Image.Family == redis.RedisStack || s.Image.Family == redis.RedisStackServer:
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
