package intent

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// unprintable refuses line breaks and other characters that could leave their
// place in a generated file unseen.
func unprintable(s string) *Fault {
	for _, c := range s {
		if !unicode.IsPrint(c) {
			return Faultf("write it on one line, in visible characters", "must not hold the character %U", c)
		}
	}
	return nil
}

// shape is what a short text looks like. A length in the expression itself
// takes a millisecond to compile, at each start.
type shape struct {
	*regexp.Regexp
	longest int
}

func (s shape) fits(text string) bool { return len(text) <= s.longest && s.MatchString(text) }

var nameShape = shape{regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`), 63}

func readName(i *Intent, s string) *Fault {
	if !nameShape.fits(s) {
		return Faultf(fmt.Sprintf("it becomes a host name, such as %q", hostName(s)),
			"must be 1 to 63 characters of a-z, 0-9, _ and -, the first a letter or digit, not %s", QuotedShort(s))
	}
	i.Name = s
	return nil
}

var notInNames = regexp.MustCompile(`[^a-z0-9_]+`)

// hostName is the name that is nearest to one that is refused.
func hostName(s string) string {
	s = strings.Trim(notInNames.ReplaceAllString(strings.ToLower(s), "-"), "-_")
	return cmp.Or(s[:min(len(s), 20)], "sessions")
}

// QuotedShort quotes a text, and tells only the length of one that would fill the screen.
func QuotedShort(s string) string {
	if length := utf8.RuneCountInString(s); length > 80 {
		return fmt.Sprintf("%d characters", length)
	}
	return strconv.Quote(s)
}

var versionShape = regexp.MustCompile(`^[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?$`)

func readVersion(i *Intent, s string) *Fault {
	if !versionShape.MatchString(s) {
		return Faultf("", `must be major.minor such as "8.6", or an exact "8.6.3", not %q`, s)
	}
	i.Version = s
	return nil
}

func readImage(i *Intent, s string) *Fault {
	if _, err := redis.ParseImage(s); err != nil {
		return Faultf(`write it as in "redis:8.6.3"`, "%s", err)
	}
	i.Image = s
	return nil
}

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// publishPattern is ADDRESS:PORT.
const publishPattern = `^([0-9.]+|\[[0-9A-Fa-f:.]+\]):[0-9]+$`

func readPublish(i *Intent, s string) *Fault {
	at, c := readAddress(s, "6379", "the server")
	if c == nil {
		i.Publish = at.String()
	}
	return c
}

// readAddress reads where the host listens for a port of a container.
func readAddress(s, usual, what string) (netip.AddrPort, *Fault) {
	hint := fmt.Sprintf(`write address and port of the host, "127.0.0.1:%s"`, usual)
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return netip.AddrPort{}, Faultf(hint, "%q is not ADDRESS:PORT", s)
	}
	address, err := netip.ParseAddr(host)
	if err != nil || address.Zone() != "" {
		return netip.AddrPort{}, Faultf(hint, "%q is not an IP address of the host", host)
	}
	address = address.Unmap()
	if address.IsMulticast() || address == broadcast {
		return netip.AddrPort{}, Faultf(hint, "%q is the address of many hosts, not of this one", host)
	}
	if address.IsUnspecified() {
		return netip.AddrPort{}, Faultf(fmt.Sprintf(`write "127.0.0.1:%s", or the address of one interface`, usual),
			"%q opens %s to every network of the host, past most firewalls' rules", host, what)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return netip.AddrPort{}, Faultf(hint, "%q is not a port between 1 and 65535", port)
	}
	return netip.AddrPortFrom(address, uint16(number)), nil
}

var networkShape = shape{regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`), 128}

func readNetworks(i *Intent, names []string) *Fault {
	for n, name := range names {
		switch {
		case !networkShape.fits(name):
			return Faultf("docker network ls shows the names", "%q is not the name of a network", name)
		case slices.Contains([]string{"host", "none", "bridge", "default"}, name):
			return Faultf("name a network that a project made", "a service with a name of its own cannot join the network %q", name)
		case slices.Contains(names[:n], name):
			return Faultf("name every network once", "the network %q is named twice", name)
		}
	}
	i.Networks = names
	return nil
}

var saveShape = regexp.MustCompile(`^([1-9][0-9]{0,8}) ([1-9][0-9]{0,8})$`)

