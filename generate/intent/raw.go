package intent

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// readRaw takes a key of [redis] as far as that is possible without a
// catalogue: its words, and where they stand.
func (i *Intent) readRaw(e entry) []Problem {
	key := redisTable + "." + e.name
	i.places[key] = e
	values, c := rawValues(e.value)
	if c != nil {
		return []Problem{i.problem(key, e.at, c)}
	}
	i.Redis = append(i.Redis, RawDirective{Name: e.name, Values: values})
	return nil
}

// rawValues turns a TOML value into lines: yes and no for a bool, one line per
// item of a list.
func rawValues(value any) ([]string, *Fault) {
	switch v := value.(type) {
	case bool:
		return []string{map[bool]string{true: "yes", false: "no"}[v]}, nil
	case int64:
		return []string{strconv.FormatInt(v, 10)}, nil
	case string:
		return []string{v}, unprintable(v)
	case []any:
		var values []string
		for _, item := range v {
			if _, nested := item.([]any); nested {
				return nil, Faultf("write each line as one string", "must not be a list of lists")
			}
			one, c := rawValues(item)
			if c != nil {
				return nil, c
			}
			values = append(values, one...)
		}
		if len(values) == 0 {
			return nil, Faultf(`write "" for an empty value`, "must not be an empty list")
		}
		return values, nil
	}
	return nil, Faultf("write it as a string, as it would stand in redis.conf", "must be a string, an integer or true or false, not %s", typeName(value))
}

// ownership is directives that [redis] cannot set, and what to do instead or why.
type ownership struct {
	names []string
	why   string
}

// whyIn returns why one of the lists owns a directive, "" where it does not.
func whyIn(list []ownership, name string) string {
	for _, o := range list {
		if slices.Contains(o.names, name) {
			return o.why
		}
	}
	return ""
}

// What begins so belongs to another table.
const (
	tlsPrefix  = "tls-"
	ownedByTLS = "[tls] above decides it"
)

// owned are the directives that [redis] cannot set, and what to do instead.
// Those that a key of the intent sets are refused so that there is one place to
// look; the others would break what the generated files rely on.
var owned = []ownership{
	{[]string{"maxmemory"}, "write maxmemory above [redis]"},
	{[]string{"maxmemory-policy"}, "write maxmemory-policy above [redis]"},
	{[]string{"save"}, "write save above [redis]"},
	{[]string{"appendonly"}, "write persistence above [redis]"},
	{[]string{"appendfsync"}, "write fsync above [redis]"},
	{[]string{"requirepass"}, "the password is made once in secrets/redis-password"},
	{[]string{"user"}, "write a table [[users]] for each"},
	{[]string{"aclfile"}, "write a table [[users]] for each user"},
	{[]string{"masterauth", "masteruser", "replicaof"}, `write topology = "replicated" or "sentinel" for replicas`},
	{[]string{"cluster-enabled"}, `write topology = "cluster"`},
	{[]string{"min-replicas-to-write"}, "a server without replicas would refuse every write"},
	{[]string{"port"}, "inside it is 6379, or port of [tls]; publish says where the host listens"},
	{[]string{"bind"}, "the server listens inside the container only; publish and networks say who reaches it"},
	{[]string{"protected-mode"}, "it costs nothing with a password, and closes the server should the password be lost"},
	{[]string{"unixsocket", "pidfile"}, "the container's file system is read-only"},
	{[]string{"dir"}, "the data are in /data, where the volume is"},
	{[]string{"dbfilename"}, "backup and restore in the README count on dump.rdb"},
	{[]string{"appendfilename", "appenddirname"}, "backup and restore in the README count on its name"},
	{[]string{"daemonize"}, "a server in the background ends the container"},
	{[]string{"supervised"}, "nothing in the container listens for it"},
	{[]string{"logfile"}, "docker logs shows what goes to standard output"},
	{[]string{"include"}, "write the directives themselves"},
	{[]string{"loadmodule"}, "use an image that loads it"},
	{[]string{"rename-command"}, "the health check, backups and the README call commands by name"},
}

