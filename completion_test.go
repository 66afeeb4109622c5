package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCompletion(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, server+"  queue: {image: 'redis:7.4.6'}\n")
	write(t, "other.yml", "services: {elsewhere: {image: 'redis:7.4.6'}, \"::error::x\": {image: 'redis:7.4.6'}}\n")
	for _, test := range []struct {
		words string
		want  []string
	}{
		{"in", []string{"inspect"}},
		{"lint --format gi", []string{"github", "github-summary", "gitlab"}},
		{"lint --output=sa", []string{"--output=sarif"}},
		{"lint --fail-on e", []string{"error"}},
		{"lint --only yaml-invalid,password-we", []string{"yaml-invalid,password-weak"}},
		{"lint --stat", []string{"--statistics"}},
		{"lint comp", nil},
		{"explain password-we", []string{"password-weak"}},
		{"inspect q", []string{"queue"}},
		{"inspect other.yml ", []string{"elsewhere", ""}},
		{"completion z", []string{"zsh"}},
		{"none ", nil},
	} {
		got := rcomp(append([]string{"complete", "--"}, strings.Split(test.words, " ")...)...)
		assert.Zero(t, got.status)
		if len(test.want) == 2 && test.want[1] == "" { // a name that would be a command
			assert.Contains(t, got.stdout, test.want[0]+"\n")
			assert.NotContains(t, "\n"+got.stdout, "\n::")
			continue
		}
		assert.Equal(t, strings.Join(test.want, "\n"), strings.TrimSuffix(got.stdout, "\n"), test.words)
	}
	assert.Equal(t, "cache\nqueue\n", rcomp("complete", "--new-word", "--", "inspect").stdout)
	assert.NotContains(t, rcomp("--help").stdout, "complete  ")
}

// TestCompletionOfShells: each has a script; package e2e types into the shells
// themselves.
func TestCompletionOfShells(t *testing.T) {
	for _, shell := range shellNames {
		assert.Contains(t, rcomp("completion", shell).stdout, "rcomp complete ")
	}
	assert.Equal(t, statusTrouble, rcomp("completion", "csh").status)
}
