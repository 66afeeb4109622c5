package surroundings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzClaims looks for subnets in arbitrary compose files.
func FuzzClaims(f *testing.F) {
	f.Add("name: x\nnetworks: {a: {ipam: {config: [{subnet: 10.0.0.0/24}, {subnet: &s fd00::/64}, {subnet: *s}, {subnet: '${S}'}]}}}\n")
	f.Add("subnet: &a [*a]\n? {subnet: 10.0.0.0/8}\n: subnet\n")
	f.Add("a: &a {<<: *a, subnet: 1.2.3.4/33}\n---\nsubnet: 10.0.0.0/8\n")
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 1<<14 {
			return
		}
		lines := strings.Count(source, "\n") + 1
		for _, taken := range readClaims([]byte(source)).taken("compose.yml") {
			require.True(t, taken.Prefix.IsValid())
			require.Positive(t, taken.Line)
			require.LessOrEqual(t, taken.Line, lines)
		}
	})
}

// FuzzOccupied looks for ports of the host in arbitrary compose files.
func FuzzOccupied(f *testing.F) {
	f.Add("name: x\nservices:\n  a:\n    ports: [80:80, \"127.0.0.1:6379:6379/tcp\", {published: 1, host_ip: \"::\"}, &p \"[::1]:5:5\", *p]\n", "")
	f.Add("services: &a {b: *a, ports: &p [*p]}\n", "")
	f.Add("services: {a: {network_mode: host}}\nconfigs: {redis.conf: {name: shop_redis.conf_01234567}}\n", "bind ::1\nport 6379\ntls-port x\n")
	f.Fuzz(func(t *testing.T, source, conf string) {
		if len(source)+len(conf) > 1<<14 {
			return
		}
		lines := strings.Count(source, "\n") + 1
		for _, port := range readOccupied([]byte(source), func() []byte { return []byte(conf) }).ports {
			require.Regexp(t, `^[0-9]+$`, port.port)
			require.Positive(t, port.line)
			require.LessOrEqual(t, port.line, lines)
			require.True(t, port.meets(port))
		}
	})
}
