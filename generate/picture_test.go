package generate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var mermaidBlock = regexp.MustCompile("(?s)```mermaid\n(.*?)```")

// What Mermaid cannot take for the name of a node, and what ends one without
// quotes (11.17, flow.jison).
var mermaidWords = []string{"graph", "flowchart", "subgraph", "end", "style", "linkStyle", "classDef", "class", "click", "default", "direction", "href", "call"}

// The part of Mermaid that pictures are made of.
var (
	mermaidHead = regexp.MustCompile(`^flowchart (LR|TB)$`)
	mermaidNode = `([a-z][a-z0-9]*)(?:\["[^"\[\]]+"\]|\[\("[^"()]+"\)\]|\(\[[A-Za-z ]+\]\))?`
	mermaidLine = regexp.MustCompile(`^` + mermaidNode + `(?: (?:-->|-- "[^"]+" -->|-\. "[^"]+" \.->) ` + mermaidNode + `)?$`)
	mermaidPart = regexp.MustCompile(`^subgraph ([a-z][a-z0-9]*)$`)
)

// checkPicture holds a picture to that part: to everything that is in it the
// real Mermaid says yes, which TestPicturesAreMermaid asks where it is
// installed.
func checkPicture(picture string) error {
	lines := strings.Split(strings.TrimSuffix(picture, "\n"), "\n")
	if !mermaidHead.MatchString(lines[0]) {
		return fmt.Errorf("no head: %q", lines[0])
	}
	open := 0
	for _, line := range lines[1:] {
		line = strings.TrimSpace(line)
		names := mermaidPart.FindStringSubmatch(line)
		switch {
		case line == "end":
			open--
			continue
		case names != nil:
			open++
		default:
			names = mermaidLine.FindStringSubmatch(line)
		}
		if names == nil || open < 0 || open > 1 {
			return fmt.Errorf("no statement: %q", line)
		}
		for _, name := range names[1:] {
			if slices.Contains(mermaidWords, name) {
				return fmt.Errorf("%q is a word of Mermaid: %q", name, line)
			}
		}
		if text := regexp.MustCompile(`\(\[.*\]\)`).FindString(line); slices.Contains(strings.Fields(strings.Trim(text, "([])")), "end") {
			return fmt.Errorf("a text ends the picture: %q", line)
		}
	}
	if open != 0 {
		return fmt.Errorf("a subgraph does not end: %q", picture)
	}
	return nil
}

// pictures are those of every topology and target, of deployments whose names
// mean something to Mermaid.
func pictures(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, name := range []string{"graph", "style", "class", "end", "subgraph", "click", "default"} {
		for _, topology := range []string{"replicated", "sentinel", "sentinel\"\nproxy = true\n#", "cluster"} {
			for _, target := range []string{"compose", "swarm"} {
				if target == "swarm" && strings.Contains(topology, "proxy") {
					continue
				}
				for _, exporter := range []string{"true", "false"} {
					plan, problems := Compile("redis.toml", []byte("name = \""+name+"\"\nrole = \"queue\"\nmemory = \"512M\"\nexporter = "+exporter+"\ntarget = \""+target+"\"\ntopology = \""+topology+"\"\n"))
					require.Empty(t, problems)
					files, err := Files(plan)
					require.NoError(t, err)
					for _, file := range files {
						for _, picture := range mermaidBlock.FindAllStringSubmatch(string(file.Content), -1) {
							assert.Equal(t, exporter == "true", strings.Contains(picture[1], "exporter"))
							all = append(all, picture[1])
						}
					}
				}
			}
		}
	}
	require.Greater(t, len(all), 50)
	return all
}

func TestPicturesAreSound(t *testing.T) {
	for _, picture := range pictures(t) {
		assert.NoError(t, checkPicture(picture), picture)
		for line := range strings.Lines(picture) {
			if strings.Contains(line, `"follows"`) {
				assert.Regexp(t, `^\s*replica\d+x\d+\["[^"]+"\] -\. "follows" \.-> master\d+$`, strings.TrimRight(line, "\n"), "a replica follows its master")
			}
		}
	}
	for _, wrong := range []string{
		"flowchart LR\n  end[(\"end\")]\n", "flowchart LR\n  style --> b\n", "flowchart LR\n  subgraph sentinels\n", "flowchart LR\n  a([the end of it])\n", "flowchart LR\n  a -> b\n",
		"flowchart LR\n  a[\"x\"y\"]\n", "flowchart LR\nend\n", "graph\n",
	} {
		assert.Error(t, checkPicture(wrong), wrong)
	}
}
