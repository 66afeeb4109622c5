package secrets_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect/secrets"
)

// written are ways to give a password, with a § in its place, by the kind of
// file. Each stands on lines of its own, whatever is around it.
var written = map[string][]string{
	"redis.conf":  {"requirepass §", "  MASTERAUTH \"§\"", "requirepas §", "user a on >§ ~*", "sentinel auth-pass m § x", "tls-key-file-pass '§'"},
	"users.acl":   {"user a on >§", "user default on >§ nopass"},
	".env":        {"REDIS_PASSWORD=§", "export API_TOKEN='§'", "secret_key: \"§\""},
	"start.sh":    {"redis-server --requirepass §", "redis-cli -a § ping", "PASSWORD='§'", "echo requirepass § >> /r.conf"},
	"Dockerfile":  {"ENV REDIS_PASSWORD=§", "ARG TOKEN=§", "CMD [\"redis-server\", \"--requirepass\", \"§\"]"},
	"compose.yml": {"x-password: §", "    - REDIS_PASSWORD=§", "    command: redis-server --requirepass §", "# masterauth §"},
}

// FuzzSecrets looks for a password among arbitrary text, in files that may be
// of their kind or not: it is found, so that neither its line nor a message
// with it shows it, and every place lies in its line.
func FuzzSecrets(f *testing.F) {
	for name, forms := range written {
		for i := range forms {
			f.Add(name, uint8(i), "maxmemory 1gb\nA=1\n", "services:\n  a: {image: redis}\n", []byte("pw"))
		}
	}
	f.Add("compose.yml", uint8(0), "a: &a |\n  x\n", "b: !!binary \"eA==\"\nc: *a\n", []byte{0})
	f.Add(".env", uint8(1), "A='\n", "'\nREDIS_PASSWORD=$A\n", []byte{1})
	f.Add("start.sh", uint8(2), "cat <<EOF\n-----BEGIN PRIVATE KEY-----\n", "EOF\nredis-cli \\\n", []byte{2})
	f.Fuzz(func(t *testing.T, name string, form uint8, before, after string, seed []byte) {
		forms, ok := written[name]
		if !ok || len(before)+len(after) > 1<<12 {
			return
		}
		secret := "Zq" + hex.EncodeToString(append(seed[:min(len(seed), 40)], "plant"...))
		line := strings.ReplaceAll(forms[int(form)%len(forms)], "§", secret)
		source := before + "\n" + line + "\n" + after
		var found secrets.Collection
		found.Add(map[string]secrets.File{name: {Source: []byte(source)}})
		hidden := found.Secrets()
		require.NotContains(t, hidden.Hide("it says "+line+"."), secret)
		for i, text := range strings.Split(strings.TrimPrefix(source, "\ufeff"), "\n") {
			text = strings.TrimSuffix(text, "\r")
			shown, at := "", 0
			for _, place := range hidden.InLine(name, i+1, text) {
				require.GreaterOrEqual(t, place.Start, at)
				require.LessOrEqual(t, place.Start, place.End)
				require.LessOrEqual(t, place.End, len(text))
				shown, at = shown+text[at:place.Start], place.End
			}
			require.NotContains(t, shown+text[at:], secret)
		}
	})
}
