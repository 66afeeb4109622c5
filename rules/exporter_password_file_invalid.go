package rules

import (
	"encoding/json"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var exporterPasswordFileInvalid = &lint.Rule{
	ID:       "exporter-password-file-invalid",
	Group:    "clients",
	Severity: lint.Warning,
	Summary:  "The exporter ends at its start, since its file of passwords is no table in JSON",
	Why: `
REDIS_PASSWORD_FILE of redis_exporter is no file that holds a password, as other
images have it. It holds the passwords of many servers in JSON, each behind its
address. With anything else in it the exporter ends: Error loading redis passwords.
`,
	Refs: []string{"https://github.com/oliver006/redis_exporter#command-line-flags"},
	Guide: lint.Guide{
		Fault:    "services:\n  exporter:\n    image: oliver006/redis_exporter:v1.62.0\n    environment: {REDIS_ADDR: \"redis://db:6379\", REDIS_PASSWORD_FILE: /password}\n    volumes: [\"./redis.conf:/password\"]\n",
		NearMiss: "services:\n  exporter:\n    image: oliver006/redis_exporter:v1.62.0\n    environment: {REDIS_ADDR: \"redis://db:6379\", REDIS_PASSWORD_FILE: /passwords.json}\n    volumes: [\"./passwords.json:/passwords.json\"]\n",
		Mend:     "Write the address as the exporter has it, and behind it the password.",
		Ignore:   "Where the file is written anew before the exporter starts.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the file, the address as REDIS_ADDR has it:",
		Lines:  []string{`{"redis://<server>:6379": "<password>"}`},
		Choose: "<password>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			if s.Kind != inspect.Exporter {
				continue
			}
			export, _ := topology.ExportOf(s)
			text, seen := s.TextAt(export.PasswordFile.Value)
			var passwords map[string]string // what it reads (tried on 1.88.0: it ends with status 1)
			if export.PasswordFile.Given && seen && strings.TrimSpace(text) != "" && json.Unmarshal([]byte(text), &passwords) != nil {
				p.Report(export.PasswordFile.At, s.Service, "%q ends at once: %s is no table of addresses and passwords in JSON", s.Name, export.PasswordFile.Value)
			}
		}
	},
}
