package redis

import "strings"

// Traits is how the images of a family behave, as far as it is known. It is
// shared: not to be changed.
type Traits struct {
	ReadsConf bool // the server reads redis.conf
	// Entrypoint and Command are what the image runs by itself.
	Entrypoint, Command []string
	// Servers, Sentinels and Clients are the names of the programs in the
	// image, the usual one first.
	Servers, Sentinels, Clients []string
	DataDirectories             []string          // where the data live by default
	UID                         int               // who must be able to write there; -1 unknown
	Overrides                   map[string]string // defaults that the image's build changed in the engine, for every command
	EmptyPasswordVariable       string            // must be yes where there is no password, or the image refuses to start
	SetupScript                 string            // environment and the two paths below count only if the command runs it; "" always
	ConfPath                    string            // a file there is read without being named in the command, instead of the environment where SetupScript is set
	OverridesPath               string            // a file there is read on top of what the environment makes
	DefaultConf                 string            // the conf file in the image that Command names
}

// familyFacts is what the table holds for a family.
type familyFacts struct {
	engine      Engine
	ownVersions bool    // tags number something else than the engine
	newest      Release // where the moving tags stand, if not at the engine's newest line
	traits      Traits
}

// protectedModeOff is the patch that the images' builds apply to config.c: only
// an explicit "protected-mode yes" brings it back.
var protectedModeOff = map[string]string{"protected-mode": "no"}

// families is all that is known of each family. Read in docker-library-redis up
// to 8.6.4, valkey-container up to 9.1.0-rc1, bitnami/containers up to Redis
// 8.10 and Valkey 9.1, redis-stack of May 2025, KeyDB 6.3.4, Dragonfly, Garnet
// and Kvrocks of August 2026.
var families = map[Family]familyFacts{
	OfficialRedis: {
		engine: Redis,
		traits: Traits{
			ReadsConf: true, Entrypoint: []string{"docker-entrypoint.sh"}, Command: []string{"redis-server"},
			Servers: []string{"redis-server"}, Sentinels: []string{"redis-sentinel"}, Clients: []string{"redis-cli"},
			DataDirectories: []string{"/data"}, UID: 999, Overrides: protectedModeOff,
		},
	},
	ValkeyImage:  valkeyFacts,
	ValkeyBundle: valkeyBundleFacts(),
	RedisModule:  {engine: Redis, ownVersions: true, traits: moduleTraits},
	// Read in redismod's Dockerfile of 2022, which lists the modules one by one.
	RedisModules:     {engine: Redis, ownVersions: true, traits: modulesTraits()},
	RedisStack:       redisStackFacts,
	RedisStackServer: redisStackFacts,
	KeyDBImage: {
		engine: KeyDB,
		traits: Traits{
			ReadsConf: true, Entrypoint: []string{"docker-entrypoint.sh"}, Command: []string{"keydb-server", "/etc/keydb/keydb.conf"},
			Servers: []string{"keydb-server"}, Sentinels: []string{"keydb-sentinel"}, Clients: []string{"keydb-cli", "redis-cli"},
			DataDirectories: []string{"/data"}, UID: 999,
			Overrides: protectedModeOff, DefaultConf: "/etc/keydb/keydb.conf",
		},
	},
	Dragonfly: {
		traits: Traits{
			Command: []string{"dragonfly", "--logtostderr"}, Servers: []string{"dragonfly"}, Clients: []string{"redis-cli"},
			DataDirectories: []string{"/data"}, UID: 999,
		},
	},
	Garnet: {
		traits: Traits{
			Entrypoint: []string{"/app/GarnetServer"}, Servers: []string{"GarnetServer"},
			DataDirectories: []string{"/data"}, UID: -1,
		},
	},
	Kvrocks: {
		traits: Traits{
			Entrypoint: []string{
				"kvrocks", "-c", "/var/lib/kvrocks/kvrocks.conf", "--dir", "/var/lib/kvrocks", "--pidfile", "/var/run/kvrocks/kvrocks.pid", "--bind", "0.0.0.0",
			},
			Servers: []string{"kvrocks"}, Clients: []string{"redis-cli"}, DataDirectories: []string{"/var/lib/kvrocks"}, UID: 0,
			DefaultConf: "/var/lib/kvrocks/kvrocks.conf",
		},
	},
	BitnamiRedis:          bitnamiFacts(Redis, "redis"),
	BitnamiRedisCluster:   bitnamiFacts(Redis, "redis-cluster"),
	BitnamiRedisSentinel:  bitnamiFacts(Redis, "redis-sentinel"),
	BitnamiValkey:         bitnamiFacts(Valkey, "valkey"),
	BitnamiValkeyCluster:  bitnamiFacts(Valkey, "valkey-cluster"),
	BitnamiValkeySentinel: bitnamiFacts(Valkey, "valkey-sentinel"),
	Exporter:              {},
	AdminTool:             {},
}

