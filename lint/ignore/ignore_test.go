package ignore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/ignore"
	"github.com/rcomp/rcomp/lint/position"
)

var (
	a = &lint.Rule{ID: "a-rule", Severity: lint.Warning}
	b = &lint.Rule{ID: "b-rule", Severity: lint.Warning}
)

var words = ignore.Words{Rules: []string{a.ID, b.ID}, Groups: []string{"memory"}, Ran: func(rule string) bool { return rule != "b-rule" }}

// project loads files as one project, so that they are read.
func project(t *testing.T, files map[string]string) *compose.Project {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	t.Cleanup(func() { tree.Close() })
	loaded := compose.Load(tree, compose.Group{filepath.Join(tree.Path(), "compose.yml")})
	for name := range files {
		_, _, err := loaded.ReadFile(filepath.Join(tree.Path(), name))
		require.NoError(t, err)
	}
	return loaded
}

const oneService = "services:\n  cache:\n    image: redis:7.4.6\n"

// TestWhereCommentsCount: a mark !1 says that a finding of a-rule stands on
// its line and is ignored, !0 that it is not. The marks are taken out first.
func TestWhereCommentsCount(t *testing.T) {
	const comment = "# rcomp: ignore[a-rule] so it is"
	tests := map[string]struct{ file, text string }{
		"on the line":                      {"compose.yml", oneService + "    ports:!0\n      - 6379:6379 " + comment + "!1\n      - 6380:6380!0\n"},
		"above the line":                   {"compose.yml", oneService + "    ports:\n      " + comment + "\n      - 6379:6379!1\n      - 6380:6380!0\n"},
		"above, with others between":       {"compose.yml", oneService + "    " + comment + "\n    # a word\n    mem_limit: 1g!1\n    cpus: 1!0\n"},
		"above, with a blank line between": {"compose.yml", oneService + "    " + comment + "\n\n    mem_limit: 1g!0\n"},
		"on a key with all below it":       {"compose.yml", oneService + "    healthcheck: " + comment + "!1\n      test:\n        - CMD!1\n        - x!1\n    cpus: 1!0\n"},
		"on a key with a list beside it":   {"compose.yml", oneService + "    ports: " + comment + "!1\n    - 6379:6379!1\n    - 6380:6380!1\n    cpus: 1!0\n"},
		"on an item with all below it":     {"compose.yml", oneService + "    volumes:!0\n    - type: bind " + comment + "!1\n      source: .!1\n    - x:/y!0\n"},
		"on a service":                     {"compose.yml", "services:!0\n  cache: " + comment + "!1\n    image: redis!1\n\n    cpus: 1!1\n  other:!0\n    image: redis!0\n"},
		"above a service":                  {"compose.yml", "services:!0\n  " + comment + "\n  cache:!1\n    image: redis!1\n  other:!0\n    image: redis!0\n"},
		"at the head":                      {"compose.yml", comment + "\nservices:!1\n  cache: {image: redis}!1\n"},
		"at the head, behind others":       {"compose.yml", "# who\n\n---\n" + comment + "\n\nservices:!1\n  cache: {image: redis}!1\n"},
		"at the head of a second document": {"compose.yml", "services: {}!0\n---\n" + comment + "\nservices:!1\n  cache: {image: redis}!1\n---\nname: x!0\n"},
		"in a quoted text":                 {"compose.yml", oneService + "    labels:\n      x: \"" + comment + "\"!0\n"},
		"in a quoted text of two lines":    {"compose.yml", oneService + "    labels:\n      x: \"y\n        " + comment + "\n        z\"!0\n    cpus: 1!0\n"},
		"behind a quoted text":             {"compose.yml", oneService + "    labels:\n      x: 'it''s # y' " + comment + "!1\n"},
		"behind an apostrophe":             {"compose.yml", oneService + "    labels:\n      x: it's\n      y: z " + comment + "!1\n      z: 'q'!0\n"},
		"above a block":                    {"compose.yml", oneService + "    " + comment + "\n    command: |!1\n      redis-server!1\n\n      it's!1\n    cpus: 1!0\n"},
		"in a block":                       {"compose.yml", oneService + "    command: |!0\n      x!0\n      " + comment + "\n      redis-server \\!1\n        --port 1!1\n      y!0\n    cpus: 1!0\n"},
		"behind a block":                   {"compose.yml", oneService + "    labels:\n      - |\n       it's\n    cpus: 1 " + comment + "!1\n"},
		"of no line below it":              {"compose.yml", oneService + "    cpus: 1!0\n" + comment + "\n"},
		"Windows":                          {"compose.yml", "services:\r\n  cache: " + comment + "!1\r\n    image: redis!1\r\n  other: {image: x}!0\r\n"},
		"another rule":                     {"compose.yml", oneService + "    cpus: 1 # rcomp: ignore[b-rule] so it is!0\n"},
		"several rules":                    {"compose.yml", oneService + "    cpus: 1 # rcomp: ignore[b-rule , a-rule] so it is!1\n"},
		"without a reason":                 {"compose.yml", oneService + "    cpus: 1 # rcomp: ignore[a-rule]!0\n"},
		"without blanks":                   {"compose.yml", oneService + "    cpus: 1 #rcomp:ignore[a-rule]: so it is!1\n"},
		"no comment":                       {"compose.yml", oneService + "    command: x#rcomp: ignore[a-rule] so it is!0\n"},

		"a conf, above a line":          {"redis.conf", "port 1!0\n" + comment + "\nmaxmemory 1!1\nsave \"\"!0\n"},
		"a conf, above its first line":  {"redis.conf", comment + "\nmaxmemory 1!1\nsave \"\"!0\n"},
		"a conf, at the head":           {"redis.conf", comment + "\n\nmaxmemory 1!1\nsave \"\"!1\n"},
		"a conf, behind a directive":    {"redis.conf", "maxmemory 1 " + comment + "!0\n"}, // its words are arguments
		"users.acl":                     {"users.acl", comment + "\nuser a on!1\nuser b on!0\n"},
		"a script, above a line":        {"start.sh", "#!/bin/sh\nx!0\n" + comment + "\nexec redis-server \\!1\n  --port 1!1\ny!0\n"},
		"a script, on a line":           {"start.sh", "#!/bin/sh\nexec redis-server " + comment + "!1\nx!0\n"},
		"a script, above a text":        {"start.sh", "#!/bin/sh\n" + comment + "\ncat >x <<EOF!1\nport 1!1\nEOF\nx!0\n"},
		"a script, at the head":         {"start.sh", "#!/bin/sh\n" + comment + "\n\nx!1\ny!1\n"},
		"a script, above a branch":      {"start.sh", "#!/bin/sh\ny!0\n" + comment + "\nif x; then!1\n  z!0\nfi\n"},
		"a script without its ending":   {"start", "#!/bin/sh\nexec redis-server " + comment + "!1\n"},
		"a Dockerfile, above a line":    {"Dockerfile", "FROM redis:7.4!0\n" + comment + "\nRUN x \\!1\n  # a word\n  y!1\nUSER z!0\n"},
		"a Dockerfile, above the first": {"Dockerfile", comment + "\nFROM redis:7.4!1\nUSER z!0\n"},
		"a Dockerfile, at the head":     {"Dockerfile", "# syntax=docker/dockerfile:1\n" + comment + "\n\nFROM redis:7.4!1\nUSER z!1\n"},
		"a Dockerfile, behind a line":   {"Dockerfile", "FROM redis:7.4 " + comment + "!0\n"},
		"a Dockerfile, above a text":    {"Dockerfile", "FROM redis:7.4\n" + comment + "\nCOPY <<EOF /redis.conf!1\nport 1!1\nEOF\nUSER z!0\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var clean, expected []string
			var findings []lint.Finding
			for number, line := range strings.Split(test.text, "\n") {
				for _, mark := range []string{"!0", "!1"} {
					if strings.Contains(line, mark) {
						line = strings.Replace(line, mark, "", 1)
						at := position.Span{File: test.file, Start: position.At(number+1, 1), End: position.At(number+1, 2)}
						findings = append(findings, lint.Finding{Rule: a, Severity: lint.Warning, Span: at})
						expected = append(expected, fmt.Sprintf("%d%s", number+1, mark))
					}
				}
				clean = append(clean, line)
			}
			files := map[string]string{"compose.yml": oneService}
			files[test.file] = strings.Join(clean, "\n")
			loaded := project(t, files)
			result := lint.Judge(loaded, nil)
			result.Findings = slices.Clone(findings)
			ignore.Collect(loaded).Apply(result)
			ignored := map[int]bool{}
			for _, one := range result.Ignored {
				ignored[one.Span.Start.Line] = true
				assert.Equal(t, "so it is", one.Reason)
			}
			var got []string
			for _, finding := range findings {
				mark := "!0"
				if ignored[finding.Span.Start.Line] {
					mark = "!1"
				}
				got = append(got, fmt.Sprintf("%d%s", finding.Span.Start.Line, mark))
			}
			assert.Equal(t, expected, got)
		})
	}
}

