package e2e

import "github.com/stretchr/testify/assert"

const (
	secretPassword = "Wq7uZc2LkN9xTb4e"
	neverAnswered  = "none: it never answered"
	noAuth         = "NOAUTH Authentication required."
	outOfMemory    = "OOM command not allowed when used memory > 'maxmemory'."
)

var same = [2]string{secretPassword, secretPassword}

// badStacks come in the order in which their rules find something in public files.
var badStacks = []badStack{
	{name: "no-ceiling", rules: []string{"maxmemory-not-set"}, look: filled,
		before: "killed by the kernel", after: "running, and a write gets: " + outOfMemory},
	{name: "open-door", rules: []string{"password-missing"}, look: reached,
		before: "127.0.0.1 answers, the address of the host answers", after: "127.0.0.1 answers, the address of the host refuses"},
	{name: "no-check", rules: []string{"healthcheck-missing"}, look: hung,
		before: "stopped in its work: running, no word of its health", after: "stopped in its work: running, unhealthy"},
	{name: "no-volume", rules: []string{"data-volume-missing"}, look: madeAnew, carried: true,
		before: "gone after down and up", after: "there after down and up"},
	{name: "open-port", rules: []string{"port-on-all-interfaces"}, look: reached, passwords: same,
		before: "127.0.0.1 answers, the address of the host answers", after: "127.0.0.1 answers, the address of the host refuses"},
	{name: "password-in-command", rules: []string{"password-in-argv"}, look: shown, passwords: same, gate: true,
		before: "docker inspect shows the password", after: "docker inspect shows no password"},
	{name: "no-limit", rules: []string{"memory-limit-not-set"}, look: greedy,
		before: "200 MB beside the data are taken from the host", after: "200 MB beside the data are refused; the server: PONG"},
	{name: "password-in-check", rules: []string{"password-in-healthcheck"}, look: shown, passwords: same,
		before: "docker inspect shows the password", after: "docker inspect shows no password"},
	{name: "empty-variable", rules: []string{"password-variable-empty"}, look: withoutPassword, passwords: [2]string{"", secretPassword},
		before: "PONG", after: noAuth,
		then: func(s *stack) {
			assert.Contains(s.t, s.compose("up", "--detach").stderr, "required variable REDIS_PASSWORD is missing a value")
			s.write(".env", "REDIS_PASSWORD="+secretPassword+"\n")
		}},
	{name: "check-without-login", rules: []string{"healthcheck-without-auth"}, look: checkOfRefusal, passwords: same, gate: true,
		before: "healthy; the check of a server that refuses it exits with 0", after: "healthy; the check of a server that refuses it exits with 1"},
	{name: "read-only-sentinel", rules: []string{"sentinel-conf-not-writable"}, look: quorum, service: "main",
		before: "ended with 1", after: "OK 1 usable Sentinels. Quorum and failover authorization can be reached"},
	{name: "shared-volume", rules: []string{"data-volume-shared"}, look: ofTwo, lost: "those that were saved last stay on the old volume",
		before: "cache has the keys of the other", after: "each has its keys"},
	{name: "check-that-writes", rules: []string{"healthcheck-writes"}, look: checkChanges,
		before: "the check changes the data", after: "the check changes nothing"},
	{name: "check-that-swallows", rules: []string{"healthcheck-never-fails"}, look: checkOfRefusal,
		before: "healthy; the check of a server that refuses it exits with 0", after: "healthy; the check of a server that refuses it exits with 1"},
	{name: "socket-of-the-engine", rules: []string{"container-privileged"}, look: socket,
		before: "the engine can be asked from the container", after: "the engine cannot be asked from the container"},
	{name: "shell-in-front", rules: []string{"signals-lost"}, look: stopped,
		before: "ended with 137, and the last write is gone", after: "ended with 0, and the last write is there"},
	{name: "unread-conf", rules: []string{"conf-not-loaded"}, look: withoutPassword, passwords: [2]string{"", secretPassword},
		before: "PONG", after: noAuth},
	{name: "misspelt", rules: []string{"directive-invalid", "directive-unknown"}, look: directives("maxmemory", "maxmemory-policy", "appendonly"), service: "cache", gate: true,
		lost: neverAnswered, before: "ended with 1", after: "maxmemory 1610612736, maxmemory-policy allkeys-lru, appendonly yes"},
	{name: "sentinel-without-names", rules: []string{"sentinel-hostname-unresolved", "sentinel-conf-not-writable"}, look: quorum, service: "main",
		before: "ended with 1", after: "OK 1 usable Sentinels. Quorum and failover authorization can be reached"},
	{name: "in-the-background", rules: []string{"server-ends"}, look: running, lost: neverAnswered,
		before: "ended with 0", after: "PONG"},
	{name: "jobs-dropped", rules: []string{"queue-evicts"}, look: filledWithJob, service: "queue",
		before: "the job is dropped", after: "the job is there, and another write gets: " + outOfMemory},

	// Those that no public file of the corpus has.
	{name: "ceiling-above-limit", rules: []string{"maxmemory-over-memory-limit"}, look: filled,
		before: "killed by the kernel", after: "running, and a write gets: " + outOfMemory},
	{name: "check-of-another-port", rules: []string{"healthcheck-never-succeeds"}, look: health, port: "6380",
		before: "unhealthy", after: "healthy"},
	{name: "check-without-shell", rules: []string{"healthcheck-without-shell"}, look: checkOfRefusal,
		before: "healthy; the check of a server that refuses it exits with 0", after: "healthy; the check of a server that refuses it exits with 1"},
	{name: "rights-dropped", rules: []string{"server-ends"}, look: running, lost: neverAnswered,
		before: "ended with 1", after: "PONG"},
	{name: "setting-of-the-host", rules: []string{"sysctl-refused"}, look: running, refused: true, lost: neverAnswered,
		before: "created", after: "PONG"},
	{name: "client-asks-another-port", rules: []string{"client-address-wrong"}, look: ofClient, port: "6380",
		before: "Could not connect to Redis at db:6379: Connection refused", after: "PONG"},
	{name: "replica-without-password", rules: []string{"replica-without-masterauth"}, look: link, service: "main", passwords: same,
		before: "master_link_status:down", after: "master_link_status:up"},
	{name: "node-that-forgets", rules: []string{"cluster-node-forgets"}, look: nodeAnew, service: "node", lost: "the node starts once more as a stranger",
		before: "made anew it has another name", after: "made anew it has its name"},
	{name: "too-few-replicas", rules: []string{"min-replicas-unreachable"}, look: takenWrite, service: "main", lost: "none: it took no write",
		before: "NOREPLICAS Not enough good replicas to write.", after: "OK"},
	{name: "password-of-a-path", rules: []string{"password-is-path"}, look: withPath, passwords: [2]string{"/run/secrets/password", secretPassword},
		before: "PONG", after: noAuth},
	{name: "log-that-grows", rules: []string{"append-only-file-grows"}, look: rewritten,
		before: "10 MB are written over one key, and never rewritten", after: "10 MB are written over one key, and rewritten"},
}
