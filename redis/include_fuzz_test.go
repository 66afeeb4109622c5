package redis

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzExpandIncludes reads confs that include each other: every line and
// problem lies in a file that was read, and there are no more of them than a
// bounded number of files can hold.
func FuzzExpandIncludes(f *testing.F) {
	f.Add("include b.conf\nport 1\ninclude c.conf", "include *.conf\ndir sub", "include a.conf\n\xff \"")
	f.Add("include [a-z].conf\ninclude \"\\x62.conf\"", "maxmemory 1gb", "x\x00y")
	f.Add("include a.conf\n", "include \ninclude x y\ndir\ndir \"\"", "include /etc/redis/../b.conf\ndir /\ninclude etc/redis/b.conf")
	f.Add("include ?.conf", "port 1", "port") // joined to what the pattern brings next
	f.Add(strings.Repeat("include b.conf\n", 20), strings.Repeat("dir x\ninclude ../b.conf\n", 20), "")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if len(a)+len(b)+len(c) > 1<<11 {
			return // a thousand files of that are enough
		}
		files := map[string]string{"/etc/redis/a.conf": a, "/etc/redis/b.conf": b, "/etc/redis/c.conf": c}
		for _, r := range []Release{redis62, redis70, valkey91} {
			reads := 0
			read := func(name string) ([]byte, error) {
				if reads++; name == "/etc/redis" {
					return nil, nil
				}
				content, ok := files[name]
				if !ok {
					return nil, fs.ErrNotExist
				}
				return []byte(content), nil
			}
			glob := func(pattern string) (matched []string, err error) {
				for name := range files {
					if ok, err := path.Match(pattern, name); err == nil && ok {
						matched = append(matched, name)
					}
				}
				return matched, nil
			}
			lines, problems := ExpandIncludes("a.conf", "/etc/redis", r, read, glob)
			require.LessOrEqual(t, reads, maxIncludeFiles)
			for _, line := range lines {
				checkFileLine(t, files, line.File, line.Number)
			}
			for _, problem := range problems {
				require.NotEmpty(t, problem.Message)
				if problem.Line > 0 {
					checkFileLine(t, files, problem.File, problem.Line)
					require.LessOrEqual(t, problem.Column, problem.EndColumn)
				}
			}
		}
	})
}

func checkFileLine(t *testing.T, files map[string]string, file string, number int) {
	t.Helper()
	require.Contains(t, files, file)
	require.Positive(t, number)
	require.LessOrEqual(t, number, strings.Count(files[file], "\n")+1, file)
}
