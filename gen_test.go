package main

import (
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
)

const genFixtures = "fixtures/gen"

// TestGenerate compiles the intents of fixtures/gen and compares every file
// with the one beside the intent. The passwords alone are made anew each time.
func TestGenerate(t *testing.T) {
	for _, name := range directories(t, genFixtures) {
		t.Run(name, func(t *testing.T) {
			directory := filepath.Join(genFixtures, name)
			enterIntent(t, name)
			wrote := rcomp("gen", "intent.toml")
			require.Equal(t, outcome{stdout: wrote.stdout}, wrote)

			kept := []string{}
			programs := ""
			for _, path := range filesIn(t, ".") {
				content, err := os.ReadFile(path)
				require.NoError(t, err)
				switch digest := programDigest.FindSubmatch(content); {
				case isPassword(path):
					requirePassword(t, path, content)
				case digest != nil:
					programs += fmt.Sprintf("%s %s\n", path, digest[1])
				default:
					compare(t, filepath.Join(directory, path), string(content))
					kept = append(kept, path)
				}
			}
			if programs != "" {
				compare(t, filepath.Join(directory, programsFile), programs)
				kept = append(kept, programsFile)
			}
			for _, path := range filesIn(t, filepath.Join(repository, directory)) {
				assert.Contains(t, kept, path, "nothing writes it any more, or it is a program, which fixtures do not repeat")
			}
		})
	}
}

// programsFile names the programs of a fixture. They are the same in every
// deployment, and tested where they are written, in templates/programs.
const programsFile = "programs.txt"

var programDigest = regexp.MustCompile("^#!/bin/sh\n# Made by `rcomp gen`, and the same in every deployment: .*\n# rcomp-digest: (sha256:[0-9a-f]{64})\n")

