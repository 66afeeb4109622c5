package inspect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// endsForPassword: the script of Bitnami's images stops where a server, or its
// master, would have no password, unless a variable says that this is meant
// (redis_validate of libredis.sh and its like, which setup.sh calls first).
func endsForPassword(s *Service, p process) []End {
	allows := s.Image.Traits().EmptyPasswordVariable
	_, whole := s.Glimpse()
	if !p.setup || allows == "" || s.Image.Family.Sentinel() || !whole || s.script != nil || s.Unread {
		return nil
	}
	value, said, known := s.Variable(allows)
	if !known || slices.Contains([]string{"1", "true", "yes"}, strings.ToLower(value)) {
		return nil
	}
	at := s.ImageAt()
	if said {
		at = s.variableAt(allows)
	}
	for _, name := range s.neededPasswords() {
		if s.isSurelyEmpty(name) && s.isSurelyEmpty(name+"_FILE") {
			return []End{{EndNoPassword, fmt.Sprintf("the image does not start a server without %s, unless %s is yes", name, allows), at}}
		}
	}
	return nil
}

// neededPasswords are the variables that hold the password of the server, and of
// its master where it is a replica.
func (s *Service) neededPasswords() []string {
	engine := strings.ToUpper(string(s.Image.Engine))
	names := []string{engine + "_PASSWORD"}
	mode, _, known := s.Variable(engine + "_REPLICATION_MODE")
	if known && (mode == "slave" || mode == "replica") && s.Image.Engine == redis.Redis {
		names = append(names, engine+"_MASTER_PASSWORD")
	}
	return names
}

// isSurelyEmpty reports whether a variable is not set, or to nothing.
func (s *Service) isSurelyEmpty(name string) bool {
	value, _, known := s.Variable(name)
	return known && value == ""
}
