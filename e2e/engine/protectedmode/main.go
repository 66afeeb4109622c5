// Protectedmode turns off the built-in default of protected-mode in a server's
// binary, in place.
//
// The official images patch that default from yes to no in src/config.c before
// they compile; Debian's packages keep yes. A server made from a package must
// start with the default that users of the images get, and neither a flag nor a
// file can stand in for it: both would change what the tests compare.
//
// Usage: protectedmode FILE
package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// directive is the name whose default is changed.
const directive = "protected-mode\x00"

// Offsets in bytes inside one entry of the table of directives (struct
// standardConfig with a boolConfigData) on a 64-bit machine: the name's address
// comes first, then an alias, flags, five functions, the address of the setting
// and its default, an int. They hold for Redis 6.2 to 8.10 and Valkey 7.2 to
// 9.1; wrong ones are noticed below.
const (
	settingOffset = 64
	defaultOffset = 72
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: protectedmode FILE")
		os.Exit(2)
	}
	if err := turnOff(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "protectedmode: %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

// turnOff changes the default from 1 to 0. A binary that does not look as
// expected is an error and stays as it is.
func turnOff(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		return err
	}
	entry, err := tableEntry(file, content)
	if err != nil {
		return err
	}
	offset, err := fileOffset(file, entry+defaultOffset)
	if err != nil {
		return err
	}
	word := content[offset : offset+4]
	if was := binary.LittleEndian.Uint32(word); was != 1 {
		return fmt.Errorf("the default of protected-mode is %d where 1 was expected", was)
	}
	binary.LittleEndian.PutUint32(word, 0)
	return os.WriteFile(path, content, 0o755)
}

// tableEntry returns the address of the entry whose name is the directive: the
// one place that holds the name's address in front of the address of a setting.
func tableEntry(file *elf.File, content []byte) (uint64, error) {
	name, err := nameAddress(file, content)
	if err != nil {
		return 0, err
	}
	pointers, err := relativePointers(file)
	if err != nil {
		return 0, err
	}
	var entries []uint64
	for place, target := range pointers {
		if _, setting := pointers[place+settingOffset]; target == name && setting {
			entries = append(entries, place)
		}
	}
	if len(entries) != 1 {
		return 0, fmt.Errorf("%d entries for protected-mode in the table of directives where 1 was expected", len(entries))
	}
	return entries[0], nil
}

// nameAddress returns the address of the directive's name among the constants.
func nameAddress(file *elf.File, content []byte) (uint64, error) {
	section := file.Section(".rodata")
	if section == nil || section.Offset+section.Size > uint64(len(content)) {
		return 0, errors.New("no section .rodata")
	}
	constants := content[section.Offset : section.Offset+section.Size]
	at := bytes.Index(constants, []byte("\x00"+directive))
	if at < 0 {
		return 0, errors.New("no directive protected-mode")
	}
	return section.Addr + uint64(at) + 1, nil
}

// relativePointers returns every pointer that the loader fills in, as the place
// and the address that it gets.
func relativePointers(file *elf.File) (map[uint64]uint64, error) {
	section := file.Section(".rela.dyn")
	if section == nil {
		return nil, errors.New("no section .rela.dyn")
	}
	data, err := section.Data()
	if err != nil {
		return nil, err
	}
	relative := map[elf.Machine]uint32{
		elf.EM_X86_64:  uint32(elf.R_X86_64_RELATIVE),
		elf.EM_AARCH64: uint32(elf.R_AARCH64_RELATIVE),
	}[file.Machine]
	pointers := make(map[uint64]uint64, len(data)/24)
	for ; len(data) >= 24; data = data[24:] {
		if uint32(binary.LittleEndian.Uint64(data[8:])) == relative {
			pointers[binary.LittleEndian.Uint64(data)] = binary.LittleEndian.Uint64(data[16:])
		}
	}
	return pointers, nil
}

// fileOffset returns where in the file the four bytes at an address are kept.
func fileOffset(file *elf.File, address uint64) (uint64, error) {
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_LOAD && segment.Vaddr <= address && address+4 <= segment.Vaddr+segment.Filesz {
			return address - segment.Vaddr + segment.Off, nil
		}
	}
	return 0, fmt.Errorf("address %#x is not in the file", address)
}
