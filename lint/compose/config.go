package compose

import (
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/shortform"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// The types of mounts.
const (
	typeBind   = "bind"
	typeVolume = "volume"

	TypeBind   = typeBind
	TypeVolume = typeVolume
)

// Config is what rules ask of a service, in the types of its values. Texts may
// hold marks of variables without a value.
type Config struct {
	Image         string
	Build         *Build   // nil: it is not built here
	Entrypoint    []string // nil: the image's; empty: none
	WorkingDir    string
	ContainerName string
	Hostname      string
	NetworkMode   string
	MemLimit      int64 // bytes, 0 none or not known
	Scale         *int
	Deploy        Deploy
	HealthCheck   *HealthCheck // nil: the image's
	VolumesFrom   []string
	Tmpfs         []string
	Volumes       []Volume
	Configs       []Reference
	Secrets       []Reference
	Ports         []Port
	Networks      []Network
	EnvFiles      []EnvFile
	User          string // whom its process runs as; "" the image says
	Privileged    bool
	CapAdd        []string
	CapDrop       []string
	FileLimit     *Limit          // of open files; nil: that of the engine
	PostStart     []position.Span // commands that run in it once it is started
}

// Limit is one of ulimits. A process may raise the soft one to the hard one.
type Limit struct {
	Soft, Hard int64
	Known      bool // neither hangs on a variable
	Span       position.Span
}

// Deploy is what a service says below that key.
type Deploy struct {
	Replicas    *int
	MemoryLimit int64 // bytes, 0 none or not known
}

// HealthCheck tells whether a container is healthy.
type HealthCheck struct {
	Test    []string
	Disable bool
}

// Volume is something mounted. Source is absolute for a bind mount; it holds
// marks, and Type may be empty, where that hangs on a variable.
type Volume struct {
	Type, Source, Target string
	ReadOnly             bool
	Subpath              string
	CreatesHostPath      bool // a missing source of a bind mount becomes a directory
	Span                 position.Span
}

// Reference is a config or a secret that a service mounts.
type Reference struct {
	Source, Target string
	Span           position.Span
}

// Port is a port that is published, or a range of them.
type Port struct {
	Text                      string // as written
	Target, Published, HostIP string // Target and Published are a number or a range
	Protocol                  string
	Short                     bool // one text: a variable in it may hold several parts
	Span                      position.Span
}

// Network is a network that a service is in.
type Network struct {
	Name      string
	Aliases   []string
	Addresses []string
}

// EnvFile is a file of environment variables.
type EnvFile struct {
	Path     string // absolute
	Required bool
	Raw      bool // its values are taken as they are
	Span     position.Span
}

func (p *Project) config(s *Service) Config {
	get := s.Value.Get
	c := Config{
		Image: textOf(get("image")), WorkingDir: textOf(get("working_dir")), ContainerName: textOf(get("container_name")),
		Hostname: textOf(get("hostname")), NetworkMode: textOf(get("network_mode")), MemLimit: bytesOf(get("mem_limit")),
		Build: s.build(get("build")), Scale: numberOf(get("scale")), VolumesFrom: textsOf(get("volumes_from")), Tmpfs: textsOf(get("tmpfs")),
	}
	c.Deploy = Deploy{Replicas: numberOf(s.Value.Find("deploy", "replicas")), MemoryLimit: bytesOf(s.Value.Find("deploy", "resources", "limits", "memory"))}
	if entrypoint := get("entrypoint"); entrypoint != nil && entrypoint.Kind != model.Null {
		c.Entrypoint = append([]string{}, wordsOf(entrypoint)...)
	}
	if check := get("healthcheck"); check != nil && check.Kind == model.Mapping {
		c.HealthCheck = &HealthCheck{Test: testOf(check.Get("test")), Disable: textOf(check.Get("disable")) == "true"}
	}
	for _, item := range itemsOf(get("volumes")) {
		c.Volumes = append(c.Volumes, volumeOf(item))
	}
	for _, item := range itemsOf(get("configs")) {
		c.Configs = append(c.Configs, referenceOf(item))
	}
	for _, item := range itemsOf(get("secrets")) {
		c.Secrets = append(c.Secrets, referenceOf(item))
	}
	for _, item := range itemsOf(get("ports")) {
		c.Ports = append(c.Ports, portOf(item))
	}
	for _, entry := range entriesOf(get("networks")) {
		c.Networks = append(c.Networks, networkOf(entry))
	}
	for _, item := range itemsOf(get("env_file")) {
		c.EnvFiles = append(c.EnvFiles, EnvFile{
			Path: Absolute(item.Origin.Document.Directory, textOf(item.Get("path"))), Required: textOf(item.Get("required")) != "false",
			Raw: textOf(item.Get("format")) == "raw", Span: item.Origin.Span(),
		})
	}
	c.User, c.Privileged = textOf(get("user")), textOf(get("privileged")) == "true"
	c.CapAdd, c.CapDrop = textsOf(get("cap_add")), textsOf(get("cap_drop"))
	c.FileLimit = limitOf(s.Value.Find("ulimits", "nofile"))
	for _, item := range itemsOf(get("post_start")) {
		at := item
		if command := item.Get("command"); command != nil {
			at = command
		}
		c.PostStart = append(c.PostStart, at.Origin.Span())
	}
	return c
}

// limitOf is a limit in either form: a number stands for both.
func limitOf(value *model.Value) *Limit {
	if value == nil {
		return nil
	}
	soft, hard := value, value
	if value.Kind == model.Mapping {
		soft, hard = value.Get("soft"), value.Get("hard")
	}
	limit := &Limit{Span: value.Origin.Span()}
	if soft == nil || hard == nil || soft.Marked || hard.Marked {
		return limit
	}
	var softErr, hardErr error
	limit.Soft, softErr = strconv.ParseInt(soft.Text, 10, 64)
	limit.Hard, hardErr = strconv.ParseInt(hard.Text, 10, 64)
	limit.Known = softErr == nil && hardErr == nil
	return limit
}

func textsOf(value *model.Value) (texts []string) {
	if value == nil {
		return nil
	}
	for _, item := range asList(value).Items {
		texts = append(texts, item.Text)
	}
	return texts
}

// wordsOf are the words of a command as the container gets them.
func wordsOf(value *model.Value) []string {
	if value.Kind == model.String {
		words, _, _ := splitWords(value.Text)
		return words
	}
	return textsOf(value)
}

func testOf(value *model.Value) []string {
	if value != nil && value.Kind == model.String {
		return []string{"CMD-SHELL", value.Text}
	}
	return textsOf(value)
}

// bytesOf is a size, 0 where nobody knows it. Compose drops a number without a
// word that is no whole one of 64 bits (2.40.3).
func bytesOf(value *model.Value) int64 {
	if value == nil || value.Marked || !isSize(value) {
		return 0
	}
	bytes, _ := shortform.Bytes(value.Text)
	return bytes
}

// isSize reports whether Compose reads a value as a size at all.
func isSize(value *model.Value) bool {
	_, err := strconv.ParseInt(value.Text, 10, 64)
	return value.Kind == model.String || value.Kind == model.Int && err == nil
}

func numberOf(value *model.Value) *int {
	if value == nil {
		return nil
	}
	number, err := strconv.Atoi(value.Text)
	if err != nil {
		return nil
	}
	return &number
}

func volumeOf(item *model.Value) Volume {
	v := Volume{
		Type: textOf(item.Get("type")), Source: textOf(item.Get("source")), Target: textOf(item.Get("target")),
		ReadOnly: textOf(item.Get("read_only")) == "true", Subpath: textOf(item.Find("volume", "subpath")), Span: item.Origin.Span(),
	}
	if target := item.Get("target"); target != nil && !item.Made {
		v.Span = target.Origin.Span()
	}
	if v.Type == typeBind {
		if source := item.Get("source"); source != nil && !source.Marked {
			v.Source = sourceOf(item.Origin.Document.Directory, v.Source)
		}
		v.CreatesHostPath = textOf(item.Find("bind", "create_host_path")) != "false"
	}
	return v
}

// sourceOf is the path of a bind mount. Where the home of whoever runs Compose is,
// no file says.
func sourceOf(directory, source string) string {
	if rest, found := strings.CutPrefix(source, "~"); found && (rest == "" || rest[0] == '/') {
		return unset.Variable{Name: "HOME"}.Mark() + rest
	}
	return Absolute(directory, source)
}

func referenceOf(item *model.Value) Reference {
	return Reference{Source: textOf(item.Get("source")), Target: textOf(item.Get("target")), Span: item.Origin.Span()}
}

func portOf(item *model.Value) Port {
	port := Port{
		Target: textOf(item.Get("target")), Published: textOf(item.Get("published")), HostIP: textOf(item.Get("host_ip")),
		Protocol: textOf(item.Get("protocol")), Span: item.Origin.Span(),
	}
	if target := item.Get("target"); target != nil && !item.Made {
		port.Span = target.Origin.Span()
	}
	if written := resolve(item.Origin.Node); item.Made && written != nil {
		port.Short = true
		port.Text = interpolated(written.Value, item.Origin.Document.Lookup)
		return port
	}
	port.Text = "a random port:" + port.Target
	if port.Published != "" {
		port.Text = port.Published + ":" + port.Target
	}
	return port
}

func networkOf(entry model.Entry) Network {
	network := Network{Name: entry.Name, Aliases: textsOf(entry.Value.Get("aliases"))}
	for _, key := range []string{"ipv4_address", "ipv6_address"} {
		if address := textOf(entry.Value.Get(key)); address != "" {
			network.Addresses = append(network.Addresses, address)
		}
	}
	return network
}

// Count is how many containers of the service run: scale or deploy.replicas,
// else one.
func (c Config) Count() int {
	switch {
	case c.Scale != nil:
		return *c.Scale
	case c.Deploy.Replicas != nil:
		return *c.Deploy.Replicas
	}
	return 1
}

// Resource is a volume, config or secret at the top level.
type Resource struct {
	File           string // absolute; "" none
	Content        string
	External       bool
	TemplateDriver string
	DriverOpts     map[string]string
	Directory      string // where relative paths in it start
}

// Resource returns what a section of the top level says under a name: volumes,
// configs or secrets. ok is false where nothing is declared.
func (p *Project) Resource(section, name string) (resource Resource, ok bool) {
	entry := p.model.Get(section).Entry(name)
	if entry == nil {
		return Resource{}, false
	}
	value := entry.Value
	resource = Resource{
		Content: textOf(value.Get("content")), External: textOf(value.Get("external")) == "true",
		TemplateDriver: textOf(value.Get("template_driver")), Directory: entry.Key.Document.Directory,
	}
	if file := value.Get("file"); file != nil {
		resource.File = Absolute(file.Origin.Document.Directory, file.Text)
	}
	options := value.Get("driver_opts")
	resource.DriverOpts = make(map[string]string, len(entriesOf(options)))
	for _, option := range entriesOf(options) {
		resource.DriverOpts[option.Name] = option.Value.Text
	}
	return resource, true
}

// Environment is one variable of a service's environment.
type Environment struct {
	Name  string
	Value string // may hold marks of variables without a value
	Set   bool   // false: handed through from where Compose runs, so unknown
	Span  position.Span
}

func cleanTarget(target string) string {
	if len(target) > 1 {
		return strings.TrimRight(target, "/")
	}
	return target
}
