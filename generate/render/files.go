// Package render prints files: which ones a deployment has, what each is made from, and who mounts it where.
package render

import (
	"slices"

	"github.com/rcomp/rcomp/templates"
)

// Kind is a kind of service. A topology only chooses kinds.
type Kind string

// The kinds of services.
const (
	Single   Kind = "single"   // a server that is alone
	Server   Kind = "server"   // of a set
	Node     Kind = "node"     // of a cluster
	Sentinel Kind = "sentinel" // of a set with failover
	Creator  Kind = "creator"  // forms a cluster
	Proxy    Kind = "proxy"    // leads to the master of a set
	Exporter Kind = "exporter" // shows Prometheus what members measure
)

// Dialect is what runs a deployment.
type Dialect string

// The dialects.
const (
	Compose Dialect = "compose"
	Stack   Dialect = "stack"
)

// File is a line of the manifest.
type File struct {
	Path    string  // relative to the output directory, with slashes
	From    string  // a program (programs/NAME.sh) or the name of a template
	Only    Dialect // that has it; "" for both
	For     []Kind  // deployments with a service of one of these kinds have it; nil for all
	Readers []Kind  // whose services mount it
	Target  string  // the directory in the container
}

// Program tells that the file is the same in every deployment that has it.
func (f File) Program() bool { return templates.IsProgram(f.From) }

// Where containers find what they mount.
const (
	confDirectory    = "/usr/local/etc/redis/"
	proxyDirectory   = "/usr/local/etc/haproxy/"
	programDirectory = "/usr/local/lib/rcomp/"
)

// Files whose paths others ask for.
const (
	ComposeFile = "docker-compose.yml"
	StackFile   = "docker-stack.yml"
	ConfFile    = "redis.conf"
	UsersFile   = "users.txt"
	readmeFile  = "README.md"
)

var (
	sets     = []Kind{Server}
	clusters = []Kind{Node}
	several  = []Kind{Server, Node}
	servers  = []Kind{Single, Server, Node}
)

