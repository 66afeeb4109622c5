package e2e

// script is the one file of a case whose server a script starts.
func script(content string) map[string]string { return map[string]string{"start.sh": content} }

const withScript = "command: sh /conf/start.sh"

// scriptStarts are servers that a script starts.
var scriptStarts = []start{
	{name: "condition-holds", service: withScript + "\nenvironment:\n  LIMIT: 64mb",
		files: script("if [ -n \"$LIMIT\" ]; then\n  exec SERVER --maxmemory \"$LIMIT\"\nelse\n  exec SERVER --databases 3\nfi\n")},
	{name: "condition-fails", service: withScript + "\nenvironment:\n  LIMIT: ''",
		files: script("if [ -n \"$LIMIT\" ]; then\n  exec SERVER --maxmemory \"$LIMIT\"\nelse\n  exec SERVER --databases 3\nfi\n")},
	{name: "branches-of-case", service: withScript + "\nenvironment:\n  MODE: small",
		files: script("case $MODE in\nlarge) set -- --maxmemory 1gb ;;\nsmall | tiny) set -- --maxmemory 64mb ;;\n*) set -- --maxmemory 32mb ;;\nesac\nexec SERVER --timeout 9 \"$@\"\n")},
	{name: "and-or", service: withScript + "\nenvironment:\n  LIMIT: 64mb",
		files: script("[ -n \"$LIMIT\" ] && FLAGS=\"--maxmemory $LIMIT\" || FLAGS=\"--databases 3\"\nexec SERVER $FLAGS\n")},
	{name: "false-and", service: withScript, files: script("false && exec SERVER --databases 3; exec SERVER --maxmemory 64mb\n")},
	{name: "function", service: withScript, files: script("start() {\n  exec SERVER \"$@\" --timeout 9\n}\nstart --maxmemory 64mb\n")},
	{name: "script-in-script", service: withScript, files: script("sh -s 64mb <<'EOF'\nexec SERVER --maxmemory \"$1\"\nEOF\n")},
	{name: "another-script", service: withScript, files: map[string]string{
		"start.sh": "#!/bin/sh\nset -e\ncd /conf\n. ./defaults\nexec sh ./run.sh --timeout 9\n",
		"defaults": "LIMIT=64mb\nexport LIMIT\n",
		"run.sh":   "exec SERVER --maxmemory \"$LIMIT\" \"$@\"\n",
	}},
	{name: "password-of-two-words", service: withScript + "\nenvironment:\n  PASSWORD: one two",
		files: script("exec SERVER ${PASSWORD:+--requirepass \"$PASSWORD\"}\n"), password: "one two"},
	{name: "background", service: withScript, files: script("SERVER --port 6390 --databases 3 &\nexec SERVER --maxmemory 64mb\n")},
	{name: "added-in-place", service: withScript, files: script("cp /conf/start.sh /tmp/x\necho 'maxmemory 64mb' > /tmp/cache.conf\necho timeout 9 | tee -a /tmp/cache.conf\nexec SERVER /tmp/cache.conf\n")},
	{name: "conf-of-branch", service: withScript + "\nenvironment:\n  CONF: /conf/b.conf", files: map[string]string{
		"start.sh": "[ -f \"$CONF\" ] || CONF=/conf/a.conf\nexec SERVER \"$CONF\"\n",
		"a.conf":   "databases 3\n",
		"b.conf":   "maxmemory 64mb\n",
	}},
	{name: "login-shell", service: "command: [bash, -euo, pipefail, -c, 'exec SERVER --maxmemory $$((64 * 1024 * 1024)) --timeout 9']"},
	{name: "set-words", service: withScript, files: script("set -- SERVER --maxmemory 64mb\nset -- \"$@\" --timeout 9\nexec \"$@\"\n")},
	{name: "here-document", service: withScript + "\nenvironment:\n  LIMIT: 64mb",
		files:    script("cat > /tmp/a.conf <<EOF\nmaxmemory $LIMIT\nEOF\ncat > /tmp/b.conf <<'EOF'\nrequirepass a$LIMIT\nEOF\ncat /tmp/a.conf /tmp/b.conf > /tmp/c.conf\nexec SERVER /tmp/c.conf\n"),
		password: "a$LIMIT"},
	{name: "template", service: withScript, files: map[string]string{
		"start.sh":   "sed -e 's/@LIMIT@/64mb/' -e 's/^#on //' /conf/redis.conf > /tmp/cache.conf\nprintf 'timeout %d\\nhz %s\\n' 9 20 >> /tmp/cache.conf\nexec SERVER /tmp/cache.conf\n",
		"redis.conf": "maxmemory @LIMIT@\n#on appendonly yes\n#off databases 3\n",
	}},
	{name: "alternatives", service: withScript + "\nenvironment:\n  PASSWORD: ''\n  LIMIT: 64mb",
		files: script("exec SERVER ${PASSWORD:+--requirepass \"$PASSWORD\"} ${LIMIT:+--maxmemory \"$LIMIT\"} --timeout \"${WAIT:-9}\"\n")},
	{name: "fills-first", service: withScript, files: script("SERVER --port 6390 --save '' --daemonize yes\nredis-cli -p 6390 ping\nredis-cli -p 6390 shutdown nosave\nexec SERVER --maxmemory 64mb\n")},
	{name: "entered", service: "entrypoint: [sh, /conf/start.sh]\ncommand: [--maxmemory, 64mb]", files: script("exec docker-entrypoint.sh \"$@\" --timeout 9\n")},
	{name: "positions", service: "command: [sh, -c, 'exec SERVER \"$$@\"', --, --maxmemory, 64mb]"},

	{name: "extra-conf", engine: "valkey", service: "environment:\n  VALKEY_EXTRA_FLAGS: /conf/redis.conf", files: conf("maxmemory 64mb\nmaxmemory-policy allkeys-lru\n")},
	{name: "extra-behind-script", engine: "valkey", service: withScript + "\nenvironment:\n  VALKEY_EXTRA_FLAGS: --databases 3", files: script("exec SERVER --maxmemory 64mb\n")},
	{name: "extra-past-entrypoint", engine: "valkey", service: "entrypoint: SERVER\nenvironment:\n  VALKEY_EXTRA_FLAGS: --databases 3"},
	{name: "extra-quotes", engine: "valkey", service: "environment:\n  VALKEY_EXTRA_FLAGS: --proc-title-template 'x'"},
	{name: "extra-conf-and-flags", engine: "valkey", service: "environment:\n  VALKEY_EXTRA_FLAGS: \"/conf/redis.conf\\n  --databases 3 \"", files: conf("maxmemory 64mb\n")},
	{name: "extra-with-flags", engine: "valkey", service: "command: --maxmemory 64mb\nenvironment:\n  VALKEY_EXTRA_FLAGS: --databases 3 --maxmemory 32mb"},
	{name: "extra-empty", engine: "valkey", service: "environment:\n  VALKEY_EXTRA_FLAGS: ''"},
	{name: "extra-unset", engine: "valkey", service: "environment:\n  VALKEY_EXTRA_FLAGS: ${RCOMP_E2E_UNSET}", unknown: []string{everything}},
}
