package redis

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// reading is what a server makes of a directive's words.
type reading struct {
	value   string // as CONFIG GET prints it
	misread string // why that is hardly what was meant, "" when it is
}

// refusal says why a server does not start with a directive's words.
type refusal struct {
	kind       ProblemKind
	arg        int // index of the word at fault, -1: the directive itself
	message    string
	suggestion string // words that would be accepted, "" when none is certain
}

func (f *refusal) Error() string { return f.message }

func refuse(arg int, format string, args ...any) *refusal {
	return &refusal{kind: InvalidValue, arg: arg, message: fmt.Sprintf(format, args...)}
}

func wrongArity(arg int, format string, args ...any) *refusal {
	return &refusal{kind: WrongArity, arg: arg, message: fmt.Sprintf(format, args...)}
}

// Canonical returns the value as CONFIG GET prints it ("256mb" is "268435456"),
// or why the server refuses it. client-output-buffer-limit comes with the
// default of every class that args do not name, save with the pairs of this
// line alone. What the catalogue does not allow to judge is accepted as it is.
func (r Release) Canonical(d Directive, args []string) (string, error) {
	got, refused := r.read(d, args)
	if refused != nil {
		return "", refused
	}
	return got.value, nil
}

func (r Release) read(d Directive, args []string) (reading, *refusal) {
	switch {
	case d.Type == FileOnly:
		return readFileOnly(d, args)
	case d.MultiArg:
		words := r.splitSingle(args)
		got, refused := r.readWords(d, words)
		return got, refused.before(words, args)
	}
	if refused := expectOne(args); refused != nil {
		return reading{}, refused
	}
	return r.readWords(d, args)
}

// readWords reads the words of a directive whose number is right.
func (r Release) readWords(d Directive, args []string) (reading, *refusal) {
	if special, ok := specialReaders[d.Name]; ok && d.Type == Special {
		return special(r, args)
	}
	return r.readTyped(d, args)
}

// splitSingle splits the only word of a directive that takes several, as 7.0
// and later do: --save "60 1" is one argument and two words.
func (r Release) splitSingle(args []string) []string {
	if r.before70() || len(args) != 1 || args[0] == "" {
		return args
	}
	words, err := SplitWords(args[0], r)
	if err != nil {
		return nil // the server goes on with no words at all
	}
	return words
}

// before places a refusal of words where it stands among the words before
// splitSingle. What would be accepted in the place of a part would not be in
// the place of the whole.
func (f *refusal) before(words, args []string) *refusal {
	if f == nil || len(words) == len(args) {
		return f
	}
	placed := *f
	placed.arg, placed.suggestion = min(f.arg, len(args)-1), ""
	return &placed
}

func expectOne(args []string) *refusal {
	switch {
	case len(args) == 0:
		return wrongArity(-1, "needs a value")
	case len(args) > 1 && strings.HasPrefix(args[1], "#"):
		return wrongArity(1, "takes one value; a comment must stand on a line of its own")
	case len(args) > 1:
		f := wrongArity(1, "takes one value, not %d", len(args))
		if joined := strings.Join(args, ""); len(args) == 2 && memoryShape.MatchString(joined) {
			f.suggestion = strings.ToLower(joined)
		}
		return f
	}
	return nil
}

func (r Release) readTyped(d Directive, args []string) (reading, *refusal) {
	switch d.Type {
	case Bool:
		return readBool(args[0])
	case Int:
		return r.readInt(d, args[0])
	case Memory:
		return readMemoryValue(d, args[0])
	case MemoryOrPercent:
		return readMemoryOrPercent(d, args[0])
	case SignedMemory:
		return r.readSignedMemory(d, args[0])
	case Octal:
		return r.readOctal(d, args[0])
	case Enum:
		return readEnum(d, args)
	case String:
		if message := r.checkString(d.Name, args[0]); message != "" {
			return reading{}, refuse(0, "%s", message)
		}
	}
	return reading{value: strings.Join(args, " ")}, nil
}

func readBool(text string) (reading, *refusal) {
	switch value := strings.ToLower(text); value {
	case "yes", "no":
		return reading{value: value}, nil
	}
	f := refuse(0, "must be yes or no, not %q", text)
	f.suggestion = suggestBool(text)
	return reading{}, f
}

func (r Release) readInt(d Directive, text string) (reading, *refusal) {
	number, ok := parseInteger(text)
	if !ok {
		f := refuse(0, "must be a whole number without a unit, not %q", text)
		if trimmed := strings.TrimLeft(text, "+0"); trimmed != text {
			if n, ok := parseInteger(trimmed); ok && d.allows(n) {
				f.suggestion = trimmed
			}
		}
		return reading{}, f
	}
	if !d.allows(number) {
		return reading{}, refuse(0, "must be between %d and %d, not %d", d.Min, d.Max, number)
	}
	return reading{value: strconv.FormatInt(r.moveIntoLimits(d.Name, number), 10)}, nil
}

// moveIntoLimits does to two numbers what the server does instead of refusing
// them (tried on Redis 7.0.15 and Valkey 8.0.1).
func (r Release) moveIntoLimits(name string, number int64) int64 {
	const minHz, maxHz, maxThreadsOfValkey80 = 1, 500, 16
	switch {
	case name == "hz":
		return min(max(number, minHz), maxHz)
	case name == "io-threads" && r == Release{Valkey, 8, 0}:
		return min(number, maxThreadsOfValkey80)
	}
	return number
}

func (d Directive) allows(number int64) bool {
	return !d.HasRange || number >= d.Min && (number < 0 || uint64(number) <= d.Max)
}

