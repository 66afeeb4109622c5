package inspect

import (
	"regexp"
	"slices"
)

// cacheName is what people call a server that holds nothing of its own.
var cacheName = regexp.MustCompile(`(?i)(^|[-_.])(redis|valkey)?cache([-_.\d]|(redis|valkey)|$)`)

// Cache says by what a server is known to be a cache: what the user tells of
// it, its name, or what its clients call it; "" where nothing says so, or not all
// that the clients say is seen. Whoever keeps jobs there, or asks for a file of
// the data, speaks against it.
func (s *Service) Cache() (sign string) {
	switch role := s.Role(); {
	case role == Cache:
		return "its role"
	case role != "" || s.AsksToSave():
		return ""
	}
	uses := s.Uses()
	if !usesIn(s.Project).whole {
		return ""
	}
	if slices.ContainsFunc(uses, func(use Use) bool { return use.Queue != "" }) {
		return ""
	}
	for _, name := range []string{s.Name, s.Config.ContainerName, s.Config.Hostname} {
		if cacheName.MatchString(name) {
			return "its name"
		}
	}
	if len(uses) > 0 && !slices.ContainsFunc(uses, func(use Use) bool { return !use.Cache }) {
		return "what its clients call it"
	}
	return ""
}

// AsksToSave reports whether somebody wrote that a server saves, or gave it a
// place that lasts.
func (s *Service) AsksToSave() bool {
	directory, known := s.Directory()
	if mount, mounted := s.MountAt(directory); known && mounted && mount.Source != "" {
		return true
	}
	return s.isAsked("save", func(value string) bool { return value != "" }) || s.isAsked("appendonly", func(value string) bool { return value == "yes" })
}

// isAsked reports whether somebody, other than the image, gave a directive a
// value that asks for something, or may.
func (s *Service) isAsked(name string, asks func(value string) bool) bool {
	setting, given := s.Given(name)
	return given && setting.Origin.Kind != FromImage && (!setting.Known || asks(setting.Value))
}