// TestACommentOnAServiceSpeaksOfIt wherever its fault stands, and of no other.
func TestACommentOnAServiceSpeaksOfIt(t *testing.T) {
	loaded := project(t, map[string]string{
		"compose.yml": "services:\n  cache: # rcomp: ignore[a-rule] so it is\n    image: redis:7.4.6\n  other:\n    image: redis:7.4.6\n",
		"redis.conf":  "port 1\n",
	})
	at := position.Span{File: "redis.conf", Start: position.At(1, 1), End: position.At(1, 5)}
	result := lint.Judge(loaded, nil)
	result.Findings = []lint.Finding{{Rule: a, Span: at, Service: "cache"}, {Rule: a, Span: at, Service: "other"}}
	ignore.Collect(loaded).Apply(result)
	require.Len(t, result.Findings, 1)
	assert.Equal(t, "other", result.Findings[0].Service)
	require.Len(t, result.Ignored, 1)
	assert.Equal(t, "cache", result.Ignored[0].Service)
}

// TestACommentIsOfUseToOneOfSeveral: the files of two projects may be one.
func TestACommentIsOfUseToOneOfSeveral(t *testing.T) {
	loaded := project(t, map[string]string{"compose.yml": oneService, "redis.conf": "# rcomp: ignore[a-rule] so\nport 1\n"})
	at := position.Span{File: "redis.conf", Start: position.At(2, 1), End: position.At(2, 5)}
	first, second := ignore.Collect(loaded), ignore.Collect(loaded)
	assert.Len(t, ignore.Faults([]*ignore.Set{first, second}, words), 1, "once, though it was read twice")
	result := lint.Judge(loaded, nil)
	result.Findings = []lint.Finding{{Rule: a, Span: at}}
	second.Apply(result)
	assert.Empty(t, ignore.Faults([]*ignore.Set{first, second}, words))
}

