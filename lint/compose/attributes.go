package compose

import (
	"strings"
	"sync"
)

// attribute is what Compose's format says of one place in a file, beyond the
// schema: what a text there is converted to, how two files come together, what
// makes two items one, and what a short form means. The facts are those of
// compose-go's packages interpolation, override and transform.
type attribute struct {
	named    map[string]*attribute
	children *attribute // of keys that users choose, and of the items of a list
	cast     cast       // of a text, after its variables are put in
	merge    merger     // nil: mappings by key, lists one after the other, anything else the last
	unique   indexer    // of the items of a list: the last of those with one key counts
	long     longForm   // writes out what is short
	defaults longForm   // writes out what is not said, once all files are read
	check    checker    // what Compose refuses although the schema takes it
}

// at returns the attribute of a key or an item, nil where nothing is said of
// it and of all below.
func (a *attribute) at(name string) *attribute {
	if a == nil {
		return nil
	}
	if found := a.named[name]; found != nil {
		return found
	}
	return a.children
}

// top is the attribute of a whole file.
var top = sync.OnceValue(func() *attribute {
	root := &attribute{}
	for _, fact := range facts {
		for _, path := range strings.Fields(fact.paths) {
			fact.of(root.make(strings.Split(path, ".")))
		}
	}
	return root
})

// make returns the attribute at a path below, made where it is missing.
func (a *attribute) make(path []string) *attribute {
	for _, part := range path {
		var next *attribute
		if part == "*" {
			if a.children == nil {
				a.children = &attribute{}
			}
			next = a.children
		} else {
			if a.named == nil {
				a.named = map[string]*attribute{}
			}
			if a.named[part] == nil {
				a.named[part] = &attribute{}
			}
			next = a.named[part]
		}
		a = next
	}
	return a
}

// fact is something that holds of several paths; * is any key or item.
type fact struct {
	paths string
	of    func(*attribute)
}

func casts(c cast) func(*attribute)       { return func(a *attribute) { a.cast = c } }
func merges(m merger) func(*attribute)    { return func(a *attribute) { a.merge = m } }
func isUnique(i indexer) func(*attribute) { return func(a *attribute) { a.unique = i } }
func means(l longForm) func(*attribute)   { return func(a *attribute) { a.long = l } }
func fills(l longForm) func(*attribute)   { return func(a *attribute) { a.defaults = l } }
func checked(c checker) func(*attribute)  { return func(a *attribute) { a.check = c } }

