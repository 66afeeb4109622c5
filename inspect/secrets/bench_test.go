package secrets_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/inspect/secrets"
)

// inputs are texts of which each piece looks like something.
var inputs = map[string]func(int) (name, text string){
	"ordinary": func(n int) (string, string) {
		return "compose.yml", "services:\n" + repeat(n, "  s%d:\n    image: redis:7.4\n    command: [redis-server, --requirepass, \"pw%[1]d\"]\n    environment:\n      REDIS_PASSWORD: secret%[1]d\n")
	},
	"one line": func(n int) (string, string) {
		return "compose.yml", "command: \"" + repeat(n, "--requirepass p%d ") + "\"\n"
	},
	"conf":   func(n int) (string, string) { return "redis.conf", repeat(n, "requirepass p%dword\n") },
	"users":  func(n int) (string, string) { return "users.acl", repeat(n, "user u%d on >p%[1]d #h%[1]d\n") },
	"dotenv": func(n int) (string, string) { return ".env", repeat(n, "A%d_PASSWORD=${B%[1]d:-x%[1]d}\n") },
	"chain":  func(n int) (string, string) { return ".env", repeat(n, "P%d=${P%[1]d1}\n") + "REDIS_PASSWORD=$P1\n" },
	"script": func(n int) (string, string) { return "start.sh", repeat(n, "redis-cli -a 'p%d x' ping\n") },
	"nested": func(n int) (string, string) {
		return ".env", "PASSWORD=" + strings.Repeat("${A:-", n) + strings.Repeat("}", n) + "\n"
	},
	"brackets": func(n int) (string, string) { return ".env", "PASSWORD=" + strings.Repeat("$(", n) + "\n" },
	"prefixes": func(n int) (string, string) {
		return "redis.conf", repeat(n/50, "requirepass "+strings.Repeat("a", 40)+"%d\n")
	},
	"addresses": func(n int) (string, string) { return "a.txt", strings.Repeat("redis://a:b", n) + "@\n" },
	"auth":      func(n int) (string, string) { return "start.sh", "redis-cli " + strings.Repeat("auth ", n) + "\n" },
	"setuser":   func(n int) (string, string) { return "start.sh", strings.Repeat("setuser a ", n) + "\n" },
	"escapes":   func(n int) (string, string) { return "a.txt", strings.Repeat(`pass:\"`, n) + "\n" },
	"quotes":    func(n int) (string, string) { return "a.txt", "pass: " + strings.Repeat(`"' \`, n) + "\n" },
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func BenchmarkFind(b *testing.B) {
	for shape, make := range inputs {
		for _, size := range []int{1 << 20, 1 << 22} {
			b.Run(fmt.Sprintf("%s/%d", shape, size), func(b *testing.B) {
				_, unit := make(100)
				name, text := make(100 * size / len(unit))
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					var found secrets.Collection
					found.Add(map[string]secrets.File{name: {Source: []byte(text)}})
					found.Secrets().Hide("the message of a rule")
				}
			})
		}
	}
}
