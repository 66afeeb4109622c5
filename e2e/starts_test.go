package e2e

// conf is the one file of a case whose server reads /conf/redis.conf.
func conf(content string) map[string]string { return map[string]string{"redis.conf": content} }

const (
	withConf     = "command: SERVER /conf/redis.conf"
	longPassword = "kThKkbWeTm1Jbcrw2nXkqLZp4d0aRzQs"
)

// oddStarts all end in a running server.
var oddStarts = []start{
	{name: "bare", each: true},
	{name: "flags-alone", service: "command: --maxmemory 64mb --maxmemory-policy allkeys-lru"},
	{name: "conf-alone", each: true, service: "command: /conf/redis.conf", files: conf("maxmemory 64mb\n")},
	{name: "flags-over-conf", service: "command: SERVER /conf/redis.conf --maxmemory 32mb", files: conf("maxmemory 64mb\ntimeout 60\n")},
	{name: "conf-ignored", files: conf("maxmemory 64mb\n")},
	{name: "entrypoint-replaced", service: `entrypoint: ["SERVER"]` + "\ncommand: --maxmemory 64mb"},
	{name: "shell", service: `command: sh -c "exec SERVER --maxmemory 64mb --databases 4"`},
	{name: "shell-variable", service: "environment:\n  LIMIT: 64mb\n" + `command: ["sh", "-c", "exec SERVER --maxmemory $$LIMIT"]`},
	{name: "folded", service: "command: >\n  SERVER\n  --maxmemory 64mb\n  --databases 4"},
	{name: "literal-block", service: "command: |\n  SERVER\n  --maxmemory 64mb\n  --databases 4"},
	{name: "cut-at-semicolon", service: "command: SERVER --requirepass pa;ss --appendonly yes", password: "pa"},
	{name: "cut-at-and", service: "command: SERVER --databases 4 && redis-cli ping"},
	{name: "variable-default", service: "command: SERVER --maxmemory ${RCOMP_E2E_UNSET:-64mb}"},
	{name: "variables-empty", service: "command: SERVER --masterauth ${RCOMP_E2E_UNSET} --requirepass ${RCOMP_E2E_UNSET}",
		unknown: []string{"masterauth", "requirepass"}},
	{name: "variable-quoted", service: `command: SERVER --requirepass "${RCOMP_E2E_UNSET}"`,
		unknown: []string{"requirepass"}},

	{name: "save-repeated", service: "command: SERVER --save 900 1 --save 300 10"},
	{name: "save-one-word", service: "command: " + quoted("SERVER", "--save", "900 1 300 10")},
	{name: "save-many-words", service: "command: SERVER --save 900 1 300 10"},
	{name: "save-empty", service: `command: SERVER --save "" --appendonly yes`},
	{name: "save-last", service: "command: SERVER --appendonly yes --save"},
	{name: "save-before-flag", service: "command: SERVER --save --appendonly yes"},
	{name: "save-over-conf", service: "command: SERVER /conf/redis.conf --save 60 1", files: conf("save 900 1\n")},
	{name: "save-over-empty-conf", service: "command: SERVER /conf/redis.conf --save 60 1", files: conf("save \"\"\n")},
	{name: "save-reset-in-conf", service: withConf, files: conf("save 900 1\nsave \"\"\nsave 30 5\n")},
	{name: "save-absent-in-conf", service: withConf, files: conf("timeout 5\n")},
	{name: "flag-and-value-one-word", service: "command: " + quoted("SERVER", "--save 60 1", "--appendonly no")},

	{name: "password-empty", service: `command: SERVER --requirepass ''`},
	{name: "password-with-hash", service: withConf, files: conf("requirepass abc#def\n"), password: "abc#def"},
	{name: "password-with-escape", service: withConf, files: conf(`requirepass "a\x41b"` + "\n"), password: "aAb"},
	{name: "password-is-literal", service: withConf, files: conf("requirepass ${REDIS_PASSWORD}\n"), password: "${REDIS_PASSWORD}"},
	{name: "password-in-flag", service: "command: SERVER --requirepass " + longPassword, password: longPassword},
	{name: "password-is-flag", service: "command: SERVER --requirepass --masterauth", password: "--masterauth"},
	{name: "password-last-wins", service: withConf, files: conf("requirepass one\nrequirepass two\n"), password: "two"},

	{name: "size-m", service: "command: SERVER --maxmemory 256m"},
	{name: "size-mb", service: "command: SERVER --maxmemory 256mb"},
	{name: "size-upper", service: "command: SERVER --maxmemory 1GB"},
	{name: "size-bytes", service: "command: SERVER --maxmemory 1000000"},
	{name: "clients-percent", service: "command: SERVER --maxmemory-clients 5%"},
	{name: "upper-case-bool", service: "command: SERVER --appendonly YES"},
	{name: "mixed-case-enum", service: "command: SERVER --appendfsync EverySec"},
	{name: "mixed-case-name", service: withConf, files: conf("MaxMemory 64MB\nMAXMEMORY-POLICY allkeys-lfu\n")},
	{name: "old-names", service: "command: SERVER --hash-max-ziplist-entries 64 --slave-priority 7"},
	{name: "dead-names", service: "command: SERVER --dynamic-hz no --lua-replicate-commands yes --list-max-ziplist-entries 64 --io-threads-do-reads yes"},
	{name: "octal-number", service: "command: SERVER --unixsocketperm 700"},
	{name: "events", service: "command: SERVER --notify-keyspace-events KEA"},
	{name: "buffer-limit", service: "command: SERVER --client-output-buffer-limit replica 64mb 32mb 30"},
	{name: "buffer-limits", service: withConf, files: conf("client-output-buffer-limit normal 1mb 512kb 10\nclient-output-buffer-limit pubsub 8mb 2mb 60\n")},
	{name: "bind", service: "command: SERVER --bind 127.0.0.1 -::1 --protected-mode yes"},
	{name: "negative-priority", service: "command: SERVER --oom-score-adj-values 0 200 800 --oom-score-adj no"},
	{name: "replica", service: "command: " + quoted("SERVER", "--replicaof", "127.0.0.1 6399")},
	{name: "replica-words", service: "command: SERVER --slaveof 127.0.0.1 6399 --slave-read-only no"},
	{name: "user", service: "command: " + quoted("SERVER", "--user alice on >secret +@all ~*")},
	{name: "append-only", service: withConf, files: conf("appendonly yes\nappendfsync always\nauto-aof-rewrite-min-size 16mb\naof-use-rdb-preamble yes\n")},
	{name: "locale", service: "environment:\n  LANG: C.UTF-8\ncommand: SERVER --databases 2"},

	{name: "conf-crlf", service: withConf, files: conf("maxmemory 64mb\r\nappendonly yes\r\n")},
	{name: "conf-indented", service: withConf, files: conf("  maxmemory\t64mb  \n\t# note\n\n   timeout 9\n")},
	{name: "conf-quoted", service: withConf, files: conf("dbfilename 'my dump.rdb'\nproc-title-template \"{title} \\\"x\\\"\"\n")},
	{name: "conf-is-directory", service: withConf, files: map[string]string{"redis.conf/nothing": ""}},
	{name: "conf-from-stdin", service: "command: SERVER - --databases 3", unknown: []string{everything}},
	{name: "conf-inline", service: "command: SERVER /etc/redis.conf\nconfigs:\n  - source: inline\n    target: /etc/redis.conf"},
	{name: "include-flag", service: "command: SERVER --include /conf/redis.conf", files: conf("maxmemory 64mb\n")},
	{name: "include-order", service: withConf, files: map[string]string{
		"redis.conf": "timeout 1\nmaxmemory 1mb\ninclude /conf/more.conf\nmaxmemory 32mb\n",
		"more.conf":  "timeout 2\nmaxmemory 64mb\n",
	}},
	{name: "include-glob", service: withConf, files: map[string]string{
		"redis.conf":    "include /conf/parts/*.conf\ninclude /conf/none/*.conf\n",
		"parts/20.conf": "timeout 20\n",
		"parts/10.conf": "timeout 10\ndatabases 10\n",
	}},
	{name: "include-relative", service: "working_dir: /conf\n" + withConf, files: map[string]string{
		"redis.conf": "include more.conf\n",
		"more.conf":  "timeout 2\n",
	}},

	{name: "extra-flags", engine: "valkey", service: "environment:\n  VALKEY_EXTRA_FLAGS: --maxmemory 64mb --databases 4\ncommand: SERVER --databases 2"},
	{name: "redis-variable-means-nothing", engine: "redis", service: "environment:\n  REDIS_PASSWORD: secret\n  REDIS_ARGS: --maxmemory 64mb"},
	{name: "absolute-path", service: "command: /usr/local/bin/SERVER --maxmemory 64mb"},
}

