package mutate

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestValuesAreYAML(t *testing.T) {
	for _, value := range slices.Concat(anything, quantities, ports, volumes, commands) {
		assert.NotPanics(t, func() { node(value) }, value)
	}
	for _, addition := range slices.Concat(topAdditions, serviceAdditions, resourceAdditions, partAdditions) {
		assert.NotPanics(t, func() { node("{" + addition + "}") }, addition)
	}
}
