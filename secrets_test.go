package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect/secrets"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/lint/report"
)

// planted is a way to write a password: a file, and the text of it with a §
// where the password is. The variant writes the same in another form.
type planted struct{ name, file, text, variant string }

const (
	composeFile = "compose.yml"
	server      = "services:\n  cache:\n    image: redis:7.4\n"
	withConf    = server + "    command: redis-server /etc/redis.conf\n    volumes: [./redis.conf:/etc/redis.conf]\n"
	withUsers   = server + "    command: redis-server --aclfile /etc/users.acl\n    volumes: [./users.acl:/etc/users.acl]\n"
	withScript  = server + "    entrypoint: /start.sh\n    volumes: [./start.sh:/start.sh]\n"
	withEnvFile = server + "    env_file: cache.env\n    command: redis-server --requirepass $$REDIS_PASSWORD\n"
	withDotenv  = server + "    command: redis-server --requirepass ${REDIS_PASSWORD} --maxmemory ${REDIS_PASSWORD}\n    mem_limit: ${REDIS_PASSWORD}\n"
	sentinel    = "services:\n  watch:\n    image: redis:7.4\n    command: redis-sentinel /etc/redis.conf\n    volumes: [./redis.conf:/etc/redis.conf]\n"
	built       = "services:\n  cache:\n    build: .\n"
)

// companions are the compose files that the other files are read by.
var companions = map[string]string{
	"redis.conf": withConf, "users.acl": withUsers, "start.sh": withScript, "cache.env": withEnvFile, ".env": withDotenv,
	"sentinel.conf": sentinel, "Dockerfile": built,
}

