package compose

import (
	"testing"

	"github.com/compose-spec/compose-go/v2/template"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzInterpolate holds substitution to Compose's own where it is meant to be
// the same: variables without a value taken for nothing.
func FuzzInterpolate(f *testing.F) {
	for _, seed := range []string{
		"", "$", "$$", "$$$A", "$A", "${A}", "$AB", "${A}B", "${A", "$A}", "${}", "${1}", "$1", "${A B}", "${A}}", "{$A}", "$(cat $A)",
		"${A:-x}", "${EMPTY:-x}", "${EMPTY-x}", "${NONE:-x}", "${NONE-x}", "${NONE:-}", "${A:+x}", "${EMPTY:+x}", "${EMPTY+x}", "${NONE:+x}", "${NONE+x}",
		"${NONE:-${A}}", "${NONE:-${NONE:-${A}}}", "${NONE:-a}${A}${NONE:-b}", "${NONE:-{}}", "${NONE:-$A}", "${NONE:-a\nb}", "a\n${A}\nb", "${A:-}}", "${NONE:-:-}", "${NONE:--x}", "${NONE:-a:+b}",
		"${A:+${A}}", "${NONE:+${A}}", "$_a$é", "${a:-é}",
	} {
		f.Add(seed)
	}
	values := map[string]string{"A": "1", "EMPTY": "", "a": "$A"}
	lookup := func(name string) (string, bool) { value, set := values[name]; return value, set }
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1000 {
			return
		}
		want, wantErr := template.SubstituteWithOptions(text, lookup, template.WithoutLogging)
		got, err := substitution{lookup: lookup, missing: func(unset.Variable) string { return "" }}.apply(text)
		if wantErr != nil {
			return // ${NAME?…} is no error here, and a text that Compose refuses has no value
		}
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
}
