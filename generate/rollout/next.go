package rollout

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/redis"
)

// Client is how people ask a server: the command, and the file of the password.
type Client struct{ Command, Secret string }

// Next returns the commands that bring a running deployment to files that
// replaced the old ones, none where nothing runs differently. They are typed in
// the directory of the files.
func Next(client Client, old map[string][]byte, files []ondisk.File, changes []ondisk.Change) []string {
	if len(old) == 0 {
		return nil
	}
	replacing := contents(files)
	after, ok := readDeployed(replacing)
	before, ran := readDeployed(ofTarget(old, replacing))
	switch {
	case !ok || !ran:
		return nil
	case before.stack != after.stack:
		return nextOfTarget(before, after)
	}
	changed := map[string]bool{}
	for _, c := range changes {
		changed[c.Path] = c.State != ondisk.Same
	}
	touched, gone := after.touched(before, changed), after.goneSince(before)
	if before.project != after.project {
		gone = nil // they are another deployment's
	}
	if after.stack {
		return nextInSwarm(before, after, touched, gone)
	}
	return nextInCompose(client, before, after, changed, touched, gone, before.madeAnew(changes))
}

// Settled tells that files start what those did that they replaced, so that
// nothing is left to type.
func Settled(old map[string][]byte, files []ondisk.File, changes []ondisk.Change) bool {
	replacing := contents(files)
	before, ran := readDeployed(ofTarget(old, replacing))
	_, runs := readDeployed(replacing)
	return ran && runs && len(before.madeAnew(changes)) == 0 && len(Next(Client{}, old, files, changes)) == 0
}

// up starts a deployment of Docker Compose, or what of it runs differently.
const up = "docker compose up --detach --wait"

// nextInCompose takes the first way that the change needs: what takes less comes
// later.
func nextInCompose(client Client, before, after deployed, changed map[string]bool, touched, gone, anew []string) []string {
	others := without(touched, func(service string) bool {
		return slices.Contains(after.servers, service) || slices.Contains(after.sentinels, service)
	})
	alone := after.topology == intent.Standalone
	network := after.needsNetworkOf(before)
	up := up
	removes := len(gone) > 0
	if removes {
		up += " --remove-orphans" // what the files name no more would run on
	}
	switch {
	case before.project != after.project && before.inTheWayOf(after):
		return append(before.takenDown(), up)
	case before.project != after.project:
		return []string{up}
	case network && (before.network == nil || after.network == nil): // every container is on others then, and is made anew
		return []string{up}
	case network:
		return []string{down(removes), up}
	case restarts(anew):
		return nextForSecrets(anew, alone, len(touched) > 0, up)
	case len(touched) == 0 && removes:
		return []string{up + " --no-recreate"}
	case len(touched) == 0:
		return nil
	case alone != (before.topology == intent.Standalone):
		return []string{up}
	case (before.secretFile(credentials.AuthorityFile) != after.secretFile(credentials.AuthorityFile) || before.topology != after.topology) && !alone: // TLS with another authority, or none
		return []string{"docker compose stop", up}
	case len(others) == len(touched) && !removes:
		return []string{up + " --no-deps --force-recreate " + strings.Join(others, " ")}
	}
	if live, ok := after.live(client, before, changed); ok && !removes {
		return live
	}
	switch {
	case alone && before.conf != nil && after.sameFor(before, after.servers[0]):
		return []string{up + " --force-recreate"} // redis.conf was edited, and becomes what it was, so up finds nothing to do
	case alone:
		return []string{up}
	case slices.ContainsFunc(gone, func(service string) bool { return slices.Contains(before.sentinels, service) }):
		return []string{up + " --no-recreate", "sh roll.sh"} // else the others would learn of them again, and count them for ever
	case removes:
		return []string{"sh roll.sh", up}
	}
	return []string{"sh roll.sh"}
}

// down takes a deployment off a network that is made anew. Where the containers
// themselves stay as they are, up alone attaches them without their addresses
// and names, and members do not find each other (seen with Compose 2.40.3).
func down(removes bool) string {
	if removes {
		return "docker compose down --remove-orphans"
	}
	return "docker compose down"
}

