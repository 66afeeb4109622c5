package schema

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	composeschema "github.com/compose-spec/compose-go/v2/schema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// The original is compose-go's own validator: what it refuses must be refused
// here, at the same places, and nothing else.

// mutationsOfEach is how many mutants of each file of testdata are compared.
const mutationsOfEach = 1000

func TestMutantsAreJudgedAsComposeJudgesThem(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			original := compare(t, string(source), parse(t, string(source)))
			assert.Empty(t, original.Faults, "the file that the mutants are made of")
			refused := 0
			for seed := range uint64(mutationsOfEach) {
				root := parse(t, string(source))
				mutate(rand.New(rand.NewPCG(seed, 1)), root)
				if len(compare(t, string(source), root).Faults) > 0 {
					refused++
				}
				if t.Failed() {
					t.Fatalf("seed %d of %s", seed, file)
				}
			}
			t.Logf("%d mutants, %d refused", mutationsOfEach, refused)
			assert.Greater(t, refused, mutationsOfEach/4)
			assert.Less(t, refused, mutationsOfEach)
		})
	}
}

// TestCorpusIsJudgedAsComposeJudgesIt compares every compose file below the
// directory that RCOMP_CORPUS names, or, where it names none, below the fixtures.
func TestCorpusIsJudgedAsComposeJudgesIt(t *testing.T) {
	corpus := cmp.Or(os.Getenv("RCOMP_CORPUS"), "../../../fixtures")
	compared, refused, faults := 0, 0, 0
	require.NoError(t, filepath.WalkDir(corpus, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.Contains(entry.Name(), "compose") || !strings.HasPrefix(filepath.Ext(path), ".y") {
			return err
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		var document yaml.Node
		var decoded map[string]any
		if yaml.Unmarshal(source, &document) != nil || len(document.Content) == 0 || document.Decode(&decoded) != nil {
			return nil // no compose file, or none that is YAML
		}
		result := compare(t, string(source), document.Content[0])
		compared++
		faults += len(result.Faults)
		if len(result.Faults) > 0 {
			refused++
		}
		if t.Failed() {
			t.Log(path)
		}
		return nil
	}))
	t.Logf("%d files, %d refused for %d faults", compared, refused, faults)
	assert.Positive(t, compared)
}

// compare checks a document and holds the answer against compose-go's.
func compare(t *testing.T, source string, root *yaml.Node) Result {
	t.Helper()
	value := valueOf(source, root)
	result := Check(value)
	var decoded map[string]any
	require.NoError(t, root.Decode(&decoded))
	decoded = withStringKeys(decoded).(map[string]any)

	refusal := composeschema.Validate(decoded)
	if refusal == nil {
		assert.Empty(t, result.Faults, "Compose accepts it")
		return result
	}
	if !assert.NotEmpty(t, result.Faults, "Compose refuses it: %v", refusal) {
		return result
	}
	var all *jsonschema.ValidationError
	if !errors.As(validate(t, decoded), &all) {
		return result // it is no JSON, which has no place
	}
	comparePlaces(t, value, result, all)
	compareWords(t, refusal.Error(), result.Faults)
	return result
}

// compareWords holds the message of a single fault against Compose's own. Of
// several forms that a value may have, Compose names the type of the first.
// It calls a key that a service has not a false schema.
func compareWords(t *testing.T, original string, faults []Fault) {
	t.Helper()
	if len(faults) != 1 || strings.HasSuffix(original, "false schema") {
		return
	}
	message := faults[0].Message
	original = strings.Replace(original, " must be a array", " must be an array", 1)
	original = strings.Replace(original, " must be a integer", " must be an integer", 1)
	_, first, ofType := strings.Cut(original, " must be a")
	switch {
	case strings.HasSuffix(original, " "+message):
	case ofType && strings.HasPrefix(message, "must be a"):
		words := strings.FieldsFunc(message, func(r rune) bool { return r == ' ' || r == ',' })
		name := first[strings.LastIndex(first, " ")+1:]
		assert.True(t, name == "null" || slices.Contains(words, name), "%s: %s", original, message)
	default:
		assert.True(t, ofType, "%s: %s", original, message)
	}
}

// withStringKeys is what Compose does with keys that are no strings in YAML:
// it takes numbers as they are written and refuses others before the schema.
func withStringKeys(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = withStringKeys(value[key])
		}
	case map[any]any:
		texts := map[string]any{}
		for key, inner := range value {
			texts[fmt.Sprint(key)] = withStringKeys(inner)
		}
		return texts
	case []any:
		for i := range value {
			value[i] = withStringKeys(value[i])
		}
	}
	return value
}

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	source, err := jsonschema.UnmarshalJSON(strings.NewReader(composeschema.Schema))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("compose-spec.json", source); err != nil {
		return nil, err
	}
	return compiler.Compile("compose-spec.json")
})

