package intent

import (
	"fmt"
	"strings"
	"time"

	"github.com/rcomp/rcomp/nearest"
	"github.com/rcomp/rcomp/redis"
)

// Key is a key of a table of the intent: how it is read, and what the
// documentation and the JSON Schema say of it. T is what the table is read
// into.
type Key[T any] struct {
	Name     string
	Required bool
	Example  string // a value that is right, as TOML
	More     string // behind the example, where a required key is missing
	Default  any    // what the key is without being given, where that is one value
	Without  string // what holds without it otherwise, in Markdown
	Value    string // what may be written and what that does, in Markdown
	Type     Type[T]
}

// missing says what to write for a required key.
func (k Key[T]) missing() string { return fmt.Sprintf("write %s = %s%s", k.Name, k.Example, k.More) }

// Least is what no intent can do without, with examples.
func Least() string {
	var lines []string
	for _, k := range Keys {
		if k.Required {
			lines = append(lines, k.Name+" = "+k.Example)
		}
	}
	last := len(lines) - 1
	return strings.Join(lines[:last], ", ") + " and " + lines[last]
}

// Keys are all keys of the top level, in the order of the documentation.
var Keys = []Key[Intent]{
	{
		Name: "name", Required: true, Example: `"sessions"`,
		Value: "a-z, 0-9, `_` and `-`, at most 63, the first a letter or digit: project, service and host name",
		Type:  text(nameShape.String(), readName),
	},
	{
		Name: "role", Required: true, Example: `"cache"`, More: ", or one of " + Quoted(Roles()[1:]),
		Value: "one of the roles above",
		Type:  word(func(i *Intent) *string { return &i.Role }, Roles()...),
	},
	{
		Name: "memory", Required: true, Example: `"512M"`, More: ", the limit of the container",
		Value: "limit of the container, `\"512M\"`; no swap comes on top",
		Type:  size(func(i *Intent) *int64 { return &i.Memory }, nil),
	},
	{
		Name: "target", Example: `"swarm"`, Default: "compose",
		Value: "`\"compose\"` or `\"swarm\"`, for `docker stack deploy`: see [Swarm](#swarm)",
		Type:  word(func(i *Intent) *string { return &i.Target }, Targets...),
	},
	{
		Name: "output", Example: `"cache"`,
		Without: "the directory of the intent",
		Value:   "directory of the files, below that of the intent, `\"cache\"`: so several intents stand in one directory",
		Type:    text(plainPath.String(), readOutput),
	},
	{
		Name: "topology", Example: `"sentinel"`, Default: "standalone",
		Value: "`\"standalone\"`, `\"replicated\"` (a master and replicas), `\"sentinel\"` (a replica takes over by itself) or `\"cluster\"` (keys spread over several masters, whose replicas take over by themselves)",
		Type:  topologyType(),
	},
	{
		Name: "masters", Example: "3", Default: 3,
		Value: "masters of a cluster, 3 to 15",
		Type:  counted("masters", LeastMasters, MostMasters, 3, judgeMasters, func(i *Intent) *int64 { return &i.Masters }),
	},
	{
		Name: "replicas", Example: "2",
		Without: "`2`, in a cluster `1`",
		Value:   "replicas of the master, 1 to 5; in a cluster of each master",
		Type:    counted("replicas", 1, MostReplicas, 2, judgeReplicas, func(i *Intent) *int64 { return &i.Replicas }),
	},
	{
		Name: "sentinels", Example: "3", Default: 3,
		Value: "an odd number from 3 to 9",
		Type:  counted("sentinels", 3, MostSentinels, 3, judgeSentinels, func(i *Intent) *int64 { return &i.Sentinels }),
	},
	{
		Name: "quorum", Example: "2",
		Without: "a majority",
		Value:   "sentinels that have to agree that the master is lost; at least a majority",
		Type:    whole(1, MostSentinels, "leave it out for a majority", func(i *Intent) *int64 { return &i.Quorum }),
	},
	{
		Name: "down-after", Example: `"5s"`, Default: "5s",
		Value: "silence after which the master counts as lost, `\"5s\"` to `\"5m\"`",
		Type:  duration(judgeDownAfter, func(i *Intent) *time.Duration { return &i.DownAfter }),
	},
	{
		Name: "min-replicas-to-write", Example: "1",
		Without: "`1` for `queue` and `database`, else `0`; with one replica for each master always `0`: a failover or a restart would stop every write",
		Value:   "replicas that have to follow closely for the master to accept a write",
		Type:    whole(0, MostReplicas, "0 lets the master write alone", func(i *Intent) *int64 { return &i.MinReplicas }),
	},
	{
		Name: "proxy", Example: "true", Default: false,
		Value: "`true` adds HAProxy to a set with sentinels: one address that leads to the master, for clients that cannot ask sentinels",
		Type:  truth("proxy", func(i *Intent) *bool { return &i.Proxy }),
	},
	{
		Name: "subnet", Example: `"10.77.12.0/24"`,
		Without: "one of 10.1.0.0/24 to 10.255.255.0/24, by the name",
		Value:   "private IPv4 network of the set, `\"10.77.12.0/24\"`",
		Type:    text(`^[0-9.]+/24$`, readSubnet),
	},
	{
		Name: "engine", Example: `"valkey"`, Default: "redis",
		Value: "`\"redis\"` or `\"valkey\"`",
		Type:  word(func(i *Intent) *string { return (*string)(&i.Engine) }, string(redis.Redis), string(redis.Valkey)),
	},
	{
		Name: "version", Example: `"8.6"`,
		Without: "the newest line whose directives were read from the server's own source",
		Value:   "`\"8.6\"` for its newest known patch release, or an exact `\"8.6.3\"`",
		Type:    text(versionShape.String(), readVersion),
	},
	{
		Name: "variant", Example: `"alpine"`, Default: "debian",
		Value: "`\"debian\"` or `\"alpine\"`",
		Type:  word(func(i *Intent) *string { return &i.Variant }, VariantDebian, VariantAlpine),
	},
	{
		Name: "image", Example: `"registry.example.com/library/redis:8.6.3"`,
		Without: "`redis:PATCH` or `valkey/valkey:PATCH`",
		Value:   "a reference that replaces the chosen one; a copy of `library/redis` or `valkey/valkey` in any registry, pinned to a patch release, or to a digest with `version` beside it",
		Type:    text("", readImage),
	},
	{
		Name: "publish", Example: `"127.0.0.1:6379"`,
		Without: "nothing is published",
		Value:   "address and port of the host, `\"127.0.0.1:6379\"` or `\"[::1]:6379\"`; of a replicated set the master, which never moves; refused with sentinels, where it does, unless there is a `proxy`, which then has the port; of a cluster the first of as many consecutive ports as there are nodes, on an address of the host that containers reach too, from Redis 7.0 on",
		Type:    text(publishPattern, readPublish),
	},
	{
		Name: "exporter", Example: "true", Default: false,
		Value: "`true` adds redis_exporter, which shows Prometheus what all members measure: see [Metrics](#metrics)",
		Type:  truth("exporter", func(i *Intent) *bool { return &i.Exporter }),
	},
	{
		Name: "exporter-publish", Example: `"127.0.0.1:9121"`,
		Without: "nothing is published",
		Value:   "address and port of the host for the exporter, `\"127.0.0.1:9121\"`",
		Type:    text(publishPattern, readExporterPublish),
	},
	{
		Name: "networks", Example: `["shop_default"]`,
		Without: "a network of its own, without a way out while nothing is published",
		Value:   "names of networks that exist, `[\"shop_default\"]`, which the server joins instead of its own, and the members of a set beside their own",
		Type:    texts(networkShape.String(), readNetworks),
	},
	{
		Name: "network-mode", Example: `"host"`,
		Without: "a network as above",
		Value:   "`\"host\"`: one server on the network of the host itself, where it listens on `publish` alone, or on `127.0.0.1:6379`; the password is then all that keeps the host's processes out, and the generated README says what else follows",
		Type:    networkModeType(),
	},
	{
		Name: "persistence", Example: `"both"`,
		Without: "by role",
		Value:   "`\"none\"`, `\"rdb\"` (snapshots), `\"aof\"` (append-only file) or `\"both\"`",
		Type:    word(func(i *Intent) *string { return &i.Persistence }, PersistNone, PersistRDB, PersistAOF, PersistBoth),
	},
	{
		Name: "save", Example: `["3600 1", "300 100"]`,
		Without: "`[\"300 1\"]` with `rdb`, `[\"3600 1\"]` with `both`",
		Value:   "snapshots, `[\"3600 1\", \"300 100\"]`: seconds and changes; with `rdb` and `both`",
		Type:    texts(saveShape.String(), readSave),
	},
	{
		Name: "fsync", Example: `"always"`, Default: "everysec",
		Value: "`\"everysec\"`, `\"always\"` or `\"no\"`; with `aof` and `both`",
		Type:  word(func(i *Intent) *string { return &i.Fsync }, "everysec", "always", "no"),
	},
	{
		Name: "maxmemory", Example: `"256M"`,
		Without: "from `memory`, see below",
		Value:   "size of the data, `\"256M\"`; at most what leaves room for the rest",
		Type:    size(func(i *Intent) *int64 { return &i.MaxMemory }, nil),
	},
	{
		Name: "maxmemory-policy", Example: `"allkeys-lru"`,
		Without: "by role",
		Value:   "any policy of the release",
		Type:    text(`^[a-z-]+$`, readPolicy),
	},
	{
		Name: "restart", Example: `"on-failure:3"`, Default: "unless-stopped",
		Value: "`\"unless-stopped\"`, `\"always\"`, `\"on-failure\"`, `\"on-failure:3\"` or `\"no\"`",
		Type:  text(restartShape.String(), readRestart),
	},
	{
		Name: "stop-grace", Example: `"2m"`,
		Without: "from the data's size",
		Value:   "how long a stop may take, `\"2m\"`; at least what saving takes",
		Type:    duration(judgeStopGrace, func(i *Intent) *time.Duration { return &i.StopGrace }),
	},
	{
		Name: "cpus", Example: "1.5",
		Without: "no limit",
		Value:   "CPUs that the container may use, `1.5`; from four on, the server reads and writes with more threads",
		Type:    cpusType(),
	},
	{
		Name: "log-size", Example: `"10M"`, Default: "10M",
		Value: "size of one log file",
		Type:  size(func(i *Intent) *int64 { return &i.LogSize }, judgeLogSize),
	},
	{
		Name: "log-files", Example: "3", Default: 3,
		Value: "number of log files",
		Type:  whole(1, 1000, "write log-files = 3", func(i *Intent) *int64 { return &i.LogFiles }),
	},
	{
		Name: "default-user", Example: "true", Default: false,
		Value: "with `[[users]]`: `true` leaves the default user on, with its password, until clients log in as users",
		Type:  truth("default-user", func(i *Intent) *bool { return &i.DefaultUser }),
	},
	{
		Name: "encrypted", Example: "true", Default: false,
		Value: "with `target = \"swarm\"`: `true` encrypts what goes from node to node, where the kernels of all nodes can (IPsec)",
		Type:  truth("encrypted", func(i *Intent) *bool { return &i.Encrypted }),
	},
	{
		Name: "secrets-version", Example: "1", Default: 1,
		Value: "with `target = \"swarm\"`: part of the secrets' names, to be counted up with every change of one",
		Type:  whole(1, 9999, "write secrets-version = 1, and one more after each change of a secret", func(i *Intent) *int64 { return &i.SecretsVersion }),
	},
}