// parseInteger reads a number as the server's string2ll does: no blank, no plus
// sign, no leading zero, no -0.
func parseInteger(text string) (int64, bool) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(number, 10) != text {
		return 0, false
	}
	return number, true
}

func readMemoryValue(d Directive, text string) (reading, *refusal) {
	bytes, overflow, ok := readMemory(text)
	if !ok {
		return reading{}, refuseMemory(memoryMessage, text)
	}
	if d.HasRange && (bytes > d.Max || d.Min > 0 && bytes < uint64(d.Min)) {
		return reading{}, refuse(0, "must be between %d and %d bytes, not %q", d.Min, d.Max, text)
	}
	return reading{strconv.FormatUint(bytes, 10), misreadMemory(text, overflow)}, nil
}

func refuseMemory(message, text string) *refusal {
	f := refuse(0, "%s, not %q", message, text)
	f.suggestion = suggestMemory(text)
	return f
}

// misreadMemory names the two spellings that a server takes for a size without being one.
func misreadMemory(text string, overflow bool) string {
	switch {
	case overflow:
		return fmt.Sprintf("%q is past 64 bits and wraps around", text)
	case text == "" || text[0] < '0' || text[0] > '9':
		return fmt.Sprintf("%q has no digits and is read as 0", text)
	}
	return ""
}

func readMemoryOrPercent(d Directive, text string) (reading, *refusal) {
	digits, isPercent := strings.CutSuffix(text, "%")
	percent, ok := parseInteger(digits)
	if !isPercent || !ok || percent < 0 {
		if _, _, ok := readMemory(text); !ok {
			return reading{}, refuseMemory(memoryMessage+", or a percentage such as 5%", text)
		}
		return readMemoryValue(d, text)
	}
	switch {
	case -percent < d.Min:
		return reading{}, refuse(0, "must be at most %d%%, not %q", -d.Min, text)
	case percent == 0:
		return reading{value: "0"}, nil
	}
	return reading{value: text}, nil
}

func (r Release) readSignedMemory(d Directive, text string) (reading, *refusal) {
	if number, ok := parseInteger(text); ok && number < 0 {
		return r.readInt(d, text)
	}
	return readMemoryValue(d, text)
}

// readOctal reads permissions; 6.2 stops at the first character that is no
// octal digit and takes what it has.
func (r Release) readOctal(d Directive, text string) (reading, *refusal) {
	number, rest := cInteger(text, 8)
	if rest != "" && !r.before70() {
		return reading{}, refuse(0, "must be an octal number such as 770, not %q", text)
	}
	if !d.allows(number) {
		return reading{}, refuse(0, "must be between %o and %o, not %q", d.Min, d.Max, text)
	}
	got := reading{value: strconv.FormatInt(number, 8)}
	if rest != "" {
		got.misread = fmt.Sprintf("%q is read as %s, up to the first character that is no octal digit", text, got.value)
	}
	return got, nil
}

// cInteger reads a number as C's strtoll does and returns what follows it:
// blanks and a sign in front are taken, a number past 64 bits becomes the
// nearest one, and text without digits is 0.
func cInteger(text string, base int) (number int64, rest string) {
	at := skipBlanks(text, 0)
	start := at
	if at < len(text) && (text[at] == '-' || text[at] == '+') {
		at++
	}
	first := at
	for at < len(text) && text[at] >= '0' && text[at] < byte('0'+min(base, 10)) {
		at++
	}
	if at == first {
		return 0, text
	}
	number, err := strconv.ParseInt(text[start:at], base, 64)
	if err != nil && text[start] == '-' {
		number = math.MinInt64
	}
	return number, text[at:]
}

// fileOnlyWords are the least and the greatest number of words of the
// directives that CONFIG does not know; 0 is no limit.
var fileOnlyWords = map[string][2]int{
	"include":        {1, 1},
	"loadmodule":     {1, 0},
	"rename-command": {2, 2},
	"sentinel":       {0, 0}, // alone, as in --sentinel, it is passed over here
	"user":           {1, 0},
}

func readFileOnly(d Directive, args []string) (reading, *refusal) {
	words := fileOnlyWords[d.Name]
	switch {
	case len(args) < words[0]:
		return reading{}, wrongArity(-1, "needs %s", countWords(words[0]))
	case words[1] > 0 && len(args) > words[1]:
		return reading{}, wrongArity(words[1], "takes %s, not %d", countWords(words[1]), len(args))
	}
	return reading{value: strings.Join(args, " ")}, nil
}

func countWords(n int) string {
	if n == 1 {
		return "a value"
	}
	return fmt.Sprintf("%d values", n)
}

func readEnum(d Directive, args []string) (reading, *refusal) {
	if len(args) == 0 || !d.MultiArg && len(args) != 1 {
		return reading{}, wrongArity(-1, "needs a value")
	}
	var names []string
	for i, arg := range args {
		at := slices.IndexFunc(d.Enum, func(name string) bool { return strings.EqualFold(name, arg) })
		if at < 0 {
			f := refuse(i, "must be one of %s, not %q", strings.Join(d.Enum, ", "), arg)
			f.suggestion = suggestAmong(strings.ToLower(arg), d.Enum)
			return reading{}, f
		}
		names = append(names, d.Enum[at])
	}
	if d.MultiArg {
		return readFlags(d, names)
	}
	if same, ok := sameValue[names[0]]; ok && d.Name == "oom-score-adj" {
		names[0] = same
	}
	return reading{value: names[0]}, nil
}

// sameValue: a name of oom-score-adj that CONFIG GET prints by another (tried
// on Redis 7.0.15).
var sameValue = map[string]string{"relative": "yes"}