var facts = []fact{
	// interpolation
	{"networks.*.external networks.*.internal networks.*.attachable networks.*.enable_ipv4 networks.*.enable_ipv6 " +
		"volumes.*.external secrets.*.external configs.*.external " +
		"services.*.init services.*.networks.*.use_service_name_alias services.*.oom_kill_disable services.*.privileged services.*.read_only " +
		"services.*.volumes.*.read_only services.*.volumes.*.volume.nocopy services.*.depends_on.*.required services.*.depends_on.*.restart " +
		"services.*.healthcheck.disable services.*.stdin_open services.*.tty", casts(toBool)},
	{"services.*.cpu_count services.*.cpu_period services.*.cpu_quota services.*.cpu_rt_period services.*.cpu_rt_runtime services.*.cpu_shares " +
		"services.*.oom_score_adj services.*.pids_limit services.*.ulimits.* services.*.ulimits.*.hard services.*.ulimits.*.soft " +
		"services.*.healthcheck.retries services.*.ports.*.target services.*.deploy.replicas services.*.deploy.update_config.parallelism " +
		"services.*.deploy.rollback_config.parallelism services.*.deploy.restart_policy.max_attempts " +
		"services.*.deploy.placement.max_replicas_per_node services.*.scale", casts(toInt)},
	{"services.*.cpu_percent services.*.cpus services.*.deploy.update_config.max_failure_ratio services.*.deploy.rollback_config.max_failure_ratio", casts(toFloat)},

	// merging
	{"services.*.command services.*.entrypoint services.*.healthcheck.test", merges(mergeReplace)},
	{"networks.*.labels volumes.*.labels secrets.*.labels configs.*.labels services.*.annotations services.*.build.args " +
		"services.*.build.additional_contexts services.*.build.labels services.*.deploy.labels services.*.environment services.*.labels " +
		"services.*.sysctls services.*.volumes.*.volume.labels", merges(mergeAssignments)},
	{"services.*.build.extra_hosts services.*.dns services.*.dns_opt services.*.dns_search services.*.env_file services.*.label_file " +
		"services.*.extra_hosts services.*.tmpfs", merges(mergeList)},
	{"services.*.depends_on", merges(mergeDependencies)},
	{"services.*.networks services.*.models", merges(mergeNames)},
	{"services.*.build", merges(mergeBuild)},
	{"services.*.logging", merges(mergeLogging)},
	{"services.*.ulimits.*", merges(mergeUlimit)},
	{"networks.*.ipam.config", merges(mergeSubnets)},

	// what is one item
	{"networks.*.labels networks.*.ipam.options services.*.annotations services.*.build.args services.*.build.additional_contexts " +
		"services.*.build.platform services.*.build.tags services.*.build.labels services.*.cap_add services.*.cap_drop services.*.deploy.labels " +
		"services.*.dns services.*.dns_opt services.*.dns_search services.*.environment services.*.labels services.*.links " +
		"services.*.networks.*.aliases services.*.networks.*.link_local_ips services.*.profiles services.*.sysctls services.*.tmpfs", isUnique(indexName)},
	{"services.*.configs", isUnique(indexMount(""))},
	{"services.*.secrets", isUnique(indexMount("/run/secrets"))},
	{"services.*.env_file", isUnique(indexEnvFile)},
	{"services.*.expose", isUnique(indexText)},
	{"services.*.ports", isUnique(indexPort)},
	{"services.*.volumes", isUnique(indexVolume)},
	{"services.*.devices", isUnique(indexDevice)},

	// short forms
	{"services.*.build", means(longBuild)},
	{"services.*.build.additional_contexts", means(longAssignments)},
	{"services.*.build.secrets.* services.*.secrets.* services.*.configs.*", means(longReference)},
	{"services.*.build.ssh", means(longSSH)},
	{"services.*.depends_on", means(longDependencies)},
	{"services.*.devices.*", means(longDevice)},
	{"services.*.dns services.*.label_file services.*.develop.watch.*.ignore services.*.develop.watch.*.include", means(longList)},
	{"services.*.env_file", means(longEnvFiles)},
	{"services.*.networks services.*.models", means(longNames)},
	{"services.*.ports", means(longPorts)},
	{"services.*.volumes.*", means(longVolume)},
	{"networks.* volumes.* secrets.* configs.*", means(longExternal)},

	// what is meant where nothing is said
	{"services.*.build", fills(fillBuild)},
	{"services.*.secrets.*", fills(fillSecret)},
	{"services.*.ports.*", fills(fillPort)},
	{"services.*.volumes.*.bind", fills(fillBind)},

	// what only Compose's own types refuse
	{"services.*.command services.*.entrypoint services.*.build.entrypoint " +
		"services.*.post_start.*.command services.*.pre_stop.*.command", checked(checkWords)},
	{"services.*.mem_limit services.*.mem_reservation services.*.memswap_limit services.*.mem_swappiness services.*.shm_size " +
		"services.*.deploy.resources.limits.memory services.*.deploy.resources.reservations.memory services.*.build.shm_size " +
		"services.*.tmpfs.size services.*.volumes.*.tmpfs.size services.*.blkio_config.device_read_bps.*.rate " +
		"services.*.blkio_config.device_read_iops.*.rate services.*.blkio_config.device_write_bps.*.rate " +
		"services.*.blkio_config.device_write_iops.*.rate", checked(checkBytes)},
	{"services.*.stop_grace_period services.*.healthcheck.interval services.*.healthcheck.timeout services.*.healthcheck.start_period " +
		"services.*.healthcheck.start_interval services.*.deploy.restart_policy.delay services.*.deploy.restart_policy.window " +
		"services.*.deploy.update_config.delay services.*.deploy.update_config.monitor services.*.deploy.rollback_config.delay " +
		"services.*.deploy.rollback_config.monitor", checked(checkDuration)},
	{"services.*.volumes.*", checked(checkMount)},
	{"services.*.secrets.*.mode services.*.configs.*.mode services.*.build.secrets.*.mode", checked(checkMode)},
	{"services.*.deploy.resources.limits.cpus services.*.deploy.resources.reservations.cpus", checked(checkFloat)},
	{"services.*.image services.*.container_name services.*.hostname services.*.domainname services.*.user services.*.working_dir " +
		"services.*.network_mode services.*.restart services.*.platform services.*.stop_signal", checked(checkNotDate)},
	{"services.*.extra_hosts services.*.build.extra_hosts", checked(checkHosts)},
	{"services.*.storage_opt.*", checked(checkScalar)},
	{"services.*.healthcheck.retries services.*.ports.*.target", checked(checkNotNegative)},
	{"services.*.volumes.*.tmpfs.mode", checked(checkModeNumber)},
	{"services.*.expose.*", checked(checkNotFloat)},
	{"services.*.env_file.*.required", checked(checkTruth)},
	{"services.*.ports.*", checked(checkAddress)},
	{"services.*.develop.watch.*.path", checked(checkNotBlank)},
	{"services.*.gpus.* services.*.deploy.resources.reservations.devices.*", checked(checkDeviceRequest)},
	{"configs.*", checked(checkSource("file", "environment", "content"))},
	{"secrets.*", checked(checkSource("file", "environment"))},
	{"volumes.*", checked(checkVolume)},
}