func readSave(i *Intent, points []string) *Fault {
	for _, point := range points {
		if !saveShape.MatchString(point) {
			return Faultf(`"3600 1" saves after an hour with one change`, "%q is not a number of seconds and a number of changes", point)
		}
	}
	i.Save = points
	return nil
}

func readPolicy(i *Intent, s string) *Fault {
	i.Policy = s // which policies there are depends on the release: see Decide
	return nil
}

var restartShape = regexp.MustCompile(`^(unless-stopped|always|no|on-failure(:[1-9][0-9]{0,3})?)$`)

func readRestart(i *Intent, s string) *Fault {
	if !restartShape.MatchString(s) {
		return OneOf(s, []string{"unless-stopped", "always", "on-failure", "on-failure:3", "no"})
	}
	i.Restart = s
	return nil
}

const longestGrace = time.Hour

func judgeStopGrace(d time.Duration, err error, s string) *Fault {
	if err != nil || d < time.Second || d > longestGrace || d%time.Second != 0 {
		return Faultf(`write a duration as in "90s" or "2m"`, "must be whole seconds between 1s and 1h, not %q", s)
	}
	return nil
}

func judgeLogSize(bytes int64, s string) *Fault {
	if bytes < 64*units.KiB {
		return Faultf("10M is usual", "%q is too small to hold a start of the server", s)
	}
	return nil
}

func cpusType() Type[Intent] {
	const least, most = 0.01, 1024
	return Type[Intent]{schema: map[string]any{"type": "number", "minimum": least, "maximum": most}, read: func(i *Intent, value any) *Fault {
		number, ok := value.(float64)
		if n, whole := value.(int64); whole {
			number, ok = float64(n), true
		}
		if !ok {
			return Faultf("write it without quotes, as in cpus = 1.5", "must be a number, not %s", typeName(value))
		}
		if !(number >= least && number <= most) {
			return Faultf("", "must be between 0.01 and 1024, not %s", strings.TrimSpace(fmt.Sprint(value)))
		}
		i.CPUs = strconv.FormatFloat(number, 'f', -1, 64)
		return nil
	}}
}

// NetworkModeHost is the one network mode that gen writes beside networks of its own.
const NetworkModeHost = "host"

func networkModeType() Type[Intent] {
	made := text("", func(i *Intent, s string) *Fault {
		i.NetworkMode = s
		if s != NetworkModeHost {
			return Faultf(`leave it out for a network of its own, write networks = ["NAME"] for another one, or network-mode = "host"`,
				"network-mode %q is not written", s)
		}
		return nil
	})
	made.schema = map[string]any{"enum": []string{NetworkModeHost}}
	return made
}

func readExporterPublish(i *Intent, s string) *Fault {
	at, f := readAddress(s, "9121", "the exporter")
	if f == nil {
		i.ExporterAt = at.String()
	}
	return f
}

// plainPath is what stands in a shell line, a comment of YAML and of Markdown
// without quotes.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9._][A-Za-z0-9._/-]*$`)

const longestPath = 200

// Unnamed is how generated files call an intent whose name could be mistaken
// for something else.
const Unnamed = "the intent"

// readOutput takes a directory below that of the intent: a pull request may
// write it, so it leads nowhere else.
func readOutput(i *Intent, s string) *Fault {
	const hint = `write a directory below that of the intent, as in output = "cache"; gen -o DIRECTORY writes anywhere`
	switch {
	case !filepath.IsLocal(filepath.FromSlash(s)) || path.Clean(s) == ".":
		return Faultf(hint, "%q is no directory below that of the intent", s)
	case !plainPath.MatchString(s) || strings.Contains(s, "--") || len(s) > longestPath:
		return Faultf(hint, "%q has other characters than letters, digits, ., _, - and /, or too many", s)
	}
	i.Output = path.Clean(s)
	return nil
}

// Cited is how generated files name the intent: by the way that leads to it
// from their directory.
func (i Intent) Cited() string {
	way := filepath.ToSlash(i.Way)
	if way == "" || i.Source == Unnamed || way == "." || !plainPath.MatchString(way) || strings.Contains(way, "--") || len(way) > longestPath {
		return i.Source
	}
	return path.Join(way, i.Source)
}
