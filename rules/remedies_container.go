package rules

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/redis"
)

// publishLocally plans ports for the host alone.
func publishLocally(s *inspect.Service, ports ...inspect.Port) *edit.Plan {
	var names []string
	for _, port := range ports {
		names = append(names, port.Container)
	}
	plan := edit.New(s.Project, "publish port %s for this host alone", strings.Join(slices.Compact(names), " and ")).
		Unsafe("other machines do not reach the port any more")
	if s.Project.IsStack {
		return plan.Refuse("a swarm heeds no address")
	}
	for _, port := range ports {
		giveAddress(plan, s, port)
	}
	return plan
}

// giveAddress plans the address of this host alone for a port.
func giveAddress(plan *edit.Plan, s *inspect.Service, port inspect.Port) *edit.Plan {
	for i, each := range s.Config.Ports {
		if each.Span != port.At {
			continue
		}
		entry, ok := s.Entry("ports", i)
		if ok && entry.Value.Origin.Node != nil && entry.Value.Origin.Node.Kind == yaml.MappingNode {
			return plan.Set(s.Service, edit.Text("127.0.0.1"), "ports", i, "host_ip")
		}
		break
	}
	plan.Means("services." + s.Name + ".ports")
	switch written := strings.Trim(s.Written(port.At), `"'`); {
	case strings.HasPrefix(written, "0.0.0.0:"):
		return plan.ReplaceAt(port.At, "0.0.0.0:", "127.0.0.1:")
	case strings.Count(written, ":") == 1 && !strings.Contains(written, "$"):
		return plan.ReplaceAt(port.At, written, "127.0.0.1:"+written)
	case barePort.MatchString(written):
		return plan.ReplaceAt(port.At, written, "127.0.0.1::"+written)
	case variablePort.MatchString(written) && port.Variable == "":
		return plan.ReplaceAt(port.At, written, "127.0.0.1:"+written)
	}
	return plan.Refuse("the port is not written plainly")
}

var (
	barePort     = regexp.MustCompile(`^\d+$`)
	variablePort = regexp.MustCompile(`^\$\{\w+:?-\d+\}:\d+$`)
)

// unmount plans that a service does not mount something.
func unmount(s *inspect.Service, mount inspect.Mount) *edit.Plan {
	plan := edit.New(s.Project, "do not mount %s", mount.Target).Unsafe("what runs there cannot speak to Docker any more")
	at := -1
	for i, volume := range s.Config.Volumes {
		if volume.Span == mount.Span {
			at = i
		}
	}
	if at < 0 {
		return plan.Refuse("it is not seen where it is written")
	}
	return plan.Delete(s.Service, "volumes", at)
}

// dropSysctl plans a container that does not ask for what belongs to the host.
func dropSysctl(s *inspect.Service, name string) *edit.Plan {
	plan := edit.New(s.Project, "do not ask for %s", name)
	refused := 0
	for _, each := range sysctls(s) {
		if !slices.ContainsFunc(ofContainer, func(prefix string) bool { return strings.HasPrefix(each, prefix) }) {
			refused++
		}
	}
	if refused == len(sysctls(s)) {
		return plan.Delete(s.Service, "sysctls")
	}
	if at := slices.Index(sysctls(s), name); len(s.Value.Get("sysctls").Items) > 0 {
		return plan.Delete(s.Service, "sysctls", at)
	}
	return plan.Delete(s.Service, "sysctls", name)
}

// pinImage plans the newest patch release of what a tag stands for.
func pinImage(s *inspect.Service) *edit.Plan {
	patch := s.Release.Patch()
	plan := edit.New(s.Project, "name the release that %s stands for: %s", s.Image.Text, patch)
	suffix, plain := map[string]string{"": "", "alpine": "-alpine"}[s.Image.Variant], s.Image.Variant == "" || s.Image.Variant == "alpine"
	switch {
	case !s.Image.Plain() || !s.ReleaseKnown || patch == "" || s.Image.Digest != "":
		return plan.Refuse("it is not known which release it stands for")
	case !plain || s.Image.Floating == redis.FloatingDevelopment:
		return plan.Refuse("it is not known whether there is a release of that kind")
	case s.Built != nil:
		return plan.Refuse("a Dockerfile names it")
	}
	plan.Unsafe("a container of an older image gets the release anew, and data that a newer one wrote may not be read").
		Means("services."+s.Name+".image", s.Name+": engine")
	return plan.ReplaceAt(s.ImageAt(), s.Image.Text, strings.TrimSuffix(s.Image.Text, ":"+s.Image.Tag)+":"+patch+suffix)
}

// newestPatch plans the newest patch release of the line that an image names.
func newestPatch(s *inspect.Service) *edit.Plan {
	patch := s.Release.Patch()
	plan := edit.New(s.Project, "take the newest patch release, %s", patch).Unsafe("the container is made anew with another release of its line").
		Means("services."+s.Name+".image", s.Name+": engine")
	switch {
	case !s.Image.Plain() || !s.ReleaseKnown || patch == "" || s.Image.Digest != "" || s.Built != nil:
		return plan.Refuse("it is not known which release would be without it")
	case s.Image.Variant != "" && s.Image.Variant != "alpine":
		return plan.Refuse("it is not known whether there is a release of that kind")
	case patch == s.Image.Version || strings.Count(s.Image.Text, s.Image.Version) != 1:
		return plan.Refuse("no release of its line is without it")
	}
	return plan.ReplaceAt(s.ImageAt(), s.Image.Text, strings.Replace(s.Image.Text, s.Image.Version, patch, 1))
}
