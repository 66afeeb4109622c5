package redis

import (
	"fmt"
	"slices"
	"strings"
)

// Option is a directive given in argv. Word is the index, in the words given to
// ParseArgv, of the word that names it (with its dashes), ArgWords the index of
// the word in which each argument stands: one word may hold an option with all
// its arguments.
type Option struct {
	Name     string // in lower case, without dashes
	Args     []string
	Word     int
	ArgWords []int
}

// Argv is what a server makes of the words after its binary.
type Argv struct {
	Conf     string   // path of the conf file as the server opens it; from Redis 7.0 on it may be a pattern
	ConfWord int      // index of the conf file's word, -1 when there is none
	Stdin    bool     // "-": more of redis.conf comes from the standard input, before the options
	Sentinel bool     // --sentinel stands among the words
	Options  []Option // in order; they count as lines after the conf file and the standard input
	Inert    string   // the word that makes the binary answer and exit instead of serving: --version, --help …
}

// ArgvError is a word that keeps the server from starting. Word is its index in
// the words given to ParseArgv.
type ArgvError struct {
	Word    int
	Message string
}

func (e *ArgvError) Error() string { return e.Message }

// inertWords are looked at only as the first word. --check-system came with Redis 7.0.
var inertWords = []string{"-v", "--version", "-h", "--help", "--test-memory", "--check-system"}

// ParseArgv reads the words after the binary as a server of that release does.
// It writes the options as lines of redis.conf and reads those, so quotes,
// comments and line ends inside an option's own word count; arguments are
// quoted first. From Redis 7.0 on the word after an option that still lacks an
// argument is that argument, even if it begins with "--"; only --save and
// --sentinel may stand without one. On an error the Argv holds what could be
// read. Tried on Redis 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2.
func ParseArgv(words []string, r Release) (Argv, error) { return parseArgv(words, r, forceQuotes) }

// ParseArgv reads the words after the binary as the server in the image does,
// whose release is r: a patch release may read them in its own way.
func (i Image) ParseArgv(words []string, r Release) (Argv, error) {
	if i.Engine == r.Engine && slices.Contains(withoutEscapes[r.Engine], i.Version) {
		return parseArgv(words, r, bareQuotes)
	}
	return ParseArgv(words, r)
}

// withoutEscapes are the patch releases that put an argument into quotes and
// leave those in it, and its backslashes, as they are: so "a\x41" becomes aA,
// and one quote is fatal. It came with valkey-io/valkey#1342 and was mended
// with #2036, which 8.1.2 has (tried on 8.1.1 and 9.1.2).
var withoutEscapes = map[Engine][]string{Valkey: {"8.1.0", "8.1.1"}}

func parseArgv(words []string, r Release, quote func(string) string) (Argv, error) {
	argv := Argv{ConfWord: -1}
	if len(words) == 0 {
		return argv, nil
	}
	if isInert(words[0], r) {
		argv.Inert = words[0]
		return argv, nil
	}
	for _, word := range words {
		argv.Sentinel = argv.Sentinel || word == "--sentinel"
	}
	first := 0
	if !strings.HasPrefix(words[0], "-") {
		argv.Conf, argv.ConfWord = strings.Trim(words[0], lineBlanks), 0
		first = 1
	}
	text := optionText{release: r, words: words, quote: quote}
	argv.Stdin = text.write(first)
	var err error
	argv.Options, err = text.options()
	return argv, err
}

func isInert(word string, r Release) bool {
	for _, inert := range inertWords {
		if word == inert {
			return inert != "--check-system" || !r.before70()
		}
	}
	return false
}

// optionText is the text that the server makes of the words, and for each of
// its bytes the word that it comes from.
type optionText struct {
	release Release
	words   []string
	quote   func(string) string // writes an argument as a word of a line
	text    []byte
	origin  []int
}

func (t *optionText) append(s string, word int) {
	t.text = append(t.text, s...)
	for range len(s) {
		t.origin = append(t.origin, word)
	}
}

// write writes the words from first on. stdin is true if one of them asks for
// the standard input: "-" as the first word of all or the last.
func (t *optionText) write(first int) (stdin bool) {
	last := len(t.words) - 1
	satisfied := true // the last option needs no further argument
	for i := first; i <= last; i++ {
		word := t.words[i]
		switch {
		case word == "-" && (i == 0 || i == last):
			stdin = true
		case strings.HasPrefix(word, "--") && (satisfied || t.release.before70()):
			if len(t.text) > 0 {
				t.append("\n", i)
			}
			t.append(word[2:]+" ", i)
			satisfied = t.closeOption(i)
		default:
			t.append(t.quote(word)+" ", i)
			satisfied = true
		}
	}
	return stdin
}

// closeOption gives an option without arguments the empty one where the server
// does, and says whether the option can do without the next word.
func (t *optionText) closeOption(i int) bool {
	if t.release.before70() {
		return true
	}
	// An unbalanced quote makes no word at all here; the line is refused later.
	if name, err := splitTokens(t.words[i], t.release); err != nil || len(name) != 1 {
		return true
	}
	isLast := i == len(t.words)-1
	if !isLast && !strings.HasPrefix(t.words[i+1], "--") {
		return false
	}
	switch lowerASCII(t.words[i]) {
	case "--save":
		t.append(`""`, i)
		return !isLast
	case "--sentinel":
		return !isLast
	}
	return false
}

// options reads the text back. A lone "sentinel" line only chooses the mode.
func (t *optionText) options() ([]Option, error) {
	var options []Option
	var first error
	start := 0
	for line := range strings.Lines(string(t.text)) {
		option, said, err := t.option(line, start)
		start += len(line)
		if err != nil && first == nil {
			first = err
		}
		if said && err == nil && (option.Name != "sentinel" || len(option.Args) > 0) {
			options = append(options, option)
		}
	}
	return options, first
}

// option reads one line of the text, which begins at the byte start.
func (t *optionText) option(line string, start int) (option Option, said bool, err error) {
	trimmed := strings.TrimLeft(line, lineBlanks)
	start += len(line) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, lineBlanks)
	if trimmed == "" || trimmed[0] == '#' {
		return Option{}, false, nil
	}
	tokens, quoteErr := splitTokens(trimmed, t.release)
	if quoteErr != nil {
		word := t.origin[start+quoteErr.start]
		return Option{}, false, &ArgvError{word, quoteErr.message} // without the word: it may be a password
	}
	if len(tokens) == 0 {
		return Option{}, false, nil
	}
	option = Option{Name: lowerASCII(tokens[0].text), Word: t.origin[start+tokens[0].start]}
	for _, token := range tokens[1:] {
		option.Args = append(option.Args, token.text)
		option.ArgWords = append(option.ArgWords, t.origin[start+token.start])
	}
	return option, true, refuseName(option)
}

// refuseName reports the names that can be no directive of any release.
func refuseName(option Option) error {
	switch {
	case option.Name == "":
		return &ArgvError{option.Word, "an empty word stands where an option is expected; the server refuses it"}
	case strings.HasPrefix(option.Name, "-"):
		return &ArgvError{option.Word, fmt.Sprintf("%q is no option: options begin with \"--\", and the conf file is the first word, without any option before it", option.Name)}
	}
	return nil
}
