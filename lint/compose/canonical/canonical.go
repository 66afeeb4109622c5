// Package canonical writes a service as docker compose config --format json
// writes it, to compare what rcomp makes of a project with what Compose makes
// of it, field by field. It is for tests alone.
package canonical

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/go-units"
	"github.com/mattn/go-shellwords"
	"github.com/xhit/go-str2duration/v2"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// Service is a service as JSON has it: mappings, lists and texts. Numbers and
// truth values are texts too; what is empty is left out. Keys whose value
// depends on a variable without one are returned apart: what they come to
// nobody knows.
func Service(service *model.Value) (known map[string]any, unknown []string) {
	tree := map[string]any{}
	for _, entry := range service.Entries {
		if hasMarks(entry.Value) {
			unknown = append(unknown, entry.Name)
			continue
		}
		tree[entry.Name] = plain(entry.Value, []string{entry.Name})
	}
	written := Written(tree)
	imply(written, service)
	return written, unknown
}

func hasMarks(value *model.Value) bool {
	return value.Marked || slices.ContainsFunc(value.Items, hasMarks) ||
		slices.ContainsFunc(value.Entries, func(entry model.Entry) bool { return hasMarks(entry.Value) })
}

// plain is a value without its places; paths are made absolute by them.
func plain(value *model.Value, path []string) any {
	switch value.Kind {
	case model.Mapping:
		mapping := map[string]any{}
		for _, entry := range value.Entries {
			mapping[entry.Name] = plain(entry.Value, below(path, entry.Name))
		}
		if isBind := mapping["type"] == "bind"; isBind && matches(path, "volumes.*") {
			if source := value.Get("source"); source != nil {
				mapping["source"] = absolute(source)
			}
		}
		return mapping
	case model.Sequence:
		list := []any{}
		for i, item := range value.Items {
			list = append(list, plain(item, below(path, strconv.Itoa(i))))
		}
		return list
	case model.Null:
		return nil
	}
	switch {
	case matchesAny(path, paths):
		return absolute(value)
	case matchesAny(path, sizes) && !isSize(value):
		return "0"
	}
	return value.Text
}

// paths are where the files of a service are named.
var paths = []string{"env_file.*.path", "build.context", "develop.watch.*.path", "label_file", "label_file.*", "build.additional_contexts.*"}

// elsewhere is how a path or a URL begins that does not start in the project.
var elsewhere = regexp.MustCompile(`^([A-Za-z]:[\\/]|[a-z+-]+://|service:|$)`)

func absolute(value *model.Value) string {
	if rest, found := strings.CutPrefix(value.Text, "~"); found && (rest == "" || rest[0] == '/') {
		home, _ := os.UserHomeDir()
		return filepath.Join(home, rest)
	}
	if filepath.IsAbs(value.Text) || elsewhere.MatchString(value.Text) {
		return value.Text
	}
	return filepath.Join(value.Origin.Document.Directory, value.Text)
}

// form is what stands at some paths, and how it is written.
type form struct {
	write func(any) any
	paths []string
}

// sizes are where a service says how many bytes.
var sizes = []string{
	"mem_limit", "mem_reservation", "memswap_limit", "shm_size", "build.shm_size", "deploy.resources.*.memory", "volumes.*.tmpfs.size",
	"blkio_config.device_read_bps.*.rate", "blkio_config.device_write_bps.*.rate",
}

// forms are tried in order; a value is written by the first that has its path.
var forms = []form{
	{words, []string{"command", "entrypoint", "post_start.*.command", "pre_stop.*.command"}},
	{test, []string{"healthcheck.test"}},
	{assignments(nil), []string{"environment", "build.args", "post_start.*.environment", "pre_stop.*.environment"}},
	{assignments(""), []string{"labels", "annotations", "sysctls", "build.labels", "deploy.labels", "driver_opts", "storage_opt", "build.additional_contexts"}},
	{truth, []string{"env_file.*.required"}},
	{whole, []string{"healthcheck.retries"}},
	{keys, []string{"build.ssh"}},
	{ranges, []string{"ports"}},
	{mode, []string{"configs.*.mode", "secrets.*.mode", "build.secrets.*.mode"}},
	{mode32, []string{"volumes.*.tmpfs.mode"}},
	{lowered, []string{"blkio_config.device_read_bps", "blkio_config.device_write_bps", "blkio_config.device_read_iops", "blkio_config.device_write_iops", "blkio_config.weight_device"}},
	{hosts, []string{"extra_hosts", "build.extra_hosts"}},
	{list, []string{"dns", "dns_search", "tmpfs", "label_file"}},
	{bytes, sizes},
	{duration, []string{
		"healthcheck.interval", "healthcheck.timeout", "healthcheck.start_period", "healthcheck.start_interval", "stop_grace_period",
		"deploy.restart_policy.delay", "deploy.restart_policy.window", "deploy.*.delay", "deploy.*.monitor",
	}},
	{number, []string{
		"cpus", "deploy.resources.*.cpus", "deploy.*.max_failure_ratio", "ports.*.target", "scale", "deploy.replicas", "mem_swappiness", "pids_limit", "cpu_count", "cpu_percent", "cpu_shares", "cpu_quota", "cpu_period", "oom_score_adj",
		"ulimits.*", "ulimits.*.*", "blkio_config.weight", "deploy.resources.*.pids", "deploy.*.parallelism", "deploy.*.max_attempts", "networks.*.priority", "networks.*.gw_priority",
	}},
}

