package redis

import (
	"path"
	"regexp"
	"strings"
)

// Family is a line of images that start their servers alike. "" is unknown.
type Family string

// The families whose behaviour is known.
const (
	OfficialRedis         Family = "official redis"
	ValkeyImage           Family = "valkey"
	ValkeyBundle          Family = "valkey-bundle"
	BitnamiRedis          Family = "bitnami redis"
	BitnamiRedisSentinel  Family = "bitnami redis-sentinel"
	BitnamiRedisCluster   Family = "bitnami redis-cluster"
	BitnamiValkey         Family = "bitnami valkey"
	BitnamiValkeySentinel Family = "bitnami valkey-sentinel"
	BitnamiValkeyCluster  Family = "bitnami valkey-cluster"
	RedisStack            Family = "redis-stack"
	RedisStackServer      Family = "redis-stack-server"
	RedisModule           Family = "redis module"
	RedisModules          Family = "redis modules"
	KeyDBImage            Family = "keydb"
	Dragonfly             Family = "dragonfly"
	Garnet                Family = "garnet"
	Kvrocks               Family = "kvrocks"
	Exporter              Family = "exporter"
	AdminTool             Family = "admin tool"
)

// Bitnami says whether the family's servers are started by Bitnami's scripts.
func (f Family) Bitnami() bool { return strings.HasPrefix(string(f), "bitnami ") }

// Sentinel says whether what the image starts by itself is a Sentinel.
func (f Family) Sentinel() bool {
	return f == BitnamiRedisSentinel || f == BitnamiValkeySentinel
}

// familyByName maps the last two elements of a repository's path. A registry or
// a proxy in front of them does not change what is in the image, so
// public.ecr.aws/docker/library/redis and harbor.example.com/hub/library/redis
// are the official image; a lone "redis" on another registry, or in another
// namespace, says nothing.
var familyByName = map[string]Family{
	"library/redis":                  OfficialRedis,
	"valkey/valkey":                  ValkeyImage,
	"valkey-io/valkey":               ValkeyImage, // ghcr.io has the same images
	"valkey/valkey-bundle":           ValkeyBundle,
	"valkey-io/valkey-bundle":        ValkeyBundle,
	"redis/redis-stack":              RedisStack,
	"redis/redis-stack-server":       RedisStackServer,
	"redislabs/redismod":             RedisModules,
	"redislabs/rejson":               RedisModule,
	"redislabs/redisearch":           RedisModule,
	"redislabs/rebloom":              RedisModule,
	"redislabs/redistimeseries":      RedisModule,
	"redislabs/redisgraph":           RedisModule,
	"eqalpha/keydb":                  KeyDBImage,
	"dragonflydb/dragonfly":          Dragonfly,
	"dragonflydb/dragonfly-weekly":   Dragonfly,
	"microsoft/garnet":               Garnet,
	"microsoft/garnet-alpine":        Garnet,
	"apache/kvrocks":                 Kvrocks,
	"kvrocks/kvrocks":                Kvrocks,
	"oliver006/redis_exporter":       Exporter,
	"redis/redisinsight":             AdminTool,
	"redislabs/redisinsight":         AdminTool,
	"rediscommander/redis-commander": AdminTool,
	"joeferner/redis-commander":      AdminTool,
	"erikdubbelboer/phpredisadmin":   AdminTool,
	"patrikx3/p3x-redis-ui":          AdminTool,
	"marian/rebrow":                  AdminTool,
}

// Compatible says whether the family's server speaks the protocol and is
// another: it reads no redis.conf of Redis.
func (f Family) Compatible() bool { return f == Dragonfly || f == Garnet || f == Kvrocks }

// serverNames are what people call an image of a server, whoever made it.
var serverNames = regexp.MustCompile(`^(redis|valkey|keydb)([-_]?(server|sentinel|cluster|stack|stack-server|bundle|master|primary|slave|replica|node|alpine))?$`)

// compatibleNames are the names of servers that speak the protocol.
var compatibleNames = map[string]Family{"dragonfly": Dragonfly, "garnet": Garnet, "kvrocks": Kvrocks}

// Named says what an image of an unknown family is named after: an engine, and
// whether it is its Sentinel, or another server. What such an image starts, and
// how, nobody knows here.
type Named struct {
	Engine   Engine // "" it is not named after one
	Sentinel bool
	Other    Family // Dragonfly, Garnet or Kvrocks
}

// Named reads the last element of the repository's path. For an image of a
// known family there is nothing.
func (i Image) Named() Named {
	if i.Family != "" {
		return Named{}
	}
	name := path.Base(i.Repository)
	if match := serverNames.FindStringSubmatch(name); match != nil {
		return Named{Engine: Engine(match[1]), Sentinel: strings.HasSuffix(name, "sentinel")}
	}
	if name == "sentinel" {
		return Named{Engine: Redis, Sentinel: true}
	}
	return Named{Other: compatibleNames[name]}
}

// bitnamiNamespaces hold the same images: the development builds, the frozen
// old ones, the subscription.
var bitnamiNamespaces = []string{"bitnami", "bitnamilegacy", "bitnamisecure", "bitnamiprem"}

// familyByBitnamiName maps the last element in one of those namespaces.
var familyByBitnamiName = map[string]Family{
	"redis":           BitnamiRedis,
	"redis-sentinel":  BitnamiRedisSentinel,
	"redis-cluster":   BitnamiRedisCluster,
	"valkey":          BitnamiValkey,
	"valkey-sentinel": BitnamiValkeySentinel,
	"valkey-cluster":  BitnamiValkeyCluster,
	"redis-exporter":  Exporter,
	"valkey-exporter": Exporter,
}

// architectureNamespaces hold the official images of one architecture each.
var architectureNamespaces = []string{
	"amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "mips64le", "ppc64le", "riscv64", "s390x",
}

// familyOf finds the family of a repository.
func familyOf(registry, repository string) Family {
	elements := strings.Split(repository, "/")
	if len(elements) < 2 {
		return ""
	}
	namespace, name := elements[len(elements)-2], elements[len(elements)-1]
	for _, bitnami := range bitnamiNamespaces {
		if namespace == bitnami {
			return familyByBitnamiName[name]
		}
	}
	if registry == "docker.io" && len(elements) == 2 && name == "redis" {
		for _, architecture := range architectureNamespaces {
			if namespace == architecture {
				return OfficialRedis
			}
		}
	}
	return familyByName[namespace+"/"+name]
}
