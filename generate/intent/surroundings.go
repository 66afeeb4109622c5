package intent

import "net/netip"

// Surroundings are what lies around an intent and bears on it. The caller finds them, since deciding reads no files.
type Surroundings struct {
	Taken []TakenSubnet       // what the subnet must not overlap
	Files map[string]UserFile // by the path as the intent has it; one that is missing is not there
	Way   string              // from the directory of the files to that of the intent; empty where they are one
	Asked bool                // a flag says where the files are, and the intent does not
}

// TakenSubnet is an address range that another compose file claims for a network. Two networks of one engine cannot share addresses.
type TakenSubnet struct {
	Prefix netip.Prefix
	File   string // as the user would name it
	Line   int
}

// UserFile is a file that an intent names. gen reads it to judge it and never writes it.
type UserFile struct {
	Content []byte
	Err     error  // why it cannot be read; fs.ErrNotExist where it is not there
	Path    string // from the output directory, or absolute, with slashes
}
