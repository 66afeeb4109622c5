// Package intent reads what a short TOML file asks for. Tables of keys say what
// each is, so that what is read, what is documented and what an editor's schema
// knows are the same.
package intent

import (
	"errors"
	"io/fs"
	"net/netip"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rcomp/rcomp/redis"
)

// Largest is what an intent may have, in bytes: a hundred users fit into less
// than half of it.
const Largest = 64 << 10

// Intent is what the TOML says. A zero field was not given, and Decide chooses.
type Intent struct {
	Source         string // name of the file without its directory, as generated files cite it
	Name           string // project, service and host name
	Role           string // one of Roles
	Memory         int64  // the container's limit in bytes
	Engine         redis.Engine
	Version        string // "8.6" or "8.6.3"
	Variant        string // "debian" or "alpine"
	Image          string // reference that replaces the one that would be chosen
	Publish        string // "127.0.0.1:6379", "[::1]:6379"
	Networks       []string
	NetworkMode    string // host, or empty for networks
	Target         string // compose or swarm; empty for compose
	Output         string // directory of the files, relative to that of the intent; empty for that one
	Topology       string
	Masters        int64         // of a cluster; 0 for the default
	Replicas       int64         // of one master; 0 for the default
	Sentinels      int64         // 0 for the default
	Quorum         int64         // 0 for a majority
	DownAfter      time.Duration // whole seconds
	MinReplicas    int64
	Proxy          bool
	Exporter       bool   // of metrics for Prometheus
	ExporterAt     string // as Publish
	Subnet         netip.Prefix
	Persistence    string   // one of none, rdb, aof, both
	Save           []string // "3600 1"
	Fsync          string   // everysec, always, no
	MaxMemory      int64    // bytes
	Policy         string   // maxmemory-policy
	Encrypted      bool     // the network between the nodes of a swarm
	Restart        string
	StopGrace      time.Duration
	CPUs           string // decimal number
	LogSize        int64  // bytes of one log file
	LogFiles       int64
	SecretsVersion int64 // of the names that secrets have in a swarm; 0 for the first
	Users          []User
	DefaultUser    bool // stays on beside them
	TLS            bool
	TLSNames       []string          // of the certificate, beside those of the members
	TLSClients     string            // password or certificate
	TLSPort        int64             // of one server; 0 for the usual one
	TLSPlainText   bool              // is spoken beside it, on the usual port
	Redis          []RawDirective    // [redis], in the order of the file
	TLSAuthority   string            // development or own
	TLSPaths       map[string]string // by the key of [tls], as the intent has them
	Surroundings                     // not from the TOML

	file   string
	places map[string]entry // of the keys given, "redis.maxclients" for those in [redis]
	broken map[string]bool  // keys whose value is refused already
}

// Surroundings are what lies around an intent and bears on it. The caller finds
// them, since deciding reads no files.
type Surroundings struct {
	Taken []TakenSubnet       // what the subnet must not overlap
	Files map[string]UserFile // by the path as the intent has it; one that is missing is not there
	Way   string              // from the directory of the files to that of the intent; empty where they are one
	Asked bool                // a flag says where the files are, and the intent does not
	Now   time.Time           // when certificates are judged
	Away  bool                // files that the intent names may be on another machine: those that are not here are not judged
}

// TakenSubnet is an address range that another compose file claims for a
// network. Two networks of one engine cannot share addresses.
type TakenSubnet struct {
	Prefix netip.Prefix
	File   string // as the user would name it
	Line   int
}

// UserFile is a file that an intent names. gen reads it to judge it and never writes it.
type UserFile struct {
	Content []byte
	Err     error  // why it cannot be read; fs.ErrNotExist where it is not there
	Path    string // from the output directory, or absolute, with slashes
}

// IsAway tells that a file is not there, and may be on another machine.
func IsAway(file UserFile) bool { return errors.Is(file.Err, fs.ErrNotExist) }

// RawDirective is a key of [redis]. Each of Values is one line of redis.conf
// without the name; a single word unless the directive takes several.
type RawDirective struct {
	Name   string
	Values []string
}

// Read reads an intent and returns every problem that can be seen without a
// catalogue, sorted by place. With problems the Intent holds what was right;
// Decide may still be called and finds the rest.
func Read(path string, src []byte) (Intent, []Problem) {
	read := Intent{file: path, Source: sourceName(path), places: map[string]entry{}, broken: map[string]bool{}}
	doc, problems, ok := readDocument(path, src)
	if !ok {
		for _, k := range Keys {
			read.broken[k.Name] = true
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
	if doc.redis != nil {
		for _, e := range doc.redis.entries {
			problems = append(problems, read.readRaw(e)...)
		}
	}
	for _, k := range Keys {
		if _, given := read.places[k.Name]; k.Required && !given {
			read.broken[k.Name] = true
			problems = append(problems, read.problem(k.Name, place{1, 1, 1}, Faultf(k.missing(), "%s is missing", k.Name)))
		}
	}
	SortProblems(problems)
	return read, problems
}

func (i *Intent) readEntry(e entry) []Problem {
	k, ok := find(Keys, e.name)
	if !ok {
		return []Problem{i.problem(e.name, e.key, unknownKey(e.name))}
	}
	i.places[e.name] = e
	if f := k.Type.read(i, e.value); f != nil {
		i.broken[e.name] = true
		return []Problem{i.problem(e.name, e.at, f)}
	}
	return nil
}

func (i *Intent) problem(key string, at place, f *Fault) Problem {
	message := f.Message
	if strings.HasPrefix(message, "must ") {
		message = visible(key) + " " + message
	}
	return Problem{
		File: i.file, Line: at.line, Column: at.column, EndColumn: max(at.endColumn, at.column),
		Key: visible(key), Message: message, Hint: f.Hint,
	}
}

// visible is a key as it can be printed.
func visible(key string) string {
	if unprintable(key) != nil {
		return strconv.Quote(key)
	}
	return key
}

// at is the place of a key's value, the beginning of the file where it was not
// given.
func (i *Intent) at(key string) place {
	if e, given := i.places[key]; given {
		return e.at
	}
	return place{1, 1, 1}
}

// Usable tells that none of the keys was refused already.
func (i *Intent) Usable(keys ...string) bool {
	for _, key := range keys {
		if i.broken[key] {
			return false
		}
	}
	return true
}

// Given tells that a key stands in the file, "tls.names" for one of [tls].
func (i *Intent) Given(key string) bool {
	_, given := i.places[key]
	return given
}

// Broken tells that a key was refused when it was read.
func (i *Intent) Broken() bool { return len(i.broken) > 0 }

var plainFileName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// sourceName is the intent's file name where it can stand in a comment of every format.
func sourceName(path string) string {
	name := filepath.Base(filepath.ToSlash(path))
	if !plainFileName.MatchString(name) || strings.Contains(name, "--") {
		return Unnamed
	}
	return name
}
