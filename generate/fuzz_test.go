package generate

import (
	"strings"
	"testing"
)

// FuzzIntent reads anything: a refusal has a place in the file, and what is not refused is printed.
func FuzzIntent(f *testing.F) {
	for _, bad := range badIntents {
		f.Add(bad.intent)
	}
	f.Add(encryptedIntent)
	f.Add(good + "topology = \"cluster\"\ntarget = \"swarm\"\n[[users]]\nname = \"web\"\npreset = \"application\"\nkeys = [\"shop:*\"]\n")
	f.Add(good + "a" + strings.Repeat(".a", 400) + " = 1\n")
	f.Add(good + "save = " + strings.Repeat("[", 500))
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > LargestIntent {
			return
		}
		plan, problems := Compile("redis.toml", []byte(source))
		lines := strings.Split(strings.TrimPrefix(source, "\ufeff"), "\n")
		for _, problem := range problems {
			if problem.Line < 1 || problem.Line > len(lines) || problem.Column < 1 || problem.EndColumn < problem.Column {
				t.Errorf("no place: %+v", problem)
			}
			if problem.Message == "" {
				t.Errorf("no words: %+v", problem)
			}
		}
		if len(problems) > 0 {
			return
		}
		files, err := Files(plan)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !file.Secret && author(file.Content) != intact {
				t.Errorf("%s has no digest", file.Path)
			}
		}
	})
}