// manifest is every file that is ever written, in the order in which they are told, the secrets left out.
var manifest = []File{
	{Path: "start-exporter.sh", From: "programs/start-exporter.sh", For: []Kind{Exporter}, Readers: []Kind{Exporter}, Target: programDirectory},
	{Path: ComposeFile, From: "compose/single.yml", Only: Compose, For: []Kind{Single}},
	{Path: ComposeFile, From: "compose/set.yml", Only: Compose, For: sets},
	{Path: ComposeFile, From: "compose/cluster.yml", Only: Compose, For: clusters},
	{Path: ConfFile, From: "redis.conf", Readers: servers, Target: confDirectory},
	{Path: UsersFile, From: "users.txt", For: several, Readers: several, Target: confDirectory},
	{Path: "with-names.sh", From: "programs/with-names.sh", Only: Stack, For: several, Readers: []Kind{Server, Node, Sentinel, Creator}, Target: programDirectory},
	{Path: "start-server.sh", From: "programs/start-server.sh", For: sets, Readers: sets, Target: programDirectory},
	{Path: "check-server.sh", From: "programs/check-server.sh", Only: Compose, For: sets, Readers: sets, Target: programDirectory},
	{Path: "check-server.sh", From: "programs/check-server-lives.sh", Only: Stack, For: sets, Readers: sets, Target: programDirectory},
	{Path: "start-node.sh", From: "programs/start-node.sh", Only: Compose, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "start-node.sh", From: "programs/start-node-by-name.sh", Only: Stack, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "check-node.sh", From: "programs/check-node.sh", Only: Compose, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "check-node.sh", From: "programs/check-server-lives.sh", Only: Stack, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "create-cluster.sh", From: "programs/create-cluster.sh", Only: Compose, For: clusters, Readers: []Kind{Creator}, Target: programDirectory},
	{Path: "create-cluster.sh", From: "programs/create-cluster-by-name.sh", Only: Stack, For: clusters, Readers: []Kind{Creator}, Target: programDirectory},
	{Path: "roll.sh", From: "programs/roll-set.sh", Only: Compose, For: sets},
	{Path: "roll.sh", From: "programs/roll-cluster.sh", Only: Compose, For: clusters},
	{Path: readmeFile, From: "readme/single", Only: Compose, For: []Kind{Single}},
	{Path: readmeFile, From: "readme/set", Only: Compose, For: sets},
	{Path: readmeFile, From: "readme/cluster", Only: Compose, For: clusters},
	{Path: "secrets/.gitignore", From: "secrets/.gitignore", Only: Compose},
	{Path: "sentinel.conf", From: "set/sentinel.conf", For: []Kind{Sentinel}, Readers: []Kind{Sentinel}, Target: confDirectory},
	{Path: "start-sentinel.sh", From: "programs/start-sentinel.sh", For: []Kind{Sentinel}, Readers: []Kind{Sentinel}, Target: programDirectory},
	{Path: "check-sentinel.sh", From: "programs/check-sentinel.sh", Only: Compose, For: []Kind{Sentinel}, Readers: []Kind{Sentinel}, Target: programDirectory},
	{Path: "check-sentinel.sh", From: "programs/check-sentinel-lives.sh", Only: Stack, For: []Kind{Sentinel}, Readers: []Kind{Sentinel}, Target: programDirectory},
	{Path: StackFile, From: "stack/single.yml", Only: Stack, For: []Kind{Single}},
	{Path: StackFile, From: "stack/set.yml", Only: Stack, For: sets},
	{Path: StackFile, From: "stack/cluster.yml", Only: Stack, For: clusters},
	{Path: "roll.sh", From: "programs/roll-stack.sh", Only: Stack, For: sets},
	{Path: "roll.sh", From: "programs/roll-stack-cluster.sh", Only: Stack, For: clusters},
	{Path: readmeFile, From: "readme/stack", Only: Stack, For: []Kind{Single, Server}},
	{Path: readmeFile, From: "readme/stack-cluster", Only: Stack, For: clusters},
	{Path: "secrets/.gitignore", From: "secrets/.gitignore", Only: Stack},
	{Path: "haproxy.cfg", From: "set/haproxy.cfg", For: []Kind{Proxy}, Readers: []Kind{Proxy}, Target: proxyDirectory},
	{Path: "start-proxy.sh", From: "programs/start-proxy.sh", For: []Kind{Proxy}, Readers: []Kind{Proxy}, Target: programDirectory},
	{Path: "backup/.gitignore", From: "backup/.gitignore"}, // where the README's commands put copies of data
}

// FilesOf are the files of a deployment that has services of these kinds, in order.
func FilesOf(dialect Dialect, kinds []Kind) []File {
	var files []File
	for _, file := range manifest {
		if file.belongs(dialect, kinds) {
			files = append(files, file)
		}
	}
	return files
}

func (f File) belongs(dialect Dialect, kinds []Kind) bool {
	if f.Only != "" && f.Only != dialect {
		return false
	}
	return f.For == nil || slices.ContainsFunc(f.For, func(kind Kind) bool { return slices.Contains(kinds, kind) })
}

// Paths are all paths that are ever written, in order and the secrets left out.
func Paths() []string {
	var paths []string
	for _, file := range manifest {
		paths = append(paths, file.Path)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Mount is a file as a service has it.
type Mount struct {
	File   string // relative to the output directory
	Target string // path in the container
	Name   string // of the config in a swarm
}

// Mounts says which files are mounted at all, and by the services of each kind. A name says what a file is called in a swarm.
func Mounts(files []File, name func(File) string) (all []Mount, by map[string][]Mount) {
	by = map[string][]Mount{}
	for _, kind := range []Kind{Single, Server, Node, Sentinel, Creator, Proxy, Exporter} {
		by[string(kind)] = nil
	}
	for _, file := range files {
		if file.Readers == nil {
			continue
		}
		mount := Mount{File: file.Path, Target: file.Target + file.Path, Name: name(file)}
		all = append(all, mount)
		for _, reader := range file.Readers {
			by[string(reader)] = append(by[string(reader)], mount)
		}
	}
	return all, by
}
