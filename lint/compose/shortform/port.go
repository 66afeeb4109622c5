package shortform

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// Port is an entry of ports: one port of the container, or a range of them,
// and where it is published. Every entry is published, if only on a port that
// the engine picks.
type Port struct {
	// HostIP is the address, without brackets; "" for all of them. It may hold
	// marks. A variable that the entry begins with may bring an address along
	// ("${BIND}6379:6379"): then it is that mark.
	HostIP string
	// Published is a number, or a range as "8000-8010"; "" where the engine
	// picks. It may hold marks, and then PublishedStart and PublishedEnd are 0.
	Published                    string
	PublishedStart, PublishedEnd uint32 // the end is the last of the range
	// Target and TargetEnd are the first and the last port of the container,
	// often the same; 0 where TargetKnown is false.
	Target, TargetEnd uint32
	TargetKnown       bool
	Protocol          string // in lower case; may hold marks
	Mode              string // Compose gives short forms "ingress"
}

// ParsePort reads an entry of ports in the short form,
// [address:][published:]target[/protocol].
func ParsePort(text string) (port Port, err error) {
	address, published, target := splitPort(text)
	target, protocol := splitProtocol(target)
	port.Mode = "ingress"
	if port.HostIP, err = hostIP(address); err != nil {
		return Port{}, err
	}
	if err := port.setProtocol(protocol); err != nil {
		return Port{}, err
	}
	if err := port.setTarget(target); err != nil {
		return Port{}, err
	}
	if err := port.setPublished(published); err != nil {
		return Port{}, err
	}
	if port.isRange() && port.isNumbered() && port.PublishedEnd-port.PublishedStart != port.TargetEnd-port.Target {
		return Port{}, errors.New("the ranges of published ports and of ports of the container differ in length")
	}
	port.openStart(address, published, target)
	return port, nil
}

// splitPort takes the parts between colons from the end: an address may hold
// more of them.
func splitPort(text string) (address, published, target string) {
	last := strings.LastIndexByte(text, ':')
	if last < 0 {
		return "", "", text
	}
	target, published = text[last+1:], text[:last]
	if last = strings.LastIndexByte(published, ':'); last >= 0 {
		address, published = published[:last], published[last+1:]
	}
	return address, published, target
}

// splitProtocol parts a port of the container from its protocol. What stands
// behind a second slash is nothing to Compose.
func splitProtocol(text string) (target, protocol string) {
	parts := strings.SplitN(text, "/", 3)
	if len(parts) == 1 || parts[1] == "" {
		return parts[0], "tcp"
	}
	return parts[0], parts[1]
}

func hostIP(address string) (string, error) {
	inner, bracketed := strings.CutPrefix(address, "[")
	if bracketed {
		if address, bracketed = strings.CutSuffix(inner, "]"); !bracketed {
			return "", errors.New("the bracket around the address is not closed")
		}
	} else if strings.Contains(address, ":") {
		return "", errors.New("an address with colons must stand in brackets")
	}
	if address == "" || !unset.Known(address) {
		return address, nil
	}
	if ip, err := netip.ParseAddr(address); err != nil || ip.Zone() != "" {
		return "", errors.New("what stands before the published port is no IP address")
	}
	return address, nil
}

func (p *Port) setProtocol(protocol string) error {
	p.Protocol = protocol
	if !unset.Known(protocol) {
		return nil
	}
	p.Protocol = strings.ToLower(protocol)
	if !slices.Contains([]string{"tcp", "udp", "sctp"}, p.Protocol) {
		return errors.New("the protocol is none of tcp, udp and sctp")
	}
	return nil
}

func (p *Port) setTarget(text string) (err error) {
	if text == "" {
		return errors.New("no port of the container is named")
	}
	if p.TargetKnown = unset.Known(text); !p.TargetKnown {
		return nil
	}
	if p.Target, p.TargetEnd, err = portRange(text); err != nil {
		return errors.New("the port of the container is neither a number up to 65535 nor a range of them")
	}
	return nil
}

func (p *Port) setPublished(text string) (err error) {
	if p.Published = text; text == "" || !unset.Known(text) {
		return nil
	}
	if p.PublishedStart, p.PublishedEnd, err = portRange(text); err != nil {
		return errors.New("the published port is neither a number up to 65535 nor a range of them")
	}
	p.Published = rangeText(p.PublishedStart, p.PublishedEnd)
	return nil
}

// isRange reports whether there is more than one port of the container.
func (p Port) isRange() bool { return p.Target != p.TargetEnd }

// isNumbered reports whether it is known on which ports it is published.
func (p Port) isNumbered() bool { return p.Published != "" && unset.Known(p.Published) }

// openStart marks what a variable at the start of an entry may bring along
// besides the port: the parts before it.
func (p *Port) openStart(address, published, target string) {
	if address != "" {
		return
	}
	if mark, _, found := unset.CutMark(target); found && published == "" {
		p.HostIP, p.Published = mark, mark
		return
	}
	mark, rest, found := unset.CutMark(published)
	if _, _, again := unset.CutMark(rest); found && (again || beginsWithDigit(rest)) {
		p.HostIP = mark
	}
}

func beginsWithDigit(text string) bool { return text != "" && isDigit(text[0]) }

// portRange reads a port or two with a - between them; Compose passes over a
// third.
func portRange(text string) (start, end uint32, err error) {
	parts := strings.SplitN(text, "-", 3)
	if start, err = portNumber(parts[0]); err != nil || len(parts) == 1 {
		return start, start, err
	}
	if end, err = portNumber(parts[1]); err == nil && end < start {
		err = strconv.ErrRange
	}
	return start, end, err
}

func portNumber(text string) (uint32, error) {
	number, err := strconv.ParseUint(text, 10, 16)
	return uint32(number), err
}

func rangeText(start, end uint32) string {
	text := strconv.FormatUint(uint64(start), 10)
	if start == end {
		return text
	}
	return text + "-" + strconv.FormatUint(uint64(end), 10)
}
