package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPlayground uses the page as people do, in a real browser.
func TestPlayground(t *testing.T) {
	inParts(t)
	b := newBrowser(t)
	place := served(t)
	for name, part := range map[string]func(*page){
		"judges": judges, "draws": drawsTheTopology, "writes": writesFromAnIntent, "text": showsTextAsText, "held": isHeldByItsPolicy,
	} {
		t.Run(name, func(t *testing.T) {
			p := b.open(t, place)
			p.ready()
			part(p)
			requests, _, complaints := p.seen()
			assert.Empty(t, complaints)
			// Its own files were asked for, by the page and by the program
			// aside of it, and nothing else anywhere.
			assert.Contains(t, requests, place)
			assert.Contains(t, requests, place+"rcomp.wasm")
			for _, request := range requests {
				assert.True(t, strings.HasPrefix(request, place), request)
			}
		})
	}
}

// served is the playground as people start it, and the place that it prints.
func served(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "playground")
	built := finish(t, exec.Command("go", "build", "-o", program, "../docs/playground"))
	require.Zero(t, built.status, built.stderr)
	command := exec.Command("nice", "-n", politeness, program, "-listen", "127.0.0.1:0") // it compiles rcomp first
	command.Dir, command.Stderr = "..", os.Stderr
	said, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	})
	line, err := bufio.NewReader(said).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line)
}

// ready waits until rcomp has said all that it has to say of the texts.
func (p *page) ready() {
	p.t.Helper()
	p.until(`document.readyState === "complete" && document.getElementById("state").textContent === "ready"`)
}

// judges: a text is typed, and what is found of it stands at its lines, until
// it is mended.
func judges(p *page) {
	assert.Contains(p.t, p.text("#findings"), "directive-unknown", "an example is there")
	p.pictures("html", "judged")

	p.paste("#compose", "version: \"3\"\nservices:\n  a:\n    image: redis:7.2.4\n    command: redis-server --appendonly ")
	p.paste("#conf", "")
	p.click("#compose")
	evaluated[any](p, `document.querySelector("#compose").setSelectionRange(1e6, 1e6)`)
	p.press("yess\r") // as the key for a new line has it
	p.until(`document.querySelector("#findings").innerText.includes('not "yess"')`)
	p.ready()
	assert.Contains(p.t, p.marked("#compose"), "1 note")
	assert.Contains(p.t, p.marked("#compose"), "5 error")
	p.click("#findings .error .place")
	assert.Equal(p.t, "yess", evaluated[string](p, `(() => { const box = document.querySelector("#compose"); return box.value.slice(box.selectionStart, box.selectionEnd); })()`))
	p.press("yes") // in its place, which the click has marked
	p.until(`!document.querySelector("#findings").innerText.includes("yess")`)
	p.ready()
	assert.Regexp(p.t, `appendonly\s+yes\s+compose.yml:5`, p.text("#configuration"))

	assert.Contains(p.t, p.text("#findings"), "version-key-obsolete")
	assert.Contains(p.t, p.text("#diff"), `-version: "3"`)
	p.click("#fix")
	p.until(`!document.querySelector("#findings").innerText.includes("version-key-obsolete")`)
	p.ready()
	assert.Regexp(p.t, "^services:\n  a:\n    image: redis:7.2.4\n    command: redis-server --appendonly yes\n    healthcheck:\n", p.written("#compose"), "the rest is as it was")
	assert.NotContains(p.t, p.text("#diff"), "version:")

	// A fix makes files, and takes them back into the next look.
	p.paste("#compose", "services:\n  a:\n    image: redis:7.2.4\n    command: redis-server --requirepass hunter2hunter2\n")
	p.until(`document.querySelector("#findings").innerText.includes("password-in-argv")`)
	p.ready()
	p.click("#fix-all")
	p.until(`document.querySelector("#made").innerText.includes("secrets/a-requirepass.conf")`)
	p.ready()
	assert.NotContains(p.t, p.text("#findings"), "password-in-argv")
	assert.NotContains(p.t, p.text("#findings"), "password-missing")
	assert.NotContains(p.t, p.written("#compose"), "hunter2")
	p.pictures("html", "fixed")
}

