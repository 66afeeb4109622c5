package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
)

// unread says why nobody reads a variable that was meant for the server; "" where
// somebody does, or where the server has what it says from elsewhere.
func unread(s *inspect.Service, variable compose.Environment) string {
	name, image := variable.Name, s.Image
	switch {
	case isHadAnyway(s, variable):
		return ""
	case image.Family.Bitnami() && !s.SetUp && image.ReadsVariable(name):
		return "which run.sh of the image alone reads, and its command does not run that"
	case isOfMaster(name) && image.ReadsVariable(name) && !image.Family.Sentinel() && !hasMode(s):
		return "which does nothing without " + modeBeside(name) + ": it is no replica"
	case len(image.IgnoredVariables([]string{name})) == 0:
		return ""
	}
	hint := ""
	for _, other := range []string{name + "_NUMBER", strings.Replace(name, "PASS", "PASSWORD", 1)} {
		if other != name && image.ReadsVariable(other) {
			hint = fmt.Sprintf(" (it reads %s)", other)
		}
	}
	return fmt.Sprintf("which the image %s does not read%s", image.Text, hint)
}

// isHadAnyway reports whether a server has what a variable says from elsewhere:
// its port, or the password that Compose puts into the command too.
func isHadAnyway(s *inspect.Service, variable compose.Environment) bool {
	if strings.HasSuffix(variable.Name, "_PORT") {
		number := numbered(variable.Value)
		return number < 0 || variable.Value == s.Get("port").Value || variable.Value == s.Get("tls-port").Value
	}
	password, given := s.Given("requirepass")
	return given && strings.Contains(variable.Name, "PASS") && slices.Contains(password.Args, variable.Value)
}

// isOfMaster recognises the variables by which Bitnami's images find a master.
func isOfMaster(name string) bool {
	return strings.HasSuffix(name, "_MASTER_HOST") || strings.HasSuffix(name, "_PRIMARY_HOST")
}

// modeBeside is the variable without which they do nothing.
func modeBeside(name string) string {
	engine, _, _ := strings.Cut(name, "_")
	return engine + "_REPLICATION_MODE"
}

// hasMode reports whether the image's script is told to replicate, or may be:
// libredis.sh asks for the variable before it looks at any other of a master.
func hasMode(s *inspect.Service) bool {
	environment, whole := s.Glimpse()
	return !whole || slices.ContainsFunc(environment, func(variable compose.Environment) bool {
		return strings.HasSuffix(variable.Name, "_REPLICATION_MODE")
	})
}

// isHarmless reports whether a server is no other for it: the variable says what
// is so anyway, or asks for nothing.
func isHarmless(s *inspect.Service, variable compose.Environment) bool {
	switch name := variable.Name; {
	case name == "ALLOW_EMPTY_PASSWORD", variable.Set && (variable.Value == "" || variable.Value == "default"):
		return true
	case strings.HasSuffix(name, "_REPLICATION_MODE"):
		return variable.Value == "master" || variable.Value == "primary"
	case strings.HasSuffix(name, "_MASTER_SET"), strings.HasSuffix(name, "_PRIMARY_SET"):
		return s.Kind != inspect.Sentinel // sentinels alone have names for masters
	}
	return strings.Contains(variable.Name, "PASS") && s.Access() == inspect.Closed
}
