package e2e

// builtStarts are servers whose images are built here. Here-documents of
// Dockerfiles and further contexts are left out: the engine of the gate is
// older than they.
var builtStarts = []start{
	{name: "conf-copied", dockerfile: "FROM IMAGE\nCOPY redis.conf /etc/cache.conf\nCMD [\"SERVER\", \"/etc/cache.conf\"]\n",
		files: conf("maxmemory 64mb\ntimeout 9\n")},
	{name: "conf-not-named", dockerfile: "FROM IMAGE\nCOPY redis.conf /etc/redis/redis.conf\n", files: conf("maxmemory 64mb\n")},
	{name: "built-flags-alone", dockerfile: "FROM IMAGE\nCMD [\"--maxmemory\", \"64mb\", \"--databases\", \"4\"]\n"},
	{name: "conf-is-all", dockerfile: "FROM IMAGE\nWORKDIR /srv\nCOPY redis.conf .\nCMD [\"redis.conf\"]\n", files: conf("maxmemory 64mb\n")},
	{name: "shell-form", dockerfile: "FROM IMAGE\nENV LIMIT=64mb\nCMD exec SERVER --maxmemory $LIMIT --databases 4\n"},
	{name: "shell-form-enters", dockerfile: "FROM IMAGE\nENTRYPOINT exec SERVER --databases 4\nCMD [\"--maxmemory\", \"64mb\"]\n"},
	{name: "enters-with-arguments", dockerfile: "FROM IMAGE\nENTRYPOINT [\"docker-entrypoint.sh\", \"SERVER\", \"--databases\", \"4\"]\nCMD [\"--maxmemory\", \"64mb\"]\n"},
	{name: "command-replaced", dockerfile: "FROM IMAGE\nENTRYPOINT [\"SERVER\"]\nCMD [\"--maxmemory\", \"64mb\"]\n", service: "command: --databases 4"},
	{name: "entered-anew", dockerfile: "FROM IMAGE\nCMD [\"SERVER\", \"--maxmemory\", \"64mb\"]\n", service: "entrypoint: SERVER --databases 4"},
	{name: "shell-of-its-own", dockerfile: "FROM IMAGE\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nCMD exec SERVER --maxmemory $((64 * 1024))\n"},
	{name: "arguments", dockerfile: "ARG FROM=IMAGE\nFROM $FROM\nARG LIMIT=32mb\nARG COUNT=4\nENV LIMIT=$LIMIT\nCMD [\"sh\", \"-c\", \"exec SERVER --maxmemory $LIMIT --timeout ${COUNT:-9}\"]\n",
		service: "build:\n  context: NAME\n  args:\n    LIMIT: 64mb"},
	{name: "variable-of-service", dockerfile: "FROM IMAGE\nENV LIMIT=32mb\nCMD exec SERVER --maxmemory $LIMIT\n", service: "environment:\n  LIMIT: 64mb"},
	{name: "stages", dockerfile: "FROM IMAGE AS confs\nCOPY redis.conf /made/redis.conf\nRUN echo 'timeout 9' >> /made/redis.conf\n" +
		"FROM IMAGE AS base\nCMD [\"SERVER\", \"/etc/redis.conf\"]\nFROM base AS wanted\nCOPY --from=confs /made /etc\nFROM base AS other\nCMD [\"--databases\", \"3\"]\n",
		service: "build: {context: NAME, target: wanted}", files: conf("maxmemory 64mb\n")},
	{name: "onbuild", dockerfile: "FROM IMAGE AS base\nONBUILD COPY redis.conf /etc/redis.conf\nFROM base\nCMD [\"SERVER\", \"/etc/redis.conf\"]\n", files: conf("timeout 9\n")},
	{name: "written-by-steps", dockerfile: "FROM IMAGE\nCOPY redis.conf /etc/redis.conf\nRUN sed -i -e 's/^# *\\(appendonly\\) .*/\\1 yes/' -e '/^timeout /d' /etc/redis.conf && \\\n" +
		"    printf '%s\\n' 'maxmemory 64mb' 'save \"\"' >> /etc/redis.conf\nRUN [\"cp\", \"/etc/redis.conf\", \"/etc/copy.conf\"]\nCMD [\"/etc/copy.conf\"]\n",
		files: conf("# appendonly no\ntimeout 9\nhz 20\n")},
	{name: "patterns-and-ignored", dockerfile: "FROM IMAGE\nCOPY parts/*.conf /etc/parts/\nADD . /srv/\nCMD [\"SERVER\", \"/srv/main.conf\"]\n", files: map[string]string{
		".dockerignore":     "parts/secret.conf\n**/*.md\n",
		"main.conf":         "include /etc/parts/*.conf\n",
		"parts/a.conf":      "maxmemory 64mb\n",
		"parts/b.conf":      "timeout 9\n",
		"parts/secret.conf": "databases 3\n",
	}},
	{name: "script-enters", dockerfile: "FROM IMAGE\nCOPY --chmod=755 start.sh /usr/local/bin/\nENTRYPOINT [\"start.sh\"]\nCMD [\"--databases\", \"4\"]\n", files: map[string]string{
		"start.sh": "#!/bin/sh\nset -e\ncat > /tmp/cache.conf <<EOF\nmaxmemory ${LIMIT:-64mb}\nEOF\nset -- SERVER /tmp/cache.conf \"$@\"\nexec docker-entrypoint.sh \"$@\"\n",
	}},
	{name: "script-over-one-of-the-image", dockerfile: "FROM IMAGE\nCOPY --chmod=755 docker-entrypoint.sh /usr/local/bin/\nENTRYPOINT [\"docker-entrypoint.sh\"]\nCMD [\"SERVER\"]\n", files: map[string]string{
		"docker-entrypoint.sh": "#!/bin/sh\nexec \"$@\" --maxmemory 64mb\n",
	}},
	{name: "mounted-over", dockerfile: "FROM IMAGE\nCOPY redis.conf /etc/redis.conf\nCMD [\"SERVER\", \"/etc/redis.conf\"]\n",
		service: "volumes: [\"NAME/other.conf:/etc/redis.conf:ro\"]", files: map[string]string{"redis.conf": "maxmemory 64mb\n", "other.conf": "timeout 9\n"}},
	{name: "other-user", dockerfile: "FROM IMAGE\nCOPY --chown=999:999 redis.conf /srv/redis.conf\nUSER 999\nWORKDIR /srv\nVOLUME /srv\nCMD [\"SERVER\", \"redis.conf\", \"--dir\", \"/tmp\"]\n",
		files: conf("maxmemory 64mb\n")},
	{name: "inline", service: "build:\n  context: NAME\n  dockerfile_inline: |\n    FROM IMAGE\n    COPY redis.conf /etc/\n    CMD [\"SERVER\", \"/etc/redis.conf\"]", files: conf("maxmemory 64mb\n")},
	{name: "extra-flags-of-image", engine: "valkey", dockerfile: "FROM IMAGE\nCOPY redis.conf /etc/cache.conf\nENV VALKEY_EXTRA_FLAGS=\"/etc/cache.conf --databases 4\"\n", files: conf("maxmemory 64mb\n")},
}