// validate does what compose-go does, and keeps all that is wrong.
func validate(t *testing.T, decoded map[string]any) error {
	t.Helper()
	schema, err := compiled()
	require.NoError(t, err)
	marshaled, err := json.Marshal(decoded)
	if err != nil {
		return err
	}
	var raw map[string]any
	require.NoError(t, json.Unmarshal(marshaled, &raw))
	return schema.Validate(raw)
}

// violation is one thing that the JSON schema library names.
type violation struct {
	path []string
	key  string // that is not wanted, "" where it is the value that is wrong
	text string
}

func (c violation) depth() int {
	if c.key != "" {
		return len(c.path) + 1
	}
	return len(c.path)
}

// violations are all that the library names. Where a part of allOf fails, it
// also refuses the keys that this part knows: those are left out.
func violations(err *jsonschema.ValidationError) []violation {
	var all []violation
	path := err.InstanceLocation
	switch k := err.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			all = append(all, violation{path, key, err.Error()})
		}
		return all
	case *kind.FalseSchema:
		last := len(path) - 1
		if n := unevaluated(path[:last]); n.property(path[last]) == nil && n.matching(path[last]) == nil {
			all = append(all, violation{path[:last], path[last], err.Error()})
		}
		return all
	}
	if len(err.Causes) == 0 {
		return []violation{{path, "", err.Error()}}
	}
	for _, cause := range err.Causes {
		all = append(all, violations(cause)...)
	}
	return all
}

// unevaluated is which of the schemas with allOf a path leads to.
func unevaluated(path []string) *node {
	switch {
	case slices.Contains(path, "pre_start"):
		return &preStartHookSchema
	case path[0] == "jobs":
		return &jobSchema
	}
	return &serviceSchema
}

// comparePlaces holds that each fault is one that the library names, that
// each that it names without a choice is a fault, and that where there is a
// choice, one of the deepest is.
func comparePlaces(t *testing.T, root *model.Value, result Result, refusal *jsonschema.ValidationError) {
	t.Helper()
	named := map[string]bool{}
	for _, c := range violations(refusal) {
		named[strings.Join(c.path, "\x00")] = true
	}
	places := map[*yaml.Node]bool{}
	for _, fault := range result.Faults {
		assert.True(t, named[strings.Join(fault.Path, "\x00")], "Compose does not name %v %s", fault.Path, fault.Message)
		places[fault.Origin.Node] = true
	}
	requireFaults(t, root, places, refusal)

	deepest := slices.MaxFunc(violations(refusal), func(a, b violation) int { return a.depth() - b.depth() })
	deep := slices.DeleteFunc(violations(refusal), func(c violation) bool { return c.depth() < deepest.depth() })
	assert.True(t, anyReported(root, places, deep), "Compose takes %v for what is meant, found are %v", deep, result.Faults)
}

func requireFaults(t *testing.T, root *model.Value, places map[*yaml.Node]bool, err *jsonschema.ValidationError) {
	t.Helper()
	switch err.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		all := violations(err)
		deepest := slices.MaxFunc(all, func(a, b violation) int { return a.depth() - b.depth() })
		all = slices.DeleteFunc(all, func(c violation) bool { return c.depth() < deepest.depth() })
		assert.True(t, anyReported(root, places, all), "none of %v is reported", all)
		return
	}
	if len(err.Causes) == 0 {
		for _, c := range violations(err) {
			assert.True(t, anyReported(root, places, []violation{c}), "%v is not reported", c)
		}
	}
	for _, cause := range err.Causes {
		requireFaults(t, root, places, cause)
	}
}

// anyReported reports whether one of several violations has its place among
// those of the faults. A value that an anchor shares has one.
func anyReported(root *model.Value, places map[*yaml.Node]bool, all []violation) bool {
	return slices.ContainsFunc(all, func(c violation) bool {
		at := root
		for _, step := range c.path {
			if at.Kind == model.Sequence {
				index, _ := strconv.Atoi(step)
				at = at.Items[index]
			} else {
				at = at.Get(step)
			}
		}
		if c.key != "" {
			return places[at.Entry(c.key).Key.Node]
		}
		return places[at.Origin.Node] || strings.Contains(c.text, "are equal") && slices.ContainsFunc(at.Items, func(item *model.Value) bool {
			return places[item.Origin.Node]
		})
	})
}
