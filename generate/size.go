package generate

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
)

const (
	kibibyte int64 = 1 << 10
	mebibyte int64 = 1 << 20
	gibibyte int64 = 1 << 30
)

// sizeShape is a size as Compose reads it: every unit counts in 1024s, so M, MB and MiB are the same.
var sizeShape = regexp.MustCompile(`(?i)^([0-9]+(?:\.[0-9]+)?) ?([kmgt]?)i?b?$`)

// parseSize returns the bytes of a size such as "512M", "1.5GiB" or "65536B". A number without a unit is refused:
// Compose would take it for bytes, and nobody means that.
func parseSize(text string) (int64, error) {
	parts := sizeShape.FindStringSubmatch(text)
	if parts == nil || text[len(text)-1] <= '9' {
		return 0, errors.New("must be a number with a unit, B, K, M, G or T")
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	if err != nil {
		return 0, err
	}
	unit := map[string]int64{"": 1, "k": kibibyte, "m": mebibyte, "g": gibibyte, "t": 1 << 40}[strings.ToLower(parts[2])]
	bytes := number * float64(unit)
	if bytes < 1 || bytes > math.MaxInt64/2 {
		return 0, errors.New("must be between 1B and 4194304T")
	}
	return int64(bytes), nil
}

var composeUnits = []struct {
	bytes  int64
	suffix string
}{{gibibyte, "g"}, {mebibyte, "m"}, {kibibyte, "k"}, {1, "b"}}

// composeSize spells bytes exactly and as Compose and the engine read them, "512m".
func composeSize(bytes int64) string {
	for _, unit := range composeUnits {
		if bytes%unit.bytes == 0 && bytes >= unit.bytes {
			return strconv.FormatInt(bytes/unit.bytes, 10) + unit.suffix
		}
	}
	return "0b"
}

// readableSize spells bytes for a person, with one decimal where it matters: "512 MiB", "4.5 MiB".
func readableSize(bytes int64) string {
	unit, name := mebibyte, "MiB"
	switch {
	case bytes >= 10*gibibyte:
		unit, name = gibibyte, "GiB"
	case bytes < mebibyte:
		unit, name = kibibyte, "KiB"
	}
	number := strconv.FormatFloat(float64(bytes)/float64(unit), 'f', 1, 64)
	return strings.TrimSuffix(number, ".0") + " " + name
}
