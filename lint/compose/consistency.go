package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/shortform"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// consistency looks for parts of a project that do not fit together: names
// that nothing declares, keys that exclude each other. The rest of the project
// is as clear as it would be otherwise.
type consistency struct {
	project  *Project
	model    *model.Value
	name     string // of the service that is looked at
	service  *model.Value
	services *model.Value
}

func (p *Project) checkConsistency() {
	c := &consistency{project: p, model: p.model, services: p.model.Get("services")}
	for i := range entriesOf(c.services) {
		c.name, c.service = c.services.Entries[i].Name, c.services.Entries[i].Value
		if c.service.Kind != model.Mapping || p.partial[c.name] {
			continue
		}
		for _, check := range serviceChecks {
			check(c)
		}
	}
	c.secrets()
	c.containerNames()
	c.circles()
}

var serviceChecks = []func(*consistency){
	(*consistency).image, (*consistency).build, (*consistency).networks, (*consistency).healthcheck, (*consistency).dependencies,
	(*consistency).volumes, (*consistency).references, (*consistency).scale, (*consistency).limits, (*consistency).watches, (*consistency).mounts,
	(*consistency).labelFiles,
}

func entriesOf(value *model.Value) []model.Entry {
	if value == nil {
		return nil
	}
	return value.Entries
}

func itemsOf(value *model.Value) []*model.Value {
	if value == nil {
		return nil
	}
	return value.Items
}

func (c *consistency) refuse(at model.Origin, format string, args ...any) {
	c.project.refuseAs(Inconsistent, at, c.name, fmt.Sprintf(format, args...))
}

// lacks refuses a name that a section of the top level should declare. Where a
// file of the project could not be read, it may stand there.
func (c *consistency) lacks(at model.Origin, section, name, format string, args ...any) {
	if !c.project.closed {
		c.project.undefined(at, c.name, section, name, fmt.Sprintf(format, args...))
	}
}

func (c *consistency) image() {
	if !c.project.unclear[c.name] && textOf(c.service.Get("image")) == "" && c.service.Get("build") == nil && c.service.Get("provider") == nil {
		c.project.refuseAs(Fragment, c.project.home(c.name, c.service), c.name, fmt.Sprintf("service %q has neither an image nor a build context", c.name))
	}
}

func (c *consistency) build() {
	build := c.service.Get("build")
	if build == nil {
		return
	}
	if textOf(build.Get("dockerfile")) != "" && textOf(build.Get("dockerfile_inline")) != "" {
		c.refuse(build.Entry("dockerfile_inline").Key, "dockerfile and dockerfile_inline of service %q exclude each other", c.name)
	}
	for _, entry := range entriesOf(build.Get("additional_contexts")) {
		if name, found := strings.CutPrefix(entry.Value.Text, "service:"); found && c.services.Find(name, "build") == nil {
			c.refuse(entry.Value.Origin, "service %q, which %q builds upon, is not built here", name, c.name)
		}
	}
	platform := c.service.Get("platform")
	if platforms := itemsOf(build.Get("platforms")); len(platforms) > 0 && platform != nil && platform.Text != "" {
		if !slices.ContainsFunc(platforms, func(item *model.Value) bool { return item.Text == platform.Text || item.Marked || platform.Marked }) {
			c.refuse(platform.Origin, "build.platforms of service %q lacks its platform %q", c.name, platform.Text)
		}
	}
	for _, secret := range itemsOf(build.Get("secrets")) {
		c.declared(secret, secret.Get("source"), "secrets", "build secret")
	}
}

func (c *consistency) networks() {
	mode, networks := c.service.Entry("network_mode"), c.service.Get("networks")
	if mode != nil && mode.Value.Text != "" && len(entriesOf(networks)) > 0 {
		c.refuse(mode.Key, "network_mode and networks of service %q exclude each other", c.name)
	}
	for _, entry := range entriesOf(networks) {
		if entry.Name != "default" && unset.Known(entry.Name) && c.model.Find("networks").Entry(entry.Name) == nil {
			c.lacks(entry.Key, "networks", entry.Name, "service %q refers to undefined network %q", c.name, entry.Name)
		}
	}
	if mode == nil {
		return
	}
	if name, found := strings.CutPrefix(mode.Value.Text, "service:"); found && unset.Known(name) && c.services.Entry(name) == nil {
		c.lacks(mode.Value.Origin, "services", name, "service %q takes the network of undefined service %q", c.name, name)
	}
}

