package redis

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// What the official images of Redis and Valkey, on Debian and on Alpine, surely
// lack. They bring their programs, /data and what their base has: no directory
// of their own in /etc, /var or /run (read in docker-library-redis and
// valkey-container; useradd makes no home).

// rootDirectories are what stands in / of either base.
var rootDirectories = []string{
	"bin", "boot", "data", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv",
	"sys", "tmp", "usr", "var",
}

// emptyDirectories have nothing in them.
var emptyDirectories = []string{"/data", "/mnt", "/opt", "/srv"}

// sharedDirectories belong to root, and hold nothing that is named after a server.
var sharedDirectories = []string{
	"/etc", "/run", "/usr/local/etc", "/var", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/spool",
}

// Plain tells whether it is an official image of Redis or Valkey, of which it
// is known what it lacks.
func (i Image) Plain() bool { return i.Family == OfficialRedis || i.Family == ValkeyImage }

// LacksDirectory reports whether a plain image surely has no directory at a path.
func (i Image) LacksDirectory(name string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	switch {
	case !i.Plain() || !path.IsAbs(name) || name == "/":
		return false
	case !slices.Contains(rootDirectories, first):
		return true
	}
	for at := name; at != "/"; at = path.Dir(at) {
		parent := path.Dir(at)
		if slices.Contains(emptyDirectories, parent) || slices.Contains(sharedDirectories, parent) && namesServer(path.Base(at)) {
			return true
		}
	}
	return false
}

// namesServer recognises the names that directories of a server have: redis,
// redis-server, valkey, sentinel.
func namesServer(name string) bool {
	for _, server := range []string{"redis", "valkey", "sentinel"} {
		if strings.HasPrefix(name, server) && path.Ext(name) == "" {
			return true
		}
	}
	return false
}

// foreignSuffixes are of files that nobody has put there: users, certificates
// and modules.
var foreignSuffixes = []string{".acl", ".crt", ".key", ".pem", ".so"}

// LacksFile reports whether a plain image surely has no file at a path.
func (i Image) LacksFile(name string) bool {
	directory := path.Dir(name)
	if i.LacksDirectory(directory) {
		return true
	}
	bare := directory == "/" || slices.Contains(emptyDirectories, directory) || slices.Contains(sharedDirectories, directory)
	return i.Plain() && path.IsAbs(name) && bare && slices.Contains(foreignSuffixes, path.Ext(name))
}

// RootOnly reports whether a plain image has a directory at a path that none
// but root may write to.
func (i Image) RootOnly(name string) bool {
	return i.Plain() && (name == "/" || slices.Contains(sharedDirectories, name) || name != "/data" && slices.Contains(emptyDirectories, name))
}

// inMemory are where an engine mounts file systems of its own, a read-only root or not.
var inMemory = []string{"dev", "proc", "sys"}

// IsOfRoot reports whether a path of a plain image is surely on the root file
// system, as long as nothing is mounted there.
func (i Image) IsOfRoot(name string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	return i.Plain() && path.IsAbs(name) && !slices.Contains(inMemory, first)
}

// LacksVolume reports whether a plain image surely declares no volume for
// /data, as all did before: that of Redis from 8.6.4 on, that of Valkey from
// 9.1 on (read in docker-library-redis and valkey-container).
func (i Image) LacksVolume() bool {
	switch {
	case !i.ReleaseKnown || !i.Plain():
		return false
	case i.Engine == Valkey:
		return i.Release.AtLeast(9, 1)
	case i.Release.AtLeast(8, 7):
		return true
	}
	patch, err := strconv.Atoi(strings.TrimPrefix(i.Version, "8.6."))
	return err == nil && i.Release.AtLeast(8, 6) && patch >= 4
}

// OwnsData reports whether /data of a plain image surely belongs to its own
// user, and to nobody else: until Redis 8.2 and Valkey 8.1 (tried on Redis
// 7.0.15, 8.0.2 and Valkey 8.1.1). That of Valkey 9.1 is open to all.
func (i Image) OwnsData() bool {
	if !i.ReleaseKnown || !i.Plain() {
		return false
	}
	return i.Engine == Valkey && !i.Release.AtLeast(9, 0) || i.Engine == Redis && !i.Release.AtLeast(8, 4)
}

// StepsDown reports whether the image's own entrypoint, run by root, starts a
// program as its own user instead: the exact name of the server in all, from
// Redis 8 on the sentinel's too (tried on the entrypoints of Redis 7.0.15,
// 8.0.2, Valkey 8.1.1 and 9.1.2).
func (i Image) StepsDown(program string) bool {
	switch program {
	case "redis-server":
		return i.Family == OfficialRedis
	case "valkey-server":
		return i.Family == ValkeyImage
	case "redis-sentinel":
		return i.Family == OfficialRedis && i.ReleaseKnown && i.Release.AtLeast(8, 0)
	}
	return false
}

// locales is where a language may be said for the order of texts, the first
// that is not empty deciding.
var locales = []string{"LC_ALL", "LC_COLLATE", "LANG"}

// MissingLocale returns the variable whose locale the image lacks, and which
// keeps its server from starting: since Redis 7.2, and in Valkey until 8.1
// (tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2; LC_CTYPE does no
// harm). Debian's slim base has C, POSIX and C.UTF-8 alone, and the C library
// of Alpine takes every name.
func (i Image) MissingLocale(lookup func(name string) (value string, known bool)) string {
	stops := i.ReleaseKnown && (i.Engine == Redis && i.Release.AtLeast(7, 2) || i.Engine == Valkey && !i.Release.AtLeast(9, 0))
	if !stops {
		return ""
	}
	for _, name := range locales {
		value, known := lookup(name)
		switch {
		case !known:
			return ""
		case value == "":
			continue
		case i.LacksLocale(value):
			return name
		}
		return ""
	}
	return ""
}

// LacksLocale reports whether an image surely lacks a locale: that of a language.
func (i Image) LacksLocale(name string) bool {
	return i.Plain() && !strings.Contains(i.Variant, "alpine") && isLanguage(name)
}

// isLanguage recognises the name of a language's locale, such as de_DE.UTF-8.
func isLanguage(locale string) bool {
	language, country, ok := strings.Cut(locale, "_")
	country, _, _ = strings.Cut(country, ".")
	country, _, _ = strings.Cut(country, "@")
	isUpper := len(country) == 2 && strings.ToUpper(country) == country
	return ok && isUpper && (len(language) == 2 || len(language) == 3) && strings.ToLower(language) == language
}
