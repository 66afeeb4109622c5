package rollout

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// LessRoom says what follows for the data when the redis.conf in dir lets them
// take more than the one among files, "" when it does not. A release whose
// image takes more for itself shrinks it, as does a smaller container.
func LessRoom(dir string, files []ondisk.File) (string, error) {
	before, _, err := ondisk.Old(dir, render.ConfFile)
	if err != nil {
		return "", err
	}
	for _, file := range files {
		if file.Path == render.ConfFile {
			return lessRoom(before, string(file.Content)), nil
		}
	}
	return "", nil
}

func lessRoom(before, after string) string {
	had, _ := redis.ParseMemory(confValue(before, "maxmemory"))
	has, _ := redis.ParseMemory(confValue(after, "maxmemory"))
	if had <= has {
		return ""
	}
	then := "evicts keys until it holds no more"
	if confValue(after, "maxmemory-policy") == "noeviction" {
		then = "refuses writes until it holds less"
	}
	return fmt.Sprintf("maxmemory becomes %s and was %s: a server that holds more %s; compare used_memory first, or write more memory", units.Readable(has), units.Readable(had), then)
}

// confValue is what a file that gen made says of a directive.
func confValue(conf, name string) string {
	for line := range strings.Lines(conf) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
