//go:build long

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// corpusProject is a copy of a stranger's project that runs on the images that are here.
type corpusProject struct {
	t     *testing.T
	root  string                    // the copy of the repository
	files []string                  // the compose files, from the root
	lacks map[string]map[string]any // what no file declares, by kind
}

// corpusServer is a server of which all is known.
type corpusServer struct{ name, password string }

// newCorpusProject copies a repository into a directory. What the copies of the
// files lack is the right to be run: a script is what says so in its first
// line.
func newCorpusProject(t *testing.T, directory, root string, files []string) *corpusProject {
	t.Helper()
	p := &corpusProject{t: t, root: filepath.Join(directory, "repository"), files: files, lacks: map[string]map[string]any{}}
	mustRun(t, "", "cp", "-a", "--dereference", root, p.root)
	mustRun(t, p.root, "sh", "-c", `chmod -R u+rwX,go+rX . && find . -type f -exec sh -c 'for file; do case $(head -c 2 "$file") in "#!") chmod a+x "$file" ;; esac; done' sh {} +`)
	return p
}

// load reads the project.
func (p *corpusProject) load() (*compose.Project, func()) {
	p.t.Helper()
	tree, err := disk.OpenTree(p.root, p.root)
	require.NoError(p.t, err)
	var paths []string
	for _, file := range p.files {
		paths = append(paths, filepath.Join(tree.Path(), file))
	}
	return compose.Load(tree, paths), func() { tree.Close() }
}

// known returns the servers of which all is known, and those of their images
// that are no server's of which there is an image here.
func (p *corpusProject) known() (servers []*inspect.Service, closed func()) {
	project, closed := p.load()
	for _, service := range inspect.Services(project) {
		if isFullyKnown(service) {
			servers = append(servers, service)
		}
	}
	return servers, closed
}

func isFullyKnown(service *inspect.Service) bool {
	switch service.Kind {
	case inspect.Server, inspect.ClusterNode, inspect.Sentinel:
	default:
		return false
	}
	return service.ReleaseKnown && service.Opaque == "" &&
		!slices.ContainsFunc(service.All(), func(setting inspect.Setting) bool { return !setting.Known })
}

// moveToReleases writes the nearest releases that there are images of in the
// place of those that the project names, and returns the servers that can be
// started then.
func (p *corpusProject) moveToReleases(leftOut map[string]string) []corpusServer {
	p.t.Helper()
	servers, closed := p.known()
	moved := map[string]map[position.Span]string{} // by file
	var names []string
	for _, service := range servers {
		image, why := nearestImage(p.t, service)
		at := service.ImageAt()
		if why == "" && service.Built != nil && service.Written(at) == "" {
			why = "the image below stands in the middle of a text"
		}
		if why != "" {
			leftOut[service.Name] = why
			continue
		}
		names = append(names, service.Name)
		if moved[at.File] == nil {
			moved[at.File] = map[position.Span]string{}
		}
		moved[at.File][at] = image
	}
	closed()
	for file, images := range moved {
		p.rewrite(file, images)
	}
	var wanted []corpusServer
	again, closed := p.known()
	defer closed()
	for _, name := range names {
		at := slices.IndexFunc(again, func(service *inspect.Service) bool { return service.Name == name })
		if at < 0 {
			leftOut[name] = "not all is known of it on the nearest release"
			continue
		}
		wanted = append(wanted, corpusServer{name: name, password: again[at].Get("requirepass").Value})
	}
	return wanted
}

// nearestImage is the image of the newest release that is not newer than the
// one that a service names, else of the oldest.
func nearestImage(t *testing.T, service *inspect.Service) (image, why string) {
	t.Helper()
	switch {
	case service.Kind == inspect.Sentinel:
		return "", "a sentinel has no CONFIG GET"
	case service.Image.Family != redis.OfficialRedis && service.Image.Family != redis.ValkeyImage:
		return "", fmt.Sprintf("there is no image of %s here", service.Image.Family)
	}
	var best, oldest redis.Release
	references := map[redis.Release]string{}
	for _, one := range releases(t) {
		if one.engine != string(service.Release.Engine) {
			continue
		}
		release, err := redis.ParseRelease(service.Release.Engine, one.version)
		require.NoError(t, err)
		references[release] = one.image
		if oldest == (redis.Release{}) || isOlder(release, oldest) {
			oldest = release
		}
		if !isOlder(service.Release, release) && (best == (redis.Release{}) || isOlder(best, release)) {
			best = release
		}
	}
	if best == (redis.Release{}) {
		best = oldest
	}
	return references[best], ""
}