// inTheWayOf tells that another project cannot start while this one runs: both
// want a port of the host, or the addresses of a network.
func (d deployed) inTheWayOf(other deployed) bool {
	wants := slices.Concat(other.publish, other.metrics)
	port := slices.ContainsFunc(slices.Concat(d.publish, d.metrics), func(one string) bool { return slices.Contains(wants, one) })
	network, _ := d.network.(map[string]any)
	return port || network["ipam"] != nil && reflect.DeepEqual(d.network, other.network)
}

// touched are the services that run differently, in order: their definition is
// another one, or a file that they mount.
func (d deployed) touched(before deployed, changed map[string]bool) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(d.services)) {
		service := d.services[name]
		mounts := slices.ContainsFunc(service.files, func(file string) bool { return changed[file] })
		if mounts || !service.as(before.services[name]) {
			names = append(names, name)
		}
	}
	return names
}

// goneSince are the services that ran and are named no more, in order.
func (d deployed) goneSince(before deployed) []string {
	return without(slices.Sorted(maps.Keys(before.services)), func(name string) bool {
		_, stays := d.services[name]
		return stays
	})
}

// sameFor tells that Compose finds a service as it was.
func (d deployed) sameFor(before deployed, name string) bool {
	return d.services[name].as(before.services[name]) && reflect.DeepEqual(d.services[name].digest, before.services[name].digest)
}

// as tells that two services are made from the same, but for what is in their files.
func (s service) as(other service) bool {
	return reflect.DeepEqual(s.definition, other.definition) && reflect.DeepEqual(s.secrets, other.secrets) && reflect.DeepEqual(s.volumes, other.volumes)
}

// live are the commands that change servers while they run, false where a
// restart is needed. Each server reads its redis.conf when it starts, so what
// is set is there to stay.
func (d deployed) live(client Client, before deployed, changed map[string]bool) ([]string, bool) {
	if before.conf == nil || before.encrypts() && before.setting(tlsPort) == "" {
		return nil, false // lost, or of another time, so what servers have is not known
	}
	sets, ok := settable(d.image.Release, before.conf, d.conf)
	for path := range changed {
		others := path != render.ConfFile && path != render.ComposeFile && slices.ContainsFunc(slices.Collect(maps.Values(d.services)), func(s service) bool { return slices.Contains(s.files, path) })
		if changed[path] && others {
			return nil, false
		}
	}
	for name, service := range d.services {
		if !ok || !service.as(before.services[name]) {
			return nil, false
		}
	}
	var commands []string
	for _, set := range sets {
		ask := fmt.Sprintf(`sh -c 'REDISCLI_AUTH=$(cat /run/secrets/%s) %s%s --no-auth-warning config set %s'`, client.Secret, client.Command, d.ofEachPort(), set)
		if len(d.servers) == 1 {
			commands = append(commands, "docker compose exec -T "+d.servers[0]+" "+ask)
			continue
		}
		commands = append(commands, fmt.Sprintf("for each in %s; do docker compose exec -T $each %s; done", strings.Join(d.servers, " "), ask))
	}
	return commands, true // none where comments alone differ
}

// ofEachPort asks a node of a cluster where it listens.
func (d deployed) ofEachPort() string {
	if d.topology == intent.Cluster {
		return ` -p "$PORT"`
	}
	return ""
}

// settable returns what CONFIG SET is given for each directive that differs, in
// order, false where one of them cannot be changed while the server runs.
func settable(release redis.Release, before, after map[string][]string) (sets []string, ok bool) {
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if slices.Equal(before[name], after[name]) {
			continue
		}
		directive, known := release.Directive(name)
		value := strings.Join(after[name], " ")
		if after[name] == nil {
			value = directive.Default
		}
		several := len(after[name]) > 1 && directive.Type != redis.Special
		if !known || several || directive.Immutable || directive.Protected || directive.Type == redis.FileOnly || after[name] == nil && !directive.HasDefault ||
			strings.ContainsAny(value, "'\"`\\$") {
			return nil, false
		}
		if value == "" || strings.Contains(value, " ") {
			value = `"` + value + `"`
		}
		sets = append(sets, cmp.Or(directive.Name, name)+" "+value)
	}
	return sets, true
}

func without(list []string, drop func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(list), drop)
}
