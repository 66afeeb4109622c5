package redis

import (
	"cmp"
	"errors"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// memoryUnit is a suffix of a size. A letter alone counts in thousands, with a
// b in 1024s.
type memoryUnit struct {
	suffix string
	bytes  uint64
}

// memoryUnits are all that the server knows, in any case; the order is
// FormatMemory's preference.
var memoryUnits = []memoryUnit{
	{"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10},
	{"g", 1e9}, {"m", 1e6}, {"k", 1e3},
	{"", 1}, {"b", 1},
}

// maxMemoryDigits is the size of the buffer into which the server copies the
// digits, less its end.
const maxMemoryDigits = 127

// ParseMemory returns the bytes that a server takes a size for: "100m" is
// 100000000 and "100mb" is 104857600. A fraction, a sign, a percent sign, a
// blank or an unknown unit is an error, and so is a size past 63 bits.
func ParseMemory(text string) (int64, error) {
	bytes, overflow, ok := readMemory(text)
	switch {
	case !ok:
		return 0, errors.New(memoryMessage)
	case overflow || bytes > math.MaxInt64:
		return 0, errors.New("must be below 8 EiB")
	}
	return int64(bytes), nil
}

const memoryMessage = "must be whole bytes with an optional unit b, k, kb, m, mb, g or gb"

// readMemory reads a size as the server does, which lets a product past 64 bits
// wrap around, and takes a unit without digits for 0 (tried on Redis 7.0.15).
func readMemory(text string) (bytes uint64, overflow, ok bool) {
	end := strings.IndexFunc(text, func(c rune) bool { return c < '0' || c > '9' })
	if end < 0 {
		end = len(text)
	}
	digits, suffix := text[:end], strings.ToLower(text[end:])
	i := slices.IndexFunc(memoryUnits, func(u memoryUnit) bool { return u.suffix == suffix })
	if i < 0 || len(digits) > maxMemoryDigits {
		return 0, false, false
	}
	if digits == "" {
		return 0, false, true
	}
	// A number past 64 bits comes back as the largest one, with an error: so
	// does C's strtoull.
	number, err := strconv.ParseUint(digits, 10, 64)
	high, low := bits.Mul64(number, memoryUnits[i].bytes)
	return low, err != nil || high != 0, true
}

// FormatMemory returns the shortest spelling that a server reads back as
// exactly these bytes, "384mb". Among equally short ones units of 1024 win.
func FormatMemory(bytes int64) string {
	if bytes <= 0 {
		return strconv.FormatInt(bytes, 10)
	}
	var spellings []string
	for _, unit := range memoryUnits {
		if uint64(bytes)%unit.bytes == 0 {
			spellings = append(spellings, strconv.FormatUint(uint64(bytes)/unit.bytes, 10)+unit.suffix)
		}
	}
	return slices.MinFunc(spellings, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
}