var plants = []planted{
	{"requirepass, as an option", composeFile, server + "    command: redis-server --requirepass §\n", server + "    command: 'redis-server --requirepass \"a § b\" --save'\n"},
	{"requirepass, in a list", composeFile, server + "    command: [redis-server, --requirepass, §]\n", server + "    command:\n      - redis-server\n      - --requirepass\n      - \"a\\\"§\"\n"},
	{"requirepass, with its value in one word", composeFile, server + "    command: [redis-server, \"--requirepass §\"]\n", server + "    command: [redis-server, '--REQUIREPASS \"x §\"']\n"},
	{"requirepass, unbalanced", composeFile, server + "    command: [redis-server, --requirepass, \"'§\"]\n", server + "    command: [redis-server, \"--requirepass '§ y\"]\n"},
	{"requirepass, too many words", composeFile, server + "    command: redis-server --requirepass a §\n", server + "    command: [redis-server, --requirepass, a, b, §, --appendonly, \"yes\"]\n"},
	{"requirepass, misspelt", composeFile, server + "    command: redis-server --requirepas §\n", server + "    command: redis-server --require_pass §\n"},
	{"requirepass, with an equals sign", composeFile, server + "    command: redis-server --requirepass=§\n", server + "    command: [redis-server, '--requirepass=\"§ z\"']\n"},
	{"requirepass, folded", composeFile, server + "    command: >\n      redis-server\n      --requirepass\n      §\n", server + "    command: \"redis-server --requirepass \\\n      § --save ''\"\n"},
	{"masterauth", composeFile, server + "    command: redis-server --replicaof a 6379 --masterauth §\n", server + "    command: redis-server --replicaof a 6379 --masterauht § x\n"},
	{"primaryauth", composeFile, "services:\n  cache:\n    image: valkey/valkey:8.1\n    command: valkey-server --primaryauth §\n", "services:\n  cache:\n    image: valkey/valkey:8.1\n    command: [valkey-server, --primary-auth, '§']\n"},
	{"tls-key-file-pass", composeFile, server + "    command: redis-server --tls-key-file-pass §\n", server + "    command: redis-server --tls-client-key-file-pass §\n"},
	{"user, as options", composeFile, server + "    command: redis-server --user alice on >§ +@all\n", server + "    command: [redis-server, --user, alice, \"on\", \"#§\", \">b§\"]\n"},
	{"rename-command, as an option", composeFile, server + "    command: redis-server --rename-command FLUSHALL §\n", server + "    command: [redis-server, --rename-command, CONFIG, '§', extra]\n"},
	{"a default of a variable", composeFile, server + "    command: redis-server --requirepass ${REDIS_PASSWORD:-§}\n", server + "    command: redis-server --requirepass ${A:-${B-§}} --bogus\n"},
	{"a variable with a default, elsewhere", composeFile, server + "    labels: [\"x=${REDIS_PASSWORD:-§}\"]\n    mem_limit: ${REDIS_PASSWORD:-§}\n", server + "    mem_limit: ${REDIS_PASSWORD-§}\n"},
	{"a dollar in it", composeFile, server + "    command: redis-server --requirepass a$$b§\n", server + "    command: redis-server --requirepass '$$§x'\n"},
	{"environment, a mapping", composeFile, server + "    environment:\n      REDIS_PASSWORD: §\n", server + "    environment: {REDIS_PASSWORD: \"a'§\", X: 1}\n"},
	{"environment, a list", composeFile, server + "    environment:\n      - REDIS_PASSWORD=§\n", server + "    environment: [\"REDIS_PASSWORD=a §, b\"]\n"},
	{"environment, another name", composeFile, server + "    environment:\n      MY_API_TOKEN: §\n", server + "    environment:\n      dbPasswd: '§ # x'\n"},
	{"environment, by a shell", composeFile, server + "    environment:\n      GEHEIM: §\n    command: sh -c 'redis-server --requirepass \"$$GEHEIM\"'\n", server + "    environment:\n      geheim: §\n    command: sh -c 'exec redis-server --requirepass $$geheim'\n"},
	{"environment, binary", composeFile, server + "    environment:\n      REDIS_PASSWORD: !!binary \"" + "QA==" + "\"\n      MASTER_PASSWORD: §\n", server + "    environment:\n      ? REDIS_PASSWORD\n      : §\n"},
	{"an anchor", composeFile, "x-password: &pw §\n" + server + "    command: [redis-server, --requirepass, *pw]\n", "x-shared: &pw §\n" + server + "    environment: {REDIS_PASSWORD: *pw}\n"},
	{"a scalar over several lines", composeFile, server + "    environment:\n      REDIS_PASSWORD: |\n        §\n", server + "    environment:\n      REDIS_PASSWORD: >-\n        a\n        §\n        c\n"},
	{"an escape", composeFile, server + "    environment:\n      REDIS_PASSWORD: \"\\x41§\"\n", server + "    command: [\"redis-server\", \"--requirepass\", \"\\u0041§\\tb\"]\n"},
	{"a health check, -a", composeFile, server + "    healthcheck:\n      test: redis-cli -a § ping\n", server + "    healthcheck:\n      test: [CMD, redis-cli, -a, '§ x', ping]\n"},
	{"a health check, --pass", composeFile, server + "    healthcheck:\n      test: [CMD-SHELL, \"redis-cli --pass § ping | grep PONG\"]\n", server + "    healthcheck:\n      test: [CMD-SHELL, 'redis-cli --pass \"§ y\" ping']\n"},
	{"a health check, REDISCLI_AUTH", composeFile, server + "    healthcheck:\n      test: REDISCLI_AUTH=§ redis-cli ping\n", server + "    healthcheck:\n      test: [CMD-SHELL, \"export REDISCLI_AUTH='§'; redis-cli ping\"]\n"},
	{"a health check, AUTH", composeFile, server + "    healthcheck:\n      test: redis-cli AUTH §\n", server + "    healthcheck:\n      test: redis-cli auth default §\n"},
	{"an address", composeFile, server + "    environment:\n      REDIS_URL: redis://default:§@cache:6379/0\n", server + "    environment:\n      CELERY: redis://:a%20§@cache/0\n"},
	{"an address without a user", composeFile, server + "    healthcheck:\n      test: redis-cli -u redis://§@127.0.0.1 ping\n", server + "    command: redis-server --replicaof rediss://a/b§@host\n"},
	{"an address of something else", composeFile, server + "    environment: [\"DB=postgres://app:§@db/app\"]\n", server + "    environment: [\"DB=amqp://u:p@x§@mq/\"]\n"},
	{"a connection string", composeFile, server + "    environment:\n      CACHE: cache:6379,password=§,ssl=false\n", server + "    environment:\n      CACHE: 'redis://cache?password=§&db=1'\n"},
	{"JSON in a value", composeFile, server + "    environment:\n      CONFIG: '{\"password\":\"§\"}'\n", server + "    environment:\n      CONFIG: \"{\\\"auth_token\\\": \\\"§ b\\\"}\"\n"},
	{"a label", composeFile, server + "    labels:\n      app.password: §\n", server + "    labels: [\"app.secret=§\"]\n"},
	{"an argument of a build", composeFile, "services:\n  cache:\n    build:\n      context: .\n      args:\n        REDIS_PASSWORD: §\n", "services:\n  cache:\n    build:\n      context: .\n      args: [\"SECRET_KEY=§\"]\n"},
	{"an inline Dockerfile", composeFile, "services:\n  cache:\n    build:\n      dockerfile_inline: |\n        FROM redis\n        ENV REDIS_PASSWORD §\n", "services:\n  cache:\n    build:\n      dockerfile_inline: |\n        FROM redis\n        CMD [\"redis-server\", \"--requirepass\", \"§\"]\n"},
	{"a config", composeFile, server + "    command: redis-server /c\n    configs: [{source: c, target: /c}]\nconfigs:\n  c:\n    content: |\n      bogus\n      requirepass §\n", server + "    command: redis-server /c\n    configs: [{source: c, target: /c}]\nconfigs: {c: {content: \"maxmemory 1gb\\nmasterauth § x\\n\"}}\n"},
	{"a secret", composeFile, server + "secrets:\n  pw:\n    content: §\n", server + "    environment: {HIDDEN_BY: §}\nsecrets:\n  pw:\n    environment: HIDDEN_BY\n"},
	{"a comment", composeFile, server + "    mem_limit: x # requirepass: §\n", server + "    # REDIS_PASSWORD=§\n    bogus: x # password: \"§\"\n"},
	{"a file that is no YAML", composeFile, server + "    environment:\n      REDIS_PASSWORD: §\n   broken: [\n", server + "    environment: {REDIS_PASSWORD: \"§ x\n"},
	{"a mistake of a type", composeFile, server + "    environment:\n      REDIS_PASSWORD: [\"§\"]\n", server + "    environment: [{REDIS_PASSWORD: §}]\n"},
	{"redis.conf, requirepass", "redis.conf", "bogus 1\nrequirepass §\n", "  REQUIREPASS   \"a \\\"§\" x\n"},
	{"redis.conf, masterauth", "redis.conf", "masterauth § x\n", "masterauth '§ not closed\n"},
	{"redis.conf, misspelt", "redis.conf", "requirepas §\n", "tls_key-file-pass \"§\"\n"},
	{"redis.conf, a user", "redis.conf", "user alice on >§ ~* +@all\n", "user alice on #§ <b§ !c§ bogus\n"},
	{"redis.conf, rename-command", "redis.conf", "rename-command CONFIG §\n", "rename-command CONFIG \"§\" more\n"},
	{"redis.conf, commented out", "redis.conf", "# requirepass §\nbogus 1\n", "#masterauth \"§\"\nbogus 1\n"},
	{"sentinel.conf, auth-pass", "sentinel.conf", "sentinel monitor m h 6379 2\nsentinel auth-pass m § extra\n", "sentinel auth-pass §\n"},
	{"sentinel.conf, sentinel-pass", "sentinel.conf", "sentinel sentinel-pass §\n", "SENTINEL sentinel-pas § x\n"},
	{"sentinel.conf, misspelt", "sentinel.conf", "sentinel auth-pas m §\n", "sentinel auth_pass m §\n"},
	{"users.acl", "users.acl", "user default on >§ ~* +@all\n", "user app on \">§\" #§\n"},
	{"users.acl, without a sign", "users.acl", "user default on § ~* +@all\n", "user app nopass '§ x' bogus\n"},
	{"users.acl, with a blank behind the sign", "users.acl", "user default on > § ~*\n", "user app on (> § +@all)\n"},
	{"users.acl, in a line of its own", "users.acl", "user default on\n  >§ ~* +@all\n", "user default on \\\n>§\n"},
	{"users.acl, in a selector", "users.acl", "user default on (>§ +@all)\n", "user default on ( §) ~*\n"},
	{"redis.conf, a user without a sign", "redis.conf", "user alice on § +@all\n", "user alice on \">x §\" bogus\n"},
	{"redis.conf, another word for it", "redis.conf", "password §\n", "require pass § x\n"},
	{"a script, the format of printf", "start.sh", "#!/bin/sh\nprintf 'user default on >%s bogus\\n' § > /r.conf\nexec redis-server /r.conf\n", "#!/bin/sh\nprintf \"requirepass %s\\n\" \"§ x\" > /r.conf\nexec redis-server /r.conf --bogus 1\n"},
	{"an address, in the place of the port", composeFile, server + "  app:\n    image: app\n    environment:\n      REDIS_URL: redis://cache:§/0\n", server + "  app:\n    image: app\n    command: app -u redis://cache:§\n"},
	{"redis.conf, a variable that is not expanded", "redis.conf", "requirepass ${REDIS_PASSWORD:-§}\n", "dir ${REDIS_PASSWORD-§}\nmasterauth \"{{ § }}\"\n"},
	{"a dotenv file", ".env", "REDIS_PASSWORD=§\n", "export REDIS_PASSWORD = \"a '§\"\n"},
	{"a dotenv file, another name", ".env", "REDIS_PASSWORD=${PLAIN}\nPLAIN=§\n", "REDIS_PASSWORD=$PLAIN\nPLAIN='§ x'\n"},
	{"an env_file", "cache.env", "REDIS_PASSWORD=§\n", "REDIS_PASSWORD: §\n"},
	{"an env_file, not closed", "cache.env", "REDIS_PASSWORD=\"§\n", "A=1\nREDIS_PASSWORD='x § y\n"},
	{"a script, an option", "start.sh", "#!/bin/sh\nexec redis-server --requirepass § --bogus 1\n", "#!/bin/sh\nset -- --requirepass '§ x'\nexec redis-server \"$@\" --bogus 1\n"},
	{"a script, a file", "start.sh", "#!/bin/sh\necho \"requirepass §\" > /r.conf\nexec redis-server /r.conf --bogus 1\n", "#!/bin/sh\ncat > /r.conf <<EOF\nmasterauth \"§\"\nbogus 1\nEOF\nexec redis-server /r.conf\n"},
	{"a script, a variable", "start.sh", "#!/bin/sh\nPASSWORD=§\nexec redis-server --requirepass $PASSWORD --bogus 1\n", "#!/bin/sh\nP='§ x'\nexec redis-server --requirepass \"$P\" --bogus 1\n"},
	{"a script, a client", "start.sh", "#!/bin/sh\nredis-cli -a § ping\nexec redis-server --bogus 1\n", "#!/bin/sh\nredis-cli \\\n  -h x -a \\\n  '§' config set requirepass §\nexec redis-server\n"},
	{"a script, ACL SETUSER", "start.sh", "#!/bin/sh\nredis-cli ACL SETUSER app on '>§' +@all\nexec redis-server --bogus 1\n", "#!/bin/sh\nredis-cli acl setuser app \">§\"\nexec redis-server\n"},
	{"a Dockerfile, ENV", "Dockerfile", "FROM redis:7.4\nENV REDIS_PASSWORD=§\n", "FROM redis:7.4\nENV REDIS_PASSWORD § x\n"},
	{"a Dockerfile, ARG", "Dockerfile", "FROM redis:7.4\nARG REDIS_PASSWORD=§\n", "FROM redis:7.4\nARG SECRET=\"§ x\"\n"},
	{"a Dockerfile, CMD", "Dockerfile", "FROM redis:7.4\nCMD [\"redis-server\", \"--requirepass\", \"§\"]\n", "FROM redis:7.4\nCMD redis-server --requirepass §\n"},
	{"a Dockerfile, RUN", "Dockerfile", "FROM redis:7.4\nRUN echo \"requirepass §\" >> /etc/redis.conf\n", "FROM redis:7.4\nRUN printf 'requirepass §\\n' > /r && sed -i 's/x/y/' /r\n"},
	{"a private key", "start.sh", "#!/bin/sh\ncat > /k <<EOF\n-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----\nEOF\nexec redis-server --bogus 1\n", "#!/bin/sh\n# -----BEGIN RSA PRIVATE KEY-----\n§@\n§==\n# -----END RSA PRIVATE KEY-----\nexec redis-server\n"},
}

