package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const header = "# made by go generate ./redis from catalogue/source; do not edit\n"

// compile returns the catalogue: one line of tab-separated fields per fact, the
// first field being its kind. Releases are a bit mask in hexadecimal: bit n is
// the n-th "release" line that has a column.
func compile(source fs.FS) ([]byte, error) {
	f, err := read(source)
	if err != nil {
		return nil, err
	}
	c := compiler{facts: f, bits: map[string]int{}}
	c.releases()
	c.directives()
	c.keydb()
	c.sentinel()
	c.modules()
	if c.err != nil {
		return nil, c.err
	}
	slices.Sort(c.rows)
	return append([]byte(header), bytes.Join([][]byte{c.head.Bytes(), []byte(strings.Join(c.rows, ""))}, nil)...), nil
}

type compiler struct {
	facts facts
	bits  map[string]int // release -> its bit
	head  bytes.Buffer   // release lines, whose order counts
	rows  []string       // all other lines, sorted at the end
	err   error          // the first one
}

func (c *compiler) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *compiler) row(fields ...string) {
	for _, field := range fields {
		if strings.ContainsAny(field, "\t\n") {
			c.fail("field %q would break the line", field)
		}
	}
	c.rows = append(c.rows, strings.Join(fields, "\t")+"\n")
}

func (c *compiler) releases() {
	columns := append(slices.Clone(c.facts.Directives.Releases), "keydb-6.3")
	for _, r := range c.facts.Releases.Releases {
		kind := "dates"
		if r.Column {
			kind = "parsed"
			if _, derived := c.facts.Directives.DerivedReleases[r.Release]; derived {
				kind = "derived"
			}
			c.bits[r.Release] = len(c.bits)
		}
		if slices.Contains(columns, r.Release) != r.Column {
			c.fail("%s: releases.json and directives.json disagree about its column", r.Release)
		}
		fmt.Fprintf(&c.head, "release\t%s\t%s\t%s\t%s\n", r.Release, kind, r.Patch, r.EndOfLife)
	}
}

func (c *compiler) directives() {
	for _, d := range c.facts.Directives.Directives {
		if d.BuildOnly != "" {
			continue // no released binary knows it
		}
		for _, v := range d.Variants {
			c.checkSpellings(d, v)
			c.directive(v.PrimaryName, v, c.mask(v.In), d.Section)
		}
		for _, name := range slices.Sorted(maps.Keys(d.IgnoredIn)) {
			c.row("ignored", name, c.mask(d.IgnoredIn[name]))
		}
	}
}

func (c *compiler) keydb() {
	column := []string{"keydb-6.3"}
	for _, table := range []map[string]variant{c.facts.KeyDB.Directives, c.facts.KeyDB.HandParsed} {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			c.directive(name, table[name], c.mask(column), "")
		}
	}
	for _, name := range c.facts.KeyDB.Dead {
		c.row("ignored", name, c.mask(column))
	}
}

// checkSpellings holds the two places of the source that list spellings against
// each other.
func (c *compiler) checkSpellings(d directive, v variant) {
	for _, release := range v.In {
		for spelling, valid := range d.ValidIn {
			listed := spelling == v.PrimaryName || slices.Contains(v.Aliases, spelling)
			if slices.Contains(valid, release) != listed {
				c.fail("%s: spelling %q in %s: variants and spelling_valid_in disagree", d.Name, spelling, release)
			}
		}
	}
}

func (c *compiler) directive(name string, v variant, mask, section string) {
	kind := v.Type
	if kind == "directive" {
		kind = "file only"
	}
	aliases := slices.DeleteFunc(slices.Clone(v.Aliases), func(alias string) bool { return alias == name })
	c.row("directive", name, strings.Join(aliases, ","), mask, kind, strings.Join(v.Flags, ","),
		defaultField(v.Default), c.bound(name, v.Type, v.Min), c.bound(name, v.Type, v.Max), strings.Join(v.Enum, ","), section)
}

// bound writes a limit in decimal; the source has those of an octal directive in octal.
func (c *compiler) bound(name, kind string, limit any) string {
	if limit == nil {
		return ""
	}
	text := fmt.Sprint(limit)
	if kind != "octal" {
		return text
	}
	value, err := strconv.ParseInt(text, 8, 64)
	if err != nil {
		c.fail("%s: %w", name, err)
	}
	return strconv.FormatInt(value, 10)
}

// defaultField marks a default with "=", so that an empty default is not taken for none.
func defaultField(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprintf("=%v", value)
}

func (c *compiler) sentinel() {
	for _, line := range c.facts.Sentinel.Directives {
		words := make([]string, len(line.Words))
		for i, n := range line.Words {
			words[i] = strconv.Itoa(n)
		}
		c.row("sentinel", line.Name, line.Scope, strings.Join(words, ","), line.Type, defaultField(line.Default),
			c.mask(c.withDerived(line.In)), line.Syntax)
	}
}

// withDerived adds the derived releases, of which the source says nothing: they
// have what the parsed release before has.
func (c *compiler) withDerived(releases []string) []string {
	var all []string
	before := ""
	for _, release := range c.facts.Directives.Releases {
		if _, derived := c.facts.Directives.DerivedReleases[release]; !derived {
			before = release
		}
		if slices.Contains(releases, before) {
			all = append(all, release)
		}
	}
	return all
}

// modules keeps the patterns of names that modules of Redis 8 add: "bf-*" or a
// whole name.
func (c *compiler) modules() {
	for _, file := range slices.Sorted(maps.Keys(c.facts.Modules.Modules)) {
		for _, pattern := range strings.Split(c.facts.Modules.Modules[file], ", ") {
			pattern, _, _ = strings.Cut(pattern, " ")
			if strings.Contains(pattern, "-") {
				c.row("module", pattern)
			}
		}
	}
}

func (c *compiler) mask(releases []string) string {
	var mask uint64
	for _, r := range releases {
		bit, ok := c.bits[r]
		if !ok {
			c.fail("release %q is not in releases.json", r)
		}
		mask |= 1 << bit
	}
	return strconv.FormatUint(mask, 16)
}
