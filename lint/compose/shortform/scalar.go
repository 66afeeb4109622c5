package shortform

import (
	"errors"
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