// enterIntent makes a directory with nothing but the intent of a fixture the
// current one.
func enterIntent(t *testing.T, name string) {
	t.Helper()
	intent, err := os.ReadFile(filepath.Join(repository, genFixtures, name, "intent.toml"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	write(t, "intent.toml", string(intent))
}

func isPassword(path string) bool {
	directory := filepath.Dir(credentials.Directory + credentials.DefaultPassword)
	return filepath.Dir(path) == directory && (strings.HasSuffix(path, "-password") || strings.HasSuffix(path, ".pem"))
}

func requirePassword(t *testing.T, path string, content []byte) {
	t.Helper()
	if strings.HasSuffix(path, ".pem") {
		block, rest := pem.Decode(content)
		require.NotNil(t, block, path)
		assert.Empty(t, rest, path)
	} else {
		assert.Regexp(t, `^[A-Za-z0-9_-]{32,}\n?$`, string(content))
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o077, "the secret is its owner's: %v", info.Mode())
}

// TestWhatIsGeneratedIsClean is where gen and lint meet: there is nothing to
// say about what gen writes, not even that something cannot be seen.
func TestWhatIsGeneratedIsClean(t *testing.T) {
	for _, name := range directories(t, genFixtures) {
		t.Run(name, func(t *testing.T) {
			enterIntent(t, name)
			require.Zero(t, rcomp("gen", "intent.toml").status)
			assert.Equal(t, outcome{}, rcomp("lint", "--quiet", "--fail-on", "note"))
			assert.Equal(t, outcome{}, rcomp("gen", "--check", "intent.toml"))
			again := rcomp("gen", "intent.toml")
			again.stdout, _, _ = strings.Cut(again.stdout, "\n") // behind it stands what is not mended in a release
			assert.Equal(t, outcome{stdout: "nothing to write: all is as intent.toml says"}, again)
		})
	}
}

// TestEveryTopologyIsClean goes through topologies, roles, TLS and swarms, with
// a release after the other.
func TestEveryTopologyIsClean(t *testing.T) {
	releases := []string{"redis 6.2", "valkey 7.2", "redis 8.6", "valkey 9.1", "redis 7.4", "redis 7.0", "valkey 8.1"}
	turn := 0
	for _, topology := range []string{"standalone", "replicated", "sentinel", "cluster"} {
		for _, role := range intent.Roles() {
			for _, more := range []string{"", "exporter = true\n[tls]\nauthority = \"development\"\n", "target = \"swarm\"\nexporter = true\n"} {
				engine, version, _ := strings.Cut(releases[turn%len(releases)], " ")
				turn++
				if topology == "cluster" && strings.Contains(more, "swarm") && version == "6.2" {
					version = "7.0" // the first with names
				}
				t.Run(strings.Join([]string{topology, role, engine, version, more}, " "), func(t *testing.T) {
					t.Chdir(t.TempDir())
					write(t, "redis.toml", fmt.Sprintf("name = \"shop\"\nrole = %q\nmemory = \"512M\"\ntopology = %q\nengine = %q\nversion = %q\n%s",
						role, topology, engine, version, more))
					wrote := rcomp("gen")
					require.Zero(t, wrote.status, wrote.stderr)
					assert.Equal(t, outcome{}, rcomp("lint", "--quiet", "--fail-on", "note"))
				})
			}
		}
	}
}

// TestEncryptedIsClean goes through what TLS and users are combined with.
func TestEncryptedIsClean(t *testing.T) {
	const (
		users = "[[users]]\nname = \"web\"\npreset = \"application\"\n[[users]]\nname = \"metrics\"\npreset = \"exporter\"\n"
		tls   = "[tls]\nauthority = \"development\"\n"
	)
	for _, lines := range []string{
		"topology = \"sentinel\"\nproxy = true\n" + tls, "topology = \"sentinel\"\nproxy = true\npublish = \"127.0.0.1:6379\"\n" + users + tls + "clients = \"certificate\"\n",
		"target = \"swarm\"\n" + users, "target = \"swarm\"\n" + tls, "target = \"swarm\"\n" + users + tls + "clients = \"certificate\"\n",
		"target = \"swarm\"\ntopology = \"replicated\"\n" + users + tls, "target = \"swarm\"\ntopology = \"sentinel\"\n" + tls + "clients = \"certificate\"\n",
		"target = \"swarm\"\ntopology = \"cluster\"\n" + tls, "target = \"swarm\"\ntopology = \"cluster\"\nexporter = true\n" + users + tls + "clients = \"certificate\"\n",
	} {
		for _, release := range []string{"engine = \"redis\"\nversion = \"6.2\"\n", "engine = \"valkey\"\nversion = \"9.1\"\n"} {
			if strings.Contains(lines, "cluster") {
				release = strings.Replace(release, "6.2", "7.0", 1) // the first with names, which a cluster in a swarm needs
			}
			t.Run(lines+release, func(t *testing.T) {
				t.Chdir(t.TempDir())
				write(t, "redis.toml", "name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\n"+release+lines)
				require.Zero(t, rcomp("gen").status)
				composed, err := filepath.Glob("docker-*.yml")
				require.NoError(t, err)
				require.Len(t, composed, 1)
				assert.Equal(t, outcome{}, rcomp("lint", "--quiet", "--fail-on", "note", composed[0]))
				shown := rcomp("inspect", composed[0])
				assert.Zero(t, shown.status)
				assert.Empty(t, shown.stderr)
			})
		}
	}
}

// TestPasswordIsNotPrinted holds every command that reads a deployment to
// keeping its password to itself.
func TestPasswordIsNotPrinted(t *testing.T) {
	enterIntent(t, "cache")
	printed := rcomp("gen", "intent.toml")
	content, err := os.ReadFile(credentials.Directory + credentials.DefaultPassword)
	require.NoError(t, err)
	password := strings.TrimSpace(string(content))
	for _, arguments := range [][]string{
		{"gen", "--check", "--diff", "intent.toml"}, {"gen", "--force", "intent.toml"},
		{"lint"}, {"lint", "--format", "json"}, {"inspect", "--all"}, {"inspect", "--format", "json"},
	} {
		got := rcomp(arguments...)
		printed.stdout += got.stdout
		printed.stderr += got.stderr
	}
	assert.NotContains(t, printed.stdout+printed.stderr, password)
	for _, path := range slices.DeleteFunc(filesIn(t, "."), func(path string) bool { return path == credentials.Directory+credentials.DefaultPassword }) {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.NotContains(t, string(content), password, path)
	}
}

// TestTheEndOfAReleaseIsSaid asks for a release that nobody mends any more. The
// end comes without a change of the intent, so an unchanged one says it too.
func TestTheEndOfAReleaseIsSaid(t *testing.T) {
	const ended = "security fixes for redis 7.0 ended on 2024-07-29: write a newer version\n"
	t.Chdir(t.TempDir())
	write(t, "redis.toml", "name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\nversion = \"7.0\"\n")
	assert.True(t, strings.HasSuffix(rcomp("gen").stdout, "wrote secrets/redis-password\n"+ended))
	assert.Equal(t, "nothing to write: all is as redis.toml says\n"+ended, rcomp("gen").stdout)
}
