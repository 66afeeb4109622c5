package redis

import (
	"fmt"
	"strings"
)

// The scripts were read at bitnami/containers, Redis 7.4 to 8.10 and Valkey
// 9.1. Older ones differ in what is said below.

// bitnamiVariable looks up a variable that may also come as the content of a
// file; the file wins if it is readable.
func (s *script) bitnamiVariable(suffix string) setting {
	name := s.prefix() + suffix
	if file := s.variable(name + "_FILE"); file.given() {
		return setting{variable: file.variable, unknown: true}
	}
	return s.variable(name)
}

// bitnamiPlain looks up a variable without the engine's name in it.
func (s *script) bitnamiPlain(name string) setting {
	if file := s.variable(name + "_FILE"); file.given() {
		return setting{variable: file.variable, unknown: true}
	}
	return s.variable(name)
}

func (s *script) prefix() string { return strings.ToUpper(string(s.image.Engine)) + "_" }

// primary is the engine's word for a master in names of variables.
func (s *script) primary() string {
	if s.image.Engine == Valkey {
		return "PRIMARY"
	}
	return "MASTER"
}

// authDirective is the directive that holds a replica's password for its master.
func (s *script) authDirective() string {
	if s.image.Engine == Valkey {
		return "primaryauth"
	}
	return "masterauth"
}

// write puts a variable into the conf as the scripts do: control characters
// dropped, no quotes around it, so that a blank or a quote in it counts.
func (s *script) write(directive string, from setting) {
	if from.unknown {
		s.set(from, directive)
		return
	}
	value := strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, from.value)
	if value == "" {
		s.set(from, directive, "")
		return
	}
	args, err := SplitWords(value, s.image.Release)
	s.set(from, directive, args...)
	if err != nil {
		s.made[len(s.made)-1].Err = fmt.Errorf("the image writes %s into its conf file without quotes: %w", from.variable, err)
	}
}

// writeGiven is write for a variable that counts only if it holds something.
func (s *script) writeGiven(directive string, from setting) {
	if from.given() {
		s.write(directive, from)
	}
}

// when sets a directive if a boolean variable says yes.
func (s *script) when(condition setting, directive string, args ...string) {
	if condition.unknown || condition.yes() {
		s.set(condition, directive, args...)
	}
}

// bitnamiServer follows setup.sh and run.sh of the server images. Their
// built-in conf is the engine's own example file, whose values are the engine's
// defaults except for those set here.
func (s *script) bitnamiServer() {
	cluster := strings.HasSuffix(string(s.image.Family), "-cluster")
	data := "/bitnami/" + string(s.image.Engine) + "/data"
	var builtIn setting
	s.set(builtIn, "dir", data)
	s.set(builtIn, "pidfile", "/opt/bitnami/"+string(s.image.Engine)+"/tmp/"+string(s.image.Engine)+".pid")
	s.set(builtIn, "logfile", "")
	if cluster {
		s.set(builtIn, "cluster-enabled", "yes")
		s.set(builtIn, "cluster-config-file", data+"/nodes.conf")
	} else {
		s.set(builtIn, "save", "")
	}
	s.when(s.bitnamiPlain("ALLOW_EMPTY_PASSWORD"), "protected-mode", "no")
	s.bitnamiBind()
	s.write("appendonly", s.bitnamiVariable("AOF_ENABLED").or("yes"))
	s.bitnamiSave()
	s.bitnamiPorts("", "6379")
	s.writeGiven("io-threads-do-reads", s.bitnamiVariable("IO_THREADS_DO_READS"))
	s.writeGiven("io-threads", s.bitnamiVariable("IO_THREADS"))
	s.writeGiven("requirepass", s.bitnamiVariable("PASSWORD"))
	s.bitnamiDisableCommands()
	s.writeGiven("aclfile", s.bitnamiVariable("ACLFILE"))
	if cluster {
		s.bitnamiCluster()
	} else {
		s.bitnamiReplication()
	}
	s.fixedFlag("daemonize", "no")
}

func (s *script) bitnamiBind() {
	remote := s.bitnamiVariable("ALLOW_REMOTE_CONNECTIONS").or("yes")
	if remote.unknown || remote.yes() {
		s.set(remote, "bind", "0.0.0.0", "::")
		return
	}
	// What the engine's example file has.
	s.set(remote, "bind", "127.0.0.1", "-::1")
}