func TestFaultsOfComments(t *testing.T) {
	tests := map[string][]string{
		"# rcomp: ignore[a-rule] so":           {"ignore-unused 4:29 nothing is found here that a-rule could be about"},
		"# rcomp: ignore[b-rule] so":           nil, // it was not run
		"# rcomp: ignore[a-rule]":              {"ignore-without-reason 4:13 it says no reason behind the bracket, and ignores nothing"},
		"# rcomp: ignore[a-rul] so":            {`ignore-unknown-rule 4:29 there is no rule "a-rul"; did you mean "a-rule"?`},
		"# rcomp: ignore[memory] so":           {`ignore-unknown-rule 4:29 "memory" is a group of rules: name the rule, or turn the group off in .rcomp.toml`},
		"# rcomp: ignore[b-rule, nothing] so":  {`ignore-unknown-rule 4:37 there is no rule "nothing"`},
		"# rcomp: ignore so":                   {"ignore-unknown-rule 4:13 it names no rule: write ignore[RULE] and a reason"},
		"# rcomp: ignore[] so":                 {"ignore-unknown-rule 4:13 it names no rule: write ignore[RULE] and a reason"},
		"# rcomp: ignroe[a-rule] so":           {`ignore-unknown-rule 4:13 "rcomp: ignroe" says nothing; did you mean "ignore"?`},
		"# rcomp: made this":                   nil,
		"# see rcomp: ignore[a-rule] it works": nil,
	}
	for comment, want := range tests {
		loaded := project(t, map[string]string{"compose.yml": oneService + "    cpus: 1 " + comment + "\n"})
		set := ignore.Collect(loaded)
		set.Apply(lint.Judge(loaded, nil))
		var got []string
		for _, f := range ignore.Faults([]*ignore.Set{set}, words) {
			got = append(got, fmt.Sprintf("%s %d:%d %s", f.Rule.ID, f.Span.Start.Line, f.Span.Start.Column, f.Message))
		}
		assert.Equal(t, want, got, comment)
	}
}

