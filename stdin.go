package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// readStdin lets what the standard input holds stand at a path, where it is
// named.
func (j *judgement) readStdin(stdin io.Reader, paths []string) ([]string, error) {
	at := slices.Index(paths, "-")
	switch {
	case at < 0 && j.stdinFilename != compose.DefaultFileNames[0]:
		return nil, errors.New("--stdin-filename says where the standard input stands, and it is not named: -")
	case at < 0:
		return paths, nil
	}
	switch {
	case j.addIgnores != "":
		return nil, errors.New("--add-ignores writes files, and the standard input is none")
	case j.fix && !j.diff:
		return nil, errors.New("--fix writes files, and the standard input is none: --diff prints what it would change")
	}
	content, err := io.ReadAll(io.LimitReader(stdin, disk.MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot read the standard input: %w", disk.Plain(err))
	case len(content) > disk.MaxFile:
		return nil, fmt.Errorf("cannot read the standard input: it is larger than %d MiB", disk.MaxFile>>20)
	}
	if err := j.roots.Provide(j.stdinFilename, content); err != nil {
		return nil, fmt.Errorf("--stdin-filename cannot be %q: %w", j.stdinFilename, err)
	}
	paths = slices.Clone(paths)
	paths[at] = j.stdinFilename
	return paths, nil
}
