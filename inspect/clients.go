package inspect

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Use is one place where a service of the project says how it reaches a server.
type Use struct {
	By       *compose.Service
	Variable string // of its environment; "" where the command says it
	At       position.Span
	URL      string // as written, "" where only a host is named
	TLS      bool   // rediss://
	Host     string
	Port     string // "" none is named
	User     string
	Password string
	Database string // "" none is named
	Queue    string // the library that keeps its jobs there, "" none is seen
	Cache    bool   // it is spoken of as a cache
}

type usesKey struct{}

// uses are what the services of a project say of servers; whole is false where
// not all that they say is seen.
type uses struct {
	all   []Use
	of    map[string][]Use // of each server, by the service's name
	whole bool
}

// Uses returns what the services of a project say of servers, in the order of
// the files and of the variables in each: of those that are its own, and of any
// other behind a URL.
func Uses(project *compose.Project) []Use { return usesIn(project).all }

func usesIn(project *compose.Project) uses {
	return compose.Once(project, usesKey{}, func() uses {
		said := uses{whole: true, of: map[string][]Use{}}
		stores := Stores(project)
		if len(stores) == 0 {
			return said
		}
		known := map[string]bool{}
		for _, s := range stores {
			for _, name := range s.Names() {
				known[name] = true
			}
		}
		for _, service := range project.Services {
			of, whole := usesOf(service, known)
			said.all, said.whole = append(said.all, of...), said.whole && whole
		}
		for _, s := range stores {
			names := s.Names()
			for _, use := range said.all {
				if slices.Contains(names, use.Host) && use.By.Name != s.Name {
					said.of[s.Name] = append(said.of[s.Name], use)
				}
			}
		}
		return said
	})
}

// Uses returns what the project's services say of one server.
func (s *Service) Uses() []Use { return usesIn(s.Project).of[s.Name] }

// usesOf reads the environment and the command of one service.
func usesOf(service *compose.Service, known map[string]bool) (uses []Use, whole bool) {
	var drivers []string
	environment, whole := service.Glimpse()
	for _, variable := range environment {
		if driver := drivenByRedis(variable); driver != "" {
			drivers = append(drivers, driver)
		}
		for _, use := range serversIn(variable.Value, strings.ToUpper(variable.Name), known) {
			use.By, use.Variable, use.At = service, variable.Name, variable.Span
			uses = append(uses, use)
		}
	}
	command, _ := service.Command("command")
	text := strings.Join(command.Texts(), " ")
	for _, use := range serversIn(text, "", known) {
		use.By, use.At = service, command.Span
		uses = append(uses, use)
	}
	if len(uses) == 0 {
		return nil, whole
	}
	library := queueOf(workerWords, text+" "+service.Config.Image)
	for i := range uses {
		uses[i].Cache = uses[i].Cache || slices.Contains(drivers, "CACHE")
		if uses[i].Queue == "" && slices.Contains(drivers, "QUEUE") {
			uses[i].Queue = "Laravel"
		}
		uses[i].Queue = nonEmpty(uses[i].Queue, library)
	}
	return uses, whole
}

// drivenByRedis recognises what tells a framework to keep a cache or a queue in
// Redis, as in QUEUE_CONNECTION=redis of Laravel: "CACHE" or "QUEUE". Of a queue
// it is enough that it may.
func drivenByRedis(variable compose.Environment) string {
	use, setting, _ := strings.Cut(strings.ToUpper(variable.Name), "_")
	if (use != "CACHE" && use != "QUEUE") || (setting != "CONNECTION" && setting != "DRIVER" && setting != "STORE") {
		return ""
	}
	known := variable.Set && unset.Known(variable.Value)
	if known && strings.EqualFold(variable.Value, "redis") || !known && use == "QUEUE" {
		return use
	}
	return ""
}

var (
	serverURL  = regexp.MustCompile(`(?i)\b(rediss?|valkeys?)://([^\s"'` + "`" + `<>]+)`)
	hostOnly   = regexp.MustCompile(`(HOST|HOSTNAME|ADDR|ADDRESS|SERVER|ENDPOINT|URL|URI)$`)
	ofServer   = regexp.MustCompile(`REDIS|VALKEY|CACHE|QUEUE|BROKER|CELERY|SIDEKIQ|RESQUE|BULL|SESSION`)
	hostOfPort = regexp.MustCompile(`^([A-Za-z0-9._-]+)(?::(\d+))?$`)
)

