package nearest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/nearest"
)

func TestName(t *testing.T) {
	names := []string{"lint", "gen", "inspect", "rules", "explain", "fail-on", "password-missing"}
	for wrong, meant := range map[string]string{
		"lnit": "lint", "LINT": "lint", "inspct": "inspect", "fail_on": "fail-on", "fial-on": "fail-on", "--rule": "rules",
		"pasword-mising": "password-missing", "": "", "deploy": "", "x": "", "l": "", "gn": "gen", "d": "", strings.Repeat("lint", 1000): "",
	} {
		assert.Equal(t, meant, nearest.Name(wrong, names), wrong)
	}
	assert.Equal(t, `; did you mean "gen"?`, nearest.Hint("gn", names))
	assert.Empty(t, nearest.Hint("deploy", names))
}
