package redis

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// specialReaders are the directives with a grammar of their own. Those that are
// missing are taken as they are.
var specialReaders = map[string]func(Release, []string) (reading, *refusal){
	"bind":                              Release.readBind,
	"client-output-buffer-limit":        Release.readBufferLimits,
	"dir":                               Release.readDirectory,
	"latency-tracking-info-percentiles": Release.readPercentiles,
	"notify-keyspace-events":            Release.readNotifications,
	"oom-score-adj-values":              Release.readOOMScores,
	"replicaof":                         Release.readReplicaOf,
	"save":                              Release.readSave,
}

// maxBindAddresses is the number of addresses that fit the server's table.
const maxBindAddresses = 16

func (r Release) readBind(args []string) (reading, *refusal) {
	switch {
	case len(args) == 0 && r.before70():
		return reading{}, wrongArity(-1, "needs an address")
	case len(args) > maxBindAddresses:
		return reading{}, wrongArity(maxBindAddresses, "takes at most %d addresses, not %d", maxBindAddresses, len(args))
	}
	return reading{value: strings.Join(args, " ")}, nil
}

// readDirectory: CONFIG GET prints the working directory, so an absolute path
// loses what is not needed in it.
func (r Release) readDirectory(args []string) (reading, *refusal) {
	if args[0] == "" {
		return reading{}, refuse(0, "must be a directory")
	}
	if path.IsAbs(args[0]) {
		return reading{value: path.Clean(args[0])}, nil
	}
	return reading{value: args[0]}, nil
}

func (r Release) readPercentiles(args []string) (reading, *refusal) {
	if len(args) == 1 && args[0] == "" {
		return reading{}, nil
	}
	printed := make([]string, len(args))
	for i, arg := range args {
		number, err := strconv.ParseFloat(arg, 64)
		if err != nil || !(number >= 0 && number <= 100) || strings.Contains(arg, "_") {
			return reading{}, refuse(i, "must be percentiles between 0 and 100, not %q", arg)
		}
		printed[i] = trimZeros(strconv.FormatFloat(number, 'f', 6, 64))
	}
	return reading{value: strings.Join(printed, " ")}, nil
}

func trimZeros(decimal string) string {
	return strings.TrimSuffix(strings.TrimRight(decimal, "0"), ".")
}

// oomScores is the number of processes that oom-score-adj-values speaks of:
// master, replica, child.
const oomScores, maxOOMScore = 3, 2000

func (r Release) readOOMScores(args []string) (reading, *refusal) {
	if len(args) != oomScores {
		return reading{}, wrongArity(-1, "needs %d values, not %d", oomScores, len(args))
	}
	printed := make([]string, oomScores)
	for i, arg := range args {
		score, rest := cInteger(arg, 10)
		if rest != "" || score < -maxOOMScore || score > maxOOMScore {
			return reading{}, refuse(i, "must be numbers between %d and %d, not %q", -maxOOMScore, maxOOMScore, arg)
		}
		printed[i] = strconv.FormatInt(score, 10)
	}
	return reading{value: strings.Join(printed, " ")}, nil
}

const maxPort = 65535

func (r Release) readReplicaOf(args []string) (reading, *refusal) {
	if len(args) != 2 {
		return reading{}, wrongArity(-1, "needs a host and a port, or no one")
	}
	if strings.EqualFold(args[0], "no") && strings.EqualFold(args[1], "one") {
		return reading{}, nil
	}
	port, rest := cInteger(args[1], 10)
	if rest != "" || port < 0 || port > maxPort {
		return reading{}, refuse(1, "must name a port between 0 and %d, not %q", maxPort, args[1])
	}
	return reading{value: args[0] + " " + strconv.FormatInt(port, 10)}, nil
}

// The letters of notify-keyspace-events in the order in which CONFIG GET prints
// them. "A" stands for those in all; with n since 7.0 and o, c and later ones
// since Redis 8.2, none of which A includes.
const (
	notifyAll    = "g$lshzxetd"
	notifyClass  = notifyAll + "nocr"
	notifyOthers = "KEmSTIV"
	notifySince7 = "n"
	notifySince8 = "ocrSTIV"
)

