package rollout

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/redis"
)

// deployed is what the files of a deployment say about what runs once they are
// deployed. Files that are about to be replaced and those that replace them are
// read alike, so that a change is what differs.
type deployed struct {
	project   string
	stack     bool
	services  map[string]service
	servers   []string // services, in order
	sentinels []string // services, in order
	volumes   []string // of the servers' data, with the project, or directories
	networks  []string // that the servers are on, in order
	image     redis.Image
	topology  string
	conf      map[string][]string // redis.conf, by the directive; nil where it is not there
	secrets   []string
	rights    map[string]string // of the users, as ACL SETUSER takes them
	publish   []string          // for clients, of the servers or of the proxy
	metrics   []string          // for who reads the exporter
	network   any               // as the file defines it
}

// service is what a container is made from.
type service struct {
	definition map[string]any // without the digest of redis.conf
	digest     any            // of redis.conf, nil where the file has none
	files      []string
	secrets    map[string]any // as the file defines those that it reads
	volumes    map[string]any // as the file defines those that it mounts
}

// composition is what is read of a compose file or a stack.
type composition struct {
	Name     string
	Services map[string]struct {
		Image   string
		Configs []yaml.Node
		Volumes []yaml.Node
		Ports   []yaml.Node
	}
	Secrets map[string]yaml.Node
	Volumes map[string]volumeDefinition
	Configs map[string]struct{ Name string }
}

// volumeDefinition is how a file defines one of those that it names.
type volumeDefinition struct {
	Name     string
	External bool
}

// called is its name on the engine: an external one has no project before it.
func (v volumeDefinition) called(key, project string) string {
	if v.External {
		return cmp.Or(v.Name, key)
	}
	return cmp.Or(v.Name, project+"_"+key)
}

// definitions is the same without knowledge of what it says.
type definitions struct {
	Services map[string]map[string]any
	Networks map[string]any
	Secrets  map[string]any
	Volumes  map[string]any
}

// digestLabel is that of redis.conf, on a single server.
const digestLabel = "rcomp.redis-conf"

// Standing returns what says what runs in a directory, by their paths, with line
// ends as gen writes them. What cannot be read says nothing: to write finds out.
func Standing(dir string) map[string][]byte {
	files := ondisk.Read(dir, render.ComposeFile, render.StackFile, render.ConfFile, render.UsersFile, render.ReadmeFile)
	for path, content := range files {
		files[path] = ondisk.Normal(content)
	}
	return files
}

// contents are files by their paths, without the secrets.
func contents(files []ondisk.File) map[string][]byte {
	all := map[string][]byte{}
	for _, file := range files {
		if !file.Secret {
			all[file.Path] = file.Content
		}
	}
	return all
}

// Renamed tells that the files deploy something under another name. README.md has
// the former one where the file that deploys is lost.
func Renamed(old map[string][]byte, files []ondisk.File) bool {
	replacing := contents(files)
	before, ran := readDeployed(ofTarget(old, replacing))
	after, runs := readDeployed(replacing)
	if title := readmeTitle.FindSubmatch(old[render.ReadmeFile]); !ran && title != nil && ondisk.Ours(old[render.ReadmeFile]) {
		before.project, ran = string(title[1]), true
	}
	return ran && runs && before.project != after.project
}

// readmeTitle is the name of the deployment.
var readmeTitle = regexp.MustCompile(`(?m)^# (\S+)$`)

// readDeployed reads a deployment from its files, by their paths; false where
// there is none that gen wrote.
func readDeployed(files map[string][]byte) (deployed, bool) {
	var d deployed
	content := files[render.ComposeFile]
	if d.stack = content == nil; d.stack {
		content = files[render.StackFile]
	}
	var read composition
	var document yaml.Node // is read in two ways
	if !ondisk.Ours(content) || yaml.Unmarshal(content, &document) != nil || document.Decode(&read) != nil {
		return d, false
	}
	d.project = cmp.Or(read.Name, stackName(read), unnamed)
	d.secrets = slices.Sorted(maps.Keys(read.Secrets))
	if conf, found := files[render.ConfFile]; found {
		d.conf = confOf(conf)
	}
	d.rights = rightsOf(content, files[render.UsersFile])
	d.services, d.network = servicesOf(&document, read)
	for _, name := range slices.Sorted(maps.Keys(read.Services)) {
		service := read.Services[name]
		if reads("sentinel.conf", service.Configs) {
			d.sentinels = append(d.sentinels, name)
		}
		image, err := redis.ParseImage(service.Image)
		if err != nil || !reads(render.ConfFile, service.Configs, service.Volumes) {
			continue
		}
		if !image.ReleaseKnown {
			image = imageOf(files[render.ConfFile], image)
		}
		d.servers, d.image = append(d.servers, name), image
		for _, volume := range service.Volumes {
			switch source := dataSource(mountOf(volume)); {
			case isDirectory(source):
				d.volumes = append(d.volumes, source)
			case source != "":
				d.volumes = append(d.volumes, read.Volumes[source].called(source, d.project))
			}
		}
	}
	d.readPorts(read)
	d.readNetworks()
	d.topology = topologyOf(d)
	return d, len(d.servers) > 0
}