func isOlder(a, b redis.Release) bool {
	return a.Major < b.Major || a.Major == b.Major && a.Minor < b.Minor
}

// rewrite puts images in the places of those that a file names, from the last
// to the first.
func (p *corpusProject) rewrite(file string, images map[position.Span]string) {
	p.t.Helper()
	path := filepath.Join(p.root, file)
	content, err := os.ReadFile(path)
	require.NoError(p.t, err)
	lines := strings.SplitAfter(string(content), "\n")
	var places []position.Span
	for place := range images {
		places = append(places, place)
	}
	slices.SortFunc(places, func(a, b position.Span) int { return b.Compare(a) })
	for _, at := range places {
		line := []rune(lines[at.Start.Line-1])
		require.Equal(p.t, at.Start.Line, at.End.Line, "%s:%d: an image of several lines", file, at.Start.Line)
		lines[at.Start.Line-1] = string(line[:at.Start.Column-1]) + images[at] + string(line[at.End.Column-1:])
	}
	// The frontend that a first line asks for would have to be fetched.
	text := frontend.ReplaceAllString(strings.Join(lines, ""), "")
	require.NoError(p.t, os.WriteFile(path, []byte(text), 0o644))
}

var frontend = regexp.MustCompile(`(?i)\A#\s*syntax\s*=.*\n`)

// inspectAll returns what rcomp inspect says of the services.
func (p *corpusProject) inspectAll() map[string]inspected {
	p.t.Helper()
	arguments := []string{"inspect", "--format", "json", "--root", "."}
	for _, file := range p.files {
		arguments = append(arguments, "-f", file)
	}
	command := exec.Command(rcompPath(p.t), arguments...)
	command.Dir, command.Env = p.root, bare()
	left := finish(p.t, command)
	require.Zero(p.t, left.status, "%s", left.stderr)
	var report struct{ Services []inspected }
	require.NoError(p.t, json.Unmarshal([]byte(left.stdout), &report), left.stdout)
	services := map[string]inspected{}
	for _, service := range report.Services {
		services[service.Name] = service
	}
	return services
}

// What Compose says of a project that lacks something that no server's
// configuration hangs on.
var (
	lackingVariable = regexp.MustCompile(`required variable (\w+) is missing a value`)
	lackingEnvFile  = regexp.MustCompile(`env file (\S+) not found`)
	lackingFile     = regexp.MustCompile(`open (\S+\.ya?ml): no such file`)
	lackingResource = regexp.MustCompile(`refers to undefined (volume|network|secret|config) ([^:\s]+)|depends on undefined (service) "(.+?)"|(service) "(.+?)" has neither an image`)
	lackingService  = regexp.MustCompile(`cannot extend service .* in (\S+): service "(.*)" not found in (\S+)`)
)

// model is the project as Compose itself has it, of the wanted services. Where
// Compose asks for a variable it is given one, where it asks for an env file it
// is given an empty one, what no file declares is declared, and a service that
// others need is there with nothing but an image.
func (p *corpusProject) model(wanted []corpusServer) (model map[string]any, why string) {
	p.t.Helper()
	project := composeProject{name: p.files[0], directory: p.root, root: p.root, files: slices.Clone(p.files)}
	supplied := filepath.Join(filepath.Dir(p.root), "supplied.json")
	arguments := []string{"--format", "json"}
	for _, server := range wanted {
		arguments = append(arguments, server.name)
	}
	var variables []string
	for range 40 {
		left := project.config(p.t, bare(variables...), []string{"--profile", "*"}, arguments...)
		if left.status == 0 {
			require.NoError(p.t, json.Unmarshal([]byte(left.stdout), &model), left.stdout)
			return model, ""
		}
		if found := lackingVariable.FindStringSubmatch(left.stderr); found != nil {
			variables = append(variables, found[1]+"=1")
			continue
		}
		if found := lackingResource.FindStringSubmatch(left.stderr); found != nil {
			if len(p.lacks) == 0 {
				project.files = append(project.files, supplied)
			}
			p.declare(supplied, found[1]+found[3]+found[5]+"s", found[2]+found[4]+found[6])
			continue
		}
		if !p.supply(left.stderr) {
			return nil, "Compose refuses the project: " + lastLine(left.stderr)
		}
	}
	return nil, "Compose refuses the project: it asks for more and more"
}

