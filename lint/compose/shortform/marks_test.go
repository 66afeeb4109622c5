package shortform_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/shortform"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// mark is the mark of a variable, written $NAME in what the tests expect.
func mark(name string) string { return unset.Variable{Name: name}.Mark() }

func plain(text string) string {
	return unset.Replace(text, func(v unset.Variable) string { return "$" + v.Name })
}

func TestPortsOfUnsetVariables(t *testing.T) {
	a, b, c := mark("A"), mark("B"), mark("C")
	for text, want := range map[string]string{
		a + ":6379":                   "[] [$A] 6379/tcp",
		a + ":6379/udp":               "[] [$A] 6379/udp",
		"6379:" + a:                   "[] [6379] unknown/tcp",
		a + ":" + b:                   "[] [$A] unknown/tcp",
		a + ":6379:6379":              "[$A] [6379] 6379/tcp",
		a + "::6379":                  "[$A] [] 6379/tcp",
		"[" + a + "]:6379:6379":       "[$A] [6379] 6379/tcp",
		"127.0.0.1:" + a + ":6379":    "[127.0.0.1] [$A] 6379/tcp",
		a + ":" + b + ":" + c:         "[$A] [$B] unknown/tcp",
		"127.0.0.1:" + a + ":" + b:    "[127.0.0.1] [$A] unknown/tcp",
		"1" + a + ":6379":             "[] [1$A] 6379/tcp",
		a + "6379:6379":               "[$A] [$A6379] 6379/tcp", // "127.0.0.1:" perhaps
		a + b + ":6379":               "[$A] [$A$B] 6379/tcp",
		a + "-" + b + ":7000-7005":    "[] [$A-$B] 7000-7005/tcp",
		"7000-" + a + ":7000-7005":    "[] [7000-$A] 7000-7005/tcp",
		"7000-7005:7000-" + a:         "[] [7000-7005] unknown/tcp",
		a:                             "[$A] [$A] unknown/tcp", // all of it, perhaps
		a + "/udp":                    "[$A] [$A] unknown/udp",
		"6379" + a:                    "[] [] unknown/tcp", // "/udp" perhaps
		"6379:6379/" + a:              "[] [6379] 6379/$A",
		"127.0.0." + a + ":6379:6379": "[127.0.0.$A] [6379] 6379/tcp",
	} {
		port, err := shortform.ParsePort(text)
		require.NoError(t, err, plain(text))
		target := "unknown"
		if port.TargetKnown {
			target = fmt.Sprint(port.Target)
			if port.TargetEnd != port.Target {
				target += fmt.Sprint("-", port.TargetEnd)
			}
		} else {
			assert.Zero(t, port.Target+port.TargetEnd, plain(text))
		}
		if !unset.Known(port.Published) {
			assert.Zero(t, port.PublishedStart+port.PublishedEnd, plain(text))
		}
		assert.Equal(t, want, plain(fmt.Sprintf("[%s] [%s] %s/%s", port.HostIP, port.Published, target, port.Protocol)), plain(text))
	}
	for _, text := range []string{a + ":", a + ":65536", a + ":6379/x", "x:" + a + ":6379", "::1:" + a + ":6379", a + ":1:2:3"} {
		_, err := shortform.ParsePort(text)
		assert.Error(t, err, "what is wrong whatever the variable says: %s", plain(text))
	}
}

func TestVolumesOfUnsetVariables(t *testing.T) {
	a, b := mark("A"), mark("B")
	for text, want := range map[string]string{
		a + ":/data":              "unknown $A:/data rw",
		a + "/redis:/data":        "bind $A/redis:/data rw",
		a + "_x/redis:/data:ro":   "bind $A_x/redis:/data ro",
		a + "_data:/data":         "unknown $A_data:/data rw",
		a + b + ":/data":          "unknown $A$B:/data rw",
		a + b + "/redis:/data":    "bind $A$B/redis:/data rw",
		"./" + a + ":/data":       "bind ./$A:/data rw",
		"data-" + a + ":/data":    "volume data-$A:/data rw",
		"/srv/" + a + ":" + b:     "bind /srv/$A:$B rw",
		"data:" + a + "/../x/":    "volume data:$A/../x/ rw",
		"data:/data:" + a:         "volume data:/data unknown",
		"data:/data:" + a + ",ro": "volume data:/data ro",
		"data:/data:ro," + a:      "volume data:/data unknown",
		a:                         "unknown :$A rw", // all of it, perhaps
		a + "/data":               "unknown :$A/data rw",
		"/data" + a:               "volume :/data$A rw",
	} {
		volume, err := shortform.ParseVolume(text)
		require.NoError(t, err, plain(text))
		kind, mode := volume.Type, "rw"
		if !volume.TypeKnown {
			assert.Empty(t, kind)
			kind = "unknown"
		}
		if volume.ReadOnly {
			mode = "ro"
		}
		if !volume.ReadOnlyKnown {
			mode = "unknown"
		}
		assert.Equal(t, want, plain(fmt.Sprintf("%s %s:%s %s", kind, volume.Source, volume.Target, mode)), plain(text))
		assert.Equal(t, kind == "bind", volume.Bind != nil && volume.Bind.CreateHostPath, plain(text))
	}
	_, err := shortform.ParseVolume(a + "::/data")
	assert.Error(t, err)
}

func TestOtherFormsOfUnsetVariables(t *testing.T) {
	a := mark("A")
	for name, read := range map[string]func(string) error{
		"bool":     func(text string) error { _, err := shortform.Bool(text); return err },
		"bytes":    func(text string) error { _, err := shortform.Bytes(text); return err },
		"duration": func(text string) error { _, err := shortform.Duration(text); return err },
	} {
		assert.ErrorIs(t, read(a), shortform.ErrUnknown, name)
		assert.ErrorIs(t, read("1"+a), shortform.ErrUnknown, name)
	}
}