// mark is a password that nothing else looks like.
func mark(number int, form string) string { return fmt.Sprintf("Kx%dplant%s7", number, form) }

// forEachPlant gives every planted password in both forms a project of its own.
func forEachPlant(t *testing.T, do func(t *testing.T, mark string, files map[string]string)) {
	require.Greater(t, len(plants), 40)
	for number, plant := range plants {
		for form, text := range map[string]string{"a": plant.text, "b": plant.variant} {
			t.Run(plant.name+", "+form, func(t *testing.T) {
				name := plant.file
				if name == "sentinel.conf" {
					name = "redis.conf"
				}
				secret := mark(number, form)
				files := map[string]string{name: strings.ReplaceAll(text, "§", secret)}
				if companion, ok := companions[plant.file]; ok {
					files[composeFile] = companion
				}
				do(t, secret, files)
			})
		}
	}
}

// TestNoPlantedPasswordIsPrinted runs the commands over projects that hold a
// password.
func TestNoPlantedPasswordIsPrinted(t *testing.T) {
	forEachPlant(t, func(t *testing.T, secret string, files map[string]string) {
		t.Chdir(t.TempDir())
		for name, content := range files {
			write(t, name, content)
		}
		for _, command := range [][]string{
			{"lint"}, {"lint", "--format", "json"}, {"lint", "--format", "github"}, {"inspect"}, {"inspect", "--format", "json"},
		} {
			result := rcomp(command...)
			assertHidden(t, secret, result.stdout+result.stderr)
		}
	})
}

