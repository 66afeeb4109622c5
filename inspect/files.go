package inspect

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

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
