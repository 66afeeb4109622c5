package main

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheCatalogueIsMadeFromItsSource(t *testing.T) {
	want, err := compile(os.DirFS("../source"))
	require.NoError(t, err)
	got, err := os.ReadFile("../catalogue.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run go generate ./redis")
}

func TestContradictionsInTheSourceAreRefused(t *testing.T) {
	for _, c := range []struct{ name, directives, releases, want string }{
		{
			"a spelling that only one list has",
			`{"releases":["redis-7.0"],"directives":[{"name":"a","variants":[{"in":["redis-7.0"],"primary_name":"a","type":"int"}],
			  "spelling_valid_in":{"a":["redis-7.0"],"b":["redis-7.0"]}}]}`,
			`{"releases":[{"release":"redis-7.0","column":true},{"release":"keydb-6.3","column":true}]}`,
			`a: spelling "b" in redis-7.0: variants and spelling_valid_in disagree`,
		},
		{
			"a release without dates",
			`{"releases":["redis-7.0"],"directives":[{"name":"a","variants":[{"in":["redis-7.2"],"primary_name":"a","type":"int"}]}]}`,
			`{"releases":[{"release":"redis-7.0","column":true},{"release":"keydb-6.3","column":true}]}`,
			`release "redis-7.2" is not in releases.json`,
		},
		{
			"a column without directives",
			`{"releases":["redis-7.0"]}`,
			`{"releases":[{"release":"redis-7.0","column":true},{"release":"redis-7.2","column":true},{"release":"keydb-6.3","column":true}]}`,
			`redis-7.2: releases.json and directives.json disagree about its column`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compile(fstest.MapFS{
				"directives.json": {Data: []byte(c.directives)},
				"releases.json":   {Data: []byte(c.releases)},
				"keydb.json":      {Data: []byte(`{}`)},
				"sentinel.json":   {Data: []byte(`{}`)},
				"modules.json":    {Data: []byte(`{}`)},
			})
			assert.EqualError(t, err, c.want)
		})
	}
}
