package generate

import (
	"fmt"
	"slices"
	"strings"
)

// key is a key of the intent. Its read function puts a value into the intent, or refuses it.
type key struct {
	name     string
	example  string // a line that is right
	required bool
	read     func(*Intent, any) *complaint
}

// keys are all keys of the top level, in the order of the documentation.
var keys = []key{
	{"name", `write name = "sessions"`, true, text(readName)},
	{"role", `write role = "cache", or one of ` + quotedList(Roles()[1:]), true, text(readRole)},
	{"memory", `write memory = "512M", the limit of the container`, true, text(readMemory)},
	{"target", `write target = "compose" or "swarm"`, false, text(readTarget)},
	{"output", `write output = "cache"`, false, text(readOutput)},
	{"topology", `write topology = "standalone", "replicated", "sentinel" or "cluster"`, false, text(readTopology)},
	{"masters", `write masters = 3`, false, readMasters},
	{"replicas", `write replicas = 2`, false, readReplicas},
	{"sentinels", `write sentinels = 3`, false, readSentinels},
	{"quorum", `write quorum = 2`, false, readQuorum},
	{"down-after", `write down-after = "5s"`, false, text(readDownAfter)},
	{"min-replicas-to-write", `write min-replicas-to-write = 1`, false, readMinReplicas},
	{"proxy", `write proxy = true`, false, truth("proxy", func(i *Intent, is bool) { i.Proxy = is })},
	{"subnet", `write subnet = "10.77.12.0/24"`, false, text(readSubnet)},
	{"engine", `write engine = "redis" or "valkey"`, false, text(readEngine)},
	{"version", `write version = "8.6" or an exact "8.6.3"`, false, text(readVersion)},
	{"variant", `write variant = "debian" or "alpine"`, false, text(readVariant)},
	{"image", `write image = "registry.example.com/library/redis:8.6.3"`, false, text(readImage)},
	{"publish", `write publish = "127.0.0.1:6379"`, false, text(readPublish)},
	{"exporter", `write exporter = true`, false, truth("exporter", func(i *Intent, is bool) { i.Exporter = is })},
	{"exporter-publish", `write exporter-publish = "127.0.0.1:9121"`, false, text(readExporterPublish)},
	{"networks", `write networks = ["shop_default"]`, false, texts(readNetworks)},
	{"network-mode", `write network-mode = "host"`, false, text(readNetworkMode)},
	{"persistence", `write persistence = "none", "rdb", "aof" or "both"`, false, text(readPersistence)},
	{"save", `write save = ["3600 1", "300 100"], each one seconds and changes`, false, texts(readSave)},
	{"fsync", `write fsync = "everysec", "always" or "no"`, false, text(readFsync)},
	{"maxmemory", `write maxmemory = "256M"`, false, text(readMaxMemory)},
	{"maxmemory-policy", `write maxmemory-policy = "allkeys-lru"`, false, text(readPolicy)},
	{"restart", `write restart = "unless-stopped", "always", "on-failure", "on-failure:3" or "no"`, false, text(readRestart)},
	{"stop-grace", `write stop-grace = "2m"`, false, text(readStopGrace)},
	{"cpus", `write cpus = 1.5`, false, readCPUs},
	{"log-size", `write log-size = "10M"`, false, text(readLogSize)},
	{"log-files", `write log-files = 3`, false, readLogFiles},
	{"default-user", `write default-user = true`, false, truth("default-user", func(i *Intent, is bool) { i.DefaultUser = is })},
	{"encrypted", `write encrypted = true`, false, truth("encrypted", func(i *Intent, is bool) { i.Encrypted = is })},
	{"secrets-version", `write secrets-version = 1`, false, readSecretsVersion},
}

func findKey(name string) (key, bool) {
	at := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
	if at < 0 {
		return key{}, false
	}
	return keys[at], true
}

