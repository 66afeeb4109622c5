package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/redis"
)

var clientAddressWrong = &lint.Rule{
	ID:       "client-address-wrong",
	Group:    "clients",
	Severity: lint.Warning,
	Summary:  "A client is told of a server that is not like that",
	Why: `
The address names a port on which the server does not listen, a database that it
has not, encryption that it does not speak, or another password than its own. The
client fails at its first command, and says so in its own log only. From container
to container the port is the one inside the container, not the one that is
published on the host.
`,
	Refs: []string{"https://docs.docker.com/compose/how-tos/networking/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    ports: [\"127.0.0.1:6380:6379\"]\n  web:\n    image: example/web:1\n    environment: {REDIS_URL: \"redis://db:6380\"}\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    ports: [\"127.0.0.1:6380:6379\"]\n  web:\n    image: example/web:1\n    environment: {REDIS_URL: \"redis://db:6379\"}\n",
		Mend:     "Give the client what the server has: inside the project the port in the container.",
		Ignore:   "Where the client does not use the address.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service that asks, the address that the server listens at:",
		Lines:  []string{"redis://<server>:6379/0"},
		Choose: "<server>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, s := range inspect.Servers(p.Project) {
			if s.Partial || s.Opaque != "" || s.Config.NetworkMode != "" || !starts(s) || s.StartsMore() || s.IsJoined() {
				continue
			}
			for _, use := range t.UsesOf(s) {
				if why := mistaken(s, use.Use); why != "" && isClient(use) {
					offer(p.Report(use.At, use.By, "%q is told to reach %q %s", use.By.Name, s.Name, why), correctPort(s, use.Use))
				}
			}
		}
	},
}

// isClient reports whether a service says of itself how it reaches a server over
// the network: not a script, which may try several ways, nor one beside it.
func isClient(use topology.Use) bool {
	return use.Purpose != topology.ByCommand && use.Purpose != topology.ForBackup && !topology.IsLoopback(use.Host)
}

// mistaken says what of an address is not so.
func mistaken(s *inspect.Service, use inspect.Use) string {
	plain, encrypted := listens(s)
	port := use.Port
	if port == "" && use.URL != "" {
		port = "6379"
	}
	switch databases, err := strconv.Atoi(s.Get("databases").Value); {
	case plain == "" || !unset.Known(use.URL+use.Port) || port != "" && numbered(port) < 0:
		return ""
	case port != "" && port != plain && port != encrypted && speaksElse(s, port):
		return ""
	case port != "" && port != plain && port != encrypted:
		return fmt.Sprintf("on port %s, and it listens on %s", port, listed(plain, encrypted))
	case use.TLS && encrypted == "0":
		return "encrypted, and it does not speak TLS"
	case use.URL != "" && !use.TLS && plain == "0":
		return "without encryption, and it speaks TLS alone"
	case err == nil && numbered(use.Database) >= databases:
		return fmt.Sprintf("in database %s, and it has %d", use.Database, databases)
	case s.Kind == inspect.ClusterNode && s.Release.Engine == "redis" && numbered(use.Database) > 0:
		return fmt.Sprintf("in database %s, and a cluster has database 0 alone", use.Database)
	case otherPassword(s, use):
		return "with another password than it has"
	}
	return ""
}

func listed(plain, encrypted string) string {
	switch {
	case plain == "0":
		return encrypted
	case encrypted == "0":
		return plain
	}
	return plain + " and " + encrypted
}

// speaksElse reports whether something else than the server may listen on a
// port of its container: the image has a web page there, or the file says so.
func speaksElse(s *inspect.Service, port string) bool {
	exposed := false
	if value := s.Value.Get("expose"); value != nil {
		for _, item := range value.Items {
			exposed = exposed || item.Text == port
		}
	}
	return exposed || s.Image.Family == redis.RedisStack && port == "8001" ||
		slices.ContainsFunc(s.Ports(), func(published inspect.Port) bool { return published.Container == port })
}

// numbered is the number of a port or a database, -1 for none.
func numbered(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return number
}

// otherPassword reports whether a URL gives the default user a password that is
// not the server's. What a URL may have escaped is not compared.
func otherPassword(s *inspect.Service, use inspect.Use) bool {
	password, given := s.Certain("requirepass")
	return given && password.Value != "" && use.Password != "" && (use.User == "" || use.User == "default") && s.Absent("aclfile") && s.Absent("user") &&
		!strings.Contains(use.Password, "%") && !strings.ContainsAny(use.Password, "$") && !isReference(password.Value) && use.Password != password.Value
}
