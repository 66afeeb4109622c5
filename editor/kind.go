package editor

import (
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/settings"
)

// kind is what a file is for.
type kind int

const (
	otherFile kind = iota // read by others, if at all
	composeFile
	confFile     // redis.conf, sentinel.conf
	usersFile    // users.acl
	settingsFile // .rcomp.toml
	intentFile   // redis.toml
)

// kindOf tells the kind of a file by its name and, of YAML, by its text.
func kindOf(path, text string) kind {
	name := strings.ToLower(filepath.Base(path))
	switch extension := filepath.Ext(name); {
	case name == settings.Name:
		return settingsFile
	case IsIntent(name):
		return intentFile
	case extension == ".conf":
		return confFile
	case extension == ".acl":
		return usersFile
	case compose.Recognize(path, []byte(text)):
		return composeFile
	}
	return otherFile
}

// IsIntent tells an intent by its name: redis.toml, or one named after it such
// as sessions.redis.toml.
func IsIntent(name string) bool {
	name = strings.ToLower(filepath.Base(name))
	return strings.HasSuffix(name, ".toml") && (strings.Contains(name, "redis") || strings.Contains(name, "valkey"))
}
