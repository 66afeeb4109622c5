package inspect

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// state says what is known of a path in a container.
type state int

const (
	opaque state = iota // not known
	present
	missing
	directory
)

// content is what stands at a path in a container.
type content struct {
	state state
	text  string
	shown string // the file of the project that it comes from, "" none
	why   string // why it is not known
	// inline is the mount of a config whose content stands in the compose file.
	inline *Mount
	above  int // how many lines of the file stand above the text's first
	// scripts are the RUNs that write it, one behind the other.
	scripts []word
}

// beginning is where the text of a file begins: that of a here-document below
// the line that opens it.
func (c content) beginning() position.Span {
	if len(c.scripts) > 0 {
		return c.scripts[0].at
	}
	line := max(c.above, 1)
	return position.Span{File: c.shown, Start: position.At(line, 1), End: position.At(line, 2)}
}

// line is where a line of a file stands, counted from 0.
func (c content) line(number int) position.Span {
	at := c.beginning()
	if c.shown != "" {
		at.Start, at.End = position.At(c.above+number+1, 1), position.At(c.above+number+1, 2)
	}
	return at
}

// Mount is something of the project that stands in a container's file system.
type Mount struct {
	Target   string // clean absolute path in the container
	Type     string // bind, volume, tmpfs, config, secret, image
	Source   string // of a bind mount the absolute path, of a volume its name; "" anonymous
	ReadOnly bool
	Subpath  string
	// CreatesDirectory: a missing source of a bind mount becomes a directory.
	CreatesDirectory bool
	Span             position.Span
	content          string // inline content of a config
	hasContent       bool
	filled           bool // by the swarm, which makes the file of a template
}

// mounts lists what a service mounts, longest target first.
func mounts(service *compose.Service) []Mount {
	var all []Mount
	for _, volume := range service.Config.Volumes {
		all = append(all, volumeMount(service, volume))
	}
	for _, target := range service.Config.Tmpfs {
		target, _, _ := strings.Cut(target, ":")
		all = append(all, Mount{Target: path.Clean(target), Type: "tmpfs", Span: service.At("tmpfs")})
	}
	for _, reference := range service.Config.Configs {
		all = append(all, configMount(service, reference))
	}
	for _, reference := range service.Config.Secrets {
		target := reference.Target
		if !strings.HasPrefix(target, "/") {
			target = "/run/secrets/" + nonEmpty(target, reference.Source)
		}
		all = append(all, Mount{Target: path.Clean(target), Type: "secret", Source: reference.Source, ReadOnly: true, Span: reference.Span})
	}
	slices.SortStableFunc(all, func(a, b Mount) int { return len(b.Target) - len(a.Target) })
	return all
}

func volumeMount(service *compose.Service, volume compose.Volume) Mount {
	mount := Mount{
		Target: path.Clean(volume.Target), Type: volume.Type, Source: volume.Source, ReadOnly: volume.ReadOnly,
		Subpath: volume.Subpath, CreatesDirectory: volume.CreatesHostPath, Span: volume.Span,
	}
	if device, ok := boundVolume(service.Project, volume); ok {
		mount.Type, mount.Source = compose.TypeBind, filepath.Join(device, filepath.FromSlash(mount.Subpath))
	}
	return mount
}

// boundVolume recognises a named volume that is a directory of the host:
// driver local with the options type none, o bind and device.
func boundVolume(project *compose.Project, volume compose.Volume) (device string, ok bool) {
	if volume.Type != compose.TypeVolume {
		return "", false
	}
	resource, _ := project.Resource("volumes", volume.Source)
	device, bound := resource.DriverOpts["device"], strings.Contains(resource.DriverOpts["o"], "bind")
	if !bound || device == "" {
		return "", false
	}
	return compose.Absolute(project.Directory, device), true
}

func configMount(service *compose.Service, reference compose.Reference) Mount {
	mount := Mount{Target: reference.Target, Type: "config", ReadOnly: true, Span: reference.Span}
	if mount.Target == "" {
		mount.Target = "/" + reference.Source
	}
	mount.Target = path.Clean(mount.Target)
	config, _ := service.Project.Resource("configs", reference.Source)
	mount.Source = config.File
	if config.TemplateDriver != "" {
		// Swarm fills the file in; what the server reads is not what it says.
		mount.Source, mount.filled = "", true
		return mount
	}
	if config.Content != "" {
		mount.content, mount.hasContent = config.Content, true
		mount.Source = reference.Source
	}
	return mount
}

// files is the file system of a container as far as the project shows it, on
// one way through its start scripts.
type files struct {
	*container
	written table[content] // by a start script
}

// container is what stands in a container before a script begins, and what was
// looked at. All ways through its scripts share it.
type container struct {
	project *compose.Project
	mounts  []Mount
	alone   bool               // there is no container: a file stands for itself
	bare    bool               // the image is known to hold no conf file
	image   *imageFiles        // what a Dockerfile brings, nil: nothing
	absent  []string           // paths at which the image has nothing
	brought map[string]brought // what was asked of the image
	asked   []string           // paths that something read, in order
	host    map[string]content // what was read of the project, by absolute path: once, however many lines ask
	links   map[string]string  // where paths lead by links, "" too far
	seen    []content          // the project's files that were read, in order
}