func (c *consistency) healthcheck() {
	test := c.service.Find("healthcheck", "test")
	if len(itemsOf(test)) == 0 || test.Items[0].Marked {
		return
	}
	if !slices.Contains([]string{"CMD", "CMD-SHELL", "NONE"}, test.Items[0].Text) {
		c.refuse(test.Items[0].Origin, `healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"`)
	}
}

func (c *consistency) dependencies() {
	for _, entry := range entriesOf(c.service.Get("depends_on")) {
		if unset.Known(entry.Name) && c.services.Entry(entry.Name) == nil {
			c.lacks(entry.Key, "services", entry.Name, "service %q depends on undefined service %q", c.name, entry.Name)
		}
	}
	for _, link := range itemsOf(c.service.Get("links")) {
		name, _, _ := strings.Cut(link.Text, ":")
		c.started(link, name)
	}
	for _, from := range itemsOf(c.service.Get("volumes_from")) {
		if name, _, _ := strings.Cut(from.Text, ":"); name != "container" {
			c.started(from, name)
		}
	}
	for _, key := range []string{"ipc", "pid", "uts", "cgroup"} {
		if value := c.service.Get(key); value != nil {
			if name, found := strings.CutPrefix(value.Text, "service:"); found {
				c.started(value, name)
			}
		}
	}
}

// started wants a service that another one is started after.
func (c *consistency) started(at *model.Value, name string) {
	if !at.Marked && c.services.Entry(name) == nil {
		c.lacks(at.Origin, "services", name, "service %q depends on undefined service %q", c.name, name)
	}
}

func (c *consistency) volumes() {
	for _, volume := range itemsOf(c.service.Get("volumes")) {
		if textOf(volume.Get("type")) == typeVolume && textOf(volume.Get("source")) != "" {
			c.declared(volume, volume.Get("source"), "volumes", "volume")
		}
	}
}

func (c *consistency) references() {
	for _, config := range itemsOf(c.service.Get("configs")) {
		c.declared(config, config.Get("source"), "configs", "config")
	}
	for _, secret := range itemsOf(c.service.Get("secrets")) {
		c.declared(secret, secret.Get("source"), "secrets", "secret")
	}
	for _, entry := range entriesOf(c.service.Get("models")) {
		if c.model.Find("models").Entry(entry.Name) == nil {
			c.lacks(entry.Key, "models", entry.Name, "service %q refers to undefined model %q", c.name, entry.Name)
		}
	}
}

// declared wants a name to stand in a section of the top level.
func (c *consistency) declared(user, name *model.Value, section, what string) {
	if name == nil {
		c.refuse(user.Origin, "a %s of service %q has no source", what, c.name)
		return
	}
	if name.Marked || c.model.Get(section).Entry(name.Text) != nil {
		return
	}
	c.lacks(name.Origin, section, name.Text, "service %q refers to undefined %s %q", c.name, what, name.Text)
}

func (c *consistency) scale() {
	scale, replicas := c.service.Get("scale"), c.service.Find("deploy", "replicas")
	if scale != nil && replicas != nil && scale.Text != replicas.Text && !scale.Marked && !replicas.Marked {
		c.refuse(replicas.Origin, "scale and deploy.replicas of service %q differ", c.name)
	}
	count := scale
	if count == nil {
		count = replicas
	}
	for _, number := range []*model.Value{scale, replicas} {
		if number == nil || number.Marked {
			continue
		}
		if count, err := strconv.Atoi(number.Text); err != nil || count < 0 {
			c.refuse(number.Origin, "service %q cannot run %s times", c.name, number.Text)
		}
	}
	name := c.service.Get("container_name")
	if count == nil || name == nil || name.Text == "" {
		return
	}
	if number, err := strconv.Atoi(count.Text); err == nil && number > 1 {
		c.refuse(name.Origin, "container_name of service %q is one, and %d containers need names of their own", c.name, number)
	}
}

// limits wants the two ways to write a limit to agree.
func (c *consistency) limits() {
	for _, pair := range []struct {
		key, section, below string
		same                func(a, b string) bool
	}{
		{"cpus", "limits", "cpus", sameNumber},
		{"mem_limit", "limits", "memory", sameBytes},
		{"mem_reservation", "reservations", "memory", sameBytes},
		{"pids_limit", "limits", "pids", sameNumber},
	} {
		own, section := c.service.Get(pair.key), c.service.Find("deploy", "resources", pair.section)
		if own == nil || section == nil || own.Marked || pair.same(own.Text, "0") {
			continue
		}
		other := section.Get(pair.below)
		if other != nil && other.Marked || pair.same(own.Text, orZero(other)) {
			continue
		}
		c.refuse(own.Origin, "%s of service %q and deploy.resources.%s.%s differ", pair.key, c.name, pair.section, pair.below)
	}
}