// marked are the lines of a box that something is found in, and how bad it is.
func (p *page) marked(selector string) []string {
	p.t.Helper()
	return evaluated[[]string](p, fmt.Sprintf(`[...document.querySelector(%q).previousElementSibling.children].filter((line) => line.className).map((line) => line.textContent.trim() + " " + line.className)`, selector))
}

func (p *page) written(selector string) string {
	p.t.Helper()
	return evaluated[string](p, fmt.Sprintf("document.querySelector(%q).value", selector))
}

// arrow is one of the picture: the boxes that it touches with its two ends, and
// what stands at it.
type arrow struct{ From, To, Says string }

// drawsTheTopology: each relation that inspect tells of is an arrow from the
// one service to the other, and those that lead elsewhere stand below.
func drawsTheTopology(p *page) {
	compose, err := os.ReadFile("testdata/playground.yml")
	require.NoError(p.t, err)
	const conf = "sentinel monitor main primary 6379 2\n"
	p.paste("#compose", string(compose))
	p.paste("#conf", conf)
	p.until(`document.querySelector("#topology").textContent.includes("watcher")`)
	p.ready()
	p.pictures("#topology", "topology")

	directory := p.t.TempDir()
	require.NoError(p.t, os.WriteFile(filepath.Join(directory, "compose.yml"), compose, 0o600))
	require.NoError(p.t, os.WriteFile(filepath.Join(directory, "redis.conf"), []byte(conf), 0o600))
	var told struct {
		Services  []struct{ Name string }
		Relations []struct{ From, Relation, To, Address, Login string }
	}
	require.NoError(p.t, json.Unmarshal([]byte(mustRun(p.t, directory, rcompPath(p.t), "inspect", "--topology", "--format", "json")), &told))
	var boxes, elsewhere []string
	for _, service := range told.Services {
		boxes = append(boxes, service.Name)
	}
	relations, want := 0, map[string]bool{}
	for _, relation := range told.Relations {
		if relation.To == "" {
			elsewhere = append(elsewhere, relation.From+" "+relation.Relation+" "+relation.Address)
			continue
		}
		relations++
		want[relation.From+" > "+relation.To] = true
	}
	require.Greater(p.t, len(want), 7)
	require.Greater(p.t, relations, len(want), "two lead from one to the same other")
	require.NotEmpty(p.t, elsewhere)

	assert.ElementsMatch(p.t, boxes, evaluated[[]string](p, `[...document.querySelectorAll("#topology g title")].map((title) => title.textContent)`))
	assert.Equal(p.t, elsewhere, evaluated[[]string](p, `[...document.querySelectorAll("#topology li")].map((item) => item.textContent)`))
	var drawn []string
	says := map[string]string{}
	for _, arrow := range p.arrows() {
		drawn = append(drawn, arrow.From+" > "+arrow.To)
		says[arrow.From+" > "+arrow.To] = arrow.Says
	}
	assert.ElementsMatch(p.t, slices.Collect(maps.Keys(want)), drawn)
	assert.Equal(p.t, "caches in, uses", says["app > primary"])
	assert.Equal(p.t, "measures, password missing", says["metrics > primary"])
	assert.Equal(p.t, "replicates, password wrong", says["copy-that-cannot-log-in > primary"])
	assert.Equal(p.t, "replicates", says["copy > primary"])
	assert.Equal(p.t, "creates", says["create > node-1"])
	assert.Equal(p.t, "watches, password missing", says["watcher > primary"])
	assert.Equal(p.t, "uses", says["app > watcher"])
}