// refusedStarts all end with exit status 1 and a message about one directive.
var refusedStarts = []start{
	{name: "password-last", service: "command: SERVER --requirepass"},
	{name: "password-before-flag", service: "command: SERVER --requirepass --appendonly yes"},
	{name: "policy-as-flag", service: "command: SERVER --volatile-ttl"},
	{name: "policy-unknown", service: "command: SERVER --maxmemory-policy volatile_lru"},
	{name: "directive-of-nobody", service: "command: SERVER --max-memory 64mb"},
	{name: "directive-of-the-past", service: "command: SERVER --gopher-enabled yes"},
	{name: "size-mib", service: "command: SERVER --maxmemory 256MiB"},
	{name: "size-fraction", service: "command: SERVER --maxmemory 1.5gb"},
	{name: "size-percent", service: "command: SERVER --maxmemory 75%"},
	{name: "size-negative", service: withConf, files: conf("maxmemory -1\n")},
	{name: "size-spaced", service: withConf, files: conf("maxmemory 256 mb\n")},
	{name: "bool-true", service: `command: SERVER --appendonly true`},
	{name: "save-odd", service: "command: SERVER --save 60"},
	{name: "port-too-high", service: "command: SERVER --port 70000"},
	{name: "comment-after-value", service: withConf, files: conf("maxmemory 100mb # enough\n")},
	{name: "comment-after-save", service: withConf, files: conf("save 900 1 # often\n")},
	{name: "equals", service: withConf, files: conf("maxmemory=100mb\n")},
	{name: "colon", service: withConf, files: conf("maxmemory: 100mb\n")},
	{name: "quotes-open", service: withConf, files: conf("requirepass \"abc\n")},
	{name: "byte-order-mark", service: withConf, files: conf("\ufeff# comment\n")},
	{name: "conf-after-flags", service: "command: SERVER --appendonly yes /conf/redis.conf", files: conf("timeout 1\n")},
}
