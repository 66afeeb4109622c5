package mutate_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/mutate"
)

func TestMutants(t *testing.T) {
	bases, err := mutate.Read(os.DirFS("../../../e2e/testdata/compose"))
	require.NoError(t, err)
	require.Greater(t, len(bases), 15)
	mutants := mutate.Mutants(bases, 1, 2000)
	require.Len(t, mutants, 2000)
	assert.Equal(t, mutants, mutate.Mutants(bases, 1, 2000), "one seed, one set")
	kinds, texts := map[string]int{}, map[string]bool{}
	for _, mutant := range mutants {
		kinds[mutant.Kind]++
		texts[mutant.Name+mutant.File+mutant.Files[mutant.File]] = true
		assert.NotEmpty(t, mutant.Edit)
	}
	for _, kind := range mutate.Kinds() {
		assert.Greater(t, kinds[kind], 10, kind)
	}
	assert.Len(t, texts, 2000, "no two are the same")
}
