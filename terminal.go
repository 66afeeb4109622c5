package main

import (
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// terminal is what is known of where the output goes.
type terminal struct {
	is    bool // a person reads it as it comes
	width int  // in cells; 0 where nobody says
	color bool
	links bool // it shows hyperlinks
}

// terminalOf looks at a stream and at what the user says in the environment.
func terminalOf(stream io.Writer) terminal {
	var t terminal
	if file, ok := stream.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		t.is = true
		t.width, _, _ = term.GetSize(int(file.Fd()))
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 && t.width == 0 {
		t.width = columns
	}
	t.color = wantsColor(t.is)
	t.links = t.is && hasLinks()
	return t
}

// wantsColor tells whether output is to be colored. NO_COLOR has the last word
// (no-color.org), FORCE_COLOR and CLICOLOR_FORCE come before what the output is
// (force-color.org, bixense.com/clicolors).
func wantsColor(isTerminal bool) bool {
	switch {
	case os.Getenv("NO_COLOR") != "":
		return false
	case isSet("FORCE_COLOR"), isSet("CLICOLOR_FORCE"):
		return true
	}
	return isTerminal && os.Getenv("TERM") != "dumb" && os.Getenv("CLICOLOR") != "0"
}

func isSet(name string) bool {
	value := os.Getenv(name)
	return value != "" && value != "0" && value != "false"
}

// hasLinks tells whether a terminal is one of those that are known to show
// hyperlinks: others may print the address in the middle of the text.
func hasLinks() bool {
	if value := os.Getenv("FORCE_HYPERLINK"); value != "" {
		return value != "0"
	}
	if version, err := strconv.Atoi(os.Getenv("VTE_VERSION")); err == nil {
		return version >= 5000 // 0.50 was the first
	}
	switch os.Getenv("TERM_PROGRAM") {
	case "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby":
		return true
	}
	name := os.Getenv("TERM")
	return os.Getenv("WT_SESSION") != "" || os.Getenv("KONSOLE_VERSION") != "" || os.Getenv("DOMTERM") != "" ||
		strings.HasPrefix(name, "xterm-kitty") || strings.HasPrefix(name, "alacritty") || strings.HasPrefix(name, "foot")
}
