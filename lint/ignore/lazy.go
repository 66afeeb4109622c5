package ignore

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is made when it is first asked for:
// most files have no comment of ours.
type pattern func() *regexp.Regexp

func lazy(expression string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
