package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
)

// facts are the four source files and the release data, as far as the catalogue
// uses them.
type facts struct {
	Directives struct {
		Releases        []string          `json:"releases"`
		DerivedReleases map[string]string `json:"derived_releases"`
		Directives      []directive       `json:"directives"`
	}
	KeyDB struct {
		Directives map[string]variant `json:"directives"`
		HandParsed map[string]variant `json:"hand_parsed"`
		Dead       []string           `json:"dead"`
	}
	Sentinel struct {
		Directives []sentinelLine `json:"directives"`
	}
	Modules struct {
		Modules map[string]string `json:"modules"`
	}
	Releases struct {
		Releases []release `json:"releases"`
	}
}

type release struct {
	Release   string `json:"release"`
	Patch     string `json:"patch"`
	EndOfLife string `json:"end_of_life"`
	Column    bool   `json:"column"`
}

type directive struct {
	Name      string              `json:"name"`
	Variants  []variant           `json:"variants"`
	ValidIn   map[string][]string `json:"spelling_valid_in"`
	IgnoredIn map[string][]string `json:"still_accepted_and_ignored"`
	Section   string              `json:"section"`
	BuildOnly string              `json:"build_only"`
}

// variant is a directive as it stands in some releases.
type variant struct {
	In          []string `json:"in"`
	Type        string   `json:"type"`
	Default     any      `json:"default"`
	Min         any      `json:"min"`
	Max         any      `json:"max"`
	Enum        []string `json:"enum"`
	Flags       []string `json:"flags"`
	Aliases     []string `json:"aliases"`
	PrimaryName string   `json:"primary_name"`
}

type sentinelLine struct {
	Name    string   `json:"name"`
	Scope   string   `json:"scope"`
	Syntax  string   `json:"syntax"`
	Words   []int    `json:"words_after_sentinel_and_name"`
	Type    string   `json:"type"`
	Default any      `json:"default"`
	In      []string `json:"in"`
}

func read(source fs.FS) (facts, error) {
	var f facts
	files := []struct {
		name string
		into any
	}{
		{"directives.json", &f.Directives},
		{"keydb.json", &f.KeyDB},
		{"sentinel.json", &f.Sentinel},
		{"modules.json", &f.Modules},
		{"releases.json", &f.Releases},
	}
	for _, file := range files {
		text, err := fs.ReadFile(source, file.name)
		if err != nil {
			return facts{}, err
		}
		// Ranges reach 2^64-1, which a float64 does not hold.
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(file.into); err != nil {
			return facts{}, fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return f, nil
}
