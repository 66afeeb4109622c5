package generate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/redis"
)

func swarmIntent(topology, more string) string {
	return fmt.Sprintf("name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\ntarget = \"swarm\"\ntopology = %q\n%s", topology, more)
}

// stackDocument is what the tests read of a stack file.
type stackDocument struct {
	Services map[string]struct {
		Configs  []struct{ Source, Target string }
		Secrets  []string
		Networks []string
		Deploy   struct {
			EndpointMode string `yaml:"endpoint_mode"`
			Placement    struct{ Constraints []string }
			Resources    struct{ Limits struct{ Memory, CPUs string } }
			Restart      map[string]any `yaml:"restart_policy"`
			Update       map[string]any `yaml:"update_config"`
		}
	}
	Networks         map[string]map[string]any
	Configs, Secrets map[string]struct{ Name, File string }
}

func compileStack(t *testing.T, intent string) (stackDocument, map[string]string) {
	t.Helper()
	_, files := compile(t, intent)
	var document stackDocument
	require.NoError(t, yaml.Unmarshal([]byte(files[render.StackFile]), &document), files[render.StackFile])
	return document, files
}

// Keys that docker stack deploy refuses, ignores with a notice, or drops
// without a word. Tried with the CLI's own loader.
var notInStacks = []string{
	"name", "version", "container_name", "depends_on", "restart", "security_opt", "tmpfs", "mem_limit", "memswap_limit", "mem_reservation", "cpus",
	"extra_hosts", "ports", "profiles", "build", "ipv4_address", "expose", "privileged", "userns_mode", "shm_size", "pids_limit",
}

func TestStackHasOnlyWhatASwarmTakes(t *testing.T) {
	for _, topology := range intent.Topologies {
		_, files := compile(t, swarmIntent(topology, "encrypted = true\ncpus = 2\n"))
		assert.NotContains(t, files, "docker-compose.yml")
		var document map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(files[render.StackFile]), &document))
		assert.Equal(t, "overlay", document["networks"].(map[string]any)["redis"].(map[string]any)["driver"])
		for name := range document {
			assert.NotContains(t, notInStacks[:2], name)
		}
		services := document["services"].(map[string]any)
		require.NotEmpty(t, services)
		for name, service := range services {
			for key := range service.(map[string]any) {
				assert.NotContains(t, notInStacks, key, "%s of %s", name, topology)
			}
		}
		for path, content := range files {
			requireClean(t, path, content)
		}
	}
}

func TestConfigsAreNamedByTheirContent(t *testing.T) {
	for _, topology := range intent.Topologies {
		document, files := compileStack(t, swarmIntent(topology, ""))
		require.NotEmpty(t, document.Configs)
		for key, config := range document.Configs {
			content, written := files[strings.TrimPrefix(config.File, "./")]
			require.True(t, written, config.File)
			sum := sha256.Sum256([]byte(content))
			assert.Equal(t, "shop_"+key+"_"+hex.EncodeToString(sum[:4]), config.Name)
		}
		for name, service := range document.Services {
			for _, config := range service.Configs {
				assert.Contains(t, document.Configs, config.Source, name)
				assert.NotContains(t, config.Target, "roll", name)
			}
		}
		changed, _ := compileStack(t, swarmIntent(topology, "[redis]\nmaxclients = 50\n"))
		for key := range document.Configs {
			assert.Equal(t, key == "redis.conf", changed.Configs[key].Name != document.Configs[key].Name, key)
		}
	}
}

func TestSecretsAreNamedByTheirVersion(t *testing.T) {
	first, _ := compileStack(t, swarmIntent(intent.Sentinel, ""))
	second, _ := compileStack(t, swarmIntent(intent.Sentinel, "secrets-version = 2\n"))
	require.Len(t, first.Secrets, 6)
	for key, secret := range first.Secrets {
		assert.Equal(t, "shop_"+key+"_1", secret.Name)
		assert.Equal(t, "shop_"+key+"_2", second.Secrets[key].Name)
	}
}

func TestMembersStayWhereTheirVolumesAre(t *testing.T) {
	document, _ := compileStack(t, swarmIntent(intent.Sentinel, "replicas = 3\nsentinels = 5\n"))
	require.Len(t, document.Services, 9)
	for name, service := range document.Services {
		label := strings.Replace(name, "-sentinel", "", 1)
		assert.Equal(t, []string{"node.labels." + label + " == yes"}, service.Deploy.Placement.Constraints)
		assert.Equal(t, "stop-first", service.Deploy.Update["order"])
		assert.Equal(t, "dnsrr", service.Deploy.EndpointMode)
	}
	document, _ = compileStack(t, swarmIntent(intent.Standalone, ""))
	assert.Equal(t, []string{"node.labels.shop == yes"}, document.Services["shop"].Deploy.Placement.Constraints)
}