// bitnamiSave adds save points to the empty one: "900#1 60#1000".
func (s *script) bitnamiSave() {
	policy := s.bitnamiVariable("RDB_POLICY")
	if policy.unknown {
		s.set(policy, "save")
		return
	}
	for point := range strings.FieldsSeq(policy.value) {
		s.write("save", setting{variable: policy.variable, value: strings.ReplaceAll(point, "#", " ")})
	}
	if !policy.given() {
		s.when(s.bitnamiVariable("RDB_POLICY_DISABLED"), "save", "")
	}
}

// bitnamiPorts sets the ports and TLS. With both ports left at the default, TLS
// takes the only one.
func (s *script) bitnamiPorts(infix, standard string) {
	port := s.bitnamiVariable(infix + "PORT_NUMBER").or(standard)
	tls := s.bitnamiVariable(infix + "TLS_ENABLED")
	if !tls.unknown && !tls.yes() {
		s.write("port", port)
		return
	}
	tlsPort := s.bitnamiVariable(infix + "TLS_PORT_NUMBER").or(standard)
	if tls.unknown {
		for _, directive := range []string{"port", "tls-port", "tls-cert-file", "tls-key-file", "tls-ca-cert-file", "tls-ca-cert-dir", "tls-auth-clients"} {
			s.set(tls, directive)
		}
		return
	}
	if port.value == standard && tlsPort.value == standard {
		port = setting{variable: tls.variable, value: "0"}
	}
	s.write("port", port)
	s.write("tls-port", tlsPort)
	s.write("tls-cert-file", s.bitnamiVariable(infix+"TLS_CERT_FILE"))
	s.write("tls-key-file", s.bitnamiVariable(infix+"TLS_KEY_FILE"))
	if ca := s.bitnamiVariable(infix + "TLS_CA_FILE"); ca.given() {
		s.write("tls-ca-cert-file", ca)
	} else {
		s.write("tls-ca-cert-dir", s.bitnamiVariable(infix+"TLS_CA_DIR"))
	}
	s.writeGiven("tls-key-file-pass", s.bitnamiVariable(infix+"TLS_KEY_FILE_PASS"))
	s.writeGiven("tls-dh-params-file", s.bitnamiVariable(infix+"TLS_DH_PARAMS_FILE"))
	s.write("tls-auth-clients", s.bitnamiVariable(infix+"TLS_AUTH_CLIENTS").or("yes"))
}

func (s *script) bitnamiDisableCommands() {
	commands := s.bitnamiVariable("DISABLE_COMMANDS")
	if commands.unknown {
		s.set(commands, "rename-command")
		return
	}
	for command := range strings.FieldsSeq(strings.ReplaceAll(commands.value, ",", " ")) {
		s.set(commands, "rename-command", command, "")
	}
}

// bitnamiCluster sets what a node announces. The stored scripts leave the
// masters' password to the environment's other variables in some versions and
// set it in others.
func (s *script) bitnamiCluster() {
	announced := s.bitnamiVariable("CLUSTER_ANNOUNCE_IP")
	if dynamic := s.bitnamiVariable("CLUSTER_DYNAMIC_IPS").or("yes"); dynamic.unknown || dynamic.yes() {
		// The container's own address.
		announced = setting{variable: dynamic.variable, unknown: true}
	}
	s.write("cluster-announce-ip", announced)
	s.writeGiven("cluster-announce-hostname", s.bitnamiVariable("CLUSTER_ANNOUNCE_HOSTNAME"))
	s.writeGiven("cluster-preferred-endpoint-type", s.bitnamiVariable("CLUSTER_PREFERRED_ENDPOINT_TYPE"))
	s.writeGiven("cluster-announce-port", s.bitnamiVariable("CLUSTER_ANNOUNCE_PORT"))
	s.writeGiven("cluster-announce-bus-port", s.bitnamiVariable("CLUSTER_ANNOUNCE_BUS_PORT"))
	tls := s.bitnamiVariable("TLS_ENABLED")
	s.when(tls, "tls-cluster", "yes")
	s.when(tls, "tls-replication", "yes")
	if password := s.bitnamiVariable("PASSWORD"); password.given() {
		s.set(setting{variable: password.variable, unknown: true}, s.authDirective())
	}
}