// TestAdd writes comments and reads them again. In text, !! marks lines with a
// finding; in want, the whole file is as it has to be.
func TestAdd(t *testing.T) {
	tests := map[string]struct {
		file, text, want string
		left             int
	}{
		"a key": {file: "compose.yml", text: oneService + "    cpus: 1!!\n    mem_limit: 1g\n",
			want: oneService + "    # rcomp: ignore[a-rule] so\n    cpus: 1\n    mem_limit: 1g\n"},
		"the first line": {file: "compose.yml", text: "version: '3'!!\n" + oneService,
			want: "version: '3' # rcomp: ignore[a-rule] so\n" + oneService},
		"several lines": {file: "compose.yml", text: "services:\n  cache:!!\n    image: redis!!\n    cpus: 1\n    ports:\n    - 1:1!!\n",
			want: "services:\n  # rcomp: ignore[a-rule] so\n  cache:\n    # rcomp: ignore[a-rule] so\n    image: redis\n    cpus: 1\n    ports:\n    # rcomp: ignore[a-rule] so\n    - 1:1\n"},
		"a line of a block": {file: "compose.yml", text: oneService + "    command: >\n      redis-server\n      --port 1!!\n      --save ''\n",
			want: oneService + "    # rcomp: ignore[a-rule] so\n    command: >\n      redis-server\n      --port 1\n      --save ''\n"},
		"two lines of a block": {file: "compose.yml", text: oneService + "    command: >\n      redis-server!!\n      --port 1!!\n    cpus: 1!!\n",
			want: oneService + "    # rcomp: ignore[a-rule] so\n    # rcomp: ignore[a-rule] so\n    command: >\n      redis-server\n      --port 1\n    # rcomp: ignore[a-rule] so\n    cpus: 1\n"},
		"a line of a plain text": {file: "compose.yml", text: oneService + "    command: redis-server\n      --port 1!!\n      --save ''\n",
			want: oneService + "    # rcomp: ignore[a-rule] so\n    command: redis-server\n      --port 1\n      --save ''\n"},
		"a line of a quoted text": {file: "compose.yml", text: oneService + "    command: \"redis-server\n      --port 1!!\n      --save ''\"\n",
			want: oneService + "    # rcomp: ignore[a-rule] so\n    command: \"redis-server\n      --port 1\n      --save ''\"\n"},
		"Windows, and a mark": {file: "compose.yml", text: "\ufeffservices:\r\n  cache:!!\r\n    image: redis\r\n",
			want: "\ufeffservices:\r\n  # rcomp: ignore[a-rule] so\r\n  cache:\r\n    image: redis\r\n"},
		"no end of the last line": {file: "compose.yml", text: "services:\n  cache: {image: redis}!!",
			want: "services:\n  # rcomp: ignore[a-rule] so\n  cache: {image: redis}"},
		"tabs and comments stay": {file: "compose.yml", text: "services: # x\n  cache:   {image: redis}\t# y!!\n\n\n",
			want: "services: # x\n  # rcomp: ignore[a-rule] so\n  cache:   {image: redis}\t# y\n\n\n"},
		"the head stays one": {file: "compose.yml", text: "# who\nservices: # x!!\n  cache: {image: redis}\n",
			want: "# who\nservices: # x!!\n  cache: {image: redis}\n", left: 1},
		"a conf": {file: "redis.conf", text: "maxmemory 1!!\nport 1!!\n",
			want: "# rcomp: ignore[a-rule] so\nmaxmemory 1\n# rcomp: ignore[a-rule] so\nport 1\n"},
		"an ACL file": {file: "users.acl", text: "user a on!!\n", want: "user a on\n", left: 1},
		"a script": {file: "start.sh", text: "#!/bin/sh\nx!!\nexec redis-server \\\n  --port 1!!\n",
			want: "#!/bin/sh\n# rcomp: ignore[a-rule] so\nx\nexec redis-server \\\n  --port 1 # rcomp: ignore[a-rule] so\n"},
		"a text of a script": {file: "start.sh", text: "#!/bin/sh\nx\ncat >y <<EOF\nport 1!!\nEOF\n",
			want: "#!/bin/sh\nx\n# rcomp: ignore[a-rule] so\ncat >y <<EOF\nport 1\nEOF\n"},
		"a Dockerfile": {file: "Dockerfile", text: "FROM redis!!\nRUN x \\\n  y!!\nCOPY <<EOF /a\nport 1!!\nEOF\n",
			want: "# rcomp: ignore[a-rule] so\nFROM redis\nRUN x \\\n  # rcomp: ignore[a-rule] so\n  y\n# rcomp: ignore[a-rule] so\nCOPY <<EOF /a\nport 1\nEOF\n"},
		"no YAML": {file: "compose.yml", text: "a: [!!\n", want: "a: [\n", left: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			findings := marked(test.file, test.text)
			source := strings.ReplaceAll(test.text, "!!", "")
			edited, left := ignore.Add(position.NewText(test.file, []byte(source)), findings, "so")
			assert.Equal(t, strings.ReplaceAll(test.want, "!!", ""), string(edited))
			assert.Len(t, left, test.left)
		})
	}
}

