// Package units spells sizes, durations and counts: as Compose reads them, as
// redis.conf has them, and for people.
package units

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The units count in 1024s.
const (
	KiB int64 = 1 << 10
	MiB int64 = 1 << 20
	GiB int64 = 1 << 30
)

// sizeShape is a size as Compose reads it: every unit counts in 1024s, so M, MB
// and MiB are the same.
var sizeShape = regexp.MustCompile(`(?i)^([0-9]+(?:\.[0-9]+)?) ?([kmgt]?)i?b?$`)

// Parse returns the bytes of a size such as "512M", "1.5GiB" or "65536B". A
// number without a unit is refused: Compose would take it for bytes, and nobody
// means that.
func Parse(text string) (int64, error) {
	parts := sizeShape.FindStringSubmatch(text)
	if parts == nil || text[len(text)-1] <= '9' {
		return 0, errors.New("must be a number with a unit, B, K, M, G or T")
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	if err != nil {
		return 0, err
	}
	unit := map[string]int64{"": 1, "k": KiB, "m": MiB, "g": GiB, "t": 1 << 40}[strings.ToLower(parts[2])]
	bytes := number * float64(unit)
	if bytes < 1 || bytes > math.MaxInt64/2 {
		return 0, errors.New("must be between 1B and 4194304T")
	}
	return int64(bytes), nil
}

var composeUnits = []struct {
	bytes  int64
	suffix string
}{{GiB, "g"}, {MiB, "m"}, {KiB, "k"}, {1, "b"}}

// Compose spells bytes exactly and as Compose and the engine read them, "512m".
func Compose(bytes int64) string {
	for _, unit := range composeUnits {
		if bytes%unit.bytes == 0 && bytes >= unit.bytes {
			return strconv.FormatInt(bytes/unit.bytes, 10) + unit.suffix
		}
	}
	return "0b"
}

// Readable spells bytes for a person, with one decimal where it matters: "512
// MiB", "4.5 MiB".
func Readable(bytes int64) string {
	unit, name := MiB, "MiB"
	switch {
	case bytes >= 10*GiB:
		unit, name = GiB, "GiB"
	case bytes < MiB:
		unit, name = KiB, "KiB"
	}
	number := strconv.FormatFloat(float64(bytes)/float64(unit), 'f', 1, 64)
	return strings.TrimSuffix(number, ".0") + " " + name
}

// Conf spells bytes as redis.conf has them, in units of 1024 alone: 100m would
// be 100000000.
func Conf(bytes int64) string {
	switch {
	case bytes%GiB == 0:
		return strconv.FormatInt(bytes/GiB, 10) + "gb"
	case bytes%MiB == 0:
		return strconv.FormatInt(bytes/MiB, 10) + "mb"
	case bytes%KiB == 0:
		return strconv.FormatInt(bytes/KiB, 10) + "kb"
	}
	return strconv.FormatInt(bytes, 10)
}

// Seconds spells a duration in whole seconds, as Compose reads it: "30s".
func Seconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) + "s" }

// Milliseconds spells a duration as sentinel.conf has it.
func Milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Count writes a number of things.
func Count(number int64, thing string) string {
	if number == 1 {
		return "one " + thing
	}
	return fmt.Sprintf("%d %ss", number, thing)
}
