package shortform

import (
	"errors"
	"math"
	"strings"
	"time"
)

// Duration is how long a text means: numbers with units from ns to w, one
// behind the other, "1h30m".
func Duration(text string) (time.Duration, error) { return known(text, parseDuration) }

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// units are those of Go, and days and weeks.
var units = map[string]time.Duration{
	"ns": time.Nanosecond,
	"us": time.Microsecond, "µs": time.Microsecond, "μs": time.Microsecond, // the micro sign, and the Greek letter
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": day, "w": week,
}

var errDuration = errors.New("it is not a duration like 1m30s")

func parseDuration(text string) (time.Duration, error) {
	sign := time.Duration(1)
	if strings.HasPrefix(text, "-") {
		sign = -1
	}
	if text != "" && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	switch text {
	case "0":
		return 0, nil
	case "":
		return 0, errDuration
	}
	var sum time.Duration
	for text != "" {
		one, rest, err := parseQuantity(text)
		if err != nil {
			return 0, err
		}
		if sum += one; sum < 0 {
			return 0, errDuration
		}
		text = rest
	}
	return sign * sum, nil
}

// parseQuantity reads the number and the unit that a text begins with.
func parseQuantity(text string) (duration time.Duration, rest string, err error) {
	whole, digits, overflow := leadingNumber(text)
	if overflow {
		return 0, "", errDuration
	}
	rest = text[digits:]
	var fraction int64
	scale := 1.0
	if after, found := strings.CutPrefix(rest, "."); found {
		var length int
		fraction, scale, length = leadingFraction(after)
		digits += length
		rest = after[length:]
	}
	if digits == 0 {
		return 0, "", errDuration
	}
	end := strings.IndexAny(rest, ".0123456789")
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return 0, "", errors.New("a number of the duration lacks its unit")
	}
	unit, isKnown := units[rest[:end]]
	if !isKnown {
		return 0, "", errors.New("a unit of the duration is none of ns, us, ms, s, m, h, d and w")
	}
	if whole > math.MaxInt64/int64(unit) {
		return 0, "", errDuration
	}
	duration = time.Duration(whole)*unit + time.Duration(float64(fraction)*(float64(unit)/scale))
	if duration < 0 {
		return 0, "", errDuration
	}
	return duration, rest[end:], nil
}

// leadingNumber reads the digits that a text begins with.
func leadingNumber(text string) (number int64, length int, overflow bool) {
	for length < len(text) && isDigit(text[length]) {
		digit := int64(text[length] - '0')
		if number > (math.MaxInt64-digit)/10 {
			return 0, 0, true
		}
		number = number*10 + digit
		length++
	}
	return number, length, false
}

// leadingFraction reads the digits behind a point, as many as fit.
func leadingFraction(text string) (number int64, scale float64, length int) {
	scale = 1
	full := false
	for length < len(text) && isDigit(text[length]) {
		digit := int64(text[length] - '0')
		length++
		if full = full || number > (math.MaxInt64-digit)/10; full {
			continue
		}
		number = number*10 + digit
		scale *= 10
	}
	return number, scale, length
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
