package inspect

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/dockerfile"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// Build is an image that the project builds, as far as its Dockerfile tells.
type Build struct {
	*dockerfile.Image
	File  string // the Dockerfile as shown to the user, or the compose file that it stands in
	image *imageFiles
}

// Copied is a file of the project that a Dockerfile copies.
type Copied struct {
	Target string // in the container
	At     position.Span
}

// VolumeOfBuild returns the VOLUME of a Dockerfile that a path of the container
// lies in: without a mount there, each container gets an anonymous volume. It
// is nil where there is none.
func (s *Service) VolumeOfBuild(target string) *dockerfile.Word {
	if s.Built == nil {
		return nil
	}
	for i, volume := range s.Built.Volumes {
		at := path.Clean(volume.Text)
		if unset.Known(at) && (target == at || strings.HasPrefix(target, strings.TrimSuffix(at, "/")+"/")) {
			return &s.Built.Volumes[i]
		}
	}
	return nil
}

// Copied lists the files that a Dockerfile copies one by one, and that are
// still what they were.
func (s *Service) Copied() []Copied {
	if s.Built == nil {
		return nil
	}
	return s.Built.image.copied()
}

// concernsRedis recognises a Dockerfile that is worth being followed: the
// others of a project are only read.
var concernsRedis = regexp.MustCompile(`(?i)redis|valkey|keydb|sentinel|dragonfly|garnet|kvrocks`)

// outcome is what became of a build.
type outcome struct {
	build     *Build
	why       string // why it is not seen; "" where it has nothing to do with Redis
	concerned bool   // what is seen of it has to do with Redis
}

// buildKey is a build of a project: services that share one have one image.
type buildKey struct{ text string }

// buildConfig says how the image of a service is built: by itself, or by another
// service that gives it the same name.
func (s *Service) buildConfig() *compose.Build {
	if s.Config.Build != nil || s.Config.Image == "" {
		return s.Config.Build
	}
	return compose.Once(s.Project, builtImagesKey{}, func() map[string]*compose.Build {
		builds := map[string]*compose.Build{}
		for _, service := range s.Project.Services {
			// A known image is one that may be pulled as well.
			if image := service.Config.Image; service.Config.Build != nil && builds[image] == nil && imageOf(image).Family == "" {
				builds[image] = service.Config.Build
			}
		}
		return builds
	})[s.Config.Image]
}

// builtImagesKey keeps the images that the services of a project build.
type builtImagesKey struct{}

// build reads what the image of a service is built of.
func (s *Service) build(from *compose.Build) outcome {
	config := *from
	if s.unset {
		config.Target = unset.WhenUnset(config.Target)
	}
	args := map[string]string{}
	for _, arg := range config.Args {
		value := arg.Value
		if !arg.Set {
			value = unset.Variable{Name: arg.Name}.Mark()
		}
		if s.unset {
			value = unset.WhenUnset(value)
		}
		args[arg.Name] = value
	}
	inline := ""
	if config.Inline != nil {
		text := *config.Inline
		if s.unset {
			text.Text = unset.WhenUnset(text.Text)
		}
		config.Inline, inline = &text, fmt.Sprint(text)
	}
	key := buildKey{fmt.Sprintf("%q %q %q %q %q %q %v", config.Context, config.Dockerfile, config.Target, config.Contexts, args, inline, s.namesServer())}
	return compose.Once(s.Project, key, func() outcome {
		b := building{service: s, config: config, args: args}
		return b.outcome()
	})
}

// building is a build that is being worked out.
type building struct {
	service *Service
	config  compose.Build
	args    map[string]string
}

// outcome reads the Dockerfile and follows it.
func (b *building) outcome() outcome {
	switch context := b.config.Context; {
	case !unset.Known(context):
		return outcome{why: fmt.Sprintf("the context of its build is %q", unset.Plain(context))}
	case compose.IsElsewhere(context):
		return outcome{why: "the context of its build is not in the project"}
	}
	source, why := b.source()
	if why != "" {
		return outcome{why: why}
	}
	if !b.concerned(source) {
		return outcome{}
	}
	tree := b.service.Project.Tree()
	if err := tree.Budget().Spend(disk.Words, 1+len(source.Text)/bytesPerStep); err != nil {
		return outcome{why: err.Error()}
	}
	file, err := dockerfile.Parse(source)
	if err != nil {
		return outcome{why: fmt.Sprintf("%s cannot be read: %v", source.File.File, err), concerned: true}
	}
	contexts := map[string]string{}
	for _, context := range b.config.Contexts {
		name := strings.ToLower(context.Name)
		contexts[name] = nonEmpty(strings.TrimPrefix(context.Value, "docker-image://"), context.Value)
	}
	image, err := file.Build(dockerfile.Options{Target: unset.Plain(b.config.Target), Args: b.args, Contexts: contexts})
	if err != nil {
		return outcome{why: fmt.Sprintf("%s cannot be built: %v", source.File.File, err), concerned: true}
	}
	build := &Build{Image: image, File: source.File.File}
	build.image = newImageFiles(b.service.Project, image, b.contexts())
	return outcome{build: build}
}

