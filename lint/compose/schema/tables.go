// Code generated from the schema of compose-go v2.16.2 by go generate. DO NOT EDIT.

package schema

var pattern0 = pattern{expression: ".+"}
var pattern6 = pattern{expression: "[a-zA-Z0-9][a-zA-Z0-9_.-]+"}
var pattern4 = pattern{expression: "^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$"}
var pattern3 = pattern{expression: "^.+$"}
var pattern2 = pattern{expression: "^[a-zA-Z0-9._-]+$"}
var pattern5 = pattern{expression: "^[a-z]+$"}
var pattern1 = pattern{expression: "^x-"}

var anything = node{}

var blkioLimitSchema = node{types: object, properties: []property{
	{"path", &onlyString},
	{"rate", &onlyIntegerString},
}, closed: true}

var blkioWeightSchema = node{types: object, properties: []property{
	{"path", &onlyString},
	{"weight", &onlyIntegerString},
}, closed: true}

var commandSchema = node{oneOf: []*node{&onlyNull, &onlyString, &node{types: array, items: &onlyString}}}

var composeFile = node{types: object, properties: []property{
	{"configs", &node{types: object, patterns: []patternProperty{{&pattern2, &configSchema}}, closed: true}},
	{"include", &node{types: array, items: &includeSchema}},
	{"jobs", &node{types: object, patterns: []patternProperty{{&pattern2, &jobSchema}}, closed: true}},
	{"models", &node{types: object, patterns: []patternProperty{{&pattern2, &modelSchema}}, closed: true}},
	{"name", &onlyString},
	{"networks", &node{types: object, patterns: []patternProperty{{&pattern2, &networkSchema}}, closed: true}},
	{"secrets", &node{types: object, patterns: []patternProperty{{&pattern2, &secretSchema}}, closed: true}},
	{"services", &node{types: object, patterns: []patternProperty{{&pattern2, &serviceSchema}}, closed: true}},
	{"version", &onlyString},
	{"volumes", &node{types: object, patterns: []patternProperty{{&pattern2, &volumeSchema}}, closed: true}},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var configSchema = node{types: object, properties: []property{
	{"content", &onlyString},
	{"environment", &onlyString},
	{"external", &node{types: boolean | text | object, properties: []property{
		{"name", &onlyString},
	}}},
	{"file", &onlyString},
	{"labels", &listOrDictSchema},
	{"name", &onlyString},
	{"template_driver", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var containerSpecSchema = node{types: object, properties: []property{
	{"annotations", &listOrDictSchema},
	{"blkio_config", &node{types: object, properties: []property{
		{"device_read_bps", &node{types: array, items: &blkioLimitSchema}},
		{"device_read_iops", &node{types: array, items: &blkioLimitSchema}},
		{"device_write_bps", &node{types: array, items: &blkioLimitSchema}},
		{"device_write_iops", &node{types: array, items: &blkioLimitSchema}},
		{"weight", &onlyIntegerString},
		{"weight_device", &node{types: array, items: &blkioWeightSchema}},
	}, closed: true}},
	{"cap_add", &node{types: array, items: &onlyString, unique: true}},
	{"cap_drop", &node{types: array, items: &onlyString, unique: true}},
	{"cgroup", &node{types: text, enum: []string{"host", "private"}}},
	{"cgroup_parent", &onlyString},
	{"command", &commandSchema},
	{"configs", &serviceConfigOrSecretSchema},
	{"cpu_count", &node{oneOf: []*node{&onlyString, &node{types: integer, bounds: []bound{{value: 0}}}}}},
	{"cpu_percent", &node{oneOf: []*node{&onlyString, &node{types: integer, bounds: []bound{{value: 0}, {upper: true, value: 100}}}}}},
	{"cpu_period", &onlyNumberString},
	{"cpu_quota", &onlyNumberString},
	{"cpu_rt_period", &onlyNumberString},
	{"cpu_rt_runtime", &onlyNumberString},
	{"cpu_shares", &onlyNumberString},
	{"cpus", &onlyNumberString},
	{"cpuset", &onlyString},
	{"credential_spec", &node{types: object, properties: []property{
		{"config", &onlyString},
		{"file", &onlyString},
		{"registry", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"device_cgroup_rules", &listOfStringsSchema},
	{"devices", &node{types: array, items: &node{oneOf: []*node{&onlyString, &node{types: object, properties: []property{
		{"permissions", &onlyString},
		{"source", &onlyString},
		{"target", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"source"}}}}}},
	{"dns", &stringOrListSchema},
	{"dns_opt", &node{types: array, items: &onlyString, unique: true}},
	{"dns_search", &stringOrListSchema},
	{"domainname", &onlyString},
	{"entrypoint", &commandSchema},
	{"env_file", &envFileSchema},
	{"environment", &listOrDictSchema},
	{"extra_hosts", &extraHostsSchema},
	{"gpus", &gpusSchema},
	{"group_add", &node{types: array, items: &onlyNumberString, unique: true}},
	{"hostname", &onlyString},
	{"image", &onlyString},
	{"init", &onlyBooleanString},
	{"ipc", &onlyString},
	{"isolation", &onlyString},
	{"label_file", &labelFileSchema},
	{"labels", &listOrDictSchema},
	{"logging", &node{types: object, properties: []property{
		{"driver", &onlyString},
		{"options", &node{types: object, patterns: []patternProperty{{&pattern3, &onlyNullNumberString}}}},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"mac_address", &onlyString},
	{"mem_limit", &onlyNumberString},
	{"mem_reservation", &onlyIntegerString},
	{"mem_swappiness", &onlyIntegerString},
	{"memswap_limit", &onlyNumberString},
	{"models", &node{oneOf: []*node{&listOfStringsSchema, &node{types: object, patterns: []patternProperty{{&pattern2, &node{oneOf: []*node{&node{types: object, properties: []property{
		{"endpoint_var", &onlyString},
		{"model_var", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}, &onlyNull}}}}}}}},
	{"network_mode", &onlyString},
	{"networks", &node{oneOf: []*node{&listOfStringsSchema, &node{types: object, patterns: []patternProperty{{&pattern2, &node{oneOf: []*node{&node{types: object, properties: []property{
		{"aliases", &listOfStringsSchema},
		{"driver_opts", &node{types: object, patterns: []patternProperty{{&pattern3, &onlyNumberString}}}},
		{"gw_priority", &onlyNumber},
		{"interface_name", &onlyString},
		{"ipv4_address", &onlyString},
		{"ipv6_address", &onlyString},
		{"link_local_ips", &listOfStringsSchema},
		{"mac_address", &onlyString},
		{"priority", &onlyNumber},
		{"use_service_name_alias", &onlyBooleanString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}, &onlyNull}}}}, closed: true}}}},
	{"oom_kill_disable", &onlyBooleanString},
	{"oom_score_adj", &node{oneOf: []*node{&onlyString, &node{types: integer, bounds: []bound{{value: -1000}, {upper: true, value: 1000}}}}}},
	{"pid", &onlyNullString},
	{"pids_limit", &onlyNumberString},
	{"platform", &onlyString},
	{"privileged", &onlyBooleanString},
	{"pull_policy", &node{types: text, pattern: &pattern4}},
	{"pull_refresh_after", &onlyString},
	{"read_only", &onlyBooleanString},
	{"runtime", &onlyString},
	{"secrets", &serviceConfigOrSecretSchema},
	{"security_opt", &node{types: array, items: &onlyString, unique: true}},
	{"shm_size", &onlyNumberString},
	{"stop_grace_period", &onlyString},
	{"stop_signal", &onlyString},
	{"storage_opt", &onlyObject},
	{"sysctls", &listOrDictSchema},
	{"tmpfs", &stringOrListSchema},
	{"ulimits", &ulimitsSchema},
	{"umask", &node{types: integer | text | null, bounds: []bound{{value: 0}, {upper: true, value: 4294967295}}}},
	{"use_api_socket", &onlyBoolean},
	{"user", &onlyString},
	{"userns_mode", &onlyString},
	{"uts", &onlyString},
	{"volumes", &node{types: array, items: &node{oneOf: []*node{&onlyString, &node{types: object, properties: []property{
		{"bind", &node{types: object, properties: []property{
			{"create_host_path", &onlyBooleanString},
			{"propagation", &onlyString},
			{"recursive", &node{types: text, enum: []string{"enabled", "disabled", "writable", "readonly"}}},
			{"selinux", &node{types: text, enum: []string{"z", "Z"}}},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
		{"consistency", &onlyString},
		{"image", &node{types: object, properties: []property{
			{"subpath", &onlyString},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
		{"read_only", &onlyBooleanString},
		{"source", &onlyString},
		{"target", &onlyString},
		{"tmpfs", &node{types: object, properties: []property{
			{"mode", &onlyNumberString},
			{"size", &node{oneOf: []*node{&node{types: integer, bounds: []bound{{value: 0}}}, &onlyString}}},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
		{"type", &node{types: text, enum: []string{"bind", "volume", "tmpfs", "cluster", "npipe", "image"}}},
		{"volume", &node{types: object, properties: []property{
			{"labels", &listOrDictSchema},
			{"nocopy", &onlyBooleanString},
			{"subpath", &onlyString},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"type"}}}}, unique: true}},
	{"volumes_from", &node{types: array, items: &onlyString, unique: true}},
	{"working_dir", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}}

var deploymentSchema = node{types: object | null, properties: []property{
	{"endpoint_mode", &onlyString},
	{"labels", &listOrDictSchema},
	{"mode", &onlyString},
	{"placement", &node{types: object, properties: []property{
		{"constraints", &node{types: array, items: &onlyString}},
		{"max_replicas_per_node", &onlyIntegerString},
		{"preferences", &node{types: array, items: &node{types: object, properties: []property{
			{"spread", &onlyString},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}}},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"replicas", &onlyIntegerString},
	{"resources", &node{types: object, properties: []property{
		{"limits", &node{types: object, properties: []property{
			{"cpus", &onlyNumberString},
			{"memory", &onlyString},
			{"pids", &onlyIntegerString},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
		{"reservations", &node{types: object, properties: []property{
			{"cpus", &onlyNumberString},
			{"devices", &devicesSchema},
			{"generic_resources", &genericResourcesSchema},
			{"memory", &onlyString},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"restart_policy", &node{types: object, properties: []property{
		{"condition", &onlyString},
		{"delay", &onlyString},
		{"max_attempts", &onlyIntegerString},
		{"window", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"rollback_config", &node{types: object, properties: []property{
		{"delay", &onlyString},
		{"failure_action", &onlyString},
		{"max_failure_ratio", &onlyNumberString},
		{"monitor", &onlyString},
		{"order", &node{types: text, enum: []string{"start-first", "stop-first"}}},
		{"parallelism", &onlyIntegerString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"update_config", &node{types: object, properties: []property{
		{"delay", &onlyString},
		{"failure_action", &onlyString},
		{"max_failure_ratio", &onlyNumberString},
		{"monitor", &onlyString},
		{"order", &node{types: text, enum: []string{"start-first", "stop-first"}}},
		{"parallelism", &onlyIntegerString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var developmentSchema = node{types: object | null, properties: []property{
	{"watch", &node{types: array, items: &node{types: object, properties: []property{
		{"action", &node{types: text, enum: []string{"rebuild", "sync", "restart", "sync+restart", "sync+exec"}}},
		{"exec", &serviceHookSchema},
		{"ignore", &stringOrListSchema},
		{"include", &stringOrListSchema},
		{"initial_sync", &onlyBoolean},
		{"path", &onlyString},
		{"target", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"path", "action"}}}},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var devicesSchema = node{types: array, items: &node{types: object, properties: []property{
	{"capabilities", &listOfStringsSchema},
	{"count", &onlyIntegerString},
	{"device_ids", &listOfStringsSchema},
	{"driver", &onlyString},
	{"options", &listOrDictSchema},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"capabilities"}}}

var envFileSchema = node{oneOf: []*node{&onlyString, &node{types: array, items: &node{oneOf: []*node{&onlyString, &node{types: object, properties: []property{
	{"format", &onlyString},
	{"path", &onlyString},
	{"required", &onlyBooleanString},
}, closed: true, required: []string{"path"}}}}}}}

var extraHostsSchema = node{oneOf: []*node{&node{types: object, patterns: []patternProperty{{&pattern0, &node{oneOf: []*node{&onlyString, &node{types: array, items: &onlyString}}}}}, closed: true}, &node{types: array, items: &onlyString, unique: true}}}

var genericResourcesSchema = node{types: array, items: &node{types: object, properties: []property{
	{"discrete_resource_spec", &node{types: object, properties: []property{
		{"kind", &onlyString},
		{"value", &onlyNumberString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}}

var gpusSchema = node{oneOf: []*node{&node{types: text, enum: []string{"all"}}, &node{types: array, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, items: &node{types: object, properties: []property{
	{"capabilities", &listOfStringsSchema},
	{"count", &onlyIntegerString},
	{"device_ids", &listOfStringsSchema},
	{"driver", &onlyString},
	{"options", &listOrDictSchema},
}}}}}

var healthcheckSchema = node{types: object, properties: []property{
	{"disable", &onlyBooleanString},
	{"interval", &onlyString},
	{"retries", &onlyNumberString},
	{"start_interval", &onlyString},
	{"start_period", &onlyString},
	{"test", &node{oneOf: []*node{&onlyString, &node{types: array, items: &onlyString}}}},
	{"timeout", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var includeSchema = node{oneOf: []*node{&onlyString, &node{types: object, properties: []property{
	{"env_file", &stringOrListSchema},
	{"path", &stringOrListSchema},
	{"project_directory", &onlyString},
}, closed: true}}}

var jobSchema = node{types: object, properties: []property{
	{"profiles", &listOfStringsSchema},
	{"triggers", &node{types: object, properties: []property{
		{"manual", &onlyBooleanString},
		{"schedule", &node{types: array, items: &node{oneOf: []*node{&onlyString, &scheduleSchema}}}},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, anyOf: []*node{&node{required: []string{"manual"}}, &node{required: []string{"schedule"}}}}},
}, closed: true, required: []string{"triggers"}, allOf: []*node{&containerSpecSchema, &workloadSpecSchema}}

var labelFileSchema = node{oneOf: []*node{&onlyString, &node{types: array, items: &onlyString}}}

var listOfStringsSchema = node{types: array, items: &onlyString, unique: true}

var listOrDictSchema = node{oneOf: []*node{&node{types: object, patterns: []patternProperty{{&pattern0, &onlyBooleanNullNumberString}}, closed: true}, &node{types: array, items: &onlyString, unique: true}}}

var modelSchema = node{types: object, properties: []property{
	{"context_size", &onlyInteger},
	{"model", &onlyString},
	{"name", &onlyString},
	{"runtime_flags", &node{types: array, items: &onlyString}},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"model"}}

var networkSchema = node{types: object | null, properties: []property{
	{"attachable", &onlyBooleanString},
	{"driver", &onlyString},
	{"driver_opts", &node{types: object, patterns: []patternProperty{{&pattern3, &onlyNumberString}}}},
	{"enable_ipv4", &onlyBooleanString},
	{"enable_ipv6", &onlyBooleanString},
	{"external", &node{types: boolean | text | object, properties: []property{
		{"name", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"internal", &onlyBooleanString},
	{"ipam", &node{types: object, properties: []property{
		{"config", &node{types: array, items: &node{types: object, properties: []property{
			{"aux_addresses", &node{types: object, patterns: []patternProperty{{&pattern3, &onlyString}}, closed: true}},
			{"gateway", &onlyString},
			{"ip_range", &onlyString},
			{"subnet", &onlyString},
		}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}}},
		{"driver", &onlyString},
		{"options", &node{types: object, patterns: []patternProperty{{&pattern3, &onlyString}}, closed: true}},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"labels", &listOrDictSchema},
	{"name", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var onlyBoolean = node{types: boolean}

var onlyBooleanNullNumberString = node{types: text | number | boolean | null}

var onlyBooleanNumberString = node{types: text | number | boolean}

var onlyBooleanString = node{types: boolean | text}

var onlyInteger = node{types: integer}

var onlyIntegerString = node{types: integer | text}

var onlyNull = node{types: null}

var onlyNullNumberString = node{types: text | number | null}

var onlyNullString = node{types: text | null}

var onlyNumber = node{types: number}

var onlyNumberString = node{types: text | number}

var onlyObject = node{types: object}

var onlyString = node{types: text}

var preStartHookSchema = node{types: object, properties: []property{
	{"per_replica", &onlyBooleanString},
}, closed: true, allOf: []*node{&containerSpecSchema}}

var scheduleSchema = node{types: object, properties: []property{
	{"concurrency", &node{types: text, enum: []string{"forbid", "queue"}}},
	{"cron", &onlyString},
	{"missed_fires", &node{types: text, enum: []string{"one", "skip"}}},
	{"timezone", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"cron"}}

var secretSchema = node{types: object, properties: []property{
	{"driver", &onlyString},
	{"driver_opts", &node{types: object, patterns: []patternProperty{{&pattern3, &onlyNumberString}}}},
	{"environment", &onlyString},
	{"external", &node{types: boolean | text | object, properties: []property{
		{"name", &onlyString},
	}}},
	{"file", &onlyString},
	{"labels", &listOrDictSchema},
	{"name", &onlyString},
	{"template_driver", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var serviceConfigOrSecretSchema = node{types: array, items: &node{oneOf: []*node{&onlyString, &node{types: object, properties: []property{
	{"gid", &onlyString},
	{"mode", &onlyNumberString},
	{"source", &onlyString},
	{"target", &onlyString},
	{"uid", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}}}}

var serviceHookSchema = node{types: object, properties: []property{
	{"command", &commandSchema},
	{"environment", &listOrDictSchema},
	{"privileged", &onlyBooleanString},
	{"user", &onlyString},
	{"working_dir", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"command"}}

var serviceSchema = node{types: object, properties: []property{
	{"attach", &onlyBooleanString},
	{"container_name", &node{types: text, pattern: &pattern6}},
	{"deploy", &deploymentSchema},
	{"develop", &developmentSchema},
	{"extends", &node{oneOf: []*node{&onlyString, &node{types: object, properties: []property{
		{"file", &onlyString},
		{"service", &onlyString},
	}, closed: true, required: []string{"service"}}}}},
	{"external_links", &node{types: array, items: &onlyString, unique: true}},
	{"links", &node{types: array, items: &onlyString, unique: true}},
	{"post_start", &node{types: array, items: &serviceHookSchema}},
	{"pre_start", &node{types: array, items: &preStartHookSchema}},
	{"pre_stop", &node{types: array, items: &serviceHookSchema}},
	{"profiles", &listOfStringsSchema},
	{"provider", &node{types: object, properties: []property{
		{"options", &node{types: object, patterns: []patternProperty{{&pattern3, &node{oneOf: []*node{&onlyBooleanNumberString, &node{types: array, items: &onlyBooleanNumberString}}}}}}},
		{"type", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"type"}}},
	{"restart", &onlyString},
	{"scale", &onlyIntegerString},
}, closed: true, allOf: []*node{&containerSpecSchema, &workloadSpecSchema}}

var stringOrListSchema = node{oneOf: []*node{&onlyString, &listOfStringsSchema}}

var ulimitsSchema = node{types: object, patterns: []patternProperty{{&pattern5, &node{oneOf: []*node{&onlyIntegerString, &node{types: object, properties: []property{
	{"hard", &onlyIntegerString},
	{"soft", &onlyIntegerString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"soft", "hard"}}}}}}}

var volumeSchema = node{types: object | null, properties: []property{
	{"driver", &onlyString},
	{"driver_opts", &node{types: object, patterns: []patternProperty{{&pattern3, &onlyNumberString}}}},
	{"external", &node{types: boolean | text | object, properties: []property{
		{"name", &onlyString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}},
	{"labels", &listOrDictSchema},
	{"name", &onlyString},
}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}

var workloadSpecSchema = node{types: object, properties: []property{
	{"build", &node{oneOf: []*node{&onlyString, &node{types: object, properties: []property{
		{"additional_contexts", &listOrDictSchema},
		{"args", &listOrDictSchema},
		{"cache_from", &node{types: array, items: &onlyString}},
		{"cache_to", &node{types: array, items: &onlyString}},
		{"context", &onlyString},
		{"dockerfile", &onlyString},
		{"dockerfile_inline", &onlyString},
		{"entitlements", &node{types: array, items: &onlyString}},
		{"extra_hosts", &extraHostsSchema},
		{"isolation", &onlyString},
		{"labels", &listOrDictSchema},
		{"network", &onlyString},
		{"no_cache", &onlyBooleanString},
		{"no_cache_filter", &stringOrListSchema},
		{"platforms", &node{types: array, items: &onlyString}},
		{"privileged", &onlyBooleanString},
		{"provenance", &onlyBooleanString},
		{"pull", &onlyBooleanString},
		{"sbom", &onlyBooleanString},
		{"secrets", &serviceConfigOrSecretSchema},
		{"shm_size", &onlyIntegerString},
		{"ssh", &listOrDictSchema},
		{"tags", &node{types: array, items: &onlyString}},
		{"target", &onlyString},
		{"ulimits", &ulimitsSchema},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}}}},
	{"depends_on", &node{oneOf: []*node{&listOfStringsSchema, &node{types: object, patterns: []patternProperty{{&pattern2, &node{types: object, properties: []property{
		{"condition", &node{types: text, enum: []string{"service_started", "service_healthy", "service_completed_successfully"}}},
		{"required", &onlyBoolean},
		{"restart", &onlyBooleanString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true, required: []string{"condition"}}}}, closed: true}}}},
	{"expose", &node{types: array, items: &onlyNumberString, unique: true}},
	{"healthcheck", &healthcheckSchema},
	{"ports", &node{types: array, items: &node{oneOf: []*node{&onlyNumber, &onlyString, &node{types: object, properties: []property{
		{"app_protocol", &onlyString},
		{"host_ip", &onlyString},
		{"mode", &onlyString},
		{"name", &onlyString},
		{"protocol", &onlyString},
		{"published", &onlyIntegerString},
		{"target", &onlyIntegerString},
	}, patterns: []patternProperty{{&pattern1, &anything}}, closed: true}}}, unique: true}},
	{"stdin_open", &onlyBooleanString},
	{"tty", &onlyBooleanString},
}, patterns: []patternProperty{{&pattern1, &anything}}}
