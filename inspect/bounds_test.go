package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/inspect"
)

// numbered repeats a text with a number, and the one behind it, in it.
func numbered(times int, format string) string {
	var out strings.Builder
	for i := range times {
		fmt.Fprintf(&out, format, i, i+1)
	}
	return out.String()
}

// A script of a pull request may be written to keep a reader busy: what doubles
// with each line is given up.
func TestScriptsAreBounded(t *testing.T) {
	for name, script := range map[string]string{
		"a variable that doubles":    "A=aaaaaaaa\n" + strings.Repeat("A=$A$A\n", 60) + "redis-server --requirepass \"$A\"\n",
		"a file that doubles":        "echo '# comment' > /f\n" + strings.Repeat("cat /f >> /f\n", 60) + "redis-server /f\n",
		"two files that double":      "echo '# comment' > /f\n" + strings.Repeat("cat /f /f > /g; cp /g /f\n", 60) + "redis-server /f\n",
		"arguments that double":      "set -- a b\n" + strings.Repeat("set -- \"$@\" \"$@\"\n", 60) + "redis-server \"$@\"\n",
		"output that doubles":        "A=aaaaaaaa\n" + strings.Repeat("A=$(echo $A; echo $A)\n", 60) + "redis-server --requirepass \"$A\"\n",
		"formats that double":        "A=aaaaaaaa\n" + strings.Repeat("A=$(printf '%s%s' \"$A\" \"$A\")\n", 60) + "redis-server --requirepass \"$A\"\n",
		"a wide format":              "redis-server --requirepass \"$(printf '%999999999d' 1)\"\n",
		"conditions in conditions":   strings.Repeat("if a; then\n", 3000) + "redis-server\n" + strings.Repeat("fi\n", 3000),
		"substitutions inside":       "redis-server --requirepass " + strings.Repeat("$(", 200_000) + "\n",
		"substitutions that nest":    "redis-server --requirepass " + strings.Repeat("$(echo ", 2000) + "a" + strings.Repeat(")", 2000) + "\n",
		"alternatives that nest":     "redis-server --requirepass " + strings.Repeat("${A:-", 20000) + strings.Repeat("}", 20000) + "\n",
		"functions in functions":     strings.Repeat("f() { \n", 3000) + "redis-server\n" + strings.Repeat("}\n", 3000),
		"a pipe of many":             "redis-server " + strings.Repeat("| cat ", 20000) + "\n",
		"conditions that multiply":   numbered(2000, "[ -n \"$A%[1]d\" ] && B%[1]d=1\n") + "redis-server\n",
		"branches that write":        numbered(2000, "if [ \"$A%[1]d\" = x ]; then echo hz %[1]d > /f%[1]d; fi\n") + "redis-server\n",
		"servers that multiply":      numbered(2000, "[ -n \"$A%[1]d\" ] && exec redis-server --port %[1]d\n"),
		"alternatives that multiply": numbered(500, "set -- \"$@\" ${A%[1]d:+a} ${B%[1]d:+b} ${C%[1]d:+c} ${D%[1]d:+d}\n") + "redis-server \"$@\"\n",
		"loops in loops":             strings.Repeat("for i in $A; do B=$B$i\n", 60) + strings.Repeat("done\n", 60) + "redis-server\n",
		"endless loops":              strings.Repeat("while :; do A=x$A\n", 40) + strings.Repeat("done\n", 40) + "redis-server\n",
		"a function of two":          "f() { f; f; }\nf\nredis-server\n",
		"functions of two":           numbered(60, "f%[1]d() { f%[2]d; f%[2]d; }\n") + "f60() { :; }\nf0\nredis-server\n",
		"a case of many":             "case $A in\n" + numbered(5000, "*a%[1]d*) B=%[1]d ;;\n") + "esac\nredis-server --port $B\n",
		"a case of patterns":         "A=" + strings.Repeat("a", 900) + "\ncase $A in\n" + strings.Repeat("*"+strings.Repeat("a*", 400)+"b) B=1 ;;\n", 200) + "esac\nredis-server\n",
		"patterns with counts":       "echo " + strings.Repeat("a", 60_000) + " > /f\n" + strings.Repeat("sed -i 's/\\(a\\{30\\}\\)\\{30\\}b/c/' /f\nsed -i 's/a*b*c*d/x/' /f\n", 500) + "redis-server /f\n",
		"a shell in a shell":         strings.Repeat("sh -c '", 1) + strings.Repeat("sh /start.sh a$1; sh /start.sh b$1; ", 50) + "'\nredis-server\n",
		"braces":                     "#!/bin/bash\nredis-server {1..100000000} {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}\n",
		"words taken away":           "A=" + strings.Repeat("ab", 20_000) + "\n" + strings.Repeat("A=${A%a*b}\n", 3000) + "redis-server --requirepass $A\n",
		"numbers that grow":          "A=1\n" + strings.Repeat("A=$((A * 999999 + A))\n", 3000) + "redis-server --port $A\n",
		"a script that runs itself":  "exec sh /start.sh\n",
		"a very long line":           "redis-server --requirepass " + strings.Repeat("a b ", 500_000) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := scenarioOf(name, `services:
  cache:
    image: redis:7.2
    entrypoint: /start.sh
    volumes: [./start.sh:/start.sh]
    healthcheck: {test: [CMD, /start.sh]}
-- start.sh --
`+script+"-- want --\n")
			services := inspect.Services(s.load(t))
			inspect.Describe(services)
			services[0].Health()
			for _, setting := range services[0].All() {
				assert.Less(t, len(setting.Value), 4<<20, fmt.Sprintf("%s is %d bytes", setting.Name, len(setting.Value)))
			}
		})
	}
}
