package redis

import (
	"io/fs"
	"path"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// files is a file system of the server: path to content.
type files map[string]string

func (f files) read(name string) ([]byte, error) {
	content, ok := f[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(content), nil
}

func (f files) glob(pattern string) ([]string, error) {
	var found []string
	for name := range f {
		if ok, err := path.Match(pattern, name); err != nil {
			return nil, err
		} else if ok {
			found = append(found, name)
		}
	}
	return found, nil
}

func (f files) expand(conf string, r Release) (texts []string, problems []*FileError) {
	lines, problems := ExpandIncludes(conf, "/data", r, f.read, f.glob)
	for _, line := range lines {
		text := line.File + ":" + line.Name.Text
		for _, arg := range line.Texts() {
			text += " " + arg
		}
		texts = append(texts, text)
	}
	return texts, problems
}

// All orders were seen on Redis 7.0.15 by what CONFIG GET said afterwards.
func TestExpandIncludes(t *testing.T) {
	for _, c := range []struct {
		name  string
		files files
		conf  string
		want  []string
	}{
		{"in the place of its line", files{"/c": "hz 1\ninclude /d\nhz 3\n", "/d": "hz 2\n"}, "/c", []string{"/c:hz 1", "/d:hz 2", "/c:hz 3"}},
		{"relative to the working directory, not to the file", files{"/etc/c": "include d\n", "/data/d": "hz 2\n"}, "/etc/c", []string{"/data/d:hz 2"}},
		{"a dir line changes the directory", files{"/c": "dir sub\ninclude d\ndir ..\ninclude e\n", "/data/sub/d": "hz 2\n", "/data/e": "hz 3\n"}, "/c",
			[]string{"/c:dir sub", "/data/sub/d:hz 2", "/c:dir ..", "/data/e:hz 3"}},
		{"a dir line of an included file too", files{"/c": "include /d\ninclude e\n", "/d": "dir /x\n", "/x/e": "hz 3\n"}, "/c", []string{"/d:dir /x", "/x/e:hz 3"}},
		{"a pattern, sorted", files{"/c": "include /d/*.conf\n", "/d/b.conf": "hz 2\n", "/d/a.conf": "hz 1\n", "/d/c.txt": "hz 3\n"}, "/c",
			[]string{"/d/a.conf:hz 1", "/d/b.conf:hz 2"}},
		{"a pattern without match", files{"/c": "include /d/*.conf\nhz 1\n"}, "/c", []string{"/c:hz 1"}},
		{"the conf file itself may be a pattern", files{"/data/a.conf": "hz 1\n", "/data/b.conf": "hz 2\n"}, "*.conf", []string{"/data/a.conf:hz 1", "/data/b.conf:hz 2"}},
		{"and a pattern without match starts with defaults", files{}, "/none/*.conf", nil},
		{"a directory is an empty file", files{"/c": "include /d\nhz 1\n", "/d": ""}, "/c", []string{"/c:hz 1"}},
		{"quoted name", files{"/c": "INCLUDE \"/x y\"\n", "/x y": "hz 1\n"}, "/c", []string{"/x y:hz 1"}},
		{"twice is no loop", files{"/c": "include /d\ninclude /d\n", "/d": "hz 1\n"}, "/c", []string{"/d:hz 1", "/d:hz 1"}},
		{"wrong number of arguments is left to the catalogue", files{"/c": "include /d /e\n", "/d": "hz 1\n"}, "/c", []string{"/c:include /d /e"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			texts, problems := c.files.expand(c.conf, release70)
			assert.Empty(t, problems)
			assert.Equal(t, c.want, texts)
		})
	}
}

func TestExpandIncludesProblems(t *testing.T) {
	for _, c := range []struct {
		name    string
		files   files
		release Release
		want    FileError
	}{
		{"missing file", files{"/c": "hz 1\ninclude 'd'\n"}, release70,
			FileError{"/c", 2, 9, 12, `"/data/d" does not exist; the server does not start without it`, true, fs.ErrNotExist}},
		{"pattern before 7.0", files{"/c": "include /d/*\n", "/d/a": ""}, release62,
			FileError{"/c", 1, 9, 13, `"/d/*" does not exist; the server does not start without it`, true, fs.ErrNotExist}},
		{"pattern in KeyDB", files{"/c": "include /d/*\n", "/d/a": ""}, release63,
			FileError{"/c", 1, 9, 13, `"/d/*" does not exist; the server does not start without it`, true, fs.ErrNotExist}},
		{"missing conf file", files{}, release70,
			FileError{"/c", 0, 0, 0, `"/c" does not exist; the server does not start without it`, true, fs.ErrNotExist}},
		{"loop", files{"/c": "include /d\n", "/d": "hz 1\ninclude /c\n"}, release70,
			FileError{"/d", 2, 9, 11, `include loop: "/c" is being read already; the server recurses until it crashes`, true, nil}},
		{"syntax error in an included file", files{"/c": "include /d\n", "/d": "hz 1\nhz '1\n"}, release70,
			FileError{"/d", 2, 4, 6, "unbalanced quotes: the opening quote has no closing one", true, nil}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := c.files.expand("/c", c.release)
			require.Len(t, problems, 1)
			assert.Equal(t, c.want, *problems[0])
		})
	}
}

// The server reads the files of a pattern as one text: tried on Redis 7.0.15
// with "maxmemory 1" in the one and "5mb" in the other.
func TestExpandIncludesJoinsFilesWithoutLineEnd(t *testing.T) {
	f := files{"/c": "include /d/*\n", "/d/a": "hz 10\nmaxmemory 1", "/d/b": "5mb\nport 1\n"}
	texts, problems := f.expand("/c", release70)
	assert.Equal(t, []string{"/d/a:hz 10", "/d/a:maxmemory 15mb", "/d/b:port 1"}, texts)
	require.Len(t, problems, 1)
	assert.Equal(t, `/d/a:2:1: no line end after the last line, so the server joins the first line of "/d/b" to it; end the file with a line end`, problems[0].Error())
	assert.False(t, problems[0].Fatal)
	lines, _ := ExpandIncludes("/c", "/", release70, f.read, f.glob)
	assert.Equal(t, 2, lines[2].Number)
}

func TestExpandIncludesUnknownFile(t *testing.T) {
	read := func(string) ([]byte, error) { return nil, ErrFileUnknown }
	lines, problems := ExpandIncludes("/c", "/", release70, read, nil)
	assert.Empty(t, lines)
	require.Len(t, problems, 1)
	assert.ErrorIs(t, problems[0], ErrFileUnknown)
	assert.False(t, problems[0].Fatal)
}

func TestExpandIncludesIsBounded(t *testing.T) {
	f := files{"/c": "include /x\ninclude /x\n"}
	f["/x"] = "dir a\ninclude /x\n" // a new directory each time: no state comes twice
	_, problems := f.expand("/c", release70)
	require.NotEmpty(t, problems)
	assert.Contains(t, problems[0].Message, "include loop")

	wide := files{"/c": ""}
	for range 1100 {
		wide["/c"] += "include /d\n"
	}
	wide["/d"] = "hz 1\n"
	lines, problems := ExpandIncludes("/c", "/", release70, wide.read, wide.glob)
	assert.Len(t, lines, maxIncludeFiles-1)
	assert.ErrorIs(t, problems[0], ErrFileUnknown)
}