var valkeyFacts = familyFacts{
	engine: Valkey,
	traits: Traits{
		ReadsConf: true, Entrypoint: []string{"docker-entrypoint.sh"}, Command: []string{"valkey-server"},
		// The redis-* names are links that the build makes.
		Servers: []string{"valkey-server", "redis-server"}, Sentinels: []string{"valkey-sentinel", "redis-sentinel"},
		Clients: []string{"valkey-cli", "redis-cli"}, DataDirectories: []string{"/data"},
		UID: 999, Overrides: protectedModeOff,
	},
}

// moduleTraits are those of the images of one module each: the tags number the module.
var moduleTraits = Traits{
	ReadsConf: true, Servers: []string{"redis-server"}, Sentinels: []string{"redis-sentinel"}, Clients: []string{"redis-cli"},
	DataDirectories: []string{"/data"}, UID: -1,
}

// modulesTraits are those of the image of all modules, whose command is options alone.
func modulesTraits() Traits {
	t := moduleTraits
	t.Entrypoint = []string{"redis-server"}
	for _, module := range []string{"redisai", "redisearch", "redisgraph", "redistimeseries", "rejson", "redisbloom"} {
		t.Command = append(t.Command, "--loadmodule", "/usr/lib/redis/modules/"+module+".so")
	}
	t.Command = append(t.Command, "--loadmodule", "/var/opt/redislabs/lib/modules/redisgears.so", "PythonHomeDir", "/opt/redislabs/lib/modules/python3")
	return t
}

// valkeyBundleFacts: its own entrypoint loads the modules, and does for the
// rest what that of valkey does.
func valkeyBundleFacts() familyFacts {
	facts := valkeyFacts
	facts.traits.Entrypoint = []string{"bundle-docker-entrypoint.sh"}
	return facts
}

// redisStackFacts: there is no entrypoint, so any command replaces the script
// that reads the environment and loads the modules. The images ended with 7.4.
var redisStackFacts = familyFacts{
	engine: Redis,
	newest: Release{Redis, 7, 4},
	traits: Traits{
		ReadsConf: true, Command: []string{"/entrypoint.sh"}, SetupScript: "entrypoint.sh", ConfPath: "/redis-stack.conf",
		Servers: []string{"redis-server", "redis-stack-server"}, Sentinels: []string{"redis-sentinel"}, Clients: []string{"redis-cli"},
		DataDirectories: []string{"/data"}, UID: 0,
	},
}

// bitnamiFacts describes the image of that name. Cluster images keep the paths
// of the plain ones.
func bitnamiFacts(engine Engine, name string) familyFacts {
	app := strings.TrimSuffix(name, "-cluster")
	base, volume := "/opt/bitnami/"+app, "/bitnami/"+app+"/data"
	t := Traits{
		ReadsConf:  true,
		Entrypoint: []string{"/opt/bitnami/scripts/" + name + "/entrypoint.sh"},
		Command:    []string{"/opt/bitnami/scripts/" + name + "/run.sh"},
		Servers:    []string{string(engine) + "-server"}, Sentinels: []string{string(engine) + "-sentinel"}, Clients: []string{string(engine) + "-cli"},
		DataDirectories: []string{volume}, UID: 1001,
		EmptyPasswordVariable: "ALLOW_EMPTY_PASSWORD",
		SetupScript:           "run.sh",
		ConfPath:              base + "/mounted-etc/" + string(engine) + ".conf",
		OverridesPath:         base + "/mounted-etc/overrides.conf",
	}
	if strings.HasSuffix(name, "-sentinel") {
		t.DataDirectories = []string{"/bitnami/" + name}
		t.ConfPath, t.OverridesPath = base+"/mounted-etc/sentinel.conf", ""
	}
	return familyFacts{engine: engine, traits: t}
}

// Traits returns what is known of the image. For an unknown family only the
// zero values are, with UID -1.
func (i Image) Traits() Traits {
	facts, known := families[i.Family]
	t := facts.traits
	if !known || t.Servers == nil {
		t.UID = -1
	}
	return t
}
