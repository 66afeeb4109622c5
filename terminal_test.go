package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestColors(t *testing.T) {
	tests := []struct {
		environment           map[string]string
		onTerminal, elsewhere bool
	}{
		{nil, true, false},
		{map[string]string{"TERM": "dumb"}, false, false},
		{map[string]string{"NO_COLOR": "1"}, false, false},
		{map[string]string{"FORCE_COLOR": "1"}, true, true},
		{map[string]string{"FORCE_COLOR": "0"}, true, false},
		{map[string]string{"CLICOLOR_FORCE": "1", "TERM": "dumb"}, true, true},
		{map[string]string{"CLICOLOR_FORCE": "0"}, true, false},
		{map[string]string{"CLICOLOR": "0"}, false, false},
		{map[string]string{"FORCE_COLOR": "1", "NO_COLOR": "1"}, false, false},
	}
	for _, test := range tests {
		for name, value := range test.environment {
			t.Setenv(name, value)
		}
		assert.Equal(t, test.onTerminal, wantsColor(true), test.environment)
		assert.Equal(t, test.elsewhere, wantsColor(false), test.environment)
		assert.Equal(t, test.elsewhere, terminalOf(&bytes.Buffer{}).color, test.environment)
		for name := range test.environment {
			t.Setenv(name, "")
		}
	}
}

func TestLinksWhereTheyAreShown(t *testing.T) {
	for _, test := range []struct {
		name, value string
		shown       bool
	}{
		{"TERM_PROGRAM", "iTerm.app", true}, {"TERM_PROGRAM", "Apple_Terminal", false}, {"VTE_VERSION", "7600", true}, {"VTE_VERSION", "4000", false},
		{"TERM", "xterm-kitty", true}, {"TERM", "xterm-256color", false}, {"WT_SESSION", "x", true}, {"FORCE_HYPERLINK", "1", true}, {"FORCE_HYPERLINK", "0", false},
	} {
		t.Setenv(test.name, test.value)
		assert.Equal(t, test.shown, hasLinks(), test)
		t.Setenv(test.name, "")
	}
	t.Setenv("FORCE_HYPERLINK", "1")
	assert.False(t, terminalOf(&bytes.Buffer{}).links, "not in a file")
}

func TestTheWindowOfPipes(t *testing.T) {
	t.Setenv("COLUMNS", "60")
	assert.Equal(t, 60, terminalOf(&bytes.Buffer{}).width)
	t.Setenv("COLUMNS", "many")
	assert.Zero(t, terminalOf(&bytes.Buffer{}).width)
}