func orZero(value *model.Value) string {
	if value == nil {
		return "0"
	}
	return value.Text
}

func sameNumber(a, b string) bool {
	first, firstErr := strconv.ParseFloat(a, 32)
	second, secondErr := strconv.ParseFloat(b, 32)
	return firstErr == nil && secondErr == nil && first == second
}

func sameBytes(a, b string) bool {
	first, firstErr := shortform.Bytes(a)
	second, secondErr := shortform.Bytes(b)
	return firstErr == nil && secondErr == nil && first == second
}

func (c *consistency) watches() {
	for _, watch := range itemsOf(c.service.Find("develop", "watch")) {
		action := textOf(watch.Get("action"))
		if textOf(watch.Get("target")) == "" && action != "rebuild" && action != "restart" {
			c.refuse(watch.Origin, "a watch of service %q needs a target", c.name)
		}
	}
}

// mounts wants each path to be mounted once.
func (c *consistency) mounts() {
	seen := map[string]bool{}
	mount := func(at *model.Value, target string) {
		if seen[target] && unset.Known(target) {
			c.refuse(at.Origin, "service %q mounts %q twice", c.name, target)
		}
		seen[target] = true
	}
	for _, item := range asList(orNull(c.service.Get("tmpfs"))).Items {
		target, _, _ := strings.Cut(item.Text, ":")
		mount(item, target)
	}
	for _, volume := range itemsOf(c.service.Get("volumes")) {
		if target := volume.Get("target"); target != nil {
			mount(target, cleanTarget(target.Text))
		}
	}
}

// labelFiles wants the files of labels to be there: other than those of the
// environment they hold nothing that is kept out of a repository.
func (c *consistency) labelFiles() {
	for _, file := range asList(orNull(c.service.Get("label_file"))).Items {
		if file.Marked || file.Kind != model.String {
			continue
		}
		path := Absolute(file.Origin.Document.Directory, file.Text)
		switch info, err := c.project.tree.Stat(path); {
		case errors.Is(err, fs.ErrNotExist):
			c.refuse(file.Origin, "the label file %q of service %q is not there", brief(file.Text), c.name)
		case err == nil && info.IsDir():
			c.refuse(file.Origin, "the label file %q of service %q is a directory", brief(file.Text), c.name)
		}
	}
}

func orNull(value *model.Value) *model.Value {
	if value == nil {
		return &model.Value{}
	}
	return value
}

func (c *consistency) secrets() {
	c.name = ""
	for _, entry := range entriesOf(c.model.Get("secrets")) {
		secret := entry.Value
		if secret.Kind != model.Mapping || textOf(secret.Get("external")) == "true" {
			continue
		}
		if textOf(secret.Get("file")) == "" && textOf(secret.Get("environment")) == "" {
			c.refuse(entry.Key, "secret %q must declare either file or environment", entry.Name)
		}
	}
}

// circles refuses services that are started one after the other in a circle.
func (c *consistency) circles() {
	state := map[string]int{} // 1 on the way, 2 done
	var visit func(name string) bool
	visit = func(name string) bool {
		state[name] = 1
		defer func() { state[name] = 2 }()
		for _, next := range c.startedBefore(c.services.Get(name)) {
			if state[next.name] == 1 {
				c.name = name
				c.refuse(next.at, "services depend on each other in a circle: %q and %q", name, next.name)
				return true
			}
			if state[next.name] == 0 && c.services.Entry(next.name) != nil && visit(next.name) {
				return true
			}
		}
		return false
	}
	for _, entry := range entriesOf(c.services) {
		if state[entry.Name] == 0 && visit(entry.Name) {
			return
		}
	}
}

type dependedOn struct {
	name string
	at   model.Origin
}

func (c *consistency) startedBefore(service *model.Value) (all []dependedOn) {
	for _, entry := range entriesOf(service.Get("depends_on")) {
		all = append(all, dependedOn{entry.Name, entry.Key})
	}
	for _, link := range itemsOf(service.Get("links")) {
		name, _, _ := strings.Cut(link.Text, ":")
		all = append(all, dependedOn{name, link.Origin})
	}
	for _, from := range itemsOf(service.Get("volumes_from")) {
		name, _, _ := strings.Cut(from.Text, ":")
		all = append(all, dependedOn{name, from.Origin})
	}
	for _, key := range []string{"network_mode", "ipc", "pid", "uts", "cgroup"} {
		if value := service.Get(key); value != nil {
			if name, found := strings.CutPrefix(value.Text, "service:"); found {
				all = append(all, dependedOn{name, value.Origin})
			}
		}
	}
	return all
}
