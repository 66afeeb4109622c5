// Package git asks git for the names and digests of an older state. Nothing
// that a repository configures is run on the way: no file system monitor, hook,
// filter, diff or credential program.
package git

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Since lists the files of a repository where a branch left a commit, with
// their digests.
func Since(root, ref string) (map[string]string, error) {
	if strings.HasPrefix(ref, "-") {
		return nil, fmt.Errorf("%q names no commit", ref)
	}
	commit, err := run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("%q names no commit of this repository%s", ref, said(err))
	}
	start := strings.TrimSpace(commit)
	if base, err := run(root, "merge-base", start, "HEAD"); err == nil {
		start = strings.TrimSpace(base)
	}
	listing, err := run(root, "ls-tree", "-r", "-z", "--full-tree", start)
	if err != nil {
		return nil, fmt.Errorf("git cannot list %q%s", ref, said(err))
	}
	files := map[string]string{}
	for entry := range strings.SplitSeq(listing, "\x00") {
		about, path, found := strings.Cut(entry, "\t")
		if fields := strings.Fields(about); found && len(fields) == 3 && fields[1] == "blob" { // mode, kind and digest
			files[path] = fields[2]
		}
	}
	return files, nil
}

// IsBlob reports whether a content has a digest as git makes it.
func IsBlob(content []byte, digest string) bool {
	var sum hash.Hash = sha1.New()
	if len(digest) == 2*sha256.Size {
		sum = sha256.New()
	}
	fmt.Fprintf(sum, "blob %d\x00", len(content))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil)) == digest
}

// patience is how long git may take.
const patience = time.Minute

// run runs a command of git that reads objects, and returns what it prints.
func run(root string, arguments ...string) (string, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return "", errors.New("git is not installed")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, program, append([]string{"--no-pager", "--no-optional-locks", "--no-replace-objects", "-C", root}, arguments...)...)
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "XDG_CONFIG_HOME=" + os.Getenv("XDG_CONFIG_HOME"), "LC_ALL=C",
		"GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", // what is not here is not fetched
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=core.fsmonitor", "GIT_CONFIG_VALUE_0=false", "GIT_CONFIG_KEY_1=core.hooksPath", "GIT_CONFIG_VALUE_1=/dev/null",
	}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		if line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n"); line != "" {
			return "", errors.New(line)
		}
		return "", errSilent
	}
	return stdout.String(), nil
}

var errSilent = errors.New("")

// said is what git says of its failure, if anything.
func said(err error) string {
	if errors.Is(err, errSilent) {
		return ""
	}
	return ": " + err.Error()
}
