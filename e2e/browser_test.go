package e2e

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser is Chromium without a window. Over two pipes it is told what to do,
// and says what it sees, in the words of its DevTools Protocol
// (https://chromedevtools.github.io/devtools-protocol/): a message ends with a
// zero byte.
type browser struct {
	commands *os.File

	mutex   sync.Mutex
	asked   int
	answers map[int]chan told
	pages   map[string]*page // by session: a page's own, and those of its workers
}

// told is a message of the browser: the answer to a command, or something that
// has happened.
type told struct {
	ID      int             `json:"id"`
	Session string          `json:"sessionId"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *struct{ Message string }
}

// page is one page of a browser, with all that it and its workers asked for and
// complained of. The browser's mutex guards that.
type page struct {
	*browser
	t          *testing.T
	session    string
	requests   map[string]string // by their IDs
	refused    []string          // by the page's own policy: nothing was sent
	complaints []string
}

// programs are the names that Chromium has: Debian has a package without any window, too.
var programs = []string{"chromium-headless-shell", "chromium"}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	program := ""
	for _, name := range programs {
		if found, err := exec.LookPath(name); err == nil && program == "" {
			program = found
		}
	}
	require.NotEmpty(t, program, "none of %s is installed", strings.Join(programs, ", "))
	profile, err := os.MkdirTemp("", namePrefix)
	require.NoError(t, err)
	theirIn, commands, err := os.Pipe()
	require.NoError(t, err)
	messages, theirOut, err := os.Pipe()
	require.NoError(t, err)
	command := exec.Command(program, "--headless", "--remote-debugging-pipe", "--user-data-dir="+profile, "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "about:blank")
	command.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4, where it looks for them
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, command.Start())
	theirIn.Close()
	theirOut.Close()
	b := &browser{commands: commands, answers: map[int]chan told{}, pages: map[string]*page{}}
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		b.hear(bufio.NewReader(messages))
	}()
	t.Cleanup(func() {
		commands.Close() // it ends with the pipe
		late := time.AfterFunc(patience, func() { _ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) })
		<-heard
		_ = command.Wait()
		late.Stop()
		messages.Close()
		eventually(t, "the browser lets go of its profile", func() bool { return os.RemoveAll(profile) == nil })
	})
	return b
}

// hear takes what the browser says, until it has gone. Nobody waits for an
// answer any more then.
func (b *browser) hear(messages *bufio.Reader) {
	defer func() {
		b.mutex.Lock()
		defer b.mutex.Unlock()
		for _, answer := range b.answers {
			close(answer)
		}
		b.answers = nil
	}()
	for {
		message, err := messages.ReadBytes(0)
		if err != nil {
			return
		}
		var one told
		if json.Unmarshal(message[:len(message)-1], &one) == nil {
			b.take(one)
		}
	}
}

func (b *browser) take(one told) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if one.ID != 0 {
		b.answers[one.ID] <- one
		delete(b.answers, one.ID)
		return
	}
	p := b.pages[one.Session]
	if p == nil {
		return
	}
	var event struct {
		SessionID        string
		RequestID        string
		BlockedReason    string
		Message          string
		Request          struct{ URL string }
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	_ = json.Unmarshal(one.Params, &event) // of most events nothing is wanted
	switch one.Method {
	case "Network.requestWillBeSent":
		p.requests[event.RequestID] = event.Request.URL
	case "Network.loadingFailed":
		if event.BlockedReason == "csp" {
			p.refused = append(p.refused, p.requests[event.RequestID])
			delete(p.requests, event.RequestID)
		}
	case "Network.webSocketCreated", "Network.webTransportCreated":
		p.complaints = append(p.complaints, one.Method)
	case "Runtime.exceptionThrown":
		p.complaints = append(p.complaints, event.ExceptionDetails.Text+" "+event.ExceptionDetails.Exception.Description)
	case "Page.javascriptDialogOpening":
		p.complaints = append(p.complaints, "dialog: "+event.Message)
	case "Target.attachedToTarget": // a worker, which waits to be listened to
		b.pages[event.SessionID] = p
		go func() {
			_, _ = b.ask(event.SessionID, "Network.enable", nil) // it may be gone already
			_, _ = b.ask(event.SessionID, "Runtime.enable", nil)
			_, _ = b.ask(event.SessionID, "Runtime.runIfWaitingForDebugger", nil)
		}()
	}
}

// ask gives the browser a command and waits for what comes of it.
func (b *browser) ask(session, method string, parameters map[string]any) (json.RawMessage, error) {
	b.mutex.Lock()
	if b.answers == nil {
		b.mutex.Unlock()
		return nil, errors.New("the browser has gone")
	}
	b.asked++
	message := map[string]any{"id": b.asked, "method": method, "params": parameters}
	if session != "" {
		message["sessionId"] = session
	}
	answer := make(chan told, 1)
	b.answers[b.asked] = answer
	text, err := json.Marshal(message)
	if err == nil {
		_, err = b.commands.Write(append(text, 0))
	}
	b.mutex.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case one, ok := <-answer:
		switch {
		case !ok:
			return nil, fmt.Errorf("the browser has gone, asked for %s", method)
		case one.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, one.Error.Message)
		}
		return one.Result, nil
	case <-time.After(patience):
		return nil, fmt.Errorf("%s: no answer", method)
	}
}

// open shows a place in a page of its own.
func (b *browser) open(t *testing.T, place string) *page {
	t.Helper()
	p := &page{browser: b, t: t, requests: map[string]string{}}
	var target struct{ TargetID string }
	p.must("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	p.must("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	p.session = attached.SessionID
	b.mutex.Lock()
	b.pages[p.session] = p
	b.mutex.Unlock()
	for _, domain := range []string{"Network", "Runtime", "Page"} {
		p.tell(domain+".enable", nil)
	}
	p.tell("Target.setAutoAttach", map[string]any{"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true})
	p.tell("Page.navigate", map[string]any{"url": place})
	return p
}

// must is ask for what has to go well.
func (p *page) must(method string, parameters map[string]any, into any) {
	p.t.Helper()
	result, err := p.ask(p.session, method, parameters)
	require.NoError(p.t, err)
	if into != nil {
		require.NoError(p.t, json.Unmarshal(result, into))
	}
}

func (p *page) tell(method string, parameters map[string]any) {
	p.t.Helper()
	p.must(method, parameters, nil)
}

// evaluated is what an expression comes to in a page.
func evaluated[T any](p *page, expression string) (value T) {
	p.t.Helper()
	var result struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	p.must("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &result)
	require.Nil(p.t, result.ExceptionDetails, expression)
	if len(result.Result.Value) > 0 {
		require.NoError(p.t, json.Unmarshal(result.Result.Value, &value), expression)
	}
	return value
}

// until waits for a condition of the page.
func (p *page) until(condition string) {
	p.t.Helper()
	for end := time.Now().Add(patience); !evaluated[bool](p, "Boolean("+condition+")"); time.Sleep(pollPause / 4) {
		if time.Now().After(end) {
			p.picture("html", "failed")
			require.Fail(p.t, "it never comes true in the page", "%s\n%s", condition, p.text("body"))
		}
	}
}

// text is what is read of an element, which is there.
func (p *page) text(selector string) string {
	p.t.Helper()
	return evaluated[string](p, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// click presses the mouse on the first element that a selector finds, which
// nothing covers.
func (p *page) click(selector string) {
	p.t.Helper()
	at := evaluated[[]float64](p, fmt.Sprintf(`(() => {
		const found = document.querySelector(%q);
		found.scrollIntoView({ block: "center" });
		const box = found.getBoundingClientRect();
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
		return found.contains(document.elementFromPoint(x, y)) ? [x, y] : [];
	})()`, selector))
	require.Len(p.t, at, 2, "%s is not to be seen", selector)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		p.tell("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1})
	}
}

// paste puts a text in the place of all that stands in a box.
func (p *page) paste(selector, text string) {
	p.t.Helper()
	evaluated[any](p, fmt.Sprintf("document.querySelector(%q).select()", selector))
	p.tell("Input.insertText", map[string]any{"text": text})
}

// press presses keys, one after the other, where the cursor is.
func (p *page) press(text string) {
	p.t.Helper()
	for _, key := range text {
		p.tell("Input.dispatchKeyEvent", map[string]any{"type": "char", "text": string(key)})
	}
}

// picture keeps what an element looks like, where somebody wants to see it.
func (p *page) picture(selector, name string) {
	directory := os.Getenv("RCOMP_E2E_PICTURES")
	if directory == "" {
		return
	}
	box := evaluated[map[string]float64](p, fmt.Sprintf(`(({ x, y, width, height }) => ({ x: x + scrollX, y: y + scrollY, width, height, scale: 1 }))(document.querySelector(%q).getBoundingClientRect())`, selector))
	var picture struct{ Data string }
	p.must("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true, "clip": box}, &picture)
	content, err := base64.StdEncoding.DecodeString(picture.Data)
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(filepath.Join(directory, name+".png"), content, 0o644))
}

// seen is what the page and its workers asked for so far, what of it was
// refused, and what they complained of.
func (p *page) seen() (requests, refused, complaints []string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return slices.Sorted(maps.Values(p.requests)), slices.Clone(p.refused), slices.Clone(p.complaints)
}
