package generate

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
)

// FuzzCertificates reads arbitrary bytes as the certificate, the key and the
// authority that an intent names. A refusal repeats nothing of them.
func FuzzCertificates(f *testing.F) {
	const own = good + "[tls]\nauthority = \"own\"\ncert-file = \"c.pem\"\nkey-file = \"k.pem\"\nca-cert-file = \"a.pem\"\n"
	made := f.TempDir()
	plan, problems := Compile("redis.toml", []byte(good+"[tls]\nauthority = \"development\"\n"))
	require.Empty(f, problems)
	files, err := Files(plan)
	require.NoError(f, err)
	_, err = ondisk.Write(made, files, false)
	require.NoError(f, err)
	var pems []string
	for _, name := range []string{credentials.CertificateFile, credentials.KeyFile, credentials.AuthorityFile} {
		content, err := os.ReadFile(filepath.Join(made, credentials.Directory, name))
		require.NoError(f, err)
		pems = append(pems, string(content))
	}
	f.Add(pems[0], pems[1], pems[2])
	f.Add(pems[0]+pems[2], "x"+pems[1], pems[2]+pems[2]+pems[0])
	f.Add(pems[1], pems[0], "")
	f.Add("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n", "\x00")
	f.Fuzz(func(t *testing.T, certificate, key, authority string) {
		if len(certificate)+len(key)+len(authority) > 1<<14 {
			return
		}
		const mark = "Zq7planted"
		named := map[string]intent.UserFile{}
		for name, content := range map[string]string{"c.pem": certificate, "k.pem": key + "\n" + mark, "a.pem": authority} {
			named[name] = intent.UserFile{Content: []byte(content), Path: name}
		}
		plan, problems := Compile("redis.toml", []byte(own), intent.Surroundings{Files: named})
		for _, problem := range problems {
			require.NotEmpty(t, problem.Message)
			require.NotContains(t, problem.Error(), mark)
		}
		if len(problems) == 0 {
			_, err := Files(plan)
			require.NoError(t, err)
		}
	})
}