// arrows are those that the page draws: what their lines touch where they begin
// and, with their heads, where they end.
func (p *page) arrows() []arrow {
	p.t.Helper()
	return evaluated[[]arrow](p, `(() => {
		const boxes = [...document.querySelectorAll("#topology g")].map((group) => {
			const box = group.querySelector("rect");
			const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
			return { name: group.querySelector("title").textContent, x, y, width, height };
		});
		const edge = (point) => boxes.filter((box) => [box.x, box.x + box.width].some((x) => Math.abs(point.x - x) < 1) && point.y > box.y && point.y < box.y + box.height)
			.map((box) => box.name).join(" and ");
		return [...document.querySelectorAll("#topology .relation")].map((line) => {
			const says = [];
			for (let next = line.nextElementSibling; next && next.matches(".label"); next = next.nextElementSibling) {
				says.push(next.textContent);
			}
			const hasHead = document.querySelector(line.getAttribute("marker-end").slice(4, -1)) && !line.hasAttribute("marker-start");
			return { From: edge(line.getPointAtLength(0)), To: hasHead ? edge(line.getPointAtLength(line.getTotalLength())) : "", Says: says.join(", ") };
		});
	})()`)
}

// writesFromAnIntent: the files of a deployment, and what is wrong with an intent.
func writesFromAnIntent(p *page) {
	p.click("#generate")
	p.until(`document.querySelector("#files").innerText.includes("docker-compose.yml")`)
	p.ready()
	assert.Contains(p.t, p.text("#files"), "valkey/valkey:8.1")
	assert.Empty(p.t, p.text("#problems"))
	p.pictures("html", "generated")

	p.paste("#intent", "name = \"sessions\"\nrole = \"cahce\"\nmemory = \"512M\"\n")
	p.until(`document.querySelector("#problems").innerText.includes("cahce")`)
	p.ready()
	assert.Contains(p.t, p.text("#problems"), "redis.toml:2:")
	p.paste("#intent", "name = \"sessions\"\nrole = \"cache\"\nmemory = \"512M\"\ntopology = \"cluster\"\n")
	p.until(`document.querySelector("#problems").innerText === "" && document.querySelector("#files").innerText.includes("roll.sh")`)
	p.ready()

	// What was in the other boxes is still there.
	p.click("#judge")
	p.until(`document.querySelector("#findings").innerText.includes("directive-unknown")`)
	p.ready()
}

// showsTextAsText: what a stranger's file says is text in the page, whatever it
// is in HTML.
func showsTextAsText(p *page) {
	const evil = `<img src=x onerror="alert(1)"><script>alert(2)</script>`
	p.paste("#compose", "services:\n  '"+evil+"':\n    image: redis:7.2.4\n  b:\n    image: redis:7.2.4\n    command: [redis-server, --logfile, '"+evil+"', --port, '"+evil+"']\n  c:\n    image: 'redis:"+evil+"'\n")
	p.paste("#conf", "maxmemory "+evil+"\n")
	p.until(`document.querySelector("#outputs").innerText.includes("onerror")`)
	p.ready()
	assert.Zero(p.t, evaluated[int](p, `document.querySelectorAll("img, main script").length`))
}

// isHeldByItsPolicy: even a page that wanted to could send nothing away.
func isHeldByItsPolicy(p *page) {
	const elsewhere = "http://127.0.0.1:9/"
	for _, attempt := range []struct{ says, does string }{
		{"connect-src", `fetch("` + elsewhere + `", { mode: "no-cors" }).catch(() => {})`},
		{"connect-src", `navigator.sendBeacon("` + elsewhere + `", "x")`},
		{"img-src", `new Image().src = "` + elsewhere + `"`},
	} {
		assert.Equal(p.t, attempt.says, evaluated[string](p, `new Promise((resolve) => {
			document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
			`+attempt.does+`;
		})`))
	}
	_, refused, _ := p.seen()
	assert.Contains(p.t, refused, elsewhere, "the browser tells of what is asked for elsewhere")
}

// pictures are those of an element in a wide and a narrow page, light and dark,
// none of which is wider than its window.
func (p *page) pictures(selector, name string) {
	p.t.Helper()
	for _, width := range []int{1280, 390} {
		for _, look := range []string{"light", "dark"} {
			p.tell("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false})
			p.tell("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": look}}})
			whole, inner := evaluated[int](p, "document.documentElement.scrollWidth"), evaluated[int](p, "innerWidth")
			assert.LessOrEqual(p.t, whole, inner, "%s is wider than %d", name, width)
			p.picture(selector, fmt.Sprintf("%s-%d-%s", name, width, look))
		}
	}
	p.tell("Emulation.setDeviceMetricsOverride", map[string]any{"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": false})
}
