package generate

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
)

// unwanted are passwords in an intent, which has no place for any.
var unwanted = []string{`password = "§"`, "requirepass = '§'", "[redis]\nmasterauth = \"§ x\"", "[redis]\n\"requirepas\" = '§'", "[users.app]\npassword = \"§\"", `password = "§`}

// FuzzIntent reads anything: a refusal has a place in the file and repeats no
// password, and what is not refused is printed.
func FuzzIntent(f *testing.F) {
	for i, bad := range badIntents {
		f.Add(bad.intent, uint8(i))
	}
	f.Add(encryptedIntent, uint8(0))
	f.Add(good+"topology = \"cluster\"\ntarget = \"swarm\"\n[[users]]\nname = \"web\"\npreset = \"application\"\nkeys = [\"shop:*\"]\n", uint8(1))
	f.Add(good+"a"+strings.Repeat(".a", 400)+" = 1\n", uint8(2))
	f.Add("name = \"shop\"\nrole = \"database\"\nmemory = \"512M\"\nversion =HHHHHHH # without quotes", uint8(2))
	f.Add(good+"save = "+strings.Repeat("[", 500), uint8(3))
	f.Fuzz(func(t *testing.T, source string, form uint8) {
		if len(source) > 1<<13 {
			return
		}
		checkPlan(t, source)
		const secret = "Zq7planted"
		line := strings.ReplaceAll(unwanted[int(form)%len(unwanted)], "§", secret)
		_, problems := Compile("redis.toml", []byte(source+"\n"+line+"\n"))
		if len(problems) == 0 {
			t.Errorf("it is taken with %s", line)
		}
		for _, problem := range problems {
			if strings.Contains(problem.Error(), secret) {
				t.Errorf("%s: %s", line, problem.Error())
			}
		}
	})
}

func checkPlan(t *testing.T, source string) {
	t.Helper()
	plan, problems := Compile("redis.toml", []byte(source))
	checkPlaces(t, source, problems)
	if len(problems) > 0 {
		return
	}
	files, err := Files(plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !file.Secret && !ondisk.Intact(file.Content) {
			t.Errorf("%s has no digest", file.Path)
		}
	}
}

func checkPlaces(t *testing.T, source string, problems []intent.Problem) {
	t.Helper()
	lines := strings.Split(strings.TrimPrefix(source, "\ufeff"), "\n")
	for _, problem := range problems {
		if problem.Line < 1 || problem.Line > len(lines) || problem.Column < 1 || problem.EndColumn < problem.Column ||
			problem.EndColumn > utf8.RuneCountInString(lines[problem.Line-1])+2 {
			t.Errorf("no place: %+v", problem)
		}
		if problem.Message == "" {
			t.Errorf("no words: %+v", problem)
		}
	}
}
