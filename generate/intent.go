// Package generate compiles an intent, a short TOML file, into the files that run Redis or Valkey with Docker Compose or
// in a swarm: one server, or a set of them.
//
// ReadIntent reads and judges the TOML, Decide takes every decision, Files prints them, Write puts them on disk.
package generate

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/redis"
)

// Intent is what the TOML says. A zero field was not given, and Decide chooses.
type Intent struct {
	Source              string // name of the file without its directory, as generated files cite it
	Name                string // project, service and host name
	Role                string // one of Roles
	Memory              int64  // the container's limit in bytes
	Engine              redis.Engine
	Version             string // "8.6" or "8.6.3"
	Variant             string // "debian" or "alpine"
	Image               string // reference that replaces the one that would be chosen
	Publish             string // "127.0.0.1:6379", "[::1]:6379"
	Networks            []string
	NetworkMode         string // host, or empty for networks
	Target              string // compose or swarm; empty for compose
	Output              string // directory of the files, relative to that of the intent; empty for that one
	Topology            string
	Masters             int64         // of a cluster; 0 for the default
	Replicas            int64         // of one master; 0 for the default
	Sentinels           int64         // 0 for the default
	Quorum              int64         // 0 for a majority
	DownAfter           time.Duration // whole seconds
	MinReplicas         int64
	Proxy               bool
	Exporter            bool   // of metrics for Prometheus
	ExporterAt          string // as Publish
	Subnet              netip.Prefix
	Persistence         string   // one of none, rdb, aof, both
	Save                []string // "3600 1"
	Fsync               string   // everysec, always, no
	MaxMemory           int64    // bytes
	Policy              string   // maxmemory-policy
	Encrypted           bool     // the network between the nodes of a swarm
	Restart             string
	StopGrace           time.Duration
	CPUs                string // decimal number
	LogSize             int64  // bytes of one log file
	LogFiles            int64
	SecretsVersion      int64 // of the names that secrets have in a swarm; 0 for the first
	Users               []User
	DefaultUser         bool // stays on beside them
	TLS                 bool
	TLSNames            []string          // of the certificate, beside those of the members
	TLSClients          string            // password or certificate
	Redis               []RawDirective    // [redis], in the order of the file
	TLSAuthority        string            // development or own
	TLSPaths            map[string]string // by the key of [tls], as the intent has them
	intent.Surroundings                   // not from the TOML

	file   string
	places map[string]entry // of the keys given, "redis.maxclients" for those in [redis]
	broken map[string]bool  // keys whose value is refused already
}

// RawDirective is a key of [redis]. Each of Values is one line of redis.conf without the name; a single word unless the directive takes several.
type RawDirective struct {
	Name   string
	Values []string
}

// complaint says what is wrong with a value and what to do.
type complaint struct{ message, hint string }

func complain(hint, format string, args ...any) *complaint {
	return &complaint{fmt.Sprintf(format, args...), hint}
}

// ReadIntent reads an intent and returns every problem that can be seen without a catalogue, sorted by place. With problems the
// Intent holds what was right; Decide may still be called and finds the rest.
func ReadIntent(path string, src []byte) (Intent, []Problem) {
	read := Intent{file: path, Source: sourceName(path), places: map[string]entry{}, broken: map[string]bool{}}
	doc, problems, ok := readDocument(path, src)
	if !ok {
		for _, k := range keys {
			read.broken[k.name] = true
		}
		return read, problems
	}
	for _, e := range doc.entries {
		problems = append(problems, read.readEntry(e)...)
	}
	if doc.tls != nil {
		problems = append(problems, read.readTLS(doc.tls.header, doc.tls.entries)...)
	}
	for _, table := range doc.users {
		problems = append(problems, read.readUser(table.header, table.entries)...)
	}
	for _, e := range doc.redis {
		problems = append(problems, read.readRaw(e)...)
	}
	for _, k := range keys {
		if _, given := read.places[k.name]; k.required && !given {
			read.broken[k.name] = true
			problems = append(problems, read.problem(k.name, place{1, 1, 1}, complain(k.example, "%s is missing", k.name)))
		}
	}
	sortProblems(problems)
	return read, problems
}

// Compile reads and decides, and returns all problems of both sorted by place. What was found around the intent is judged with it: a subnet that overlaps
// a taken one is a problem, and so is a file that does not do.
func Compile(path string, src []byte, found ...intent.Surroundings) (Plan, []Problem) {
	read, problems := ReadIntent(path, src)
	for _, one := range found {
		read.Surroundings = one
	}
	plan, more := Decide(read)
	problems = append(problems, more...)
	sortProblems(problems)
	return plan, problems
}

func (i *Intent) readEntry(e entry) []Problem {
	k, ok := findKey(e.name)
	if !ok {
		return []Problem{i.problem(e.name, e.key, unknownKey(e.name))}
	}
	i.places[e.name] = e
	if c := k.read(i, e.value); c != nil {
		i.broken[e.name] = true
		return []Problem{i.problem(e.name, e.at, c)}
	}
	return nil
}

func (i *Intent) problem(key string, at place, c *complaint) Problem {
	message := c.message
	if strings.HasPrefix(message, "must ") {
		message = visible(key) + " " + message
	}
	return Problem{
		File: i.file, Line: at.line, Column: at.column, EndColumn: max(at.endColumn, at.column),
		Key: visible(key), Message: message, Hint: c.hint,
	}
}

// visible is a key as it can be printed.
func visible(key string) string {
	if unprintable(key) != nil {
		return strconv.Quote(key)
	}
	return key
}

// at is the place of a key's value, or of the key that stands for it when it was not given.
func (i *Intent) at(keys ...string) place {
	for _, key := range keys {
		if e, ok := i.places[key]; ok {
			return e.at
		}
	}
	return place{1, 1, 1}
}

// usable tells that none of the keys was refused already.
func (i *Intent) usable(keys ...string) bool {
	for _, key := range keys {
		if i.broken[key] {
			return false
		}
	}
	return true
}

var plainFileName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// sourceName is the intent's file name where it can stand in a comment of every format.
func sourceName(path string) string {
	name := filepath.Base(filepath.ToSlash(path))
	if !plainFileName.MatchString(name) || strings.Contains(name, "--") {
		return unnamedIntent
	}
	return name
}
