package unset_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

func TestMarksKeepTheirVariables(t *testing.T) {
	variables := []unset.Variable{
		{Name: "A"},
		{Name: "B", Required: true},
		{Name: "C", Guarded: true},
		{Name: `$(cat "a b:c")`, AtStart: true},
	}
	text := "x"
	for _, variable := range variables {
		text += variable.Mark() + "x"
	}
	assert.False(t, unset.Known(text))
	assert.Equal(t, variables, unset.VariablesIn(text))
	assert.Equal(t, `x${A}x${B}x${C}x$(cat "a b:c")x`, unset.Plain(text))
	assert.Equal(t, "xx"+variables[1].Mark()+"xx"+variables[3].Mark()+"x", unset.WhenUnset(text))
	assert.Equal(t, "xAxBxCx$(cat \"a b:c\")x", unset.Replace(text, func(v unset.Variable) string { return v.Name }))
}

func TestCutMark(t *testing.T) {
	mark := unset.Variable{Name: "A"}.Mark()
	for _, test := range []struct {
		text, mark, rest string
		found            bool
	}{
		{mark + "/data", mark, "/data", true},
		{mark, mark, "", true},
		{mark + mark, mark, mark, true},
		{"a" + mark, "", "a" + mark, false},
		{"", "", "", false},
		{mark[:4], "", mark[:4], false},
	} {
		first, rest, found := unset.CutMark(test.text)
		assert.Equal(t, []any{test.mark, test.rest, test.found}, []any{first, rest, found}, test.text)
	}
}