// ownedInSet are those that members of a set cannot have from [redis], or for
// other reasons than a server alone.
var ownedInSet = []ownership{
	{[]string{"replicaof"}, "the start program finds out whom to follow at each start"},
	{[]string{"masterauth"}, "the password is made once in secrets/replica-password"},
	{[]string{"masteruser"}, "replicas log in as the user replica"},
	{[]string{"user"}, "the start program writes the users, with the hashes of the passwords in secrets/"},
	{[]string{"aclfile"}, "the start program writes it, with the hashes of the passwords in secrets/"},
	{[]string{"min-replicas-to-write"}, "write min-replicas-to-write above [redis]"},
	{[]string{"min-replicas-max-lag"}, "it follows from down-after: a master that is cut off has to refuse writes before another one is promoted"},
	{[]string{"replica-announce-ip"}, "members know each other by their names"},
	{[]string{"replica-announce-port"}, "inside it is always 6379"},
	{[]string{"replica-announced"}, "sentinels do not promote a replica that they do not know"},
	{[]string{"replica-priority"}, "the start program raises it once the replica has followed its master"},
	{[]string{"replica-read-only"}, "what is written to a replica is gone with the next full copy from its master"},
	{[]string{"repl-diskless-sync"}, "full copies go straight to the network, so no disk needs room for them"},
	{[]string{"rdb-del-sync-files"}, "a copy from a master is no snapshot to start from"},
}

// ownedInCluster are those of the nodes of a cluster, beside the ones of a set.
var ownedInCluster = []ownership{
	{[]string{"cluster-enabled"}, "it is on"},
	{[]string{"cluster-config-file"}, "the volume keeps it, and the start program reads it"},
	{[]string{"cluster-node-timeout"}, "write down-after above [redis]"},
	{[]string{"cluster-require-full-coverage", "cluster-replica-validity-factor"}, "what the README says of a lost master counts on it"},
	{[]string{"cluster-allow-replica-migration", "cluster-migration-barrier"}, "which master a replica belongs to follows from replicas"},
	{[]string{"cluster-preferred-endpoint-type", "cluster-announce-hostname", "cluster-announce-ip", "cluster-announce-port", "cluster-announce-tls-port", "cluster-announce-bus-port"}, "it follows from publish and networks"},
	{[]string{"cluster-port"}, "publish and the other nodes count on the port of the clients and 10000"},
}

// whyOwned tells why [redis] cannot set a directive, or "".
func (i *Intent) whyOwned(spelling string) string {
	if i.Topology == Cluster {
		if why := whyIn(ownedInCluster, spelling); why != "" {
			return why
		}
	}
	if i.Topology != "" && i.Topology != Standalone {
		if why := whyIn(ownedInSet, spelling); why != "" {
			return why
		}
	}
	if strings.HasPrefix(spelling, tlsPrefix) {
		return ownedByTLS
	}
	return whyIn(owned, spelling)
}

// Overrides judges [redis] against the release and returns the directives under
// their names in that release.
func (i *Intent) Overrides(release redis.Release, limit int64) ([]RawDirective, []Problem) {
	var accepted []RawDirective
	var problems []Problem
	seen := map[string]string{}
	for _, raw := range i.Redis {
		key := redisTable + "." + raw.Name
		directive, known := release.Directive(raw.Name)
		if c := i.refuseName(raw.Name, directive, known, release); c != nil {
			problems = append(problems, i.problem(key, i.places[key].key, c))
			continue
		}
		if first, twice := seen[directive.Name]; twice && known {
			c := Faultf("keep one of them", "%q is the same directive as %q", raw.Name, first)
			problems = append(problems, i.problem(key, i.places[key].key, c))
			continue
		}
		seen[directive.Name] = raw.Name
		if c := refuseValues(raw, directive, known, release, limit); c != nil {
			problems = append(problems, i.problem(key, i.places[key].at, c))
			continue
		}
		accepted = append(accepted, raw)
	}
	return accepted, problems
}

