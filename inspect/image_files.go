package inspect

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/dockerfile"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// imageFiles is the file system of an image that the project builds, as far as
// its Dockerfile tells: a list of what its steps brought, of which the last
// counts.
type imageFiles struct {
	project   *compose.Project
	layers    []layer
	bare      bool               // nothing else in it is a conf file
	seen      []content          // files of the project that its steps read
	asked     []string           // paths that a RUN works on
	directory string             // where a relative working directory starts
	host      *files             // reads the project
	absent    []string           // paths at which the image below has nothing
	copies    []Copied           // worked out when first asked for
	known     map[string]brought // what a later stage asked for
}

// layer is what one step brought: a file, or a directory of the project, of
// another stage, or of what is not seen.
type layer struct {
	target  string  // in the image
	content content // of a file; of what is not seen, why
	copied  position.Span

	context *context    // a directory of the project
	source  string      // in the context
	stage   *imageFiles // or of another stage
	below   string      // in the stage
	covers  bool        // not seen, and all below it
	doubts  bool        // what was there before may have changed, as far as anyone knows
}

// context is a directory that files are copied from.
type context struct {
	project   *compose.Project
	directory string // absolute
	ignore    *dockerfile.Ignore
}

// newImageFiles follows the steps of an image.
func newImageFiles(project *compose.Project, image *dockerfile.Image, contexts map[string]*context) *imageFiles {
	b := &imageBuilder{project: project, contexts: contexts, stages: map[*dockerfile.Image]*imageFiles{}}
	return b.stage(image)
}

// imageBuilder follows the steps of stages, each stage once.
type imageBuilder struct {
	project  *compose.Project
	contexts map[string]*context
	stages   map[*dockerfile.Image]*imageFiles
}

func (b *imageBuilder) stage(image *dockerfile.Image) *imageFiles {
	if known, ok := b.stages[image]; ok {
		return known
	}
	base := imageOf(image.From)
	traits := base.Traits()
	built := &imageFiles{
		project: b.project, bare: holdsNoConf(traits), directory: homeDirectory(base, traits),
		host: onlyWritten(&container{project: b.project}), absent: ownPaths(traits),
	}
	b.stages[image] = built
	for _, step := range image.Steps {
		if b.project.Tree().Budget().Spend(disk.ShellSteps, costOfStep) != nil {
			built.forget("the project causes too much work")
			break
		}
		switch step := step.(type) {
		case *dockerfile.Copy:
			b.copy(built, step)
		case *dockerfile.Run:
			built.run(step)
		}
	}
	built.seen = append(built.seen, built.host.seen...)
	return built
}

// costOfStep is how many steps of a shell a step of a Dockerfile counts for: it
// looks files up.
const costOfStep = 25

// forget makes all that is in the image unknown.
func (i *imageFiles) forget(why string) {
	i.bare = false
	i.add(layer{target: "/", covers: true, doubts: true, content: content{why: why}})
}

// replaces reports whether the steps bring something to a path, be it seen or
// not.
func (i *imageFiles) replaces(f *files, target string) bool {
	if i == nil {
		return false
	}
	return slices.ContainsFunc(i.layers, func(l layer) bool {
		_, brought := l.read(f, target)
		return brought && !l.doubts
	})
}

// cover makes a path, and all below it, unknown.
func (i *imageFiles) cover(target, why string) {
	i.add(layer{target: target, covers: true, content: content{why: why}})
}

func (i *imageFiles) put(target string, found content, at position.Span) {
	i.add(layer{target: target, content: found, copied: at})
}

// maxLayers bounds what the steps of an image bring: every file that is looked
// for is held against each of them. Real images have tens.
const maxLayers = 2000

func (i *imageFiles) add(l layer) {
	switch {
	case len(i.layers) < maxLayers:
		i.layers = append(i.layers, l)
	case len(i.layers) == maxLayers:
		i.bare = false
		i.layers = append(i.layers, layer{target: "/", covers: true, content: content{why: "its Dockerfile brings too many files"}})
	}
}

// under returns the path of a target below a directory.
func under(target, directory string) (below string, ok bool) {
	if target == directory {
		return "", true
	}
	return strings.CutPrefix(target, strings.TrimSuffix(directory, "/")+"/")
}

// read returns what the steps left at a path; ok is false where they brought
// nothing.
func (i *imageFiles) read(f *files, target string) (found content, ok bool) {
	if i == nil {
		return content{}, false
	}
	for _, l := range slices.Backward(i.layers) {
		if found, ok = l.read(f, target); ok {
			return found, true
		}
	}
	return content{}, false
}