// TestNoPlantedPasswordIsQuoted prints every line of the same projects, as an
// excerpt and as a message, whether lint has anything to say of it or not.
func TestNoPlantedPasswordIsQuoted(t *testing.T) {
	rule := &lint.Rule{ID: "every-line", Severity: lint.Warning}
	forEachPlant(t, func(t *testing.T, secret string, files map[string]string) {
		texts := map[string]secrets.File{}
		result := &lint.Result{Files: slices.Sorted(maps.Keys(files))}
		for _, name := range result.Files {
			texts[name] = secrets.File{Source: []byte(files[name])}
			for number, line := range strings.Split(files[name], "\n") {
				at := position.Span{File: name, Start: position.At(number+1, 1), End: position.At(number+1, 2)}
				result.Findings = append(result.Findings,
					lint.Finding{Rule: rule, Severity: lint.Warning, Span: at, Message: line},
					lint.Finding{Rule: rule, Severity: lint.Warning, Span: at, Message: fmt.Sprintf("%q", strings.ToLower(line))})
			}
		}
		result.Sources = func(file string) []byte { return texts[file].Source }
		assert.Contains(t, everyFormat(t, result), secret, "without the secrets it is seen")
		var found secrets.Collection
		found.Add(texts)
		result.Secrets = found.Secrets()
		assertHidden(t, secret, everyFormat(t, result))
	})
}