func TestRestartInASwarm(t *testing.T) {
	for policy, want := range map[string]map[string]any{
		"":               {"condition": "any", "delay": "1s"},
		"always":         {"condition": "any", "delay": "1s"},
		"unless-stopped": {"condition": "any", "delay": "1s"},
		"no":             {"condition": "none", "delay": "1s"},
		"on-failure":     {"condition": "on-failure", "delay": "1s"},
		"on-failure:3":   {"condition": "on-failure", "delay": "1s", "max_attempts": 3},
	} {
		line := ""
		if policy != "" {
			line = fmt.Sprintf("restart = %q\n", policy)
		}
		document, _ := compileStack(t, swarmIntent(intent.Sentinel, line))
		for _, service := range document.Services {
			assert.Equal(t, want, service.Deploy.Restart, policy)
		}
	}
}

func TestKeysOfASwarm(t *testing.T) {
	document, files := compileStack(t, swarmIntent(intent.Replicated, "encrypted = true\nsubnet = \"10.77.12.0/24\"\ncpus = 1.5\nnetworks = [\"web\"]\n"))
	assert.Equal(t, map[string]any{"encrypted": "true"}, document.Networks["redis"]["driver_opts"])
	assert.Contains(t, files[render.StackFile], "- subnet: 10.77.12.0/24\n")
	assert.Equal(t, "1.5", document.Services["shop-1"].Deploy.Resources.Limits.CPUs)
	assert.Equal(t, []string{"redis", "web"}, document.Services["shop-1"].Networks)
	_, files = compileStack(t, swarmIntent(intent.Replicated, ""))
	assert.NotContains(t, files[render.StackFile], "subnet")
	assert.NotContains(t, files[render.StackFile], "encrypted")
}

// The longest name leads to no name that a swarm refuses.
func TestLongestNamesInASwarm(t *testing.T) {
	longest := strings.Repeat("x", deployment.LongestStackName)
	document, _ := compileStack(t, strings.Replace(swarmIntent(intent.Sentinel, "sentinels = 9\nreplicas = 5\nsecrets-version = 9999\n"), "shop", longest, 1))
	for service := range document.Services {
		assert.LessOrEqual(t, len(longest+"_"+service), 63)
	}
	for _, config := range document.Configs {
		assert.LessOrEqual(t, len(config.Name), 64)
	}
	for _, secret := range document.Secrets {
		assert.LessOrEqual(t, len(secret.Name), 64)
	}
}

func TestRefusedInASwarm(t *testing.T) {
	for lines, want := range map[string]string{
		"target = \"kubernetes\"":                                   `target must be "compose" or "swarm"`,
		"target = \"swarm\"\npublish = \"127.0.0.1:6379\"":          "no address of a host for a port",
		"encrypted = true":                                          `encrypted has no meaning with target "compose"`,
		"secrets-version = 2":                                       `secrets-version has no meaning with target "compose"`,
		"target = \"swarm\"\nencrypted = \"yes\"":                   "encrypted must be true or false, not a string",
		"target = \"swarm\"\nsecrets-version = 0":                   "secrets-version must be a whole number between 1 and 9999",
		"target = \"swarm\"\nsubnet = \"10.77.12.0/24\"":            "subnet has no meaning with topology",
		"target = \"swarm\"\ntopology = \"sentinel\"\nreplicas = 0": "a set without replicas",
	} {
		_, problems := Compile("redis.toml", []byte(good+lines+"\n"))
		require.Len(t, problems, 1, "%s: %v", lines, problems)
		assert.Contains(t, problems[0].Message, want)
		assert.Contains(t, lines, problems[0].Key)
	}
	_, problems := Compile("redis.toml", []byte(strings.Replace(swarmIntent(intent.Sentinel, ""), "shop", strings.Repeat("x", deployment.LongestStackName+1), 1)))
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Message, "at most 25 characters, not 26")
}

// Every release, role and topology that a swarm runs.
func TestStacksOfEveryRelease(t *testing.T) {
	for _, release := range releases() {
		for _, role := range intent.Roles() {
			for _, topology := range intent.Topologies {
				if topology == intent.Cluster && release.Engine == redis.Redis && !release.AtLeast(7, 0) {
					continue // has no names
				}
				for _, persistence := range []string{"none", "both"} {
					more := fmt.Sprintf("target = \"swarm\"\ntopology = %q\npersistence = %q\n", topology, persistence)
					document, files := compileStack(t, intentFor(release, role, more))
					requireLoads(t, release, files["redis.conf"])
					requireClean(t, render.StackFile, files[render.StackFile])
					requireClean(t, "README.md", files["README.md"])
					for name, service := range document.Services {
						assert.NotEmpty(t, service.Deploy.Resources.Limits.Memory, name)
					}
				}
			}
		}
	}
}
