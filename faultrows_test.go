package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// faultResults is what e2e/long left, a row a line.
const faultResults = "docs/faults.jsonl"

// faultRow is what a deployment did under one fault.
type faultRow struct {
	test, release, fault string
	commit               string
	said                 string // the result, where it is a sentence
	faultNumbers
}

// faultNumbers are the result of a row. Where a row's result is a sentence,
// they stand in it.
type faultNumbers struct {
	Acknowledged, Lost int
	Unwritten          int     // gone with the whole set
	Seconds            float64 // longest time without an acknowledgement
	Assents, Overlaps  int     // OKs of a returned server; two at once
	Failure            string  // why it did not heal
	whole              float64 // seconds after which it was whole again
}

type faultRows []faultRow

// faultRowName is a test, perhaps a release, perhaps a seed, perhaps a
// number, and a fault.
var faultRowName = regexp.MustCompile(`^(\w+)(?:/([a-z]+-[\d.]+))?(?:, seed \d+)?: (?:\d+, )?(.+)$`)

// readFaultRows reads the file. Of a row that is there twice the last one
// counts.
func readFaultRows(t *testing.T) faultRows {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, faultResults))
	require.NoError(t, err)
	var rows faultRows
	place := map[string]int{}
	for line := range strings.Lines(string(content)) {
		var written struct {
			Row, Commit string
			Result      json.RawMessage
		}
		require.NoError(t, json.Unmarshal([]byte(line), &written), line)
		name := faultRowName.FindStringSubmatch(written.Row)
		require.NotNil(t, name, written.Row)
		row := faultRow{test: name[1], release: name[2], fault: name[3], commit: written.Commit}
		if json.Unmarshal(written.Result, &row.said) == nil {
			row.faultNumbers = numbersSaid(t, row.said)
		} else {
			require.NoError(t, json.Unmarshal(written.Result, &row.faultNumbers))
		}
		if n, found := place[written.Row]; found {
			rows[n] = row
			continue
		}
		place[written.Row] = len(rows)
		rows = append(rows, row)
	}
	return rows
}

// What the sentences of rows have in common.
var (
	wholeSaid   = regexp.MustCompile(`whole after ([\d.]+) s`)
	withoutSaid = regexp.MustCompile(`without any write ([\d.]+) s`)
	lossSaid    = regexp.MustCompile(`(\d+) acknowledged(?: since)?, (\d+) lost$`)
)

// numbersSaid are those of a sentence that tells of acknowledged writes.
func numbersSaid(t *testing.T, said string) (numbers faultNumbers) {
	t.Helper()
	found := lossSaid.FindStringSubmatch(said)
	if found == nil {
		return numbers
	}
	numbers.Acknowledged, numbers.Lost = int(number(t, found[1])), int(number(t, found[2]))
	found = wholeSaid.FindStringSubmatch(said)
	require.NotNil(t, found, said)
	numbers.whole = number(t, found[1])
	if found = withoutSaid.FindStringSubmatch(said); found != nil {
		numbers.Seconds = number(t, found[1])
	}
	return numbers
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	value, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return value
}

func (r faultRows) where(is func(faultRow) bool) faultRows {
	return slices.DeleteFunc(slices.Clone(r), func(row faultRow) bool { return !is(row) })
}

func (r faultRows) ofTest(name string) faultRows {
	return r.where(func(row faultRow) bool { return row.test == name })
}

func (r faultRows) ofFault(name string) faultRows {
	return r.where(func(row faultRow) bool { return row.fault == name })
}

func (r faultRows) ofRelease(name string) faultRows {
	return r.where(func(row faultRow) bool { return row.release == name })
}

// faults are the names of the faults, in the order in which they struck first.
func (r faultRows) faults() (names []string) {
	for _, row := range r {
		if !slices.Contains(names, row.fault) {
			names = append(names, row.fault)
		}
	}
	return names
}

// releases are sorted: Redis before Valkey, the older before the younger.
func (r faultRows) releases() (names []string) {
	for _, row := range r {
		names = append(names, row.release)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (r faultRows) sum(of func(faultRow) int) (sum int) {
	for _, row := range r {
		sum += of(row)
	}
	return sum
}

func (r faultRows) acknowledged() int {
	return r.sum(func(row faultRow) int { return row.Acknowledged })
}

func (r faultRows) lost() int { return r.sum(func(row faultRow) int { return row.Lost }) }

func (r faultRows) assents() int { return r.sum(func(row faultRow) int { return row.Assents }) }

func (r faultRows) unwritten() int { return r.sum(func(row faultRow) int { return row.Unwritten }) }

func (r faultRows) overlaps() int { return r.sum(func(row faultRow) int { return row.Overlaps }) }

func (r faultRows) healed() int {
	return len(r.where(func(row faultRow) bool { return row.Failure == "" }))
}
