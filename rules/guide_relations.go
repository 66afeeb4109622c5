package rules

var relationsGuides = map[string]Guide{
	"client-address-wrong": {
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    ports: [\"127.0.0.1:6380:6379\"]\n  web:\n    image: example/web:1\n    environment: {REDIS_URL: \"redis://db:6380\"}\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    ports: [\"127.0.0.1:6380:6379\"]\n  web:\n    image: example/web:1\n    environment: {REDIS_URL: \"redis://db:6379\"}\n",
		Mend:     "Give the client what the server has: inside the project the port in the container.",
		Ignore:   "Where the client does not use the address.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Certain, Soon: AtOnce}},
	},
	"min-replicas-unreachable": {
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --min-replicas-to-write 2\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --min-replicas-to-write 1\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		Mend:     "Ask for fewer, or run more replicas.",
		Ignore:   "Where further replicas run in another project.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"cluster-create-unconfirmed": {
		Fault:    "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379\n",
		NearMiss: "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-yes\n",
		Mend:     "Add --cluster-yes.",
		Ignore:   "Where a person starts the container with a terminal and answers.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"server-locked-out": {
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --bind 127.0.0.1\n    ports: [\"6379:6379\"]\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --bind 127.0.0.1\n    network_mode: host\n",
		Mend:     "Leave bind out, or bind *; set a password, or turn protected mode off on purpose.",
		Ignore:   "Where everything that uses the server runs in its own container.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"dangerous-commands-enabled": {
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --enable-debug-command yes\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --enable-debug-command local\n",
		Mend:     "Take the directive out, or write local.",
		Ignore:   "On a machine for tests of the server itself.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce}},
	},
	"sysctl-refused": {
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    sysctls: [vm.overcommit_memory=1]\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    sysctls: [net.core.somaxconn=1024]\n",
		Mend:     "Set it on the host, and take it out of the file.",
		Ignore:   "Never: the container is not made.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"stack-port-address": {
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    ports: [\"127.0.0.1:6379:6379\"]\n    deploy: {placement: {constraints: [node.labels.db == 1]}}\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    deploy: {placement: {constraints: [node.labels.db == 1]}}\n",
		Mend:     "Publish nothing, or keep the port shut by a firewall that Docker does not go around.",
		Ignore:   "Where a firewall stands before every machine.",
		Cases: []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce},
			{When: "there is no password", Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"container-privileged": {
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    privileged: true\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    privileged: false\n",
		Mend:     "Take it out; set kernel settings on the host.",
		Ignore:   "Never for a server.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce}},
	},
}
