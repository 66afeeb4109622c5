package mutate

import "regexp"

// likely are values of a variable by its name; the first one that matches is taken.
var likely = []struct {
	name  *regexp.Regexp
	value string
}{
	{regexp.MustCompile(`(?i)PORT`), "1000"},
	{regexp.MustCompile(`(?i)DIR|PATH|ROOT|FILE|SOCK|VOLUME|HOME|DATA|CERT|STORAGE|MOUNT|CONFIG`), "/srv/x"},
	{regexp.MustCompile(`(?i)HOST|DOMAIN|URL`), "host.test"},
	{regexp.MustCompile(`(?i)NETWORK`), "default"},
	{regexp.MustCompile(`(?i)RETRIES|COUNT`), "3"},
	{regexp.MustCompile(`(?i)NAME|PROJECT|PREFIX`), "name"},
	{regexp.MustCompile(`(?i)INTERVAL|TIMEOUT|PERIOD|DELAY`), "10s"},
	{regexp.MustCompile(`(?i)IP$|ADDRESS|BIND`), "127.0.0.1"},
	{regexp.MustCompile(`(?i)^INIT$`), "true"},
}

// Likely are ways to give variables values by their names: what a name makes
// likely, and a few words that many things can be, for names that say nothing.
func Likely() []func(name string) string {
	ways := []func(string) string{}
	for _, word := range []string{"10", "10s", "data", "/srv/x", "service_healthy", "default"} {
		ways = append(ways, func(name string) string {
			for _, kind := range likely {
				if kind.name.MatchString(name) {
					return kind.value
				}
			}
			return word
		})
	}
	return ways
}