// misplaced are keys that people expect and that are called otherwise, or
// deliberately absent.
var misplaced = map[string]string{
	"password":     "leave it out: gen makes one, in secrets/redis-password, and never replaces it; to choose another, write it into that file",
	"requirepass":  "the password is made once in secrets/redis-password",
	"port":         `inside it is 6379, or port of [tls]; for the host, which a swarm has none of, write publish = "127.0.0.1:PORT"`,
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

func unknownKey(name string) *Fault {
	hint := misplaced[name]
	if hint == "" {
		hint = meantKey(name)
	}
	if hint == "" && anyRelease(name) {
		hint = "directives of redis.conf belong into the table [redis]"
	}
	if hint == "" {
		hint = "the keys are " + strings.Join(namesOf(Keys), ", ") + ", and the tables [redis], [tls] and [[users]]"
	}
	return &Fault{fmt.Sprintf("there is no key %q", name), hint}
}

// meantKey guesses the key or the table that a name was meant to be, "" where
// none is near.
func meantKey(name string) string {
	meant := nearest.Name(name, append(namesOf(Keys), redisTable, tlsTable, usersTable))
	switch meant {
	case "":
		return ""
	case redisTable, tlsTable:
		return fmt.Sprintf("did you mean [%s]?", meant)
	case usersTable:
		return fmt.Sprintf("did you mean [[%s]]?", meant)
	}
	return fmt.Sprintf("did you mean %q?", meant)
}

// anyRelease tells whether the name is a directive of any engine that gen writes for.
func anyRelease(name string) bool {
	for _, engine := range []redis.Engine{redis.Redis, redis.Valkey} {
		if _, ok := redis.Since(engine, name); ok {
			return true
		}
	}
	return false
}
