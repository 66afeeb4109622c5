package shortform_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/shortform"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// FuzzShortForms reads a text in every form: as Compose does where nothing is
// unknown; with a variable somewhere in it, known values are those that do not
// depend on it, and nothing is refused that one value of it would make right.
func FuzzShortForms(f *testing.F) {
	for _, kind := range kinds {
		for i, text := range kind.written {
			f.Add(text, uint8(i), uint8(i/2))
		}
	}
	f.Fuzz(func(t *testing.T, text string, start, length uint8) {
		if len(text) > 1<<10 || !unset.Known(text) {
			return
		}
		for _, kind := range kinds {
			kind.assertAsCompose(t, text)
		}
		from := min(int(start), len(text))
		to := min(from+int(length), len(text))
		marked := text[:from] + mark("A") + text[to:]
		assertPortHolds(t, text, text[from:to], marked)
		assertVolumeHolds(t, text, text[from:to], marked)
	})
}

// assertPortHolds compares an entry with the same one where a variable stands
// for a part of it that holds no separator.
func assertPortHolds(t *testing.T, text, value, marked string) {
	t.Helper()
	port, err := shortform.ParsePort(text)
	if err != nil || strings.ContainsAny(value, ":-/[]") || value == "" {
		return
	}
	open, err := shortform.ParsePort(marked)
	require.NoError(t, err, "%q, %q a variable", text, value)
	if open.TargetKnown {
		require.Equal(t, port.Target, open.Target, "%q, %q a variable", text, value)
	}
	if unset.Known(open.Published) {
		require.Equal(t, port.Published, open.Published, "%q, %q a variable", text, value)
	}
	if unset.Known(open.HostIP) {
		require.Equal(t, port.HostIP, open.HostIP, "%q, %q a variable", text, value)
	}
}

func assertVolumeHolds(t *testing.T, text, value, marked string) {
	t.Helper()
	volume, err := shortform.ParseVolume(text)
	if err != nil || strings.ContainsAny(value, ":${}\x00") || value == "" || len(text) < 3 {
		return
	}
	open, err := shortform.ParseVolume(marked)
	require.NoError(t, err, "%q, %q a variable", text, value)
	if open.TypeKnown && !strings.HasPrefix(marked, mark("A")) && !unset.Known(open.Source) {
		require.Equal(t, volume.Type, open.Type, "%q, %q a variable", text, value)
	}
	if open.ReadOnlyKnown {
		require.Equal(t, volume.ReadOnly, open.ReadOnly, "%q, %q a variable", text, value)
	}
}

func BenchmarkWidePortRanges(b *testing.B) {
	for b.Loop() {
		for range 10 {
			port, err := shortform.ParsePort("1-65535:1-65535")
			if err != nil || port.TargetEnd != 65535 {
				b.Fatal(port, err)
			}
		}
	}
}

func BenchmarkEachShortForm(b *testing.B) {
	for _, kind := range kinds {
		text := map[string]string{
			"port": "127.0.0.1:6379:6379/tcp", "volume": "./data:/data:ro,z", "device": "/dev/a:/dev/b:r", "host": "db=10.0.0.1", "bytes": "1.5gib", "duration": "1m30s",
		}[kind.name]
		b.Run(kind.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := kind.read(text)
				assert.NoError(b, err)
			}
		})
	}
}