// assumed are values that Compose leaves out of JSON since they hold where
// nothing is said.
var assumed = map[string][]string{
	"true": {"env_file.*.required", "volumes.*.bind.create_host_path"},
	"false": {
		"attach", "oom_kill_disable", "privileged", "read_only", "stdin_open", "tty", "use_api_socket", "build.no_cache", "build.pull", "build.privileged",
		"volumes.*.read_only", "volumes.*.volume.nocopy", "depends_on.*.restart", "healthcheck.disable", "networks.*.external",
		"volumes.*.bind.create_host_path", // neither is in the JSON of 2.40.3
	},
	"0": {
		"ports.*.target", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_shares", "cpus", "mem_swappiness", "oom_score_adj", "pids_limit", "networks.*.priority", "networks.*.gw_priority",
		"mem_limit", "mem_reservation", "memswap_limit", "shm_size", "blkio_config.weight", "deploy.*.max_failure_ratio", "deploy.resources.*.memory", "deploy.resources.*.pids", "deploy.resources.*.cpus", "deploy.placement.max_replicas_per_node", "volumes.*.tmpfs.size", "volumes.*.tmpfs.mode", "ulimits.*.*", "gpus.*.count", "deploy.resources.*.devices.*.count", "blkio_config.*.*.rate",
	},
	"-1": {"gpus.*.count", "deploy.resources.*.devices.*.count"},
	"": {
		"cgroup", "cgroup_parent", "container_name", "cpuset", "domainname", "hostname", "image", "ipc", "isolation", "mac_address", "network_mode", "pid", "platform", "pull_policy", "restart", "runtime", "stop_signal", "user", "userns_mode", "uts", "working_dir", "logging.driver", "deploy.mode", "deploy.endpoint_mode", "build.context", "build.dockerfile", "build.target", "build.network", "blkio_config.*.*.path", "env_file.*.path", "volumes.*.source", "configs.*.target", "secrets.*.target",
	},
}

// kept are places where a null says something: a name alone.
var kept = []string{"environment.*", "networks.*"}

// Written brings a service that was read from JSON, or from a compose file in
// long forms, into the one form in which two can be compared.
func Written(service map[string]any) map[string]any {
	mapping, _ := written(service, nil).(map[string]any)
	return mapping
}

func written(value any, path []string) any {
	for _, form := range forms {
		if matchesAny(path, form.paths) {
			value = form.write(value)
			break
		}
	}
	switch value := value.(type) {
	case map[string]any:
		mapping := map[string]any{}
		for name, element := range value {
			at := below(path, name)
			if strings.HasPrefix(name, "x-") && !matches(path, "depends_on") {
				continue // Compose keeps it, JSON does not
			}
			element = written(element, at)
			if isEmpty(element) {
				if !matchesAny(at, kept) {
					continue
				}
				element = nil
			}
			if isAssumed(at, element) {
				continue
			}
			mapping[name] = element
		}
		return mapping
	case []any:
		all := []any{}
		for i, element := range value {
			all = append(all, written(element, below(path, strconv.Itoa(i))))
		}
		return all
	case nil:
		return nil
	}
	return text(value)
}

func isAssumed(path []string, value any) bool {
	scalar, ok := value.(string)
	return ok && matchesAny(path, assumed[scalar])
}

func isEmpty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0
	}
	return false
}

// text is a scalar as Compose turns it into a text.
func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return ""
}

func words(value any) any {
	if line, ok := value.(string); ok {
		split, err := shellwords.Parse(line)
		if err != nil {
			return value
		}
		return listOf(split...)
	}
	return value
}

func test(value any) any {
	if line, ok := value.(string); ok {
		return listOf("CMD-SHELL", line)
	}
	return value
}

func list(value any) any {
	if one, ok := value.(string); ok {
		return listOf(one)
	}
	return value
}

func listOf(texts ...string) []any {
	all := []any{}
	for _, one := range texts {
		all = append(all, one)
	}
	return all
}