// concerned reports whether the Dockerfile, or what the service says of it, has
// to do with Redis.
func (b *building) concerned(source dockerfile.Source) bool {
	if concernsRedis.MatchString(source.Text) || concernsRedis.MatchString(b.config.Target) {
		return true
	}
	for _, value := range b.args {
		if concernsRedis.MatchString(unset.Plain(value)) {
			return true
		}
	}
	for _, context := range b.config.Contexts {
		if concernsRedis.MatchString(context.Value) {
			return true
		}
	}
	return b.service.namesServer()
}

// source finds the text of the Dockerfile.
func (b *building) source() (source dockerfile.Source, why string) {
	project := b.service.Project
	if inline := b.config.Inline; inline != nil {
		source = dockerfile.Source{Text: inline.Text, File: project.Text(inline.Span.File), Above: inline.Above}
		if inline.Above < 0 {
			source.Above, source.Whole = 0, inline.Span
		}
		return source, ""
	}
	name := b.config.Dockerfile
	if !unset.Known(name) {
		return source, fmt.Sprintf("its Dockerfile is %q", unset.Plain(name))
	}
	if name == "" {
		name = "Dockerfile"
	}
	shown, content, err := project.ReadFile(compose.Absolute(b.config.Context, name))
	if errors.Is(err, fs.ErrNotExist) && filepath.Base(name) == "Dockerfile" {
		// BuildKit takes this name too (ReadEntrypoint of its dockerui, moby/moby#10858).
		lower := filepath.Join(filepath.Dir(name), "dockerfile")
		if found, text, none := project.ReadFile(compose.Absolute(b.config.Context, lower)); none == nil {
			shown, content, err = found, text, nil
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return source, fmt.Sprintf("%s is not in the project", shown)
	case err != nil:
		return source, fmt.Sprintf("%s is not read: %v", shown, err)
	}
	text := string(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))
	return dockerfile.Source{Text: text, File: project.Text(shown)}, ""
}

// contexts are the directories that files are copied from, by name; "" is the
// context of the build itself.
func (b *building) contexts() map[string]*context {
	contexts := map[string]*context{"": {
		project: b.service.Project, directory: b.config.Context, ignore: b.ignore(),
	}}
	for _, given := range b.config.Contexts {
		if unset.Known(given.Value) && !compose.IsElsewhere(given.Value) {
			contexts[given.Value] = &context{project: b.service.Project, directory: given.Value}
		}
	}
	return contexts
}

// ignore reads the .dockerignore of the context: one that is named after the
// Dockerfile counts before the general one.
func (b *building) ignore() *dockerfile.Ignore {
	name := nonEmpty(b.config.Dockerfile, "Dockerfile")
	for _, path := range []string{compose.Absolute(b.config.Context, name+".dockerignore"), filepath.Join(b.config.Context, ".dockerignore")} {
		if b.config.Inline != nil && strings.HasSuffix(path, name+".dockerignore") {
			continue
		}
		found := compose.Once(b.service.Project, ignoreKey(path), func() ignoreFile {
			content, err := b.service.Project.Tree().ReadFile(path)
			if err != nil {
				return ignoreFile{}
			}
			return ignoreFile{dockerfile.ParseIgnore(content), true}
		})
		if found.there {
			return found.ignore
		}
	}
	return nil
}

// ignoreKey keeps the .dockerignore at a path, which many builds may share.
type ignoreKey string

type ignoreFile struct {
	ignore *dockerfile.Ignore
	there  bool
}

// namesServer reports whether a service says of itself that it has to do with
// Redis: by its name, its image's, or its command.
func (s *Service) namesServer() bool {
	image := imageOf(nonEmpty(s.Config.Image, "none"))
	if image.Family != "" || image.Named() != (redis.Named{}) || imageOf(s.Name).Named() != (redis.Named{}) || imageOf(s.Name).Family != "" {
		return true
	}
	for _, key := range []string{"command", "entrypoint"} {
		command, _ := s.Command(key)
		if slices.ContainsFunc(command.Texts(), func(text string) bool { return isServer(text) || isSentinel(text) }) {
			return true
		}
	}
	return false
}