// ofStage is read for a stage that is complete: each path is looked for once,
// and costs what its steps are worth. Stages that copy from several stages each
// would be looked through again and again.
func (i *imageFiles) ofStage(f *files, target string) (content, bool) {
	if known, asked := i.known[target]; asked {
		return known.content, known.ok
	}
	if err := i.project.Tree().Budget().Spend(disk.ShellSteps, 1+len(i.layers)/bytesPerStep); err != nil {
		return content{why: err.Error()}, true
	}
	found, ok := i.read(f, target)
	if i.known == nil {
		i.known = map[string]brought{}
	}
	i.known[target] = brought{found, ok}
	return found, ok
}

func (l layer) read(f *files, target string) (content, bool) {
	below, inside := under(target, l.target)
	switch {
	case !inside:
		// A file is brought together with the directories above it.
		if _, above := under(l.target, target); above && !l.covers {
			return content{state: directory}, true
		}
		return content{}, false
	case l.covers:
		return l.content, true
	case l.stage != nil:
		return l.stage.ofStage(f, path.Join(l.below, below))
	case l.context != nil:
		found := l.context.read(f, path.Join(l.source, below))
		return found, found.state != missing
	}
	return l.content, below == ""
}

// read reads a file of a context by its path in it. What the .dockerignore
// keeps out is not there.
func (c *context) read(f *files, name string) content {
	if err := c.spend(1); err != nil {
		return content{why: err.Error()}
	}
	if c.ignore.Excludes(name) {
		return content{state: missing}
	}
	return f.readHost(c.path(name))
}

// spend accounts for holding names against the patterns of a .dockerignore: one
// of them takes about what a step of a shell does.
func (c *context) spend(names int) error {
	return c.project.Tree().Budget().Spend(disk.ShellSteps, names*c.ignore.Patterns())
}

func (c *context) path(name string) string {
	return filepath.Join(c.directory, filepath.FromSlash(name))
}

// copy follows a COPY or an ADD.
func (b *imageBuilder) copy(built *imageFiles, step *dockerfile.Copy) {
	target := join(join(built.directory, step.Directory), step.Target)
	if !unset.Known(target) || !path.IsAbs(target) {
		built.forget(fmt.Sprintf("files are copied to %q", unset.Plain(step.Target)))
		return
	}
	isDirectory := strings.HasSuffix(step.Target, "/") || len(step.Sources) > 1 || path.Base(step.Target) == "." ||
		target == join(built.directory, step.Directory) || built.isDirectory(target)
	for _, source := range step.Sources {
		b.source(built, step, source, target, isDirectory)
	}
}

// isDirectory reports whether there is a directory at a path before it is
// copied to: then a file goes into it, with a slash at the end or without
// (tried on Docker 20.10.24).
func (i *imageFiles) isDirectory(target string) bool {
	switch target {
	case "/", "/bin", "/data", "/etc", "/opt", "/root", "/tmp", "/usr/bin", "/usr/local/bin", "/usr/local/etc", i.directory:
		return true
	}
	found, ok := i.read(i.host, target)
	return ok && found.state == directory
}

// source brings one source of a copy to its target.
func (b *imageBuilder) source(built *imageFiles, step *dockerfile.Copy, source dockerfile.CopySource, target string, isDirectory bool) {
	file := target
	if isDirectory {
		file = path.Join(target, path.Base(source.Path))
	}
	context := b.contexts[step.From]
	switch {
	case source.Inline:
		built.put(file, content{state: present, text: source.Text, shown: source.File, above: source.Above}, position.Span{})
	case !unset.Known(source.Path):
		built.cover(target, fmt.Sprintf("%s is copied from %s", target, unset.Plain(source.Path)))
	case step.Add && isRemote(source.Path), step.Add && isArchive(source.Path):
		built.cover(target, fmt.Sprintf("%s comes from %s", file, source.Path))
		built.bare = false
	case step.Stage != nil:
		b.fromStage(built, b.stage(step.Stage), source, target, file)
	case context == nil:
		built.cover(target, fmt.Sprintf("%s comes from %s", file, unset.Plain(step.From)))
	case step.Partial:
		built.cover(target, fmt.Sprintf("%s is a part of %s", target, source.Path))
	default:
		built.fromContext(context, source, target, isDirectory)
	}
}

// isRemote recognises what ADD fetches.
func isRemote(source string) bool {
	return strings.Contains(source, "://") || strings.HasPrefix(source, "git@")
}

// isArchive recognises what ADD unpacks by the name that such files have.
func isArchive(source string) bool {
	for _, ending := range []string{".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst"} {
		if strings.HasSuffix(source, ending) {
			return true
		}
	}
	return false
}