// assignments makes a mapping of a list of NAME=value; alone is the value of
// a name without one.
func assignments(alone any) func(any) any {
	return func(value any) any {
		mapping := map[string]any{}
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				name, rest, found := strings.Cut(text(item), "=")
				if mapping[name] = rest; !found {
					mapping[name] = alone
				}
			}
		case map[string]any:
			for name, element := range value {
				if mapping[name] = element; element == nil {
					mapping[name] = alone
				}
			}
		default:
			return value
		}
		return mapping
	}
}

// hosts are NAME=address, sorted.
func hosts(value any) any {
	var all []string
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			line := text(item)
			if !strings.Contains(line, "=") {
				line = strings.Replace(line, ":", "=", 1)
			}
			all = append(all, line)
		}
	case map[string]any:
		for name, addresses := range value {
			for _, address := range list(addresses).([]any) {
				all = append(all, name+"="+text(address))
			}
		}
	}
	slices.Sort(all)
	return listOf(all...)
}

func bytes(value any) any {
	count, err := units.RAMInBytes(text(value))
	if err != nil {
		return value
	}
	return strconv.FormatInt(count, 10)
}

// isSize reports whether Compose reads a size at all: it drops a number that
// is no whole one of 64 bits.
func isSize(value *model.Value) bool {
	_, err := strconv.ParseInt(value.Text, 10, 64)
	return value.Kind == model.String || value.Kind == model.Int && err == nil
}

// truth is true or false, for all that Compose takes for them.
func truth(value any) any {
	switch strings.ToLower(text(value)) {
	case "y", "yes", "on", "true":
		return "true"
	case "n", "no", "off", "false":
		return "false"
	}
	return value
}

func duration(value any) any {
	length, err := str2duration.ParseDuration(text(value))
	if err != nil {
		return value
	}
	return length.Round(time.Nanosecond).String()
}

// keys are the names of a mapping, sorted.
func keys(value any) any {
	if mapping, ok := value.(map[string]any); ok {
		return listOf(slices.Sorted(maps.Keys(mapping))...)
	}
	return value
}

// lowered has the names of Compose's own types in lower case.
func lowered(value any) any {
	items, ok := value.([]any)
	if !ok {
		return value
	}
	all := []any{}
	for _, item := range items {
		mapping := map[string]any{}
		if entries, ok := item.(map[string]any); ok {
			for name, element := range entries {
				mapping[strings.ToLower(name)] = element
			}
		}
		all = append(all, mapping)
	}
	return all
}

// mode is a file mode: Compose writes it with a 0 in front, to the base of 8,
// also in front of a sign.
func mode(value any) any {
	written := strings.Replace(text(value), "0-", "-0", 1)
	bits, err := strconv.ParseInt(written, 0, 64)
	if whole, wholeErr := strconv.ParseFloat(written, 64); err != nil && wholeErr == nil {
		bits, err = int64(whole), nil
	}
	if err != nil {
		return value
	}
	return strconv.FormatInt(bits, 10)
}

// mode32 is a file mode of which Compose keeps 32 bits.
func mode32(value any) any {
	bits, err := strconv.ParseInt(text(mode(value)), 10, 64)
	if err != nil {
		return value
	}
	return strconv.FormatUint(uint64(uint32(bits)), 10)
}

// ranges writes each port of a range on its own, and each once.
func ranges(value any) any {
	items, ok := value.([]any)
	if !ok {
		return value
	}
	all := []any{}
	keep := func(port any) {
		if !slices.ContainsFunc(all, func(known any) bool { return reflect.DeepEqual(known, port) }) {
			all = append(all, port)
		}
	}
	for _, item := range items {
		port, _ := item.(map[string]any)
		first, last, isRange := strings.Cut(text(port["target"]), "-")
		from, err := strconv.Atoi(first)
		to, toErr := strconv.Atoi(last)
		if !isRange || err != nil || toErr != nil {
			keep(item)
			continue
		}
		published, _, _ := strings.Cut(text(port["published"]), "-")
		begin, err := strconv.Atoi(published)
		for target := from; target <= to; target++ {
			one := maps.Clone(port)
			one["target"] = strconv.Itoa(target)
			if err == nil {
				one["published"] = strconv.Itoa(begin + target - from)
			}
			keep(one)
		}
	}
	return all
}

func number(value any) any {
	count, err := strconv.ParseFloat(text(value), 64)
	if err != nil {
		return value
	}
	return strconv.FormatFloat(count, 'f', -1, 32)
}

// whole is a number whose fraction Compose drops.
func whole(value any) any {
	count, err := strconv.ParseFloat(text(value), 64)
	if err != nil {
		return value
	}
	return strconv.FormatInt(int64(count), 10)
}

func below(path []string, part string) []string { return append(slices.Clone(path), part) }

func matchesAny(path []string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(path, pattern) })
}

func matches(path []string, pattern string) bool {
	parts := strings.Split(pattern, ".")
	if len(parts) != len(path) {
		return false
	}
	for i, part := range parts {
		if part != "*" && part != path[i] {
			return false
		}
	}
	return true
}
