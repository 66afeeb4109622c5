//go:build browser

package e2e

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// browser is the program that shows the playground. To fetch one and to compile
// rcomp for it takes minutes on a fresh machine, so the gate does without: `go
// test -tags browser` asks for it.
func browser(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath(cmp.Or(os.Getenv("RCOMP_E2E_BROWSER"), "chromium"))
	require.NoError(t, err)
	return path
}

// served is the playground as people start it, and the place that it prints.
func served(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "playground")
	built := finish(t, exec.Command("go", "build", "-o", program, "../docs/playground"))
	require.Zero(t, built.status, built.stderr)
	command := exec.Command(program, "-listen", "127.0.0.1:0")
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

// shown is a page in a browser, with all that it asked for and complained of.
type shown struct {
	context.Context
	t          *testing.T
	mutex      sync.Mutex
	requests   []string
	complaints []string
}

func show(t *testing.T, program, place string) *shown {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	tab, cancelTab := chromedp.NewContext(allocator)
	t.Cleanup(cancelTab)
	limited, cancelLimit := context.WithTimeout(tab, 5*time.Minute)
	t.Cleanup(cancelLimit)
	s := &shown{Context: limited, t: t}
	require.NoError(t, chromedp.Listen(limited, func(event any) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		switch event := event.(type) {
		case *network.EventRequestWillBeSent:
			s.requests = append(s.requests, event.Request.URL)
		case *runtime.EventExceptionThrown:
			s.complaints = append(s.complaints, event.ExceptionDetails.Text)
		case *page.EventJavascriptDialogOpening:
			s.complaints = append(s.complaints, "dialog: "+event.Message)
		}
	}))
	tell(s, network.Enable, network.EnableParams{})
	s.do(chromedp.Navigate(place))
	s.ready()
	return s
}

// tell gives the browser a command.
func tell[P, R any](s *shown, command cdp.Command[P, R], parameters P) {
	s.t.Helper()
	_, err := chromedp.Call(s, command, parameters)
	require.NoError(s.t, err)
}

func (s *shown) do(actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	require.NoError(s.t, chromedp.Do(s, actions...))
}

// asked is what an expression comes to in the page.
func asked[T any](s *shown, expression string) T {
	s.t.Helper()
	value, err := chromedp.Run(s, chromedp.Evaluate[T](expression))
	require.NoError(s.t, err, expression)
	return value
}

// ready waits until rcomp has said all that it has to say of the texts.
func (s *shown) ready() {
	s.t.Helper()
	s.until(`document.getElementById("state").textContent === "ready"`)
}

func (s *shown) until(condition string) {
	s.t.Helper()
	_, err := chromedp.Run(s, chromedp.Poll[chromedp.Void](condition, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(time.Minute)))
	if err != nil {
		s.picture("failed")
	}
	require.NoError(s.t, err, "%s; page: %s", condition, s.text("body"))
}

func (s *shown) text(selector string) string {
	s.t.Helper()
	return asked[string](s, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// write puts a text in the place of another, as pasting does.
func (s *shown) write(selector, text string) {
	s.t.Helper()
	asked[chromedp.Void](s, fmt.Sprintf("document.querySelector(%q).select()", selector))
	tell(s, input.InsertText, input.InsertTextParams{Text: text})
}

// picture keeps what the page looks like, where somebody wants to see it.
func (s *shown) picture(name string) {
	directory := os.Getenv("RCOMP_E2E_PICTURES")
	if directory == "" {
		return
	}
	picture, err := chromedp.Run(s, chromedp.FullScreenshot(100))
	require.NoError(s.t, err)
	require.NoError(s.t, os.WriteFile(filepath.Join(directory, name+".png"), picture, 0o644))
}

// The page finds what is typed into it, applies fixes and shows what they
// leave, and writes deployments, without asking anybody for anything.
func TestPlayground(t *testing.T) {
	inParts(t)
	program := browser(t)
	place := served(t)
	s := show(t, program, place)
	assert.Contains(t, s.text("#findings"), "directive-unknown")
	assert.Contains(t, s.text("#configuration"), "cache server redis 7.2.4")
	s.pictures("judged")

	s.write("#compose", "version: \"3\"\nservices:\n  a:\n    image: redis:7.2.4\n    command: redis-server --appendonly yess\n")
	s.until(`document.getElementById("findings").innerText.includes("yess")`)
	s.write("#compose", "version: \"3\"\nservices:\n  a:\n    image: redis:7.2.4\n    command: redis-server --appendonly yes\n")
	s.until(`!document.getElementById("findings").innerText.includes("yess")`)
	s.ready()
	assert.Contains(t, s.text("#findings"), "version-key-obsolete")
	assert.Contains(t, s.text("#diff"), `-version: "3"`)
	s.do(chromedp.Click("#fix"))
	s.until(`!document.getElementById("findings").innerText.includes("version-key-obsolete")`)
	text := asked[string](s, `document.getElementById("compose").value`)
	assert.NotContains(t, text, "version:")
	assert.Contains(t, text, "--appendonly yes\n", "the rest is as it was")

	s.do(chromedp.Click("#generate"))
	s.until(`document.getElementById("files").innerText.includes("docker-compose.yml")`)
	s.ready()
	assert.Contains(t, s.text("#files"), "valkey/valkey:8.1")
	s.pictures("generated")

	// Requests go to where the page came from, and nowhere else.
	s.mutex.Lock()
	defer s.mutex.Unlock()
	assert.Empty(t, s.complaints)
	assert.NotEmpty(t, s.requests)
	for _, request := range s.requests {
		assert.True(t, strings.HasPrefix(request, place), request)
	}
}

// What a stranger's file says is text in the page, whatever it is in HTML.
func TestPlaygroundShowsTextAsText(t *testing.T) {
	inParts(t)
	program := browser(t)
	s := show(t, program, served(t))
	const evil = `<img src=x onerror="alert(1)"><script>alert(2)</script>`
	s.write("#compose", "services:\n  '"+evil+"':\n    image: redis:7.2.4\n  b:\n    image: redis:7.2.4\n    command: [redis-server, --logfile, '"+evil+"', --port, '"+evil+"']\n  c:\n    image: 'redis:"+evil+"'\n")
	s.write("#conf", "maxmemory "+evil+"\n")
	s.until(`document.getElementById("outputs").innerText.includes("onerror")`)
	s.ready()
	assert.Zero(t, asked[int](s, `document.querySelectorAll("img, main script").length`))
	s.mutex.Lock()
	defer s.mutex.Unlock()
	assert.Empty(t, s.complaints)
}

// pictures are those of a wide and a narrow page, light and dark, none of which
// is wider than its window.
func (s *shown) pictures(name string) {
	s.t.Helper()
	for _, width := range []int64{1280, 390} {
		for _, look := range []string{"light", "dark"} {
			tell(s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
			tell(s, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look}}})
			whole, inner := asked[int](s, "document.documentElement.scrollWidth"), asked[int](s, "innerWidth")
			assert.LessOrEqual(s.t, whole, inner, "%s is wider than %d", name, width)
			s.picture(fmt.Sprintf("%s-%d-%s", name, width, look))
		}
	}
}