func everyFormat(t *testing.T, result *lint.Result) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Text(&b, result, report.Look{Color: true}))
	for _, format := range report.Formats {
		require.NoError(t, format.Print(&b, result, report.Options{}))
	}
	return b.String()
}

func assertHidden(t *testing.T, secret, output string) {
	t.Helper()
	for _, line := range strings.Split(output, "\n") {
		assert.NotContains(t, strings.ToLower(line), strings.ToLower(secret))
	}
}

// TestWeakPasswordsAreHiddenWhereTheyStand: "redis" is a password here, and a
// word everywhere else.
func TestWeakPasswordsAreHiddenWhereTheyStand(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, "services:\n  redis:\n    image: redis:7.4\n    command: [redis-server, --requirepass, redis]\n")
	output := rcomp("lint").stdout
	assert.Contains(t, output, `4 |     command: [redis-server, --requirepass, (secret)]`)
	assert.Contains(t, output, `the requirepass of "redis" is in its command`)
	assert.Contains(t, rcomp("inspect").stdout, "redis: server, redis 7.4\n")
}

// TestNoPasswordInPiecesIsPrinted: a password that nowhere stands as a whole
// where it is given, but in the wrong place too, where messages repeat it.
func TestNoPasswordInPiecesIsPrinted(t *testing.T) {
	const (
		secret = "Kx9piecesOfPlant7"
		conf   = server + "    command: redis-server /r.conf\n    volumes: [./r.conf:/r.conf]\n"
		script = server + "    entrypoint: /s.sh\n    volumes: [./s.sh:/s.sh]\n"
	)
	for name, files := range map[string]map[string]string{
		"quotes of Compose":         {composeFile: server + "    command: redis-server --requirepass 'Kx9pieces'\"OfPlant\"7 --maxmemory Kx9piecesOfPlant7\n"},
		"quotes of a shell":         {composeFile: server + "    command: sh -c \"redis-server --requirepass Kx9pieces'OfPlant'7 --maxmemory Kx9piecesOfPlant7\"\n"},
		"a variable of a shell":     {composeFile: server + "    command: sh -c \"PASSWORD='Kx9pieces'OfPlant7; redis-server --maxmemory $$PASSWORD\"\n"},
		"variables of Compose":      {composeFile: server + "    command: redis-server --requirepass ${A}${B} --maxmemory ${A}${B}\n", ".env": "A=Kx9pieces\nB=OfPlant7\n"},
		"a text and a variable":     {composeFile: server + "    environment: {REDIS_PASSWORD: 'Kx9pieces${B}'}\n    command: sh -c 'redis-server --maxmemory $$REDIS_PASSWORD'\n", ".env": "B=OfPlant7\n"},
		"a config with a variable":  {composeFile: server + "    command: redis-server /c\n    configs: [{source: c, target: /c}]\nconfigs:\n  c:\n    content: |\n      masterauth ${A}OfPlant7\n      maxmemory ${A}OfPlant7\n", ".env": "A=Kx9pieces\n"},
		"an anchor that is none":    {composeFile: server + "    environment:\n      REDIS_PASSWORD: *Kx9piecesOfPlant7\n"},
		"a tag that is none":        {composeFile: server + "    environment:\n      REDIS_PASSWORD: !Kx9piecesOfPlant7 x\n    command: redis-server --maxmemory Kx9piecesOfPlant7\n"},
		"an anchor with nothing":    {composeFile: server + "    environment:\n      REDIS_PASSWORD: &Kx9piecesOfPlant7\n    command: redis-server --maxmemory Kx9piecesOfPlant7\n"},
		"rules of a user in a word": {composeFile: server + "    command: redis-server --user 'a on >Kx9piecesOfPlant7' --maxmemory Kx9piecesOfPlant7\n"},
		"escapes of a conf":         {composeFile: conf, "r.conf": "requirepass \"Kx9\\x70iecesOfPlant7\"\nmaxmemory Kx9piecesOfPlant7\n"},
		"quotes of a conf":          {composeFile: strings.Replace(conf, "redis:7.4", "valkey/valkey:9", 1), "r.conf": "masterauth Kx9\"pieces\"OfPlant7\nmaxmemory Kx9piecesOfPlant7\n"},
		"two variables of a script": {composeFile: script, "s.sh": "A=Kx9pieces\nB=OfPlant7\nexec redis-server --requirepass $A$B --maxmemory $A$B\n"},
		"a variable that grows":     {composeFile: script, "s.sh": "P=Kx9pieces\nP=${P}OfPlant7\ncat >/r.conf <<EOF\nrequirepass $P\nmaxmemory $P\nEOF\nexec redis-server /r.conf\n"},
		"escapes of printf":         {composeFile: script, "s.sh": "printf 'requirepass Kx9\\160iecesOfPlant7\\nmaxmemory Kx9piecesOfPlant7\\n' >/r.conf\nexec redis-server /r.conf\n"},
		"ways of a script, users":   {composeFile: script, "s.sh": "if [ -n \"$X\" ]; then P=$(echo Kx9pieces)OfPlant7; else P=$(echo 1); fi\nexec redis-server --user default on \">$P\" --dir \"/$P\"\n"},
		"ways of a script, masters": {composeFile: script, "s.sh": "if [ -n \"$X\" ]; then P=$(echo Kx9pieces)OfPlant7; else P=$(echo 1); fi\necho \"sentinel auth-pass m $P\" >/s.conf\nexec redis-sentinel /s.conf --dir \"/$P\"\n"},
		"a line that goes on":       {composeFile: script, "s.sh": "PASSWORD=Kx9pieces\\\nOfPlant7\nexec redis-server --maxmemory $PASSWORD\n"},
		"a Dockerfile":              {composeFile: built, "Dockerfile": "FROM redis:7.4\nENV A=Kx9pieces\nENV PASSWORD=${A}OfPlant7\nCMD redis-server --requirepass $PASSWORD --maxmemory $PASSWORD\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for path, content := range files {
				write(t, path, content)
			}
			for _, command := range [][]string{
				{"lint"}, {"lint", "--format", "json"}, {"lint", "--format", "github"}, {"inspect", "--all"}, {"inspect", "--format", "json"},
			} {
				result := rcomp(command...)
				assertHidden(t, secret, result.stdout+result.stderr)
			}
		})
	}
}

