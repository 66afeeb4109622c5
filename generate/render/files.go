// Package render prints files: which ones a deployment has, what each is made
// from, and who mounts it where.
package render

import (
	"slices"

	"github.com/rcomp/rcomp/generate/render/view"
)

// File is a line of the manifest.
type File struct {
	Path    string       // relative to the output directory, with slashes
	From    string       // a program (programs/NAME.sh) or the name of a template
	Only    view.Dialect // that has it; "" for both
	For     []view.Kind  // deployments with a service of one of these kinds have it; nil for all
	Readers []view.Kind  // whose services mount it
	Target  string       // the directory in the container
	Bound   bool         // Compose mounts it by its path, not as a config
}

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
	ReadmeFile  = "README.md"
)

var (
	singles   = []view.Kind{view.Single}
	sets      = []view.Kind{view.Server}
	clusters  = []view.Kind{view.Node}
	several   = []view.Kind{view.Server, view.Node}
	servers   = []view.Kind{view.Single, view.Server, view.Node}
	sentinels = []view.Kind{view.Sentinel}
	creators  = []view.Kind{view.Creator}
	proxies   = []view.Kind{view.Proxy}
	exporters = []view.Kind{view.Exporter}
)

// manifest is every file that is ever written, in the order in which they are
// told, the secrets left out.
var manifest = []File{
	{Path: "start-exporter.sh", From: "programs/start-exporter.sh", For: exporters, Readers: exporters, Target: programDirectory, Bound: true},
	{Path: ComposeFile, From: "compose/single.yml", Only: view.Compose, For: singles},
	{Path: ComposeFile, From: "compose/set.yml", Only: view.Compose, For: sets},
	{Path: ComposeFile, From: "compose/cluster.yml", Only: view.Compose, For: clusters},
	{Path: ConfFile, From: "redis.conf", Readers: servers, Target: confDirectory},
	{Path: UsersFile, From: "users.txt", For: several, Readers: several, Target: confDirectory},
	{Path: "with-names.sh", From: "programs/with-names.sh", Only: view.Stack, For: several, Readers: []view.Kind{view.Server, view.Node, view.Sentinel, view.Creator}, Target: programDirectory},
	{Path: "start-server.sh", From: "programs/start-server.sh", For: sets, Readers: sets, Target: programDirectory},
	{Path: "check-server.sh", From: "programs/check-server.sh", Only: view.Compose, For: sets, Readers: sets, Target: programDirectory},
	{Path: "check-server.sh", From: "programs/check-server-lives.sh", Only: view.Stack, For: sets, Readers: sets, Target: programDirectory},
	{Path: "start-node.sh", From: "programs/start-node.sh", Only: view.Compose, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "start-node.sh", From: "programs/start-node-by-name.sh", Only: view.Stack, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "check-node.sh", From: "programs/check-node.sh", Only: view.Compose, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "check-node.sh", From: "programs/check-server-lives.sh", Only: view.Stack, For: clusters, Readers: clusters, Target: programDirectory},
	{Path: "create-cluster.sh", From: "programs/create-cluster.sh", Only: view.Compose, For: clusters, Readers: creators, Target: programDirectory},
	{Path: "create-cluster.sh", From: "programs/create-cluster-by-name.sh", Only: view.Stack, For: clusters, Readers: creators, Target: programDirectory},
	{Path: "roll.sh", From: "programs/roll-set.sh", Only: view.Compose, For: sets},
	{Path: "roll.sh", From: "programs/roll-cluster.sh", Only: view.Compose, For: clusters},
	{Path: ReadmeFile, From: "readme/single", Only: view.Compose, For: singles},
	{Path: ReadmeFile, From: "readme/set", Only: view.Compose, For: sets},
	{Path: ReadmeFile, From: "readme/cluster", Only: view.Compose, For: clusters},
	{Path: "secrets/.gitignore", From: "secrets/.gitignore", Only: view.Compose},
	{Path: "sentinel.conf", From: "set/sentinel.conf", For: sentinels, Readers: sentinels, Target: confDirectory},
	{Path: "start-sentinel.sh", From: "programs/start-sentinel.sh", For: sentinels, Readers: sentinels, Target: programDirectory},
	{Path: "check-sentinel.sh", From: "programs/check-sentinel.sh", Only: view.Compose, For: sentinels, Readers: sentinels, Target: programDirectory},
	{Path: "check-sentinel.sh", From: "programs/check-sentinel-lives.sh", Only: view.Stack, For: sentinels, Readers: sentinels, Target: programDirectory},
	{Path: StackFile, From: "stack/single.yml", Only: view.Stack, For: singles},
	{Path: StackFile, From: "stack/set.yml", Only: view.Stack, For: sets},
	{Path: StackFile, From: "stack/cluster.yml", Only: view.Stack, For: clusters},
	{Path: "roll.sh", From: "programs/roll-stack.sh", Only: view.Stack, For: sets},
	{Path: "roll.sh", From: "programs/roll-stack-cluster.sh", Only: view.Stack, For: clusters},
	{Path: ReadmeFile, From: "readme/stack", Only: view.Stack, For: []view.Kind{view.Single, view.Server}},
	{Path: ReadmeFile, From: "readme/stack-cluster", Only: view.Stack, For: clusters},
	{Path: "secrets/.gitignore", From: "secrets/.gitignore", Only: view.Stack},
	{Path: "haproxy.cfg", From: "set/haproxy.cfg", For: proxies, Readers: proxies, Target: proxyDirectory},
	{Path: "start-proxy.sh", From: "programs/start-proxy.sh", For: proxies, Readers: proxies, Target: programDirectory},
	{Path: "backup/.gitignore", From: "backup/.gitignore"}, // where the README's commands put copies of data
}

// FilesOf are the files of a deployment that has services of these kinds, in order.
func FilesOf(dialect view.Dialect, kinds []view.Kind) []File {
	var files []File
	for _, file := range manifest {
		if file.belongs(dialect, kinds) {
			files = append(files, file)
		}
	}
	return files
}

func (f File) belongs(dialect view.Dialect, kinds []view.Kind) bool {
	if f.Only != "" && f.Only != dialect {
		return false
	}
	return f.For == nil || slices.ContainsFunc(f.For, func(kind view.Kind) bool { return slices.Contains(kinds, kind) })
}

// Starting parts the file that starts everything from the others.
func Starting(files []File) (starting, others []File) {
	for _, file := range files {
		if file.Path == ComposeFile || file.Path == StackFile {
			starting = append(starting, file)
		} else {
			others = append(others, file)
		}
	}
	return starting, others
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

// Mounts says which files are configs of a deployment, and what the services of
// each kind mount. A name says what a file is called in a swarm.
func Mounts(files []File, dialect view.Dialect, kinds []view.Kind, name func(File) string) (configs []view.Mount, by map[string][]view.Mount) {
	by = map[string][]view.Mount{}
	for _, kind := range kinds {
		by[string(kind)] = nil // a template that asks for another one is refused
	}
	for _, file := range files {
		if file.Readers == nil {
			continue
		}
		mount := view.Mount{File: file.Path, Target: file.Target + file.Path, Name: name(file)}
		if !file.Bound || dialect == view.Stack {
			configs = append(configs, mount)
		}
		for _, reader := range file.Readers {
			by[string(reader)] = append(by[string(reader)], mount)
		}
	}
	return configs, by
}
