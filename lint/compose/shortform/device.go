package shortform

import (
	"errors"
	"strings"
)

// Device is an entry of devices. Its texts may hold marks.
type Device struct {
	Source, Target, Permissions string
}

// ParseDevice reads an entry of devices in the short form,
// source[:target[:permissions]].
func ParseDevice(text string) (Device, error) {
	parts := strings.SplitN(text, ":", 4)
	device := Device{Source: parts[0], Target: parts[0], Permissions: "rwm"}
	switch len(parts) {
	case 4:
		return Device{}, errors.New("there are too many colons")
	case 3:
		device.Permissions = parts[2]
	}
	if len(parts) > 1 && parts[1] != "" {
		device.Target = parts[1]
	}
	return device, nil
}
