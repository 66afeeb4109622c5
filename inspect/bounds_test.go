package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/inspect"
)

// A script of a pull request may be written to keep a reader busy: what doubles
// with each line is given up.
func TestScriptsAreBounded(t *testing.T) {
	for name, script := range map[string]string{
		"a variable that doubles":   "A=aaaaaaaa\n" + strings.Repeat("A=$A$A\n", 60) + "redis-server --requirepass \"$A\"\n",
		"a file that doubles":       "echo '# comment' > /f\n" + strings.Repeat("cat /f >> /f\n", 60) + "redis-server /f\n",
		"two files that double":     "echo '# comment' > /f\n" + strings.Repeat("cat /f /f > /g; cp /g /f\n", 60) + "redis-server /f\n",
		"arguments that double":     "set -- a b\n" + strings.Repeat("set -- \"$@\" \"$@\"\n", 60) + "redis-server \"$@\"\n",
		"output that doubles":       "A=aaaaaaaa\n" + strings.Repeat("A=$(echo $A; echo $A)\n", 60) + "redis-server --requirepass \"$A\"\n",
		"formats that double":       "A=aaaaaaaa\n" + strings.Repeat("A=$(printf '%s%s' \"$A\" \"$A\")\n", 60) + "redis-server --requirepass \"$A\"\n",
		"a wide format":             "redis-server --requirepass \"$(printf '%999999999d' 1)\"\n",
		"conditions in conditions":  strings.Repeat("if a; then\n", 3000) + "redis-server\n" + strings.Repeat("fi\n", 3000),
		"substitutions inside":      "redis-server --requirepass " + strings.Repeat("$(", 200_000) + "\n",
		"substitutions that nest":   "redis-server --requirepass " + strings.Repeat("$(echo ", 2000) + "a" + strings.Repeat(")", 2000) + "\n",
		"alternatives that nest":    "redis-server --requirepass " + strings.Repeat("${A:-", 20000) + strings.Repeat("}", 20000) + "\n",
		"functions in functions":    strings.Repeat("f() { \n", 3000) + "redis-server\n" + strings.Repeat("}\n", 3000),
		"a pipe of many":            "redis-server " + strings.Repeat("| cat ", 20000) + "\n",
		"a script that runs itself": "exec sh /start.sh\n",
		"a very long line":          "redis-server --requirepass " + strings.Repeat("a b ", 500_000) + "\n",
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
