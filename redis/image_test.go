package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const digest = "sha256:8e8d64b405ce18f41b8e5ee20aa4687a8ed0022d1298f2ce31cdcf3a76e09411"

// mustParse parses an image that the test knows to be right.
func mustParse(t *testing.T, text string) Image {
	t.Helper()
	image, err := ParseImage(text)
	require.NoError(t, err)
	return image
}

func TestParseImageFamily(t *testing.T) {
	for text, want := range map[string]Family{
		"redis":                                       OfficialRedis,
		"docker.io/redis:7":                           OfficialRedis,
		"library/redis":                               OfficialRedis,
		"index.docker.io/library/redis":               OfficialRedis,
		"arm64v8/redis:7":                             OfficialRedis,
		"public.ecr.aws/docker/library/redis:7":       OfficialRedis,
		"mirror.gcr.io/library/redis":                 OfficialRedis,
		"harbor.example.com:5000/hub/library/redis":   OfficialRedis,
		"valkey/valkey:8":                             ValkeyImage,
		"docker.io/valkey/valkey":                     ValkeyImage,
		"valkey/valkey-bundle":                        ValkeyBundle,
		"bitnami/redis":                               BitnamiRedis,
		"bitnamilegacy/redis:7.2":                     BitnamiRedis,
		"bitnamisecure/valkey":                        BitnamiValkey,
		"docker.io/bitnami/redis-cluster:7.0":         BitnamiRedisCluster,
		"bitnami/redis-sentinel":                      BitnamiRedisSentinel,
		"bitnami/valkey-sentinel":                     BitnamiValkeySentinel,
		"bitnami/valkey-cluster":                      BitnamiValkeyCluster,
		"public.ecr.aws/bitnami/redis:7.0":            BitnamiRedis,
		"redis/redis-stack":                           RedisStack,
		"redis/redis-stack-server:7.2.0-v10":          RedisStackServer,
		"redislabs/redismod":                          RedisModules,
		"redislabs/rejson:2.0.6":                      RedisModule,
		"eqalpha/keydb":                               KeyDBImage,
		"docker.dragonflydb.io/dragonflydb/dragonfly": Dragonfly,
		"ghcr.io/microsoft/garnet":                    Garnet,
		"oliver006/redis_exporter:v1.50.0-alpine":     Exporter,
		"quay.io/oliver006/redis_exporter":            Exporter,
		"bitnami/redis-exporter":                      Exporter,
		"redis/redisinsight":                          AdminTool,
		"ghcr.io/joeferner/redis-commander":           AdminTool,

		// Another registry or namespace may hold anything under that name.
		"ghcr.io/acme/redis":                   "",
		"registry.example.com/redis:7":         "",
		"registry.k8s.io/redis:e2e":            "",
		"acme/redis":                           "",
		"localhost/redis":                      "",
		"quay.io/arm64v8/redis":                "",
		"bitnami/postgresql":                   "",
		"redis-sentinel":                       "",
		"qiushaocloud/redis-cluster":           "",
		"ghcr.io/acme/bitnami-redis":           "",
		"postgres:16":                          "",
		"ubuntu/valkey":                        "",
		"oliver006/redis-cluster":              "",
		"ghcr.io/redis-rb/redis-cluster-proxy": "",
	} {
		assert.Equal(t, want, mustParse(t, text).Family, text)
	}
}

func TestParseImageTag(t *testing.T) {
	for _, c := range []struct {
		text     string
		version  string
		variant  string
		floating string
		release  string // "" not known
		assumed  bool
	}{
		{"redis", "", "", FloatingNoTag, "redis 8.10", true},
		{"redis:latest", "", "", FloatingLatest, "redis 8.10", true},
		{"redis:alpine", "", "alpine", FloatingVariant, "redis 8.10", true},
		{"redis:alpine3.21", "", "alpine3.21", FloatingVariant, "redis 8.10", true},
		{"redis:trixie", "", "trixie", FloatingVariant, "redis 8.10", true},
		{"redis:8", "8", "", FloatingMajor, "redis 8.10", true},
		{"redis:8-alpine", "8", "alpine", FloatingMajor, "redis 8.10", true},
		{"redis:7", "7", "", FloatingMajor, "redis 7.4", false},
		{"redis:7-alpine", "7", "alpine", FloatingMajor, "redis 7.4", false},
		{"redis:6", "6", "", FloatingMajor, "redis 6.2", false},
		{"redis:7.2", "7.2", "", FloatingMinor, "redis 7.2", false},
		{"redis:7.0-bookworm", "7.0", "bookworm", FloatingMinor, "redis 7.0", false},
		{"redis:7.2.4-alpine3.20", "7.2.4", "alpine3.20", "", "redis 7.2", false},
		{"redis:7.2-rc2-alpine", "7.2", "rc2-alpine", "", "redis 7.2", false},
		{"redis:8.0-m03", "8.0", "m03", "", "redis 8.0", false},
		{"redis:5.0.14", "5.0.14", "", "", "", false},
		{"redis:3.2", "3.2", "", FloatingMinor, "", false},
		{"redis:6.0.16", "6.0.16", "", "", "", false},
		{"redis:5", "5", "", FloatingMajor, "", false},
		{"redis:99", "99", "", FloatingMajor, "", false},
		{"redis:prod", "", "prod", "", "", false},
		{"redis:unstable", "", "", FloatingDevelopment, "", false},
		{"redis@" + digest, "", "", "", "", false},
		{"redis:7@" + digest, "7", "", "", "redis 7.4", false},
		{"redis:6.2.2-buster@" + digest, "6.2.2", "buster", "", "redis 6.2", false},
		{"valkey/valkey", "", "", FloatingNoTag, "valkey 9.1", true},
		{"valkey/valkey:9-alpine", "9", "alpine", FloatingMajor, "valkey 9.1", true},
		{"valkey/valkey:8", "8", "", FloatingMajor, "valkey 8.1", false},
		{"valkey/valkey:8.1.3", "8.1.3", "", "", "valkey 8.1", false},
		{"bitnami/redis:7.2.4-debian-11-r5", "7.2.4", "debian-11-r5", "", "redis 7.2", false},
		{"bitnami/redis:latest", "", "", FloatingLatest, "redis 8.10", true},
		{"redis/redis-stack:7.4.0-v0", "7.4.0", "v0", "", "redis 7.4", false},
		{"redis/redis-stack:latest", "", "", FloatingLatest, "redis 7.4", true},
		{"redis/redis-stack:edge", "", "", FloatingDevelopment, "", false},
		{"eqalpha/keydb", "", "", FloatingNoTag, "keydb 6.3", true},
		{"eqalpha/keydb:x86_64_v6.3.4", "6.3.4", "x86_64", "", "keydb 6.3", false},
		{"eqalpha/keydb:alpine_x86_64_v6.3.1", "6.3.1", "alpine_x86_64", "", "keydb 6.3", false},
		{"redislabs/rejson:2.0.6", "2.0.6", "", "", "", false},
		{"docker.dragonflydb.io/dragonflydb/dragonfly:v1.20.1", "1.20.1", "", "", "", false},
		{"oliver006/redis_exporter:v1.50.0-alpine", "1.50.0", "alpine", "", "", false},
		{"acme/redis:7.2", "7.2", "", FloatingMinor, "", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			image := mustParse(t, c.text)
			assert.Equal(t, c.version, image.Version)
			assert.Equal(t, c.variant, image.Variant)
			assert.Equal(t, c.floating, image.Floating)
			assert.Equal(t, c.assumed, image.ReleaseAssumed)
			assert.Equal(t, c.release != "", image.ReleaseKnown)
			if c.release != "" {
				assert.Equal(t, c.release, image.Release.String())
			} else {
				assert.Zero(t, image.Release)
			}
		})
	}
}