func newFiles(service *compose.Service, bare bool, image *imageFiles) *files {
	f := onlyWritten(&container{project: service.Project, mounts: mounts(service), bare: bare, image: image})
	if image != nil {
		f.seen = slices.Clone(image.seen)
	}
	return f
}

// onlyWritten is a container's files before anything is written.
func onlyWritten(c *container) *files { return &files{container: c} }

// fork is the same for another way.
func (f *files) fork() *files { return &files{container: f.container, written: f.written.share()} }

// brought is what an image has at a path, if it has something.
type brought struct {
	content content
	ok      bool
}

// ofImage returns what a Dockerfile brings to a path. It is worked out once:
// the lines of a conf are placed one by one. What its steps write costs what
// reading it would.
func (f *files) ofImage(target string) (content, bool) {
	if f.image == nil {
		return content{}, false
	}
	if known, asked := f.brought[target]; asked {
		return known.content, known.ok
	}
	found, ok := f.image.read(f, target)
	if ok && len(found.scripts) > 0 {
		if err := f.project.Tree().Budget().Spend(disk.BytesRead, len(found.text)); err != nil {
			found = content{why: fmt.Sprintf("%s is not read: %v", target, err)}
		}
	}
	if f.brought == nil {
		f.brought = map[string]brought{}
	}
	f.brought[target] = brought{found, ok}
	return found, ok
}

// isOfProject reports whether a path is a file of the project.
func (f *files) isOfProject(target string) bool {
	if _, mounted := f.mountAt(target); !mounted {
		if _, ok := f.ofImage(target); !ok {
			return false
		}
	}
	return f.read(target).state == present
}

// unset leaves out what variables without a value would bring to inline files.
func (f *files) unset() {
	for i := range f.mounts {
		f.mounts[i].content = unset.WhenUnset(f.mounts[i].content)
	}
}

// MountAt returns the mount that a path of the container lies in.
func (f *files) mountAt(target string) (Mount, bool) {
	for _, mount := range f.mounts {
		if isWithin(target, mount.Target) {
			return mount, true
		}
	}
	return Mount{}, false
}

// read returns what stands at a path.
func (f *files) read(target string) content {
	if !unset.Known(target) {
		return content{why: fmt.Sprintf("the path %q is not known", unset.Plain(target))}
	}
	f.asked = append(f.asked, target)
	if end, linked := f.throughLinks(target); linked {
		if end == "" {
			return content{why: fmt.Sprintf("%s leads through too many links", target)}
		}
		f.asked = append(f.asked, end)
		target = end
	}
	if written, ok := f.written.lookup(target); ok {
		return written
	}
	if f.isRemoved(path.Dir(target)) {
		return content{state: missing}
	}
	mount, ok := f.mountAt(target)
	if !ok {
		if found, ok := f.ofImage(target); ok {
			return found
		}
		if f.bare || slices.Contains(f.absent, target) {
			return content{state: missing}
		}
		if f.alone {
			return content{why: fmt.Sprintf("%s is not beside the file", target)}
		}
		return content{why: fmt.Sprintf("%s comes with the image", target)}
	}
	return f.readMount(mount, target)
}

func (f *files) readMount(mount Mount, target string) content {
	below := strings.TrimPrefix(strings.TrimPrefix(target, mount.Target), "/")
	switch {
	case mount.Type == "tmpfs":
		return content{state: missing}
	case mount.Type == "secret":
		return content{why: fmt.Sprintf("%s is a secret", target)}
	case mount.hasContent && below == "":
		return content{state: present, text: mount.content, shown: f.inlineFile(mount), inline: &mount}
	case mount.Type != compose.TypeBind && mount.Type != "config":
		return content{why: fmt.Sprintf("%s is in the volume %q", target, unset.Plain(mount.Source))}
	case mount.filled:
		return content{why: fmt.Sprintf("%s is a template, which the swarm fills in", target)}
	case mount.Source == "":
		return content{why: fmt.Sprintf("%s is not in the project", target)}
	}
	if !unset.Known(mount.Source) {
		return content{why: fmt.Sprintf("%s is mounted from %q", target, unset.Plain(mount.Source))}
	}
	return f.readHost(filepath.Join(mount.Source, filepath.FromSlash(below)))
}

// readHost reads a file of the project.
func (f *files) readHost(name string) content {
	if known, ok := f.host[name]; ok {
		return known
	}
	found := f.openHost(name)
	if found.state == present {
		f.seen = append(f.seen, found)
	}
	if f.host == nil {
		f.host = map[string]content{}
	}
	f.host[name] = found
	return found
}

func (f *files) openHost(name string) content {
	tree := f.project.Tree()
	info, err := tree.Stat(name)
	if err == nil && info.IsDir() {
		return content{state: directory, shown: tree.Show(name)}
	}
	var shown string
	var text []byte
	if err == nil {
		shown, text, err = f.project.ReadFile(name)
	}
	switch {
	case err == nil:
		return content{state: present, text: f.shared(shown, text), shown: shown}
	case errors.Is(err, fs.ErrNotExist):
		return content{state: missing, shown: tree.Show(name)}
	}
	return content{why: fmt.Sprintf("%s is not read: %v", tree.Show(name), err)}
}

