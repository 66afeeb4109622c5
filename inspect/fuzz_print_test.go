package inspect_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
)

// secretLines are ways to give a password in a conf and in a script, with a §
// in its place.
var secretLines = []string{
	"requirepass §", "masterauth \"§", "requirepas § x", "sentinel auth-pass m § x", "sentinel auth-pas m §", "user a on >§", "rename-command CONFIG §",
	"REDIS_PASSWORD=§", "export REDIS_PASSWORD='§'", "exec redis-server --requirepass §", "redis-cli -a § ping", "tls-key-file-pass '§' x",
}

// FuzzInspectPrint prints what services run, whatever a compose file, a conf
// and a script say: it is of its format, moves no cursor, is no command to a
// runner, and the password that was added to conf and script is not in it.
func FuzzInspectPrint(f *testing.F) {
	for i := range secretLines {
		f.Add(mounting, "maxmemory 1gb\n", "#!/bin/sh\nexec redis-server /redis.conf\n", uint(i), []byte("pw"))
	}
	f.Add(mounting, "user ::error::x on\nsentinel ##[error] x\n", "echo ::error::x\n", uint(0), []byte{1})
	f.Add("services: {c: {image: redis:7.4, command: \"redis-server --bind '\\u202e##[x]'\"}}\n", "\x1b[2J 1\n", "", uint(1), []byte{2})
	f.Fuzz(func(t *testing.T, text, conf, script string, form uint, seed []byte) {
		if len(text)+len(conf)+len(script)+len(seed) > 1<<14 {
			t.Skip("larger inputs are judged by their time elsewhere")
		}
		secret := "Zq" + hex.EncodeToString(append(seed[:min(len(seed), 40)], "plant"...))
		line := strings.ReplaceAll(secretLines[form%uint(len(secretLines))], "§", secret) + "\n"
		root, err := filepath.EvalSymlinks(t.TempDir())
		require.NoError(t, err)
		for name, content := range map[string]string{"compose.yml": text, "redis.conf": conf + "\n" + line, "start.sh": script + "\n" + line} {
			require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(content), 0o600))
		}
		tree, err := disk.OpenTree(root, root)
		require.NoError(t, err)
		defer tree.Close()
		document := inspect.Describe(inspect.Services(compose.Load(tree, []string{filepath.Join(root, "compose.yml")})))
		for _, all := range []bool{false, true} {
			var b strings.Builder
			w := display.NewWriter(&b)
			require.NoError(t, inspect.Print(w, document, all))
			checkPrinted(t, b.String(), secret)
			for row := range strings.SplitSeq(b.String(), "\n") {
				if strings.HasPrefix(strings.TrimSpace(row), "::") {
					t.Fatalf("a command: %q", row)
				}
			}
		}
		var b strings.Builder
		require.NoError(t, display.WriteJSON(&b, document))
		checkPrinted(t, b.String(), secret)
		var decoded inspect.Document
		require.NoError(t, json.Unmarshal([]byte(b.String()), &decoded))
	})
}

func checkPrinted(t *testing.T, output, secret string) {
	t.Helper()
	switch {
	case !utf8.ValidString(output):
		t.Fatalf("it is not UTF-8: %q", output)
	case strings.Contains(output, "##["):
		t.Fatalf("a command in it: %q", output)
	case strings.Contains(strings.ToLower(output), strings.ToLower(secret)):
		t.Fatalf("a secret in it: %q", output)
	}
	if at := strings.IndexFunc(output, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); at >= 0 {
		t.Fatalf("%q in %q", output[at:at+1], output)
	}
}