// readPorts reads where the host listens. A server on the host's own network
// has it from redis.conf.
func (d *deployed) readPorts(read composition) {
	for _, name := range slices.Sorted(maps.Keys(read.Services)) {
		var ports []string
		for _, port := range read.Services[name].Ports {
			ports = append(ports, portOf(port))
		}
		switch {
		case slices.Contains(d.servers, name) || name == d.project+"-proxy":
			d.publish = append(d.publish, ports...)
		case name == d.project+"-exporter":
			d.metrics = ports
		}
	}
	if d.onHost() && d.setting("bind") != "" {
		d.publish = append(d.publish, net.JoinHostPort(d.setting("bind"), cmp.Or(d.setting(tlsPort), d.setting("port"))))
	}
}

// onHost tells that one server has the host's own network.
func (d deployed) onHost() bool {
	return len(d.servers) > 0 && d.services[d.servers[0]].definition["network_mode"] != nil
}

// readNetworks reads where clients in containers find servers.
func (d *deployed) readNetworks() {
	for _, server := range d.servers {
		for _, name := range namesIn(d.services[server].definition["networks"]) {
			if name == ownNetwork {
				name = d.project + "_" + name
			}
			if !slices.Contains(d.networks, name) {
				d.networks = append(d.networks, name)
			}
		}
	}
}

// ownNetwork is how the files call the network of a deployment.
const ownNetwork = "redis"

// namesIn are the names in a list, or the keys of a mapping, in order.
func namesIn(value any) (names []string) {
	switch value := value.(type) {
	case []any:
		for _, name := range value {
			names = append(names, fmt.Sprint(name))
		}
	case map[string]any:
		names = slices.Sorted(maps.Keys(value))
	}
	return names
}

func servicesOf(document *yaml.Node, read composition) (services map[string]service, network any) {
	var defined definitions
	_ = document.Decode(&defined) // it was read before
	services = map[string]service{}
	for name, definition := range defined.Services {
		labels, _ := definition["labels"].(map[string]any)
		digest := labels[digestLabel]
		delete(labels, digestLabel)
		one := service{definition: definition, digest: digest, secrets: map[string]any{}, volumes: map[string]any{}}
		for _, secret := range secretsOf(definition["secrets"]) {
			one.secrets[secret] = defined.Secrets[secret]
		}
		for _, node := range slices.Concat(read.Services[name].Configs, read.Services[name].Volumes) {
			source := mountOf(node).Source
			one.files = append(one.files, strings.TrimPrefix(source, "./"))
			if definition, named := defined.Volumes[source]; named {
				one.volumes[source] = definition
			}
		}
		services[name] = one
	}
	return services, defined.Networks[ownNetwork]
}

// unnamed stands for what Compose calls a project without a name: its directory.
const unnamed = "DIRECTORY"

var confName = regexp.MustCompile(`^(.+)_redis\.conf_[0-9a-f]+$`)

// stackName is the name that a stack is deployed under, which only the names of
// its configs tell.
func stackName(read composition) string {
	if parts := confName.FindStringSubmatch(read.Configs["redis.conf"].Name); parts != nil {
		return parts[1]
	}
	return ""
}

func topologyOf(d deployed) string {
	switch {
	case len(d.sentinels) > 0:
		return intent.Sentinel
	case d.setting("cluster-enabled") == "yes", d.conf == nil && d.startsNodes():
		return intent.Cluster
	case len(d.servers) > 1:
		return intent.Replicated
	}
	return intent.Standalone
}

// startsNodes tells that the servers are started as nodes of a cluster.
func (d deployed) startsNodes() bool {
	return slices.ContainsFunc(d.servers, func(server string) bool {
		return slices.ContainsFunc(d.services[server].files, func(file string) bool { return strings.HasPrefix(file, "start-node") })
	})
}