// misplaced are keys that people expect and that are called otherwise, or deliberately absent.
var misplaced = map[string]string{
	"password":     "leave it out: gen makes one, in secrets/redis-password, and never replaces it; to choose another, write it into that file",
	"requirepass":  "the password is made once in secrets/redis-password",
	"port":         `inside it is always 6379; for the host, which a swarm has none of, write publish = "127.0.0.1:PORT"`,
	"ports":        `write publish = "127.0.0.1:6379", but for a swarm, which publishes none`,
	"network":      `write networks = ["NAME"], or network-mode = "host" for the host's own`,
	"network_mode": `write network-mode = "host"`,
	"volume":       `persistence = "none", "rdb", "aof" or "both" decides whether there is one`,
	"eviction":     "write maxmemory-policy",
	"policy":       "write maxmemory-policy",
	"tag":          "write version and variant, or image",
	"mem_limit":    "write memory",
	"redis":        "[redis] is a table of directives",

	"sentinel":                "sentinels, quorum and down-after stand beside the other keys",
	"slaves":                  "write replicas",
	"down-after-milliseconds": `write down-after = "5s"`,
	"failover-timeout":        "it is twice down-after",
	"ipam":                    "write subnet",
	"metrics":                 "write exporter = true",
	"monitoring":              "write exporter = true",
	"prometheus":              "write exporter = true",
	"tls":                     `write a table [tls] with authority = "development"`,
	"users":                   `write a table [[users]] for each, with name = "shop" and preset = "application"`,
}

func unknownKey(name string) *complaint {
	hint := misplaced[name]
	if nearest := nearestName(name, keyNames()); hint == "" && nearest != "" {
		hint = fmt.Sprintf("did you mean %q?", nearest)
	}
	if hint == "" && anyRelease(name) {
		hint = "directives of redis.conf belong into the table [redis]"
	}
	if hint == "" {
		hint = "the keys are " + strings.Join(keyNames(), ", ") + ", and the tables [redis], [tls] and [[users]]"
	}
	return &complaint{fmt.Sprintf("there is no key %q", name), hint}
}

func keyNames() []string {
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	return names
}

// text makes a read function of one that takes a string.
func text(read func(*Intent, string) *complaint) func(*Intent, any) *complaint {
	return func(i *Intent, value any) *complaint {
		s, ok := value.(string)
		if !ok {
			return complain("put it in quotes", "must be a string, not %s", typeName(value))
		}
		if c := unprintable(s); c != nil {
			return c
		}
		return read(i, s)
	}
}

// truth makes a read function of one that takes true or false.
func truth(name string, set func(*Intent, bool)) func(*Intent, any) *complaint {
	return func(i *Intent, value any) *complaint {
		is, ok := value.(bool)
		if !ok {
			return complain("write "+name+" = true", "must be true or false, not %s", typeName(value))
		}
		set(i, is)
		return nil
	}
}

// texts makes a read function of one that takes a list of strings.
func texts(read func(*Intent, []string) *complaint) func(*Intent, any) *complaint {
	return func(i *Intent, value any) *complaint {
		list, ok := value.([]any)
		if !ok {
			return complain("put it in brackets", "must be a list of strings, not %s", typeName(value))
		}
		var values []string
		for _, item := range list {
			s, ok := item.(string)
			if !ok {
				return complain("put every item in quotes", "must be a list of strings, not of %s", typeName(item))
			}
			if c := unprintable(s); c != nil {
				return c
			}
			values = append(values, s)
		}
		if len(values) == 0 {
			return complain("leave the key out for the default", "must not be an empty list")
		}
		return read(i, values)
	}
}

func typeName(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case int64:
		return "an integer"
	case float64:
		return "a fraction"
	case bool:
		return "true or false"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a time"
}

// quotedList writes names for a message: "a", "b" or "c".
func quotedList(names []string) string {
	quoted := make([]string, len(names))
	for n, name := range names {
		quoted[n] = fmt.Sprintf("%q", name)
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}