func marked(file, text string) []lint.Finding {
	var findings []lint.Finding
	for number, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "!!") {
			findings = append(findings, lint.Finding{Rule: a, Span: position.Span{File: file, Start: position.At(number+1, 1), End: position.At(number+1, 2)}})
		}
	}
	return findings
}

func TestAddNamesAllRulesOfALine(t *testing.T) {
	text := position.NewText("redis.conf", []byte("port 1\n"))
	at := position.Span{File: "redis.conf", Start: position.At(1, 1), End: position.At(1, 5)}
	edited, left := ignore.Add(text, []lint.Finding{{Rule: b, Span: at}, {Rule: a, Span: at}, {Rule: b, Span: at}}, "so")
	assert.Empty(t, left)
	assert.Equal(t, "# rcomp: ignore[a-rule, b-rule] so\nport 1\n", string(edited))
}

func TestCheckReason(t *testing.T) {
	assert.NoError(t, ignore.CheckReason("because it is so: é"))
	for _, reason := range []string{"", " ", "a\nb", "a\x1b[2J", "a\tb", "\u202e"} {
		assert.Error(t, ignore.CheckReason(reason), "%q", reason)
	}
}

// FuzzComments: whatever a file says, the comments stand in it, and what is
// added to it takes nothing away, is read again, and works.
func FuzzComments(f *testing.F) {
	for _, name := range []string{"compose.yml", "redis.conf", "start.sh", "Dockerfile", "users.acl"} {
		f.Add(name, "services:\n  a: # rcomp: ignore[a-rule] so\n    command: |\n      x '\n", uint16(3))
		f.Add(name, "#!/bin/sh\n# rcomp: ignore[a-rule,] \ncat <<EOF\nx\nEOF\n", uint16(4))
		f.Add(name, "\ufeff---\r\n- \"a\r\n b\"\r\n- |2-\r\n   # rcomp:ignore[\r\n", uint16(2))
	}
	f.Fuzz(func(t *testing.T, name, source string, number uint16) {
		if len(source) > 20_000 {
			t.Skip("long")
		}
		text := position.NewText(name, []byte(source))
		for _, comment := range ignore.Parse(text) {
			at := comment.Span
			if at.Start.Line < 1 || at.Start.Line > text.Lines() || at.End.Column > utf8.RuneCountInString(text.Line(at.Start.Line))+2 {
				t.Fatalf("%v is not in %q", at, source)
			}
		}
		line := 1 + int(number)%text.Lines()
		finding := lint.Finding{Rule: a, Span: position.Span{File: name, Start: position.At(line, 1), End: position.At(line, 2)}}
		edited, left := ignore.Add(text, []lint.Finding{finding}, "so")
		if len(left) > 0 {
			if string(edited) != source {
				t.Fatalf("%q was changed for nothing into %q", source, edited)
			}
			return
		}
		const comment = "# rcomp: ignore[a-rule] so"
		if len(edited) <= len(source) || !strings.Contains(string(edited), comment) || !isWith(source, string(edited)) {
			t.Fatalf("%q became %q", source, edited)
		}
	})
}

// isWith reports whether a text is another with one piece put in.
func isWith(before, after string) bool {
	same := 0
	for same < len(before) && before[same] == after[same] {
		same++
	}
	rest := before[same:]
	return strings.HasSuffix(after[same:], rest)
}

// TestManyComments: a file that is nothing but comments is bounded work.
func TestManyComments(t *testing.T) {
	for _, name := range []string{"compose.yml", "redis.conf", "start.sh", "Dockerfile"} {
		text := position.NewText(name, []byte(strings.Repeat("  # rcomp: ignore[a-rule] so\n", 100_000)+"x: \\\n"))
		assert.Len(t, ignore.Parse(text), 2_000, name)
	}
}