func (s *script) bitnamiReplication() {
	mode := s.bitnamiVariable("REPLICATION_MODE")
	if !mode.given() {
		return
	}
	if mode.unknown {
		s.set(mode, s.authDirective())
		s.set(mode, "replicaof")
		return
	}
	port := s.bitnamiVariable(s.primary() + "_PORT_NUMBER").or("6379")
	address := s.bitnamiVariable("REPLICA_IP")
	if !address.given() {
		// The container's own address.
		address.unknown = true
	}
	s.write("replica-announce-ip", address)
	announced := s.bitnamiVariable("REPLICA_PORT")
	if !announced.given() {
		announced = port
	}
	s.write("replica-announce-port", announced)
	s.when(s.bitnamiVariable("TLS_ENABLED"), "tls-replication", "yes")
	if mode.value == "master" || mode.value == "primary" {
		s.bitnamiMasterAuth()
		return
	}
	s.writeGiven(s.authDirective(), s.bitnamiVariable(s.primary()+"_PASSWORD"))
	s.bitnamiReplicaOf(port)
}

// bitnamiMasterAuth lets a master become a replica. The scripts of Redis 7.4
// were seen to do so only with a user set as well.
func (s *script) bitnamiMasterAuth() {
	password := s.bitnamiVariable("PASSWORD")
	password.unknown = password.unknown || password.given() && s.image.Release == Release{Redis, 7, 4}
	s.writeGiven(s.authDirective(), password)
}

// bitnamiReplicaOf names the master, which a Sentinel may have to be asked for.
func (s *script) bitnamiReplicaOf(port setting) {
	host := s.bitnamiVariable(s.primary() + "_HOST")
	if sentinel := s.bitnamiVariable("SENTINEL_HOST"); sentinel.given() {
		host = setting{variable: sentinel.variable, unknown: true}
	}
	host.unknown = host.unknown || port.unknown
	s.set(host, "replicaof", host.value, port.value)
}

// bitnamiSentinel follows the Sentinel images. They read the environment only
// as long as no sentinel.conf is in the volume.
func (s *script) bitnamiSentinel() {
	set := s.bitnamiVariable(s.primary() + "_SET").or("my" + strings.ToLower(s.primary()))
	for _, directive := range []struct{ name, value string }{
		{"bind", "0.0.0.0 ::"}, {"daemonize", "no"}, {"logfile", ""},
	} {
		s.write(directive.name, setting{value: directive.value})
	}
	if password := s.bitnamiVariable("SENTINEL_PASSWORD"); password.given() {
		s.set(password, "requirepass", password.value)
	}
	host := s.bitnamiVariable(s.primary() + "_HOST").or(string(s.image.Engine))
	port := s.bitnamiVariable(s.primary() + "_PORT_NUMBER").or("6379")
	quorum := s.bitnamiVariable("SENTINEL_QUORUM").or("2")
	s.sentinel("monitor", set, host, port, quorum)
	s.sentinel("down-after-milliseconds", set, s.bitnamiVariable("SENTINEL_DOWN_AFTER_MILLISECONDS").or("60000"))
	s.sentinel("failover-timeout", set, s.bitnamiVariable("SENTINEL_FAILOVER_TIMEOUT").or("180000"))
	s.sentinel("parallel-syncs", set, setting{value: "1"})
	for _, word := range []string{"auth-pass", "auth-user"} {
		suffix := map[string]string{"auth-pass": "_PASSWORD", "auth-user": "_USER"}[word]
		if value := s.bitnamiVariable(s.primary() + suffix); value.given() {
			s.sentinel(word, set, value)
		}
	}
	for _, word := range []string{"announce-ip", "announce-port"} {
		suffix := strings.ToUpper(strings.ReplaceAll(word, "-", "_"))
		if value := s.bitnamiVariable("SENTINEL_" + suffix); value.given() {
			s.sentinel(word, value)
		}
	}
	s.sentinel("resolve-hostnames", s.bitnamiVariable("SENTINEL_RESOLVE_HOSTNAMES").or("yes"))
	s.sentinel("announce-hostnames", s.bitnamiVariable("SENTINEL_ANNOUNCE_HOSTNAMES").or("no"))
	s.bitnamiPorts("SENTINEL_", "26379")
}

// sentinel adds a sentinel line. Its variable is the last one of the words that
// has one; one unknown word makes the line unknown.
func (s *script) sentinel(word string, words ...setting) {
	var from setting
	args := []string{word}
	for _, w := range words {
		if w.variable != "" {
			from.variable = w.variable
		}
		from.unknown = from.unknown || w.unknown
		args = append(args, w.value)
	}
	s.set(from, "sentinel", args...)
	if from.unknown {
		s.made[len(s.made)-1].Args = []string{word}
	}
}
