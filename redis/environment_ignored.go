package redis

import (
	"slices"
	"strings"
)

// serverSuffixes follow REDIS_ or VALKEY_ in the variables by which Bitnami's
// images configure a server.
var serverSuffixes = newWordSet(`PASSWORD DATA_DIR OVERRIDES_FILE DISABLE_COMMANDS DATABASE AOF_ENABLED RDB_POLICY RDB_POLICY_DISABLED
	MASTER_HOST MASTER_PORT_NUMBER MASTER_USER MASTER_PASSWORD PRIMARY_HOST PRIMARY_PORT_NUMBER PRIMARY_USER PRIMARY_PASSWORD
	PORT_NUMBER ALLOW_REMOTE_CONNECTIONS REPLICATION_MODE REPLICA_IP REPLICA_PORT EXTRA_FLAGS USER ACLFILE IO_THREADS
	IO_THREADS_DO_READS TLS_ENABLED TLS_PORT TLS_PORT_NUMBER TLS_CERT_FILE TLS_KEY_FILE TLS_KEY_FILE_PASS TLS_CA_FILE TLS_CA_DIR
	TLS_DH_PARAMS_FILE TLS_AUTH_CLIENTS SENTINEL_MASTER_NAME SENTINEL_PRIMARY_NAME SENTINEL_HOST SENTINEL_PORT_NUMBER
	SENTINEL_PASSWORD`)

// clusterSuffixes are read by the cluster images on top of those.
var clusterSuffixes = newWordSet(`NODES CLUSTER_CREATOR CLUSTER_REPLICAS CLUSTER_DYNAMIC_IPS CLUSTER_ANNOUNCE_IP CLUSTER_ANNOUNCE_PORT
	CLUSTER_ANNOUNCE_BUS_PORT CLUSTER_ANNOUNCE_HOSTNAME CLUSTER_PREFERRED_ENDPOINT_TYPE DNS_RETRIES
	CLUSTER_SLEEP_BEFORE_DNS_LOOKUP CLUSTER_DNS_LOOKUP_RETRIES CLUSTER_DNS_LOOKUP_SLEEP`)

// sentinelSuffixes are read by the Sentinel images.
var sentinelSuffixes = newWordSet(`MASTER_HOST MASTER_PORT_NUMBER MASTER_SET MASTER_USER MASTER_PASSWORD
	PRIMARY_HOST PRIMARY_PORT_NUMBER PRIMARY_SET PRIMARY_USER PRIMARY_PASSWORD
	SENTINEL_DATA_DIR SENTINEL_DISABLE_COMMANDS SENTINEL_DATABASE SENTINEL_AOF_ENABLED SENTINEL_HOST SENTINEL_MASTER_NAME
	SENTINEL_PRIMARY_NAME SENTINEL_PORT_NUMBER SENTINEL_QUORUM SENTINEL_DOWN_AFTER_MILLISECONDS SENTINEL_FAILOVER_TIMEOUT
	SENTINEL_MASTER_REBOOT_DOWN_AFTER_PERIOD SENTINEL_PRIMARY_REBOOT_DOWN_AFTER_PERIOD SENTINEL_RESOLVE_HOSTNAMES
	SENTINEL_ANNOUNCE_HOSTNAMES SENTINEL_PASSWORD SENTINEL_ANNOUNCE_IP SENTINEL_ANNOUNCE_PORT SENTINEL_TLS_ENABLED
	SENTINEL_TLS_PORT_NUMBER SENTINEL_TLS_CERT_FILE SENTINEL_TLS_KEY_FILE SENTINEL_TLS_CA_FILE SENTINEL_TLS_CA_DIR
	SENTINEL_TLS_DH_PARAMS_FILE SENTINEL_TLS_AUTH_CLIENTS`)

// inventedSuffixes are read by no image, but people set them.
var inventedSuffixes = newWordSet(`PASS REQUIREPASS MAXMEMORY MAXMEMORY_POLICY APPENDONLY PORT`)

// namedVariables are read by the families listed, and have no suffix of those above.
var namedVariables = map[string][]Family{
	"REDIS_ARGS":           {RedisStack, RedisStackServer},
	"REDISEARCH_ARGS":      {RedisStack, RedisStackServer},
	"REDISJSON_ARGS":       {RedisStack, RedisStackServer},
	"REDISTIMESERIES_ARGS": {RedisStack, RedisStackServer},
	"REDISBLOOM_ARGS":      {RedisStack, RedisStackServer},
	"REDISGEARS_ARGS":      {RedisStack, RedisStackServer},
	"KEYDB_PASSWORD":       {KeyDBImage},
	"ALLOW_EMPTY_PASSWORD": {BitnamiRedis, BitnamiRedisCluster, BitnamiRedisSentinel, BitnamiValkey, BitnamiValkeyCluster, BitnamiValkeySentinel},
	"DFLY_PASSWORD":        {Dragonfly},
	"DFLY_requirepass":     {Dragonfly},
}

// readAnyway are names with a suffix of Bitnami's that other images read.
var readAnyway = map[string][]Family{
	"REDIS_DATA_DIR":     {RedisStack, RedisStackServer},
	"VALKEY_EXTRA_FLAGS": {ValkeyImage},
}

// IgnoredVariables returns those of the names that people set to configure a
// server, and that this image does not read. A command or a healthcheck of
// their own may still use them.
func (i Image) IgnoredVariables(names []string) []string {
	if facts := families[i.Family]; facts.traits.Servers == nil || i.Family == RedisModule || i.Family == RedisModules || i.Family == ValkeyBundle {
		return nil
	}
	var ignored []string
	for _, name := range names {
		if configures(name) && !i.ReadsVariable(name) {
			ignored = append(ignored, name)
		}
	}
	return ignored
}

// configures says whether some image reads the variable, or people think so.
func configures(name string) bool {
	base := strings.TrimSuffix(name, "_FILE")
	if namedVariables[base] != nil || namedVariables[name] != nil {
		return true
	}
	for _, prefix := range []string{"REDIS_", "VALKEY_"} {
		for _, variant := range []string{name, base} {
			suffix, ok := strings.CutPrefix(variant, prefix)
			if ok && (serverSuffixes[suffix] || clusterSuffixes[suffix] || sentinelSuffixes[suffix] || inventedSuffixes[suffix]) {
				return true
			}
		}
	}
	return false
}

// ReadsVariable says whether the image's own scripts look at a variable to
// configure the server.
func (i Image) ReadsVariable(name string) bool {
	if slices.Contains(namedVariables[name], i.Family) || slices.Contains(readAnyway[name], i.Family) {
		return true
	}
	if !i.Family.Bitnami() {
		return false
	}
	for _, variant := range []string{name, strings.TrimSuffix(name, "_FILE")} {
		if slices.Contains(namedVariables[variant], i.Family) || i.readsSuffix(variant) {
			return true
		}
	}
	return false
}

func (i Image) readsSuffix(name string) bool {
	suffix, ok := strings.CutPrefix(name, strings.ToUpper(string(i.Engine))+"_")
	switch {
	case !ok:
		return false
	case i.Family.Sentinel():
		return sentinelSuffixes[suffix]
	case serverSuffixes[suffix]:
		return true
	}
	return strings.HasSuffix(string(i.Family), "-cluster") && clusterSuffixes[suffix]
}
