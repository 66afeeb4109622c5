package shortform

import (
	"errors"
	"strconv"
	"strings"
)

// Bool is what a text means where Compose wants true or false.
func Bool(text string) (bool, error) { return known(text, parseBool) }

func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "y", "yes", "on":
		return true, nil
	case "false", "n", "no", "off":
		return false, nil
	}
	return false, errors.New("it is neither true nor false")
}

// Int is what a text means where Compose wants a whole number.
func Int(text string) (int64, error) {
	return known(text, func(text string) (int64, error) {
		return number(strconv.ParseInt(text, 10, 64))
	})
}

// Float is what a text means where Compose wants a number. The bits are 32 for
// cpus, 64 for all others.
func Float(text string, bits int) (float64, error) {
	return known(text, func(text string) (float64, error) {
		return number(strconv.ParseFloat(text, bits))
	})
}

// Umask is what a text means as a umask: octal behind a 0, as YAML has it.
func Umask(text string) (uint32, error) {
	return known(text, func(text string) (uint32, error) {
		mask, err := number(strconv.ParseUint(text, 0, 32))
		return uint32(mask), err
	})
}

// number drops the text that an error of strconv repeats.
func number[T int64 | uint64 | float64](value T, err error) (T, error) {
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, errors.New("the number is out of range")
	case err != nil:
		return 0, errors.New("it is not a number of the kind that is wanted")
	}
	return value, nil
}
