//go:build long

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// deployment is what runs in Compose or in a swarm.
type deployment interface {
	// operate runs a script that asks in every server, and returns what all of
	// them printed.
	operate(script string) string
	// starts are the servers, and when each was started.
	starts() map[string]string
}

func (s *swarmStack) operate(script string) (said string) {
	s.t.Helper()
	for service := range s.starts() {
		said += run(s.t, "", "", "docker", "exec", s.container(service), "sh", "-c", asking+script).stdout
	}
	return said
}

func (s *swarmStack) starts() map[string]string {
	s.t.Helper()
	all := map[string]string{}
	for _, service := range strings.Fields(run(s.t, "", "", "docker", "stack", "services", "--format", "{{.Name}}", s.name).stdout) {
		service = strings.TrimPrefix(service, s.name+"_")
		if container := s.container(service); container != "" && isServer(service) {
			all[service] = strings.TrimSpace(mustRun(s.t, "", "docker", "inspect", "--format", "{{.State.StartedAt}}", container))
		}
	}
	return all
}

// changeInSwarm is changeOnTheEngine where one of the intents is of a swarm,
// or both.
func changeInSwarm(t *testing.T, former, latter string) string {
	s := newSwarmStack(t, releaseOf(t, "8.0.2"))
	inCompose := &stack{t: t, project: s.name, directory: s.files.directory}
	t.Cleanup(func() { inCompose.compose("down", "--volumes", "--remove-orphans", "--timeout", "0") })
	write := func(lines string) deployment {
		s.files.write("redis.toml", strings.ReplaceAll(changedIntent(lines, newSubnet()), `"shop"`, fmt.Sprintf("%q", s.name)))
		if strings.Contains(lines, `"swarm"`) {
			return s
		}
		return inCompose
	}
	before := write(former)
	mustRun(t, s.files.directory, rcompPath(t), "gen")
	if before == deployment(s) {
		s.deploy()
	} else {
		typed(t, s.files.directory, "docker compose up --detach --wait")
	}
	fillKeys(t, before)
	starts := before.starts()

	after := write(latter)
	said := mustRun(t, s.files.directory, rcompPath(t), "gen")
	typed(t, s.files.directory, strings.Join(nextOf(t, said), "\n"))
	eventually(t, "all servers answer", func() bool {
		answers := strings.Count(after.operate("ask ping"), "PONG")
		return answers > 0 && answers == len(after.starts())
	})
	did := "started anew"
	if before == after {
		did = restarted(starts, after.starts())
	}
	return did + "; " + saidOfKeys(keysKept(after))
}

// changeOfName ends the deployment of the former name by what gen says, and
// starts the one of the latter.
func changeOfName(t *testing.T, former, latter string) string {
	s, subnet := newStack(t), newSubnet()
	other := &stack{t: t, project: s.project + "b", directory: s.directory}
	t.Cleanup(func() { other.compose("down", "--volumes", "--remove-orphans", "--timeout", "0") })
	write := func(lines string) {
		names := strings.NewReplacer(`"shop"`, fmt.Sprintf("%q", s.project), `"store"`, fmt.Sprintf("%q", other.project))
		s.write("redis.toml", names.Replace(changedIntent(lines, subnet)))
	}
	write(former)
	mustRun(t, s.directory, rcompPath(t), "gen")
	typed(t, s.directory, "docker compose up --detach --wait")
	fillKeys(t, s)

	write(latter)
	said := run(t, s.directory, "", rcompPath(t), "gen")
	did := "another deployment starts"
	if said.status != 0 {
		require.Contains(t, said.stderr, "data would be left behind")
		did = "with `--leave-data`, " + did
	}
	written := run(t, s.directory, "", rcompPath(t), "gen", "--leave-data")
	require.Zero(t, written.status, written.stderr)
	_, ending, found := strings.Cut(said.stdout+said.stderr, "goes on until it is taken down with \"")
	require.True(t, found, said.stdout+said.stderr)
	ending, _, _ = strings.Cut(ending, "\"")
	typed(t, s.directory, ending+"\ndocker compose up --detach --wait")
	require.Empty(t, mustRun(t, "", "docker", "ps", "--quiet", "--filter", "label=com.docker.compose.project="+s.project), "the former ended")
	return did + "; " + saidOfKeys(keysKept(other))
}

// releaseOf is the release of a version.
func releaseOf(t *testing.T, version string) release {
	t.Helper()
	for _, release := range releases(t) {
		if release.version == version {
			return release
		}
	}
	require.Fail(t, "no image of "+version)
	return release{}
}