type sharedTextKey struct{ file string }

// shared is the text of a file, one for all services that read it.
func (f *files) shared(shown string, source []byte) string {
	return compose.Once(f.project, sharedTextKey{shown}, func() string { return string(source) })
}

// inlineFile is the compose file that an inline config stands in.
func (f *files) inlineFile(mount Mount) string {
	return f.project.Lookup("configs", mount.Source, "content").File
}

// glob lists the files that match a pattern.
func (f *files) glob(pattern string) ([]string, error) {
	if end, linked := f.throughLinks(path.Dir(pattern)); linked && end != "" {
		pattern = path.Join(end, path.Base(pattern))
	}
	matches, err := f.globMount(pattern)
	if f.image != nil && !f.isMount(path.Dir(pattern)) {
		var brought []string
		if brought, err = f.image.glob(f, pattern); err == nil && !f.bare {
			err = errNotSeen
		}
		matches = append(matches, brought...)
	}
	for _, mount := range f.mounts {
		if single, _ := path.Match(pattern, mount.Target); single {
			matches = append(matches, mount.Target)
		}
	}
	for target := range f.written.all() {
		if written, _ := path.Match(pattern, target); written {
			matches = append(matches, target)
		}
	}
	matches = slices.DeleteFunc(matches, func(target string) bool { return f.isWritten(target) && f.written.get(target).state == missing })
	slices.Sort(matches)
	return slices.Compact(matches), err
}

func (f *files) isMount(target string) bool {
	_, ok := f.mountAt(target)
	return ok
}

// globMount lists the files that match a pattern in the mount that their
// directory lies in.
func (f *files) globMount(pattern string) ([]string, error) {
	mount, ok := f.mountAt(path.Dir(pattern))
	switch {
	case !ok && f.bare, ok && mount.Type == "tmpfs":
		return nil, nil
	case !ok, mount.Type != compose.TypeBind, !unset.Known(mount.Source):
		return nil, errNotSeen
	}
	below := strings.TrimPrefix(pattern, mount.Target)
	matches, err := f.project.Tree().Glob(filepath.Join(mount.Source, filepath.FromSlash(below)))
	for i, match := range matches {
		matches[i] = path.Join(mount.Target, filepath.ToSlash(strings.TrimPrefix(match, mount.Source)))
	}
	return matches, err
}

// errNotSeen says that a pattern matches files that cannot be seen.
var errNotSeen = errors.New("the files that it matches are not in the project")

// errNotHere says that no file of a mount matches a pattern: they may well be
// kept out of the repository.
var errNotHere = errors.New("no file of the project does")

func (f *files) write(target, text string) {
	f.written.put(target, content{state: present, text: text})
}

func (f *files) copy(from, to string) { f.written.put(to, f.read(from)) }

func (f *files) remove(target string) { f.written.put(target, content{state: missing}) }

// forget makes a path unknown.
func (f *files) forget(target, why string) {
	f.asked = append(f.asked, target)
	f.written.put(target, content{why: why})
}

// isRemoved reports whether a directory, or one above it, was removed.
func (f *files) isRemoved(directory string) bool {
	if len(f.written.all()) == 0 {
		return false
	}
	for ; len(directory) > 1; directory = path.Dir(directory) {
		if written, ok := f.written.lookup(directory); ok {
			return written.state == missing
		}
	}
	return false
}

// makeDirectory makes a directory, and with parents those above it that were
// removed.
func (f *files) makeDirectory(target string, parents bool) {
	f.written.put(target, content{state: directory})
	for above := path.Dir(target); parents && len(above) > 1 && f.isRemoved(above); above = path.Dir(above) {
		f.written.put(above, content{state: directory})
	}
}

func (f *files) isWritten(target string) bool {
	_, ok := f.written.lookup(target)
	return ok
}

// writtenPaths lists what is written, removed or forgotten, sorted.
func (f *files) writtenPaths() []string { return slices.Sorted(maps.Keys(f.written.all())) }

// same reports whether two ways wrote the same.
func (f *files) same(other *files) bool {
	return f.written.same(&other.written, content.same)
}

func (c content) same(other content) bool {
	return c.state == other.state && c.text == other.text && c.shown == other.shown && c.why == other.why && c.inline == other.inline && c.above == other.above
}

// join makes unknown what two ways did not write alike.
func (f *files) join(other *files) {
	for _, target := range append(f.writtenPaths(), other.writtenPaths()...) {
		ours, written := f.written.lookup(target)
		theirs, too := other.written.lookup(target)
		if !written || !too || !ours.same(theirs) {
			f.forget(target, "a script writes it under a condition")
		}
	}
}

// join makes a path of the container absolute.
func join(directory, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(directory, name)
}

func nonEmpty(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func unknown(what string) string { return unset.Unknown(what) }

func isKnown(text string) bool { return unset.Known(text) }
