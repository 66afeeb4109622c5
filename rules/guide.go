package rules

import "github.com/rcomp/rcomp/lint"

// Guide is what "rcomp explain" shows of a rule beside its reasons. Fault and
// NearMiss are compose files, of which the second only looks like the first;
// Mend and Ignore are a sentence or two. Cases say what the severity comes
// from: the first is the rule's own, the others are of findings that differ.
type Guide struct {
	Fault, NearMiss, Mend, Ignore string
	Cases                         []Case
}

// GuideTo returns the guide to a rule.
func GuideTo(rule *lint.Rule) Guide {
	for _, group := range []map[string]Guide{guides, healthGuides, furtherGuides, relationsGuides} {
		if guide, there := group[rule.ID]; there {
			return guide
		}
	}
	return Guide{}
}

// guides are those of all rules, in their order.
var guides = map[string]Guide{
	"yaml-invalid": {
		Fault:    "services:\n  cache:\n    image: \"redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: \"redis:7.4.6\"\n",
		Mend:     "Close the quote or the bracket, or indent the line as its neighbours are.",
		Ignore:   "Never: Compose cannot read the file either. A template belongs under exclude in .rcomp.toml.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"compose-invalid": {
		Fault:    "services:\n  cache:\n    imagee: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    x-note: a key of one's own begins with x-\n",
		Mend:     "Do what the message says; docker compose config says it too, one fault at a time.",
		Ignore:   "Where the file is for another program that takes more than Compose does.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"version-key-obsolete": {
		Fault:    "version: \"3.8\"\nservices:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "name: shop\nservices:\n  cache:\n    image: redis:7.4.6\n",
		Mend:     "Take the line out.",
		Ignore:   "Where a program that is older than Compose v2 still reads the file.",
		Cases:    []Case{{Hurt: Readers, Surely: Certain, Soon: AtOnce}},
	},
	"directive-unknown": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory-polcy allkeys-lru\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory-policy allkeys-lru\n",
		Mend:     "Write the name as this release has it, or run a release that has it.",
		Ignore:   "Where a module that the image loads by itself brings the directive.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"directive-invalid": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 1.5gb\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 1536mb\n",
		Mend:     "Write a value that the server takes; comments stand on lines of their own.",
		Ignore:   "Where the image holds a server that was changed to take it.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}, {When: "the server starts and takes the words for something else, or the catalogue may be at fault", Hurt: Data, Surely: Conditional, Soon: AtOnce}},
	},
	"server-ends": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --daemonize yes\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: sh -c 'redis-server --daemonize yes && exec tail -f /dev/null'\n",
		Mend:     "Start the container without -d and look at its last line. Take daemonize out; mount what the server looks for; log to the standard output, which an empty logfile does.",
		Ignore:   "Where the container is meant to end, as one that only shows that it can start.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"conf-not-loaded": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    volumes: [./redis.conf:/usr/local/etc/redis/redis.conf]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /usr/local/etc/redis/redis.conf\n    volumes: [./redis.conf:/usr/local/etc/redis/redis.conf]\n",
		Mend:     "Name the file as the first argument: command: redis-server /usr/local/etc/redis/redis.conf",
		Ignore:   "Where another program in the container reads the file.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"conf-is-directory": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /conf\n    volumes: [./:/conf]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /conf/redis.conf\n    volumes: [./:/conf]\n",
		Mend:     "Name the file in the directory. Where Docker made a directory since the file was not there, remove it and write the file.",
		Ignore:   "Never: the server has every default and says nothing.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"maxmemory-not-set": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n",
		Mend:     "Set maxmemory to what the data may take: about two thirds of the container's limit.",
		Ignore:   "Where the data are bounded by what writes them, and you watch the memory of the host.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Conditional, Soon: Sometimes}},
	},
	"eviction-policy-not-set": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb --maxmemory-policy noeviction\n",
		Mend:     "For a cache allkeys-lru or allkeys-lfu; for a queue or a database noeviction, written down.",
		Ignore:   "Where the policy is set at run time. For a role, tell it in .rcomp.toml: [services.NAME] role = \"queue\".",
		Cases:    []Case{{Hurt: Neighbours, Surely: Conditional, Soon: AtFault}, {When: "it is a cache without a ceiling", Hurt: Readers, Surely: Certain, Soon: Sometimes}},
	},
	"memory-limit-not-set": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n    mem_limit: 512m\n",
		Mend:     "Set mem_limit, or deploy.resources.limits.memory, above maxmemory by what a fork and the clients take.",
		Ignore:   "Where the container has the host to itself.",
		Cases:    []Case{{When: "maxmemory bounds the data", Hurt: Neighbours, Surely: Possible, Soon: Sometimes}, {When: "nothing that is seen bounds the data", Hurt: Neighbours, Surely: Conditional, Soon: Sometimes}},
	},
	"maxmemory-over-memory-limit": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 512mb\n    mem_limit: 512m\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb --save ''\n    mem_limit: 512m\n",
		Mend:     "Lower maxmemory or raise the limit. A server that saves needs room for a fork.",
		Ignore:   "Where the limit is a request that nothing enforces.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: AtFault}, {When: "maxmemory is not below the limit", Hurt: Data, Surely: Certain, Soon: AtFault}},
	},
	"password-missing": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --protected-mode yes\n",
		Mend:     "Put requirepass into a conf file that git ignores, or users with passwords into an ACL file.",
		Ignore:   "Where nothing but the service's own containers is on its network, now and later.",
		Cases:    []Case{{When: "who is on its network was put there by the same file", Hurt: Data, Surely: Possible, Soon: Sometimes}, {When: "others share its network, or a variable decides who reaches it", Hurt: Data, Surely: Possible, Soon: AtOnce}, {When: "it listens on the host's interfaces", Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"password-variable-empty": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: [redis-server, --requirepass, \"${PASSWORD}\"]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: [redis-server, --requirepass, \"${PASSWORD:?}\"]\n",
		Mend:     "Write ${PASSWORD:?}: Compose stops where it is not set.",
		Ignore:   "Where an empty password is meant, as in a development file.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: AtOnce}, {When: "the value is certainly empty", Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"password-in-argv": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /run/secrets/redis.conf\n    secrets: [redis.conf]\nsecrets:\n  redis.conf: {file: ./redis.conf}\n",
		Mend:     "Put the directive into a conf file, mounted as a secret.",
		Ignore:   "Where everybody who may run docker inspect may know the password.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce}, {When: "the text of a variable has become the password", Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"password-in-environment": {
		Fault:    "services:\n  cache:\n    image: bitnami/redis:7.4.1\n    environment: {REDIS_PASSWORD: \"${PASSWORD:?}\"}\n",
		NearMiss: "services:\n  cache:\n    image: bitnami/redis:7.4.1\n    environment: {REDIS_PASSWORD_FILE: /run/secrets/password}\n    secrets: [password]\nsecrets:\n  password: {file: ./password}\n",
		Mend:     "Use the variable of the image that names a file, or a conf file mounted as a secret.",
		Ignore:   "Where everybody who may run docker inspect may know the password.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce}},
	},
	"password-in-healthcheck": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, -a, \"${PASSWORD:?}\", ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    environment: {REDISCLI_AUTH: \"${PASSWORD:?}\"}\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Let redis-cli take REDISCLI_AUTH from the environment or from a file.",
		Ignore:   "Where everybody who may run docker inspect may know the password.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce}},
	},
	"port-on-all-interfaces": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    ports: [\"6379:6379\"]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    ports: [\"127.0.0.1:6379:6379\"]\n",
		Mend:     "Publish on 127.0.0.1, or not at all: containers of one network reach each other anyway.",
		Ignore:   "Where other hosts are clients, and a firewall that Docker does not go around stands before it.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce}},
	},
	"data-volume-missing": {
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly yes\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly yes\n    volumes: [data:/data]\nvolumes:\n  data:\n",
		Mend:     "Mount a named volume where the data are, or turn saving off: --save '' --appendonly no.",
		Ignore:   "Where the data may go. For a cache, tell it in .rcomp.toml: [services.NAME] role = \"cache\".",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: AtFault}},
	},
	"healthcheck-missing": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Add a check, and let what needs the server wait for service_healthy.",
		Ignore:   "Where the server is watched from outside, and nothing waits for it.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Possible, Soon: AtFault}},
	},
	"healthcheck-without-auth": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    environment: {REDISCLI_AUTH: \"${PASSWORD:?}\"}\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Give the client REDISCLI_AUTH.",
		Ignore:   "Where it is enough to know that the port answers.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Certain, Soon: AtOnce}},
	},
	"image-tag-floating": {
		Fault:    "services:\n  cache:\n    image: redis\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4\n",
		Mend:     "Name the minor version, or all of it, and let a program raise it.",
		Ignore:   "On machines whose data may be lost, such as those of developers.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtFault}},
	},
	"replica-without-masterauth": {
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n  two:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?} --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n  two:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?} --masterauth ${PASSWORD:?} --replicaof one 6379\n",
		Mend:     "Set masterauth to the master's password, on all of a set.",
		Ignore:   "Where a script sets it at run time.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"sentinel-conf-not-writable": {
		Fault:    "services:\n  watch:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./sentinel.conf:/conf/sentinel.conf:ro]\n",
		NearMiss: "services:\n  watch:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n",
		Mend:     "Mount a directory of its own that user 999 may write to, or copy the file there at the start.",
		Ignore:   "Never: Sentinel writes what it learns into its conf, and stops where it cannot.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}, {When: "it starts, and cannot keep what it learns", Hurt: Neighbours, Surely: Certain, Soon: AtFault}},
	},
	"sentinel-hostname-unresolved": {
		Fault:    "services:\n  watch:\n    image: redis:7.4.6\n    command: [redis-server, --sentinel, --sentinel monitor main cache 6379 2]\n",
		NearMiss: "services:\n  watch:\n    image: redis:7.4.6\n    command: [redis-server, --sentinel, --sentinel resolve-hostnames yes, --sentinel monitor main cache 6379 2]\n",
		Mend:     "Set sentinel resolve-hostnames yes before the masters, and announce-hostnames with it.",
		Ignore:   "Where the name is put in the place of an address before Sentinel reads it.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"sentinel-count": {
		Fault:    "services:\n  watch:\n    image: redis:7.4.6\n    container_name: watch\n    command: [redis-server, --sentinel, --sentinel monitor main 10.0.0.2 6379 1]\n",
		NearMiss: "services:\n  watch:\n    image: redis:7.4.6\n    command: [redis-server, --sentinel, --sentinel monitor main 10.0.0.2 6379 2]\n    deploy: {replicas: 3}\n",
		Mend:     "Run three or more, on machines that do not fail together.",
		Ignore:   "Where the others run in another project.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Certain, Soon: AtFault}, {When: "the quorum cannot be reached", Hurt: Data, Surely: Certain, Soon: AtFault}},
	},
	"cluster-announce-missing": {
		Fault:    "services:\n  node:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes\n    ports: [\"7000:6379\"]\n",
		NearMiss: "services:\n  node:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes\n",
		Mend:     "Set cluster-announce-ip, -port and -bus-port to what clients reach, and publish the bus port; or let clients into the network.",
		Ignore:   "Where the published port is for people, and no client of the cluster uses it.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Conditional, Soon: AtOnce}},
	},
	"cluster-without-replicas": {
		Fault:    "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-yes\n",
		NearMiss: "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 10.0.0.4:6379 10.0.0.5:6379 10.0.0.6:6379 --cluster-replicas 1 --cluster-yes\n",
		Mend:     "Give it six nodes and --cluster-replicas 1.",
		Ignore:   "Where the loss of a part of the keys is put up with.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: AtFault}},
	},
	"ignore-unused": {
		Fault:    "services:\n  cache:\n    # rcomp: ignore[image-tag-floating] we follow it\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    # rcomp: ignore[image-tag-floating] we follow it\n    image: redis\n",
		Mend:     "Take the rule out of the comment, or the comment out of the file.",
		Ignore:   "Turn it off in .rcomp.toml where files are shared with a repository that has the finding.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: Sometimes}},
	},
	"ignore-unknown-rule": {
		Fault:    "services:\n  cache: # rcomp: ignore[pasword-missing] nobody else is here\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache: # rcomp: ignore[password-missing] nobody else is here\n    image: redis:7.4.6\n",
		Mend:     "Write a name that rcomp rules lists.",
		Ignore:   "Turn it off in .rcomp.toml while machines have several versions of rcomp.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: Sometimes}},
	},
	"ignore-without-reason": {
		Fault:    "services:\n  cache: # rcomp: ignore[password-missing]\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache: # rcomp: ignore[password-missing] nobody else is here\n    image: redis:7.4.6\n",
		Mend:     "Say behind the bracket why it is none.",
		Ignore:   "Never: say why.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: Sometimes}},
	},
	"config-glob-unmatched": {
		Mend:   "Correct the pattern, or take it out.",
		Ignore: "Where the files are made later, as by a build: config-glob-unmatched = \"off\" under [rules].",
		Cases:  []Case{{Hurt: Data, Surely: Conditional, Soon: Sometimes}},
	},
	"config-service-unmatched": {
		Mend:   "Correct the name, or take the table out.",
		Ignore: "Where the file with the service is made later: config-service-unmatched = \"off\" under [rules].",
		Cases:  []Case{{Hurt: Data, Surely: Conditional, Soon: Sometimes}},
	},
}
