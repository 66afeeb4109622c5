package inspect_test

import "testing"

// What a service is told to run, and what that makes of its configuration.
// The tables follow what servers, shells, images and Compose were seen to do.
func TestServices(t *testing.T) {
	for _, name := range []string{"kinds.txt", "commands.txt", "shell.txt", "files.txt", "images.txt", "compose.txt", "ends.txt"} {
		t.Run(name, func(t *testing.T) { replay(t, name, described) })
	}
}

// What an image that is built here starts, and what is said of those that are
// not seen.
func TestBuilds(t *testing.T) { replay(t, "dockerfiles.txt", describedWithNotes) }

// Small projects of which a reader is easily wrong. The end-to-end tests run
// them in their long form, and compare what the servers say.
func TestProjects(t *testing.T) { replay(t, "projects.txt", describedWithNotes) }

// Servers that only speak the protocol, and images of unknown owners.
func TestOtherServers(t *testing.T) { replay(t, "others.txt", describedWithNotes) }

// What start scripts come to: the server that the container ends with, and what
// all ways of starting it agree on.
func TestScripts(t *testing.T) { replay(t, "scripts.txt", describedWithNotes) }
