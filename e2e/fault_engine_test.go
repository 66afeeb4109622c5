package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// engineTimeout bounds one command of the engine; an orderly stop may take as
// long as its grace period.
const engineTimeout = 2 * time.Minute

// dockerOutput runs docker and returns its standard output, also when it fails.
// Unlike run it may be called from any goroutine.
func dockerOutput(arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
	defer cancel()
	var complaint strings.Builder
	command := exec.CommandContext(ctx, "docker", arguments...)
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		err = fmt.Errorf("docker %s: %w\n%s", strings.Join(arguments, " "), err, complaint.String())
	}
	return string(output), err
}

// docker runs docker, which must succeed.
func (s *set) docker(arguments ...string) string {
	s.stack.t.Helper()
	output, err := dockerOutput(arguments...)
	require.NoError(s.stack.t, err)
	return output
}

// onContainers runs one docker command on the containers of services, all at once.
func (s *set) onContainers(command string, services ...string) {
	s.stack.t.Helper()
	if command == "pause" {
		s.pause(services...)
		return
	}
	s.docker(append([]string{command}, s.containers(services...)...)...)
}

// pause pauses containers. One that is just starting a program cannot always be
// frozen: then it is tried again.
func (s *set) pause(services ...string) {
	s.stack.t.Helper()
	for _, container := range s.containers(services...) {
		eventuallyWhole(s.stack.t, container+" is paused", func() error {
			_, err := dockerOutput("pause", container)
			return err
		})
	}
}

// attachment is a container's place in a network.
type attachment struct {
	network    string
	IPAddress  string   // present
	Aliases    []string // names in the network's DNS
	IPAMConfig *struct{ IPv4Address string }
}

// attachments returns the networks of a service's container, by name.
func (s *set) attachments(service string) []attachment {
	s.stack.t.Helper()
	var networks map[string]attachment
	output := s.docker("inspect", "--format", "{{json .NetworkSettings.Networks}}", s.container(service))
	require.NoError(s.stack.t, json.Unmarshal([]byte(output), &networks))
	var found []attachment
	for name, attached := range networks {
		attached.network = name
		found = append(found, attached)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].network < found[j].network })
	return found
}

// disconnect takes a service's container off its networks and returns them.
func (s *set) disconnect(service string) []attachment {
	s.stack.t.Helper()
	found := s.attachments(service)
	for _, attached := range found {
		s.docker("network", "disconnect", attached.network, s.container(service))
	}
	return found
}

// connect puts a service's container back where it was: same names, and the
// same address, which the engine gives by itself where the deployment does not
// fix it (the lowest that is free).
func (s *set) connect(service string, networks []attachment) {
	s.stack.t.Helper()
	for _, attached := range networks {
		arguments := []string{"network", "connect"}
		for _, alias := range attached.Aliases {
			arguments = append(arguments, "--alias", alias)
		}
		if attached.IPAMConfig != nil && attached.IPAMConfig.IPv4Address != "" {
			arguments = append(arguments, "--ip", attached.IPAMConfig.IPv4Address)
		}
		s.docker(append(arguments, attached.network, s.container(service))...)
	}
}

// emptyVolume deletes all that a server's volume holds, as if it had been lost.
func (s *set) emptyVolume(service string) {
	s.stack.t.Helper()
	container := s.container(service)
	s.docker("run", "--rm", "--name", container+"-emptied", "--network", "none", "--volumes-from", container,
		"--entrypoint", "find", s.image, s.data, "-mindepth", "1", "-delete")
}

// occupy takes the lowest free address of each network with a container that
// sleeps, so that the next container gets another one. The returned function
// gives the addresses back.
func (s *set) occupy(name string, networks []attachment) (release func()) {
	s.stack.t.Helper()
	var sleepers []string
	for i, attached := range networks {
		sleeper := fmt.Sprintf("%s-occupied-%s-%d", s.stack.project, name, i)
		s.docker("run", "--detach", "--name", sleeper, "--network", attached.network, "--entrypoint", "sleep", s.image, "infinity")
		sleepers = append(sleepers, sleeper)
	}
	return func() {
		// Volumes too: the image declares one.
		_, _ = dockerOutput(append([]string{"rm", "--force", "--volumes"}, sleepers...)...)
	}
}

// story is what the servers and sentinels logged since a moment, in the order of time.
func (s *set) story(since time.Time) string {
	left := s.stack.compose("logs", "--timestamps", "--no-color", "--since", since.Add(-time.Second).UTC().Format(time.RFC3339))
	lines := strings.Split(left.stdout, "\n")
	moment := func(line string) string {
		_, rest, _ := strings.Cut(line, "| ")
		return rest
	}
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(moment(a), moment(b)) })
	return strings.Join(lines, "\n")
}