func (r Release) readNotifications(args []string) (reading, *refusal) {
	if len(args) != 1 {
		return reading{}, wrongArity(-1, "needs one word of letters, or \"\"")
	}
	known := "A" + notifyClass + notifyOthers
	if r.before70() {
		known = without(known, notifySince7)
	}
	if r.Engine != Redis || !r.AtLeast(8, 2) {
		known = without(known, notifySince8)
	}
	if i := strings.IndexFunc(args[0], func(c rune) bool { return !strings.ContainsRune(known, c) }); i >= 0 {
		return reading{}, refuse(0, "must be letters of %s, not %q", known, args[0][i:i+1])
	}
	return reading{value: printNotifications(args[0])}, nil
}

func printNotifications(letters string) string {
	class := keep(notifyClass, letters)
	if strings.Contains(letters, "A") || strings.HasPrefix(class, notifyAll) {
		class = "A"
	}
	return class + keep(notifyOthers, letters)
}

// keep returns the characters of s that also stand in set.
func keep(s, set string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(set, c) {
			return c
		}
		return -1
	}, s)
}

func without(s, set string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(set, c) {
			return -1
		}
		return c
	}, s)
}

// bufferLimit is the limit of one class of clients.
type bufferLimit struct {
	hard, soft uint64 // bytes
	seconds    int64
}

// bufferClasses are the classes in the order in which CONFIG GET prints them,
// with the engines' defaults.
var bufferClasses = []string{"normal", "slave", "pubsub"}

type bufferLimits [3]bufferLimit

var defaultBufferLimits = bufferLimits{{}, {256 << 20, 64 << 20, 60}, {32 << 20, 8 << 20, 60}}

func (l bufferLimits) String() string {
	words := make([]string, len(l))
	for i, limit := range l {
		words[i] = fmt.Sprintf("%s %d %d %d", bufferClasses[i], limit.hard, limit.soft, limit.seconds)
	}
	return strings.Join(words, " ")
}

func (r Release) readBufferLimits(args []string) (reading, *refusal) {
	limits := defaultBufferLimits
	misread, refused := r.setBufferLimits(&limits, args)
	return reading{limits.String(), misread}, refused
}

// bufferWords is the number of words per class: its name, hard limit, soft
// limit, seconds.
const bufferWords = 4

// setBufferLimits changes the classes that args name. 6.2 takes one class per line.
func (r Release) setBufferLimits(limits *bufferLimits, args []string) (misread string, refused *refusal) {
	if len(args)%bufferWords != 0 || r.before70() && len(args) != bufferWords {
		return "", wrongArity(-1, "needs a class, a hard limit, a soft limit and seconds")
	}
	for at := 0; at < len(args); at += bufferWords {
		class := bufferClass(args[at])
		if class < 0 {
			return "", refuse(at, "must name the class normal, replica or pubsub, not %q", args[at])
		}
		limit, why, refused := r.readBufferLimit(args[at+1:at+bufferWords], at+1)
		if refused != nil {
			return "", refused
		}
		limits[class], misread = limit, misread+why
	}
	return misread, nil
}

func bufferClass(name string) int {
	switch strings.ToLower(name) {
	case "normal":
		return 0
	case "slave", "replica":
		return 1
	case "pubsub":
		return 2
	}
	return -1
}

func (r Release) readBufferLimit(args []string, first int) (limit bufferLimit, misread string, refused *refusal) {
	var sizes [2]uint64
	for i := range sizes {
		bytes, overflow, ok := readMemory(args[i])
		if !ok && !r.before70() {
			f := refuseMemory(memoryMessage, args[i])
			f.arg = first + i
			return bufferLimit{}, "", f
		}
		if !ok {
			misread = fmt.Sprintf("%q is no size and is read as 0", args[i])
		} else if overflow {
			misread = misreadMemory(args[i], true)
		}
		sizes[i] = bytes
	}
	seconds, rest := cInteger(args[2], 10)
	if seconds < 0 || rest != "" && !r.before70() {
		return bufferLimit{}, "", refuse(first+2, "must give whole seconds, not %q", args[2])
	}
	if rest != "" {
		misread = fmt.Sprintf("%q is read as %d seconds", args[2], seconds)
	}
	return bufferLimit{sizes[0], sizes[1], seconds}, misread, nil
}

func (r Release) readSave(args []string) (reading, *refusal) {
	var points savePoints
	misread, refused := r.addSavePoints(&points, args)
	return reading{points.String(), misread}, refused
}
