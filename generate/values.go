package generate

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
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

// unprintable refuses line breaks and other characters that could leave their place in a generated file unseen.
func unprintable(s string) *complaint {
	for _, c := range s {
		if !unicode.IsPrint(c) {
			return complain("write it on one line, in visible characters", "must not hold the character %U", c)
		}
	}
	return nil
}

// shape is what a short text looks like. A length in the expression itself takes a millisecond to compile, at each start.
type shape struct {
	*regexp.Regexp
	longest int
}

func (s shape) fits(text string) bool { return len(text) <= s.longest && s.MatchString(text) }

var nameShape = shape{regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`), 63}

func readName(i *Intent, s string) *complaint {
	if !nameShape.fits(s) {
		return complain(fmt.Sprintf("it becomes a host name, such as %q", hostName(s)),
			"must be 1 to 63 characters of a-z, 0-9, _ and -, the first a letter or digit, not %s", quotedShort(s))
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

// quotedShort quotes a text, and tells only the length of one that would fill the screen.
func quotedShort(s string) string {
	if length := utf8.RuneCountInString(s); length > 80 {
		return fmt.Sprintf("%d characters", length)
	}
	return strconv.Quote(s)
}

func readRole(i *Intent, s string) *complaint {
	i.Role = s
	return oneOf(s, Roles())
}

// largestMemory is beyond any machine: a larger size is a slip.
const largestMemory = 65536 * units.GiB

func readMemory(i *Intent, s string) *complaint {
	return readSize(&i.Memory, s)
}

func readMaxMemory(i *Intent, s string) *complaint {
	return readSize(&i.MaxMemory, s)
}

func readLogSize(i *Intent, s string) *complaint {
	if c := readSize(&i.LogSize, s); c != nil {
		return c
	}
	if i.LogSize < 64*units.KiB {
		return complain("10M is usual", "%q is too small to hold a start of the server", s)
	}
	return nil
}

func readSize(target *int64, s string) *complaint {
	bytes, err := units.Parse(s)
	if err != nil {
		return complain(`write a size as in "512M"; units count in 1024s, as Compose reads them`, "%s, not %q", err, s)
	}
	if bytes > largestMemory {
		return complain(`write a size as in "512M"`, "%q is more than any machine has", s)
	}
	*target = bytes
	return nil
}

func readEngine(i *Intent, s string) *complaint {
	i.Engine = redis.Engine(s)
	return oneOf(s, []string{string(redis.Redis), string(redis.Valkey)})
}

var versionShape = regexp.MustCompile(`^[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?$`)

func readVersion(i *Intent, s string) *complaint {
	if !versionShape.MatchString(s) {
		return complain("", `must be major.minor such as "8.6", or an exact "8.6.3", not %q`, s)
	}
	i.Version = s
	return nil
}

func readVariant(i *Intent, s string) *complaint {
	i.Variant = s
	return oneOf(s, []string{variantDebian, variantAlpine})
}

func readImage(i *Intent, s string) *complaint {
	if _, err := redis.ParseImage(s); err != nil {
		return complain(`write it as in "redis:8.6.3"`, "%s", err)
	}
	i.Image = s
	return nil
}

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

func readPublish(i *Intent, s string) *complaint {
	at, c := readAddress(s, "6379", "the server")
	if c == nil {
		i.Publish = at.String()
	}
	return c
}

// readAddress reads where the host listens for a port of a container.
func readAddress(s, usual, what string) (netip.AddrPort, *complaint) {
	hint := fmt.Sprintf(`write address and port of the host, "127.0.0.1:%s"`, usual)
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return netip.AddrPort{}, complain(hint, "%q is not ADDRESS:PORT", s)
	}
	address, err := netip.ParseAddr(host)
	if err != nil || address.Zone() != "" {
		return netip.AddrPort{}, complain(hint, "%q is not an IP address of the host", host)
	}
	address = address.Unmap()
	if address.IsMulticast() || address == broadcast {
		return netip.AddrPort{}, complain(hint, "%q is the address of many hosts, not of this one", host)
	}
	if address.IsUnspecified() {
		return netip.AddrPort{}, complain(fmt.Sprintf(`write "127.0.0.1:%s", or the address of one interface`, usual),
			"%q opens %s to every network of the host, past most firewalls' rules", host, what)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return netip.AddrPort{}, complain(hint, "%q is not a port between 1 and 65535", port)
	}
	return netip.AddrPortFrom(address, uint16(number)), nil
}

var networkShape = shape{regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`), 128}

func readNetworks(i *Intent, names []string) *complaint {
	for n, name := range names {
		switch {
		case !networkShape.fits(name):
			return complain("docker network ls shows the names", "%q is not the name of a network", name)
		case slices.Contains([]string{"host", "none", "bridge", "default"}, name):
			return complain("name a network that a project made", "a service with a name of its own cannot join the network %q", name)
		case slices.Contains(names[:n], name):
			return complain("name every network once", "the network %q is named twice", name)
		}
	}
	i.Networks = names
	return nil
}

func readPersistence(i *Intent, s string) *complaint {
	i.Persistence = s
	return oneOf(s, []string{persistNone, persistRDB, persistAOF, persistBoth})
}

var saveShape = regexp.MustCompile(`^([1-9][0-9]{0,8}) ([1-9][0-9]{0,8})$`)

func readSave(i *Intent, points []string) *complaint {
	for _, point := range points {
		if !saveShape.MatchString(point) {
			return complain(`"3600 1" saves after an hour with one change`, "%q is not a number of seconds and a number of changes", point)
		}
	}
	i.Save = points
	return nil
}

func readFsync(i *Intent, s string) *complaint {
	i.Fsync = s
	return oneOf(s, []string{"everysec", "always", "no"})
}

func readPolicy(i *Intent, s string) *complaint {
	i.Policy = s // which policies there are depends on the release: see Decide
	return nil
}

var restartShape = regexp.MustCompile(`^(unless-stopped|always|no|on-failure(:[1-9][0-9]{0,3})?)$`)

func readRestart(i *Intent, s string) *complaint {
	if !restartShape.MatchString(s) {
		return oneOf(s, []string{"unless-stopped", "always", "on-failure", "on-failure:3", "no"})
	}
	i.Restart = s
	return nil
}

const longestGrace = time.Hour

func readStopGrace(i *Intent, s string) *complaint {
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Second || d > longestGrace || d%time.Second != 0 {
		return complain(`write a duration as in "90s" or "2m"`, "must be whole seconds between 1s and 1h, not %q", s)
	}
	i.StopGrace = d
	return nil
}

func readCPUs(i *Intent, value any) *complaint {
	number, ok := value.(float64)
	if n, whole := value.(int64); whole {
		number, ok = float64(n), true
	}
	if !ok {
		return complain("write it without quotes, as in cpus = 1.5", "must be a number, not %s", typeName(value))
	}
	if !(number >= 0.01 && number <= 1024) {
		return complain("", "must be between 0.01 and 1024, not %s", strings.TrimSpace(fmt.Sprint(value)))
	}
	i.CPUs = strconv.FormatFloat(number, 'f', -1, 64)
	return nil
}

func readLogFiles(i *Intent, value any) *complaint {
	number, ok := value.(int64)
	if !ok || number < 1 || number > 1000 {
		return complain("write log-files = 3", "must be a whole number between 1 and 1000")
	}
	i.LogFiles = number
	return nil
}