// serversIn finds what a text says of servers: URLs, and a host alone where the
// name of the variable says that it is one.
func serversIn(text, name string, known map[string]bool) (uses []Use) {
	if strings.Contains(text, "://") {
		for _, match := range serverURL.FindAllStringSubmatch(text, -1) {
			if use, ok := parseURL(match[0], match[1], match[2]); ok {
				uses = append(uses, use)
			}
		}
	} else if hostOnly.MatchString(name) && ofServer.MatchString(name) {
		if match := hostOfPort.FindStringSubmatch(text); match != nil && known[match[1]] {
			uses = append(uses, Use{Host: match[1], Port: match[2]})
		}
	}
	for i := range uses {
		uses[i].Queue, uses[i].Cache = queueOf(queueNames, name), strings.Contains(name, "CACHE")
	}
	return uses
}

// isPort recognises a port. What else stands in its place may be a password
// whose host was forgotten, and is said to nobody.
var isPort = regexp.MustCompile(`^\d{0,5}$`)

// afterPath is where the path of a URL ends. The mark of a variable that has to
// be set begins with a question mark, too.
var afterPath = regexp.MustCompile(`(?:^|[^\x{E0F0}])[?#]`)

// parseURL takes a URL apart. Several hosts, or one that a variable names, are
// nothing that is certain.
func parseURL(whole, scheme, rest string) (Use, bool) {
	if at := afterPath.FindStringIndex(rest); at != nil {
		rest = rest[:at[1]-1]
	}
	authority, database, _ := strings.Cut(rest, "/")
	use := Use{URL: whole, TLS: strings.EqualFold(scheme, "rediss") || strings.EqualFold(scheme, "valkeys"), Database: database}
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		use.User, use.Password, _ = strings.Cut(authority[:at], ":")
		authority = authority[at+1:]
	}
	use.Host, use.Port, _ = strings.Cut(authority, ":")
	return use, use.Host != "" && unset.Known(use.Host) && (isPort.MatchString(use.Port) || !unset.Known(use.Port)) && !strings.ContainsAny(authority, ",$[]{}()")
}

// A library, and what tells of it.
type library struct {
	name string
	sign *regexp.Regexp
}

// queueNames are variables that only a queue's library reads, workerWords
// programs and words of commands that start its workers.
var (
	queueNames = []library{
		{"Bull", regexp.MustCompile(`(^|_)BULL(MQ)?_`)},
		{"Celery", regexp.MustCompile(`(^|_)CELERY_(BROKER|REDIS)|^BROKER_URL$`)},
		{"Sidekiq", regexp.MustCompile(`(^|_)SIDEKIQ_`)},
		{"Resque", regexp.MustCompile(`(^|_)RESQUE_`)},
		{"RQ", regexp.MustCompile(`^RQ_REDIS_`)},
		{"Arq", regexp.MustCompile(`^ARQ_REDIS_`)},
		{"Dramatiq", regexp.MustCompile(`(^|_)DRAMATIQ_`)},
		{"Asynq", regexp.MustCompile(`(^|_)ASYNQ_`)},
	}
	workerWords = []library{
		{"Celery", regexp.MustCompile(`\bcelery\b.*\b(worker|beat)\b`)},
		{"Sidekiq", regexp.MustCompile(`(^|[ /])sidekiq\b`)},
		{"Resque", regexp.MustCompile(`\bresque:work\b`)},
		{"RQ", regexp.MustCompile(`(^|[ /])rq worker\b`)},
		{"Laravel", regexp.MustCompile(`\bartisan (queue:work|queue:listen|horizon)\b`)},
		{"Arq", regexp.MustCompile(`(^|[ /])arq [\w.]+`)},
		{"Dramatiq", regexp.MustCompile(`(^|[ /])dramatiq [\w.]+`)},
	}
)

func queueOf(libraries []library, text string) string {
	for _, one := range libraries {
		if one.sign.MatchString(text) {
			return one.name
		}
	}
	return ""
}
