package generate

import (
	"fmt"
	"slices"
	"strings"
)

// inert are files that nothing reads while servers run.
var inert = []string{"README.md", secretsDirectory + ".gitignore"}

// Next returns the commands that bring a running deployment to files that replaced the old ones, none where nothing runs differently. They are typed in
// the directory of the files.
func Next(old map[string][]byte, files []File, changes []Change) []string {
	after, ok := readDeployed(contents(files))
	before, ran := readDeployed(old)
	touched := slices.ContainsFunc(changes, func(c Change) bool { return c.State != Same && !slices.Contains(inert, c.Path) })
	if !ok || !ran || !touched || before.stack != after.stack {
		return nil
	}
	if after.stack {
		return nextInSwarm(before, after)
	}
	const up = "docker compose up --detach --wait"
	alone := after.topology == topologyStandalone
	switch {
	case before.project != after.project || before.topology != after.topology && !(len(before.servers) > 1 && len(after.servers) > 1):
		return []string{up}
	case alone:
		return []string{up}
	case before.has(authorityFile) != after.has(authorityFile):
		return []string{"docker compose stop", up}
	}
	servers := after.servers // the first leads after the very first start
	if after.topology == topologyReplicated {
		servers = slices.Concat(servers[1:], servers[:1])
	}
	steps := []string{fmt.Sprintf("for each in %s; do %s --no-deps --force-recreate $each; done", strings.Join(servers, " "), up), up}
	if after.topology == topologySentinel {
		steps[0] += "    # the one that leads last: README.md asks for it"
	}
	return steps
}

func nextInSwarm(before, after deployed) []string {
	deploy := "docker stack deploy --resolve-image never --detach=false --compose-file docker-stack.yml " + after.project
	if len(after.servers) == 1 || before.has(authorityFile) != after.has(authorityFile) {
		return []string{deploy}
	}
	return []string{"sh roll.sh " + after.project}
}
