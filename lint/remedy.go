package lint

import "io/fs"

// Fix is a change to the files that cures a finding. It is offered only where
// what is written can be derived.
type Fix struct {
	Title  string // imperative
	Unsafe bool   // it changes more of what runs than the fault
	Else   string // what an unsafe one changes beside the fault: a sentence without a full stop
	Edits  []Edit
	// Meaning are the parts of what the files mean that it changes, and
	// nothing else: paths of the compose model such as
	// "services.cache.healthcheck", directives such as "cache: maxmemory", or all
	// of a server, "cache:". What stands below a path is part of it.
	Meaning []string
	// Reveals says that the fault hides others, which may be found once it is
	// cured.
	Reveals bool
	// Lessens says that the finding stays, and is less severe.
	Lessens bool
	// Secret says that a password stands in what it writes, which is not shown.
	Secret bool
}

// Edit replaces the bytes from Start to End of a file, counted from 0, or
// makes a file that is not there yet.
type Edit struct {
	File       string // as shown
	Start, End int
	New        string
	Create     bool        // New is all of a new file
	Mode       fs.FileMode // of a new file
	Secret     bool        // New is a secret, which no output may hold
}

// Help is what a person writes against a finding where no value can be
// derived.
type Help struct {
	Where  string   // where the lines go and what for: "in the service, as much as its data may take:"
	Lines  []string // as they are written, without the indentation of their place
	Choose string   // the part of the lines that a person has to choose: "<size>"; "" where that is none
}
