package intent

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSourceNameFitsAComment(t *testing.T) {
	assert.Equal(t, "redis.toml", sourceName("a/b/redis.toml"))
	for _, path := range []string{"a\nb.toml", "a-->b.toml", "", "-", "{{.}}.toml"} {
		assert.Equal(t, "the intent", sourceName(path))
	}
}

// TestExamplesAndDefaultsAreRight reads what each key shows, and holds the schema to it.
func TestExamplesAndDefaultsAreRight(t *testing.T) {
	testKeys(t, Keys)
	testKeys(t, tlsKeys)
	testKeys(t, userKeys)
}

func testKeys[T any](t *testing.T, table []Key[T]) {
	t.Helper()
	for _, k := range table {
		var example map[string]any
		_, err := toml.Decode("value = "+k.Example, &example)
		require.NoError(t, err, k.Name)
		for _, value := range []any{example["value"], k.Default} {
			if value == nil {
				continue
			}
			if number, ok := value.(int); ok {
				value = int64(number)
			}
			var into T
			assert.Nil(t, k.Type.read(&into, value), "%s = %v", k.Name, value)
			assert.NoError(t, fits(k.Type.schema, value), "%s = %v", k.Name, value)
		}
		assert.NotEmpty(t, k.Value, k.Name)
		assert.NotEmpty(t, k.without(), k.Name)
	}
}

// fits holds a value to the few words of JSON Schema that the tables use.
func fits(schema map[string]any, value any) error {
	if words, ok := schema["enum"].([]string); ok {
		if !slices.Contains(words, fmt.Sprint(value)) {
			return fmt.Errorf("%v is none of %v", value, words)
		}
		return nil
	}
	kinds := map[string]bool{}
	switch value := value.(type) {
	case string:
		kinds["string"] = true
		if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(value) {
			return fmt.Errorf("%q does not fit %s", value, pattern)
		}
	case bool:
		kinds["boolean"] = true
	case int64:
		kinds["integer"], kinds["number"] = true, true
		if least, ok := schema["minimum"].(int64); ok && value < least {
			return fmt.Errorf("%d is less than %d", value, least)
		}
		if most, ok := schema["maximum"].(int64); ok && value > most {
			return fmt.Errorf("%d is more than %d", value, most)
		}
	case float64:
		kinds["number"] = true
	case []any:
		kinds["array"] = true
		for _, item := range value {
			if err := fits(schema["items"].(map[string]any), item); err != nil {
				return err
			}
		}
	}
	if !kinds[fmt.Sprint(schema["type"])] {
		return fmt.Errorf("%v is no %v", value, schema["type"])
	}
	return nil
}

// TestSchemaKnowsWhatReadRefuses holds the schema to values that are refused.
func TestSchemaKnowsWhatReadRefuses(t *testing.T) {
	for name, values := range map[string][]any{
		"name": {"My Shop", int64(7)}, "role": {"cahce"}, "memory": {"512", "75%"}, "engine": {"keydb"}, "version": {"8"}, "publish": {"6379", "localhost:6379"},
		"masters": {int64(2), int64(16)}, "quorum": {int64(0)}, "proxy": {"yes"}, "networks": {"web", []any{"a: b"}}, "save": {[]any{"60"}}, "restart": {"sometimes"},
		"stop-grace": {"30"}, "cpus": {"2"}, "log-files": {int64(0), int64(1001)}, "subnet": {"10.0.0.0/8"}, "network-mode": {"bridge"},
	} {
		k, ok := find(Keys, name)
		require.True(t, ok, name)
		for _, value := range values {
			var into Intent
			assert.NotNil(t, k.Type.read(&into, value), "%s = %v", name, value)
			assert.Error(t, fits(k.Type.schema, value), "%s = %v", name, value)
		}
	}
	_, err := json.Marshal(Schema())
	require.NoError(t, err)
}