// fromStage copies a file or a directory of an earlier stage.
func (b *imageBuilder) fromStage(built, stage *imageFiles, source dockerfile.CopySource, target, file string) {
	name := path.Clean("/" + source.Path)
	if strings.ContainsAny(name, `*?[`) {
		built.cover(target, fmt.Sprintf("%s is copied from %s of another stage", target, source.Path))
		return
	}
	found, ok := stage.ofStage(built.host, name)
	switch {
	case ok && found.state == present:
		built.put(file, found, source.At)
	case ok && found.state == directory:
		built.add(layer{target: target, stage: stage, below: name})
	default:
		// A directory that the stage makes comes as a whole, a file as itself.
		why := nonEmpty(found.why, fmt.Sprintf("%s is copied from %s of another stage", file, source.Path))
		built.cover(file, why)
		if !strings.Contains(path.Base(name), ".") {
			built.cover(target, why)
		}
	}
}

// fromContext copies what a path or a pattern names in a directory of the
// project.
func (i *imageFiles) fromContext(from *context, source dockerfile.CopySource, target string, isDirectory bool) {
	names := []string{strings.TrimPrefix(path.Clean("/"+source.Path), "/")}
	if strings.ContainsAny(source.Path, `*?[`) {
		matches, err := from.match(names[0])
		if err != nil {
			i.cover(target, fmt.Sprintf("%s is copied from %s: %v", target, source.Path, err))
			return
		}
		// With a pattern the target is a directory, whatever it matches.
		names, isDirectory = matches, isDirectory || len(matches) > 1
	}
	for _, name := range names {
		i.bring(from, name, source, target, isDirectory)
	}
}

func (i *imageFiles) bring(from *context, name string, source dockerfile.CopySource, target string, isDirectory bool) {
	file := target
	if isDirectory {
		file = path.Join(target, path.Base(name))
	}
	switch found := from.read(i.host, name); found.state {
	case directory:
		i.add(layer{target: target, context: from, source: nonEmpty(name, ".")})
	case present:
		i.put(file, found, source.At)
	case missing:
		// The build fails, or something makes the file before.
		i.cover(file, fmt.Sprintf("%s is not in the project", i.project.Tree().Show(from.path(name))))
	default:
		i.cover(file, found.why)
	}
}

// match lists what a pattern matches in a context.
func (c *context) match(pattern string) ([]string, error) {
	matches, err := c.project.Tree().Match(c.directory, pattern)
	if err != nil {
		return nil, err
	}
	if err := c.spend(len(matches)); err != nil {
		return nil, err
	}
	var names []string
	for _, match := range matches {
		name, err := filepath.Rel(c.directory, match)
		if name = filepath.ToSlash(name); err == nil && !c.ignore.Excludes(name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// glob lists the files that match a pattern in an image; an error says that
// there may be more.
func (i *imageFiles) glob(f *files, pattern string) ([]string, error) {
	var found []string
	for _, l := range i.layers {
		switch below, inside := under(path.Dir(pattern), l.target); {
		case inside && l.covers, inside && l.stage != nil:
			return nil, errNotSeen
		case inside && l.context != nil:
			names, err := l.context.match(path.Join(l.source, below, path.Base(pattern)))
			if err != nil {
				return nil, err
			}
			for _, name := range names {
				found = append(found, path.Join(path.Dir(pattern), path.Base(name)))
			}
		default:
			if matched, _ := path.Match(pattern, l.target); matched {
				found = append(found, l.target)
			}
		}
	}
	return slices.DeleteFunc(found, func(name string) bool {
		content, _ := i.read(f, name)
		return content.state == directory
	}), nil
}

// copied lists the files of the project that lie in the image as they are.
func (i *imageFiles) copied() []Copied {
	if i.copies == nil {
		i.copies = i.stillCopied()
	}
	return i.copies
}

func (i *imageFiles) stillCopied() []Copied {
	all := []Copied{}
	for index, l := range i.layers {
		if l.content.state != present || l.content.shown == "" || l.copied.IsZero() {
			continue
		}
		later := slices.ContainsFunc(i.layers[index+1:], func(other layer) bool {
			_, inside := under(l.target, other.target)
			return inside
		})
		if !later && !slices.Contains(i.asked, l.target) {
			all = append(all, Copied{Target: l.target, At: l.copied})
		}
	}
	return all
}

// imageOf reads an image reference. A tag that is not known leaves the family,
// which the repository tells.
func imageOf(text string) redis.Image {
	image, err := readReference(text)
	if err != nil {
		return redis.Image{}
	}
	return image
}

var errReference = errors.New("the image is not known")

func readReference(text string) (redis.Image, error) {
	if text == "" {
		return redis.Image{}, errReference
	}
	if unset.Known(text) {
		return redis.ParseImage(text)
	}
	colon := strings.LastIndex(text, ":")
	if colon < 0 || !unset.Known(text[:colon]) || strings.Contains(text[colon:], "/") {
		return redis.Image{}, errReference
	}
	image, err := redis.ParseImage(text[:colon])
	if err != nil {
		return redis.Image{}, err
	}
	image.Text, image.Tag, image.Floating = text, "", ""
	image.ReleaseKnown, image.ReleaseAssumed, image.Release = false, false, redis.Release{}
	return image, nil
}
