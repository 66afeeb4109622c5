package rules

var healthGuides = map[string]Guide{
	"healthcheck-never-succeeds": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --port 6380\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --port 6380\n    healthcheck: {test: [CMD, redis-cli, -p, \"6380\", ping]}\n",
		Mend:     "Ask the port that the server listens on, with --tls where it is encrypted, by the client that the image has.",
		Ignore:   "Never: Docker says unhealthy for ever.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"healthcheck-never-fails": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: \"redis-cli ping || true\"}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: \"redis-cli ping || exit 1\"}\n",
		Mend:     "Let the check end in what tells: redis-cli -e ping, or ping | grep -q PONG.",
		Ignore:   "Where a check must be there, and nobody asks for its result.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Certain, Soon: AtOnce}},
	},
	"healthcheck-without-shell": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, ping, \"|\", grep, PONG]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD-SHELL, \"redis-cli ping | grep PONG\"]}\n",
		Mend:     "Write CMD-SHELL and the whole as one text.",
		Ignore:   "Where it is enough to know that the port answers.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Certain, Soon: AtOnce}},
	},
	"healthcheck-writes": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, incr, ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Ask PING.",
		Ignore:   "Where it is to be tested that the server takes writes, on a master.",
		Cases:    []Case{{Hurt: Neighbours, Surely: Certain, Soon: AtOnce}},
	},
}