// masters is how many a cluster is to have, as its creator is told; 0 where it
// is not said.
func (d deployed) masters() int {
	for _, service := range d.services {
		environment, _ := service.definition["environment"].(map[string]any)
		if number, err := strconv.Atoi(fmt.Sprint(environment["MASTERS"])); err == nil {
			return number
		}
	}
	return 0
}

// secretsOf are the names of secrets in a service's list, in either form.
func secretsOf(list any) []string {
	var names []string
	entries, _ := list.([]any)
	for _, entry := range entries {
		switch entry := entry.(type) {
		case string:
			names = append(names, entry)
		case map[string]any:
			name, _ := entry["source"].(string)
			names = append(names, name)
		}
	}
	return names
}

// mount is what a container finds somewhere, and where.
type mount struct{ Type, Source, Target string }

func mountOf(node yaml.Node) mount {
	var m mount
	switch node.Kind {
	case yaml.MappingNode:
		_ = node.Decode(&m) // what is none has no source
	case yaml.ScalarNode:
		m.Source, m.Target, _ = strings.Cut(node.Value, ":")
	}
	return m
}

// reads tells that one of a service's configs or mounts is a file.
func reads(file string, lists ...[]yaml.Node) bool {
	return slices.ContainsFunc(slices.Concat(lists...), func(node yaml.Node) bool { return strings.TrimPrefix(mountOf(node).Source, "./") == file })
}

// confTitle is the line of redis.conf that names the release it is for.
var confTitle = regexp.MustCompile(`(?m)^# .+ on (redis|valkey) ([0-9]+\.[0-9]+)`)

// imageOf is an image of the release that redis.conf is for: a digest tells none.
func imageOf(conf []byte, otherwise redis.Image) redis.Image {
	found := confTitle.FindSubmatch(conf)
	if found == nil {
		return otherwise
	}
	named := map[string]string{"redis": "redis:", "valkey": "valkey/valkey:"}[string(found[1])] + string(found[2])
	if image, err := redis.ParseImage(named); err == nil {
		return image
	}
	return otherwise
}

// dataSource is the volume or the directory that is mounted where a server has
// its data, "" for another mount.
func dataSource(m mount) string {
	if m.Target != "/data" || m.Type == "tmpfs" {
		return ""
	}
	return m.Source
}

// isDirectory tells that a mount is of the host's: gen writes none for data,
// people do.
func isDirectory(source string) bool {
	return strings.HasPrefix(source, ".") || strings.HasPrefix(source, "/")
}

// portOf is where the host listens.
func portOf(node yaml.Node) string {
	if node.Kind == yaml.ScalarNode {
		return node.Value[:max(strings.LastIndex(node.Value, ":"), 0)]
	}
	var long struct {
		HostIP    string `yaml:"host_ip"`
		Published string
	}
	_ = node.Decode(&long)
	return long.HostIP + ":" + long.Published
}

// confOf reads a redis.conf of gen's own, which quotes and escapes nothing that
// matters here.
func confOf(content []byte) map[string][]string {
	conf := map[string][]string{}
	for line := range strings.Lines(string(content)) {
		name, value, found := strings.Cut(strings.TrimSpace(line), " ")
		if found && !strings.HasPrefix(name, "#") {
			conf[name] = append(conf[name], value)
		}
	}
	return conf
}

// grant is how a set's file names a user, and how the start of one server does.
var grant = regexp.MustCompile(`(?m)^\s*(?:user (\S+) on @\S+ (.*)|write_user (\S+) \S+ '(.*)')$`)

// rightsOf reads who may do what.
func rightsOf(contents ...[]byte) map[string]string {
	rights := map[string]string{}
	for _, content := range contents {
		for _, found := range grant.FindAllSubmatch(content, -1) {
			rights[string(found[1])+string(found[3])] = string(found[2]) + string(found[4])
		}
	}
	return rights
}

// setting is the last value of a directive, "" where there is none.
func (d deployed) setting(name string) string {
	values := d.conf[name]
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

func (d deployed) appends() bool   { return d.setting("appendonly") == "yes" }
func (d deployed) snapshots() bool { return d.setting("save") != "" && d.setting("save") != `""` }

// keeps tells that the data outlive the containers. Where redis.conf is lost, a
// volume may hold some.
func (d deployed) keeps() bool {
	return d.appends() || d.snapshots() || d.conf == nil && len(d.volumes) > 0
}

func (d deployed) has(secret string) bool { return slices.Contains(d.secrets, secret) }

// users are those that the intent names.
func (d deployed) users() []string {
	var names []string
	for _, secret := range d.secrets {
		if name, ok := credentials.UserOf(secret); ok {
			names = append(names, name)
		}
	}
	return names
}