func TestParseImageParts(t *testing.T) {
	image := mustParse(t, "harbor.example.com:5000/hub/library/redis:7.2.4-alpine3.20@"+digest)
	assert.Equal(t, "harbor.example.com:5000", image.Registry)
	assert.Equal(t, "hub/library/redis", image.Repository)
	assert.Equal(t, "7.2.4-alpine3.20", image.Tag)
	assert.Equal(t, digest, image.Digest)
	assert.Equal(t, Redis, image.Engine)
	image = mustParse(t, "redis")
	assert.Equal(t, "docker.io", image.Registry)
	assert.Equal(t, "library/redis", image.Repository)
}

func TestParseImageErrors(t *testing.T) {
	for _, text := range []string{"", "redis:${TAG}", "Redis", "redis:", "redis: 7", "redis:a b", "redis@sha256:12", strings.Repeat("a", 2000)} {
		_, err := ParseImage(text)
		assert.Error(t, err, text)
	}
}

func TestTraits(t *testing.T) {
	redis := mustParse(t, "redis:7.4").Traits()
	assert.True(t, redis.ReadsConf)
	assert.Equal(t, []string{"/data"}, redis.DataDirectories)
	assert.Equal(t, "no", redis.Overrides["protected-mode"])
	assert.Equal(t, 999, redis.UID)

	bitnami := mustParse(t, "bitnami/redis-cluster:7.0").Traits()
	assert.Equal(t, "/opt/bitnami/redis/mounted-etc/redis.conf", bitnami.ConfPath)
	assert.Equal(t, "/opt/bitnami/redis/mounted-etc/overrides.conf", bitnami.OverridesPath)
	assert.Equal(t, []string{"/bitnami/redis/data"}, bitnami.DataDirectories)
	assert.Equal(t, []string{"/opt/bitnami/scripts/redis-cluster/run.sh"}, bitnami.Command)
	valkey := mustParse(t, "bitnami/valkey").Traits()
	assert.Equal(t, "/opt/bitnami/valkey/mounted-etc/valkey.conf", valkey.ConfPath)
	sentinel := mustParse(t, "bitnami/redis-sentinel").Traits()
	assert.Equal(t, "/opt/bitnami/redis-sentinel/mounted-etc/sentinel.conf", sentinel.ConfPath)
	assert.Empty(t, sentinel.OverridesPath)
	assert.Equal(t, []string{"redis-sentinel"}, sentinel.Sentinels)

	stack := mustParse(t, "redis/redis-stack").Traits()
	assert.Equal(t, "/redis-stack.conf", stack.ConfPath)
	assert.Nil(t, stack.Overrides)
	assert.Zero(t, stack.UID)
	assert.False(t, mustParse(t, "ghcr.io/microsoft/garnet").Traits().ReadsConf)
	unknown := mustParse(t, "acme/redis").Traits()
	assert.Equal(t, Traits{UID: -1}, unknown)
}

func FuzzParseImage(f *testing.F) {
	for _, seed := range []string{"redis", "redis:7.2.4-alpine3.20@" + digest, "a/b/c:1", "x:_v", "redis:7-", "redis:v", "redis:rc1", "[::1]:5/a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		image, err := ParseImage(text)
		if err != nil {
			return
		}
		require.Equal(t, text, image.Text)
		require.Contains(t, image.Tag, image.Version)
		require.Contains(t, image.Tag, image.Variant)
		require.Equal(t, image.ReleaseKnown, image.Release != Release{})
		image.Traits()
		image.IgnoredVariables([]string{text})
	})
}
