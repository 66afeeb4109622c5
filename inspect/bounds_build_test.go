package inspect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rcomp/rcomp/inspect"

	"github.com/stretchr/testify/assert"
)

// Dockerfiles that are written to keep a linter busy.
func TestBuildsAreBounded(t *testing.T) {
	services := func(count int, arguments string) string {
		var text strings.Builder
		text.WriteString("services:\n")
		for i := range count {
			fmt.Fprintf(&text, "  s%d:\n    build: {context: ., args: {A: \"%s%d\"}}\n", i, arguments, i)
		}
		return text.String()
	}
	var chain strings.Builder
	for i := range 99 {
		from := "redis:7.4"
		if i > 0 {
			from = fmt.Sprintf("s%d", i-1)
		}
		fmt.Fprintf(&chain, "FROM %s AS s%d\nCOPY --from=s%d / /\nRUN echo x >> /etc/redis.conf\n", from, i, max(i-1, 0))
	}
	head, tail := "FROM redis:7.4\nARG A\n", "CMD [\"redis-server\", \"/etc/redis.conf\"]\n"
	var many, ways strings.Builder
	for i := range 60 {
		fmt.Fprintf(&many, "FROM redis:7.4 AS c%d\n", i)
		fmt.Fprintf(&ways, "FROM redis:7.4 AS c%d\n", i)
		for j := range min(i, 9) {
			fmt.Fprintf(&many, "COPY --from=c%d / /\n", i-j-1)
			fmt.Fprintf(&ways, "COPY --from=c%d /%d /\n", i-j-1, j)
		}
		many.WriteString("COPY a /a\n")
		fmt.Fprintf(&ways, "COPY a /0/1/2/3/4/5/6/7/8/9\n")
	}
	for name, body := range map[string]string{
		"stages of stages": services(1, "x") + "-- Dockerfile --\n" + many.String() + tail + "-- a --\n",
		"many ways":        services(1, "x") + "-- Dockerfile --\n" + ways.String() + tail + "-- a --\n",
		"steps":            services(100, "x") + "-- Dockerfile --\n" + head + strings.Repeat("RUN echo maxmemory $A >> /etc/redis.conf\n", 900) + tail,
		"copies":           services(100, "x") + "-- Dockerfile --\n" + head + strings.Repeat("COPY . /etc/\n", 900) + tail + "-- redis.conf --\nmaxmemory 1gb\n",
		"patterns":         services(100, "x") + "-- Dockerfile --\n" + head + strings.Repeat("COPY **/*/*/*.conf /etc/\n", 900) + tail,
		"doubled":          services(1, "x") + "-- Dockerfile --\n" + head + "RUN echo maxmemory 1gb > /a\n" + strings.Repeat("RUN cat /a /a > /b && cat /b /b > /a\n", 400) + "RUN cp /a /etc/redis.conf\n" + tail,
		"shared":           "services:\n" + sameBuild(300) + "-- Dockerfile --\n" + head + strings.Repeat("RUN echo hz 1 >> /etc/redis.conf\n", 900) + tail,
		"chain":            services(1, "x") + "-- Dockerfile --\n" + chain.String() + tail,
		"dockerignore":     services(1, "x") + "-- Dockerfile --\n" + head + "COPY . /etc/\n" + tail + "-- .dockerignore --\n" + strings.Repeat("**/a*b*c*d*e*/**\n", 900) + "-- redis.conf --\nmaxmemory 1gb\n",
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			loaded := scenarioOf("", body+"\n-- want --\n").load(t)
			services := inspect.Services(loaded)
			inspect.Describe(services)
			for _, s := range services {
				s.Copied()
			}
			took := time.Since(begin)
			t.Logf("%d services in %v", len(services), took)
			assert.Less(t, took, 60*time.Second)
		})
	}
}

func sameBuild(count int) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, "  s%d: {build: .}\n", i)
	}
	return text.String()
}
