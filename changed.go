package main

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
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// branch tells what a branch has touched since it left another. Git is asked
// for the names and digests of an older state alone, and what is on the disk is
// compared here: nothing that a repository configures is run on the way, no
// file system monitor, hook, filter, diff or credential program.
type branch struct {
	ref   string
	mutex sync.Mutex
	older map[string]map[string]string // by root: the digest of each file, by its path
}

func newBranch(ref string) *branch {
	if ref == "" {
		return nil
	}
	return &branch{ref: ref, older: map[string]map[string]string{}}
}

// touches reports whether a change concerns a project: one that reads a file
// which differs, or that is beside one which is gone.
func (c *branch) touches(j *judgement, project *compose.Project) (bool, error) {
	root := project.Tree().Path()
	older, err := c.since(root)
	if err != nil {
		return false, err
	}
	texts := project.Texts()
	if found, err := j.settings.For(project.Tree(), project.Directory); err == nil && found.File() != "" {
		texts[found.File()] = found.Source()
	}
	for file, content := range texts {
		below, err := filepath.Rel(root, j.roots.Absolute(file))
		if err != nil || !isBlob(content, older[filepath.ToSlash(below)]) {
			return true, nil
		}
	}
	return isGone(project, older), nil
}

// isGone reports whether a file that stood beside a project, or below, is gone.
func isGone(project *compose.Project, older map[string]string) bool {
	directory, err := filepath.Rel(project.Tree().Path(), project.Directory)
	if err != nil {
		return false
	}
	for file := range older {
		if directory != "." && !strings.HasPrefix(file, filepath.ToSlash(directory)+"/") {
			continue
		}
		if _, err := project.Tree().Stat(filepath.Join(project.Tree().Path(), filepath.FromSlash(file))); errors.Is(err, os.ErrNotExist) {
			return true
		}
	}
	return false
}

// isBlob reports whether a content has a digest as git makes it.
func isBlob(content []byte, digest string) bool {
	var sum hash.Hash = sha1.New()
	if len(digest) == 2*sha256.Size {
		sum = sha256.New()
	}
	fmt.Fprintf(sum, "blob %d\x00", len(content))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil)) == digest
}

// since lists the files of a repository where the branch began, with their
// digests.
func (c *branch) since(root string) (map[string]string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known, ok := c.older[root]; ok {
		return known, nil
	}
	if _, ok := disk.Repository(root); !ok {
		return nil, fmt.Errorf("--changed-since: %q is in no git repository", root)
	}
	if strings.HasPrefix(c.ref, "-") {
		return nil, fmt.Errorf("--changed-since: %q names no commit", c.ref)
	}
	commit, err := git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", c.ref+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("--changed-since: %q names no commit of this repository%s", c.ref, said(err))
	}
	start := strings.TrimSpace(commit)
	if base, err := git(root, "merge-base", start, "HEAD"); err == nil {
		start = strings.TrimSpace(base)
	}
	listing, err := git(root, "ls-tree", "-r", "-z", "--full-tree", start)
	if err != nil {
		return nil, fmt.Errorf("--changed-since: git cannot list %q%s", c.ref, said(err))
	}
	files := map[string]string{}
	for entry := range strings.SplitSeq(listing, "\x00") {
		about, path, found := strings.Cut(entry, "\t")
		if fields := strings.Fields(about); found && len(fields) == 3 && fields[1] == "blob" {
			files[path] = fields[2]
		}
	}
	c.older[root] = files
	return files, nil
}

// gitPatience is how long git may take.
const gitPatience = time.Minute

// git runs a command of git that reads objects, and returns what it prints.
func git(root string, arguments ...string) (string, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return "", errors.New("git is not installed")
	}
	ctx, cancel := context.WithTimeout(context.Background(), gitPatience)
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