func (i *Intent) refuseName(name string, d redis.Directive, known bool, release redis.Release) *Fault {
	if !known {
		return refuseUnknown(name, release)
	}
	for _, spelling := range append([]string{strings.ToLower(name), d.Name}, d.Aliases...) {
		if why := i.whyOwned(spelling); why != "" {
			return Faultf(why, "%s is not for [redis] to set", name)
		}
	}
	switch {
	case d.Type == redis.FileOnly:
		return Faultf("remove it", "%s is not for [redis] to set", name)
	case d.Ignored:
		return Faultf("remove it", "%s accepts %s, but it has no effect any more", release, name)
	}
	return nil
}

func refuseUnknown(name string, release redis.Release) *Fault {
	if release.LoadsModules() && redis.ModuleDirective(name) {
		return nil
	}
	c := Faultf("", "%s does not know the directive %q", release, name)
	nearest := release.Suggest(name)
	if nearest != "" {
		c.Hint = fmt.Sprintf("did you mean %q?", nearest)
	}
	if first, ok := redis.Since(release.Engine, name); ok && first.Compare(release) > 0 {
		c.Hint = fmt.Sprintf("it came with %s", first)
	}
	if other := OtherEngine(release.Engine); c.Hint == "" && knows(other, name) {
		c.Hint = fmt.Sprintf("it is a directive of %s", other)
	}
	if c.Hint == "" && release.Derived() { // and it may be new there
		c.Hint = fmt.Sprintf("what rcomp knows of %s is put together from its release notes and the line before; set one that is missing with CONFIG SET, or leave version out", release)
	}
	return c
}

// OtherEngine is the one that a mistaken name may belong to.
func OtherEngine(engine redis.Engine) redis.Engine {
	if engine == redis.Redis {
		return redis.Valkey
	}
	return redis.Redis
}

func knows(engine redis.Engine, name string) bool {
	_, ok := redis.Since(engine, name)
	return ok
}

// refuseValues judges the lines of a directive as the server would read them,
// and sizes that the container cannot hold.
func refuseValues(raw RawDirective, d redis.Directive, known bool, release redis.Release, limit int64) *Fault {
	several := !known || d.MultiArg || d.Type == redis.Special
	if len(raw.Values) > 1 && !several {
		return Faultf("write a single value", "%s takes one value, not a list", raw.Name)
	}
	if !known {
		return nil
	}
	for _, value := range raw.Values {
		if _, err := redis.SplitWords(value, release); several && err != nil {
			return Faultf("close the quotes", "%s: %q is not a list of words", raw.Name, value)
		}
		canonical, err := release.Canonical(d, rawWords(value, several, release))
		if err != nil {
			return Faultf("", "%s: %s", raw.Name, err)
		}
		if bytes, err := strconv.ParseInt(canonical, 10, 64); err == nil && slices.Contains(heldInMemory, d.Name) && bytes >= limit {
			return Faultf("write less", "%s %s is as much as the whole container has", raw.Name, value)
		}
	}
	return nil
}

// heldInMemory are sizes that one client or the backlog can really take.
var heldInMemory = []string{"client-query-buffer-limit", "proto-max-bulk-len", "maxmemory-clients", "repl-backlog-size"}

// rawWords splits a value where the directive takes several words.
func rawWords(value string, several bool, release redis.Release) []string {
	if !several {
		return []string{value}
	}
	words, err := redis.SplitWords(value, release)
	if err != nil || len(words) == 0 {
		return []string{value}
	}
	return words
}

// Lines writes a directive of [redis] as lines of redis.conf.
func (r RawDirective) Lines(release redis.Release) []string {
	directive, known := release.Directive(r.Name)
	several := !known || directive.MultiArg || directive.Type == redis.Special
	var lines []string
	for _, value := range r.Values {
		line := strings.ToLower(r.Name)
		for _, word := range rawWords(value, several, release) {
			line += " " + redis.Quote(word)
		}
		lines = append(lines, line)
	}
	return lines
}
