package inspect

import (
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/redis"
)

// Role is what the data of a server are for.
type Role string

// The roles. "" is one that nobody told.
const (
	Cache        Role = "cache"
	SessionStore Role = "session-store"
	Queue        Role = "queue"
	RateLimit    Role = "rate-limit"
	PubSub       Role = "pubsub"
	Database     Role = "database"
)

// Roles are all roles.
func Roles() []string {
	return []string{string(Cache), string(SessionStore), string(Queue), string(RateLimit), string(PubSub), string(Database)}
}

// Told is what the user says of a project that its files do not.
type Told struct {
	Images map[string]Holding // by the name of the image, without a tag
	Roles  map[string]Role    // by the name of the service
}

// Holding is the server that an image holds.
type Holding struct {
	Engine  string
	Version string // "" where it is not told
}

// Engines are the engines that an image may be told to hold.
func Engines() []string {
	return []string{string(redis.Redis), string(redis.Valkey), string(redis.KeyDB)}
}

// CheckVersion refuses a version of an engine that is not known.
func CheckVersion(engine, version string) error {
	_, err := redis.ParseRelease(redis.Engine(engine), version)
	return err
}

type toldKey struct{}

// Tell makes known what the user says of a project. It comes before anything
// is asked of the project's services.
func Tell(project *compose.Project, told Told) {
	compose.Once(project, toldKey{}, func() Told { return told })
}

func toldOf(project *compose.Project) Told {
	return compose.Once(project, toldKey{}, func() Told { return Told{} })
}

// image is an image with what is told of it.
func (t Told) image(image redis.Image) (known redis.Image, told bool) {
	for name, holding := range t.Images {
		if same, err := redis.ParseImage(name); err == nil && same.Registry == image.Registry && same.Repository == image.Repository {
			return image.As(redis.Engine(holding.Engine), holding.Version), true
		}
	}
	return image, false
}

// Role is what the user says that a service is for, "" where nothing is told.
func (s *Service) Role() Role { return toldOf(s.Project).Roles[s.Name] }

// MayLoseData reports whether the user says that a service holds nothing that
// has to outlive it.
func (s *Service) MayLoseData() bool {
	role := s.Role()
	return role == Cache || role == RateLimit || role == PubSub
}

// MustKeepKeys reports whether the user says that a service holds what it may
// never drop by itself: writes have to fail when it is full.
func (s *Service) MustKeepKeys() bool {
	role := s.Role()
	return role == Queue || role == Database
}
