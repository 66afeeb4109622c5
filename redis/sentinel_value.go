package redis

import (
	"fmt"
	"strings"
)

// sentinelMinimum holds the numbers that Sentinel refuses below a limit; the
// others are not looked at.
var sentinelMinimum = map[string]int64{
	"down-after-milliseconds":          1,
	"failover-timeout":                 1,
	"master-reboot-down-after-period":  0,
	"primary-reboot-down-after-period": 0,
}

// sentinelIDLength is the number of characters of a run id.
const sentinelIDLength = 40

// readSentinel judges the words after "sentinel", apart from whether the master
// is monitored.
func (r Release) readSentinel(args []string) (reading, *refusal) {
	got := reading{value: strings.Join(args, " ")}
	if r.Engine == KeyDB {
		return got, nil // not in the catalogue
	}
	d, ok := r.SentinelDirective(args[0])
	if !ok {
		return reading{}, &refusal{
			kind: UnknownDirective, arg: 0, suggestion: r.SuggestSentinel(args[0]),
			message: fmt.Sprintf("has no %q in %s", args[0], r),
		}
	}
	if !d.takes(len(args) - 1) {
		return reading{}, wrongArity(-1, "%s must be written as %q", d.Name, d.Syntax)
	}
	last := len(args) - 1
	switch {
	case d.Name == "monitor":
		return r.readMonitor(got, args)
	case d.Type == Bool:
		if _, refused := readBool(args[last]); refused != nil {
			refused.arg = last
			return reading{}, refused
		}
	case d.Type == Int:
		return readSentinelNumber(got, d.Name, args)
	case d.Name == "myid" && len(args[last]) != sentinelIDLength:
		return reading{}, refuse(last, "myid must have %d characters, not %d", sentinelIDLength, len(args[last]))
	}
	return got, nil
}

// readSentinelNumber: Sentinel reads the digits in front and passes over the
// rest, so 5s is 5 milliseconds.
func readSentinelNumber(got reading, name string, args []string) (reading, *refusal) {
	last := len(args) - 1
	number, rest := cInteger(args[last], 10)
	if least, ok := sentinelMinimum[name]; ok && number < least {
		return reading{}, refuse(last, "%s must be at least %d, not %q", name, least, args[last])
	}
	if rest != "" {
		got.misread = fmt.Sprintf("%s %q is read as %d", name, args[last], number)
		if strings.Contains(name, "milliseconds") || strings.Contains(name, "timeout") || strings.Contains(name, "period") {
			got.misread += " milliseconds"
		}
	}
	return got, nil
}

// The words of monitor after its name: master, host, port, quorum.
const monitorPort, monitorQuorum = 3, 4

func (r Release) readMonitor(got reading, args []string) (reading, *refusal) {
	port, portRest := cInteger(args[monitorPort], 10)
	if port < 0 || port > maxPort {
		return reading{}, refuse(monitorPort, "monitor needs a port between 0 and %d, not %q", maxPort, args[monitorPort])
	}
	quorum, quorumRest := cInteger(args[monitorQuorum], 10)
	if quorum < 1 {
		return reading{}, refuse(monitorQuorum, "monitor needs a quorum of at least 1, not %q", args[monitorQuorum])
	}
	switch {
	case portRest != "":
		got.misread = fmt.Sprintf("the port %q is read as %d", args[monitorPort], port)
	case quorumRest != "":
		got.misread = fmt.Sprintf("the quorum %q is read as %d", args[monitorQuorum], quorum)
	}
	return got, nil
}