// declare adds to a compose file what Compose misses.
func (p *corpusProject) declare(file, kind, name string) {
	p.t.Helper()
	if p.lacks[kind] == nil {
		p.lacks[kind] = map[string]any{}
	}
	p.lacks[kind][name] = map[string]any{}
	switch kind {
	case "services":
		p.lacks[kind][name] = map[string]any{"image": "none"}
	case "secrets", "configs":
		p.lacks[kind][name] = map[string]any{"file": file}
	}
	text, err := json.Marshal(p.lacks)
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(file, text, 0o644))
}

// supply writes the file that Compose asks for, or the service in it.
func (p *corpusProject) supply(said string) bool {
	p.t.Helper()
	path, text := "", ""
	if found := lackingEnvFile.FindStringSubmatch(said); found != nil {
		path = found[1]
	} else if found := lackingFile.FindStringSubmatch(said); found != nil {
		path, text = found[1], "services:\n  nobody: {image: none}\n"
	} else if found := lackingService.FindStringSubmatch(said); found != nil {
		path, text = filepath.Join(filepath.Dir(found[1]), found[3]), fmt.Sprintf("  %s: {image: none}\n", found[2])
	}
	if !strings.HasPrefix(path, p.root+"/") {
		return false
	}
	require.NoError(p.t, os.MkdirAll(filepath.Dir(path), 0o755))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	require.NoError(p.t, err)
	defer file.Close()
	_, err = file.WriteString(text)
	require.NoError(p.t, err)
	return true
}

// kept are the keys of a service that decide what its server runs. Networks,
// ports, limits, health checks and what else stands between services and around
// them has no part in that.
var kept = []string{"build", "image", "command", "entrypoint", "environment", "working_dir", "user", "group_add", "volumes", "configs", "secrets", "tmpfs",
	"ulimits", "read_only", "cap_add", "cap_drop", "init", "hostname", "tty", "stdin_open"}

// writeRunFile writes the compose file of a stack that runs the wanted servers,
// all on one network that knows their names.
func (p *corpusProject) writeRunFile(s *stack, wanted []corpusServer) (written bool, why string) {
	p.t.Helper()
	model, why := p.model(wanted)
	if why != "" {
		return false, why
	}
	services := map[string]any{}
	for _, server := range wanted {
		whole := part(part(model, "services"), server.name)
		service := map[string]any{"healthcheck": map[string]any{"disable": true}}
		for _, key := range kept {
			if value, found := whole[key]; found {
				service[key] = value
			}
		}
		if _, built := service["build"]; built {
			delete(service, "image") // it would be given that name
		} else {
			service["pull_policy"] = "never"
		}
		if volumes, found := whole["volumes"].([]any); found {
			service["volumes"] = p.volumes(volumes)
		}
		services[server.name] = service
	}
	run := map[string]any{"services": services, "volumes": map[string]any{}}
	for name := range part(model, "volumes") {
		part(run, "volumes")[name] = map[string]any{}
	}
	for _, kind := range []string{"configs", "secrets"} {
		run[kind] = map[string]any{}
		for name, one := range part(model, kind) {
			part(run, kind)[name] = p.file(s, kind+"-"+name, one)
		}
	}
	text, err := json.MarshalIndent(run, "", "  ")
	require.NoError(p.t, err)
	s.write("compose.yaml", string(text))
	return true, ""
}

// part is a mapping in a mapping, empty where there is none.
func part(of map[string]any, key string) map[string]any {
	found, _ := of[key].(map[string]any)
	return found
}

// volumes are the mounts of a service, an empty volume in the place of what is
// mounted from outside of the repository. A file from there, such as
// /etc/localtime, is left out.
func (p *corpusProject) volumes(mounts []any) []any {
	var volumes []any
	for _, mount := range mounts {
		mount := mount.(map[string]any)
		source, _ := mount["source"].(string)
		if mount["type"] == "bind" && source != p.root && !strings.HasPrefix(source, p.root+"/") {
			if info, err := os.Stat(source); err == nil && !info.IsDir() {
				continue
			}
			mount = map[string]any{"type": "volume", "target": mount["target"]}
		}
		volumes = append(volumes, mount)
	}
	return volumes
}

// file is a config or a secret, with a file of its own where its content is not
// in the repository.
func (p *corpusProject) file(s *stack, name string, one any) any {
	content, _ := one.(map[string]any)
	if _, found := content["content"]; found {
		return map[string]any{"content": content["content"]}
	}
	if path, found := content["file"].(string); found {
		if _, err := os.Stat(path); err == nil {
			return map[string]any{"file": path}
		}
	}
	s.write(name, "standin\n")
	return map[string]any{"file": filepath.Join(s.directory, name)}
}
