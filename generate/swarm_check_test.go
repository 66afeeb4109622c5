package generate

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/render"
)

// replies are what a client prints and its exit status, as redis-cli of 7.0.15
// was seen to, and whether the server lives.
var replies = []struct {
	says   string
	status string
	lives  bool
}{
	{"PONG", "0", true},
	{"LOADING Redis is loading the dataset in memory", "0", true},
	{"MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.", "0", true},
	{"BUSY Redis is busy running a script.", "0", true},
	{"MASTERDOWN Link with MASTER is down", "0", true},
	{"NOAUTH Authentication required.", "0", true},
	{"AUTH failed: ERR max number of clients reached", "141", true},
	{"Could not connect to Redis at 127.0.0.1:6379: Connection refused", "1", false},
	{"", "124", false},
}

// TestSwarmChecksTakeAnyReplyForLife runs the checks of a stack with a client
// that pretends: what is unhealthy is killed.
func TestSwarmChecksTakeAnyReplyForLife(t *testing.T) {
	directory := t.TempDir()
	for path, content := range map[string]string{
		"run/redis/started": "", "run/secrets/health-password": "x", "run/secrets/redis-password": "x",
		"redis-cli": "#!/bin/sh\n[ -z \"$SAYS\" ] || echo \"$SAYS\"\nexit \"$STATUS\"\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(directory, path)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(directory, path), []byte(content), 0o755))
	}
	for name, script := range map[string]string{
		"a set":               string(fileOf(t, "topology = \"replicated\"\n", "check-server.sh")),
		"one server":          healthCheckOf(t, ""),
		"one server of users": healthCheckOf(t, "[[users]]\nname = \"web\"\npreset = \"application\"\n"),
	} {
		script = strings.ReplaceAll(script, "/run/", directory+"/run/")
		for _, reply := range replies {
			check := exec.Command("sh", "-c", script)
			check.Env = append(os.Environ(), "PATH="+directory+":"+os.Getenv("PATH"), "CLI=redis-cli", "SAYS="+reply.says, "STATUS="+reply.status)
			assert.Equal(t, reply.lives, check.Run() == nil, "%s: %q", name, reply.says)
		}
	}
}

// fileOf is a file of a stack whose intent has more lines.
func fileOf(t *testing.T, more, path string) []byte {
	t.Helper()
	plan, problems := Compile("redis.toml", []byte("name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\ntarget = \"swarm\"\n"+more))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	for _, file := range files {
		if file.Path == path {
			return file.Content
		}
	}
	require.Fail(t, "no file "+path)
	return nil
}

// healthCheckOf is the command by which the swarm checks the only server of a
// stack, as a shell gets it.
func healthCheckOf(t *testing.T, more string) string {
	t.Helper()
	var stack struct {
		Server struct {
			Healthcheck struct{ Test []string }
		} `yaml:"x-server"`
	}
	require.NoError(t, yaml.Unmarshal(fileOf(t, more, render.StackFile), &stack))
	require.Len(t, stack.Server.Healthcheck.Test, 2)
	return strings.ReplaceAll(stack.Server.Healthcheck.Test[1], "$$", "$")
}
