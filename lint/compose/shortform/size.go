package shortform

import (
	"errors"
	"strconv"
	"strings"
)

// Bytes is how many bytes a text means: a whole number, or a number with a unit
// of powers of 1024, "1.5g", "512 MiB". A whole number without a unit may be
// negative.
func Bytes(text string) (int64, error) { return known(text, parseBytes) }

var powers = map[byte]int64{'b': 1, 'k': 1 << 10, 'm': 1 << 20, 'g': 1 << 30, 't': 1 << 40, 'p': 1 << 50}

func parseBytes(text string) (int64, error) {
	if bytes, err := strconv.ParseInt(text, 10, 64); err == nil {
		return bytes, nil
	}
	end := strings.LastIndexAny(text, "0123456789. ") + 1
	count, err := strconv.ParseFloat(strings.TrimSuffix(text[:end], " "), 64)
	if err != nil || count < 0 {
		return 0, errors.New("it is not a number of bytes")
	}
	power, err := parseUnit(text[end:])
	return int64(count * float64(power)), err
}

// parseUnit reads k, kb or kib and the like in either case.
func parseUnit(text string) (int64, error) {
	if text == "" {
		return 1, nil
	}
	unit := strings.ToLower(text)
	power := powers[unit[0]]
	switch {
	case len(text) > 3, power == 0, power == 1 && unit != "b",
		len(unit) == 2 && unit[1:] != "b", len(unit) == 3 && unit[1:] != "ib":
		return 0, errors.New("the unit of the size is none of b, k, m, g, t and p")
	}
	return power, nil
}