// TestGenDoesNotRepeatPasswords: an intent has no place for one, and what
// stands there in spite of that is refused without being repeated.
func TestGenDoesNotRepeatPasswords(t *testing.T) {
	for i, line := range []string{
		`password = "§"`, `requirepass = "§"`, `passwrd = "§"`, "[redis]\nrequirepass = \"§\"", "[redis]\nmasterauth = \"§ x\"",
		"[redis]\nrename-command = \"CONFIG §\"", "[redis]\nuser = \"a on >§\"", "[redis]\n\"requirepas\" = '§'", `password = "§`, `password = §`,
		"[redis]\ntls-key-file-pass = \"§\"", "[users.app]\npassword = \"§\"",
	} {
		t.Run(line, func(t *testing.T) {
			t.Chdir(t.TempDir())
			secret := mark(i, "g")
			write(t, "redis.toml", "name = \"cache\"\n"+strings.ReplaceAll(line, "§", secret)+"\n")
			for _, arguments := range [][]string{{"gen"}, {"gen", "--format", "github"}, {"gen", "--diff"}, {"gen", "--check"}} {
				result := rcomp(arguments...)
				assert.Equal(t, statusTrouble, result.status, "%s%s", result.stdout, result.stderr)
				assertHidden(t, secret, result.stdout+result.stderr)
			}
			entries, err := os.ReadDir(".")
			require.NoError(t, err)
			assert.Len(t, entries, 1, "%v", filepath.Base(line))
		})
	}
}

