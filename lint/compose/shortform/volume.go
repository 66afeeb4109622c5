package shortform

import (
	"errors"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// Volume is an entry of a service's volumes.
type Volume struct {
	// Type is "bind" or "volume"; "" where TypeKnown is false: the entry begins
	// with a variable, and it may be the name of a volume or a path. With a /
	// behind the variable it can only be a path.
	Type          string
	TypeKnown     bool
	Source        string // "" for a volume without a name; may hold marks
	Target        string // cleaned as Compose does, but for one with marks
	ReadOnly      bool
	ReadOnlyKnown bool           // false where a variable may be ro
	Bind          *BindOptions   // the model's bind; nil where it has none
	Volume        *VolumeOptions // the model's volume; nil where it has none
}

// BindOptions are what Compose knows of a bind mount.
type BindOptions struct {
	CreateHostPath bool   // true in every bind mount of the short form
	Propagation    string // rprivate, private, rshared, shared, rslave or slave
	SELinux        string // z or Z
}

// VolumeOptions are what Compose knows of a volume.
type VolumeOptions struct {
	NoCopy bool
}

// ParseVolume reads an entry of volumes in the short form,
// [source:]target[:options].
func ParseVolume(text string) (Volume, error) {
	volume := Volume{TypeKnown: true, ReadOnlyKnown: true}
	switch len(text) {
	case 0:
		return Volume{}, errors.New("a volume cannot be empty")
	case 1, 2: // too short for a colon, says Compose
		volume.Type, volume.Target = "volume", text
		volume.cleanTarget()
		return volume, nil
	}
	for part := range volumeParts(text) {
		if err := volume.add(part); err != nil {
			return Volume{}, err
		}
	}
	volume.setType()
	volume.cleanTarget()
	return volume, nil
}

// volumePart is what stands between two colons of a volume.
type volumePart struct {
	text string
	last bool
}

// volumeParts cuts a text at its colons, but for those behind the letter of a
// drive and those inside ${…}: such a text is still there where a dollar was
// escaped. For Compose a NUL ends the text, and one ${ that is never closed
// leaves no part at all.
func volumeParts(text string) func(yield func(volumePart) bool) {
	return func(yield func(volumePart) bool) {
		var part strings.Builder
		open := 0
		for i, r := range text + "\x00" {
			switch {
			case r == '$' && strings.HasPrefix(text[i+1:], "{"):
				open++
			case r == '}' && open > 0:
				open--
			case (r == ':' || r == 0) && open == 0 && !(r == ':' && isDrive(part.String())):
				if !yield(volumePart{part.String(), r == 0}) {
					return
				}
				part.Reset()
				continue
			}
			part.WriteRune(r)
		}
	}
}

// isDrive reports whether a text is one letter, which before a colon names a
// drive of Windows.
func isDrive(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	return size == len(text) && unicode.IsLetter(r)
}

// add takes the next part for what it is.
func (v *Volume) add(part volumePart) error {
	switch {
	case part.text == "":
		return errors.New("a part between colons is empty")
	case v.Source == "" && !part.last:
		v.Source = part.text
	case v.Source == "" || v.Target == "":
		v.Target = part.text
	case !part.last:
		return errors.New("there are too many colons")
	default:
		for option := range strings.SplitSeq(part.text, ",") {
			v.addOption(option)
		}
	}
	return nil
}

// addOption takes one option; Compose passes over those that it does not know.
func (v *Volume) addOption(option string) {
	switch option {
	case "ro", "rw":
		v.ReadOnly, v.ReadOnlyKnown = option == "ro", true
	case "nocopy":
		v.Volume = &VolumeOptions{NoCopy: true}
	case "z", "Z":
		v.bind().SELinux = option
	case "rprivate", "private", "rshared", "shared", "rslave", "slave":
		v.bind().Propagation = option
	default:
		v.ReadOnlyKnown = v.ReadOnlyKnown && unset.Known(option)
	}
}

func (v *Volume) bind() *BindOptions {
	if v.Bind == nil {
		v.Bind = &BindOptions{}
	}
	return v.Bind
}

// setType says what kind of volume it is by the look of its source.
func (v *Volume) setType() {
	start := v.Source
	if start == "" {
		start = v.Target // a variable may bring a source along
	}
	_, rest, open := unset.CutMark(start)
	switch {
	case open && (v.Source == "" || !strings.Contains(rest, "/")):
		v.TypeKnown = false
	case open || isPath(v.Source):
		v.Type = "bind"
		v.bind().CreateHostPath = true
	default:
		v.Type = "volume"
		if v.Volume == nil {
			v.Volume = &VolumeOptions{}
		}
	}
}

// isPath reports whether Compose takes a source for a path and not for a name.
func isPath(source string) bool {
	if source == "" {
		return false
	}
	if strings.ContainsRune("./~", rune(source[0])) || strings.HasPrefix(source, `\\`) {
		return true
	}
	_, size := utf8.DecodeRuneInString(source)
	return isDrive(source[:size]) && strings.HasPrefix(source[size:], ":")
}

func (v *Volume) cleanTarget() {
	if v.Target != "" && unset.Known(v.Target) {
		v.Target = path.Clean(v.Target)
	}
}
