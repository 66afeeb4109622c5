package rollout

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
)

// nextInSwarm removes what the stack names no more first: docker stack deploy
// leaves it, a replica that follows would be one too many for roll.sh, and
// sentinels would go on voting.
func nextInSwarm(before, after deployed, touched, gone []string) (commands []string) {
	deploy := after.deploys()
	if after.needsNetworkOf(before) || before.project != after.project && before.inTheWayOf(after) {
		return append(before.takenDown(), deploy)
	}
	for _, service := range gone {
		commands = append(commands, fmt.Sprintf("docker service rm %s_%s", before.project, service))
	}
	if len(touched) == 0 {
		return commands
	}
	// roll.sh of a set waits for the new servers before it starts them.
	waits := after.topology != intent.Cluster && len(after.servers) > len(before.servers)
	if len(after.servers) == 1 || waits || after.membersPasswordsDiffer(before) || before.encrypts() != after.encrypts() || before.topology != after.topology || before.project != after.project {
		return append(commands, deploy)
	}
	return append(commands, "sh roll.sh "+after.project)
}

// nextOfTarget ends what one target started before the other one wants its volumes.
func nextOfTarget(before, after deployed) []string {
	if after.stack {
		return append(before.takenDown(), after.deploys())
	}
	return append(before.takenDown(), up)
}

func (d deployed) deploys() string {
	return "docker stack deploy --resolve-image never --detach=false --compose-file docker-stack.yml " + d.project
}

// takenDown are the commands that end what runs, without the files that started
// it, which are replaced or pruned: docker compose down takes a project by its
// name (projectOrName in docker/compose, cmd/compose/compose.go), and where the
// file names others now, the services of the former are orphans to it.
func (d deployed) takenDown() []string {
	if d.stack {
		return []string{
			"docker stack rm " + d.project,
			fmt.Sprintf(`until left=$(docker ps --quiet --filter label=com.docker.stack.namespace=%s) && [ -z "$left" ]; do sleep 1; done`, d.project),
		}
	}
	return []string{"docker compose --project-name " + d.project + " down --remove-orphans"}
}

// membersPasswordsDiffer tells that members with the old and the new ones do not
// understand each other.
func (d deployed) membersPasswordsDiffer(before deployed) bool {
	now, then := d.services[d.servers[0]].secrets, before.services[before.servers[0]].secrets
	for secret, definition := range now {
		if former, had := then[secret]; had && !usersOnly([]string{secret}) && !reflect.DeepEqual(definition, former) {
			return true
		}
	}
	return false
}

// nodes says which of a swarm's get a member: without its label it is never started.
func (c *change) nodes() {
	if !c.before.stack || !c.after.stack {
		return
	}
	if comes, _ := differing(c.before.nodeLabels(), c.after.nodeLabels()); len(comes) > 0 {
		c.says("members come for nodes with the label %s: give it to a node each before, as README.md says", strings.Join(comes, ", "))
	}
}

// nodeLabels are those that say where a stack's containers run, in order.
func (d deployed) nodeLabels() (labels []string) {
	for _, name := range slices.Sorted(maps.Keys(d.services)) {
		deploy, _ := d.services[name].definition["deploy"].(map[string]any)
		placement, _ := deploy["placement"].(map[string]any)
		for _, constraint := range namesIn(placement["constraints"]) {
			label, found := strings.CutPrefix(constraint, "node.labels.")
			if label, _, _ = strings.Cut(label, " "); found && !slices.Contains(labels, label) {
				labels = append(labels, label)
			}
		}
	}
	return labels
}