// TestOwnWordsAreNotHidden: somebody's password is each of the words that
// rules are told in, and their messages can be read all the same.
func TestOwnWordsAreNotHidden(t *testing.T) {
	golden, err := filepath.Glob(filepath.Join(repository, ruleFixtures, "*", "*.txt"))
	require.NoError(t, err)
	message := regexp.MustCompile(`^\S+:\d+:\d+: (?:error|warning|note|not seen): (.*)$`)
	quoted := regexp.MustCompile(`"[^"]*"|\S*[^a-z\s]\S*`)
	words := map[string]bool{}
	for _, path := range golden {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for line := range strings.SplitSeq(string(text), "\n") {
			if match := message.FindStringSubmatch(line); match != nil {
				for _, word := range strings.Fields(quoted.ReplaceAllString(match[1], " ")) {
					words[word] = true
				}
			}
		}
	}
	require.Greater(t, len(words), 100)
	var dotenv strings.Builder
	for number, word := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(&dotenv, "PASSWORD_%d=%s\n", number, word)
	}
	var found secrets.Collection
	found.Add(map[string]secrets.File{".env": {Source: []byte(dotenv.String())}})
	hidden := found.Secrets()
	var missing []string
	for _, word := range slices.Sorted(maps.Keys(words)) {
		if hidden.Hide(word) != word {
			missing = append(missing, word)
		}
	}
	assert.Empty(t, missing, "ownWords of inspect/secrets lacks them")
}
