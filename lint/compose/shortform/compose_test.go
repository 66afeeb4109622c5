package shortform_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/format"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/shortform"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard) // Compose warns of yes and no
	os.Exit(m.Run())
}

// kind is one of the forms with what people write, what a mutation puts in,
// and Compose's own reading to compare with.
type kind struct {
	name    string
	written []string
	pieces  []string
	read    func(text string) (any, error)
	compose func(text string) (any, error)
	slow    bool // in Compose
}

var kinds = []kind{
	{
		name: "port",
		slow: true,
		written: []string{
			"", "6379", "0", "06379", "65535", "65536", "-1", "+1", "6379:6379", "127.0.0.1:6379:6379", "127.0.0.1::6379", ":6379", "::6379",
			"0.0.0.0:6379:6379/tcp", "6379/udp", "6379/TCP", "6379/sctp", "6379/x", "6379/", "6379/tcp/udp", "/tcp", "6379:/tcp", "6379: 6379", " 6379",
			"7000-7005", "7000-7005:7000-7005", "7000-7005:6379", "7000-7005:6379-6380", "7000:6379-6380", "7005-7000", "7000-", "-7000", "-", "7000-7000",
			"1-2-3", "1-2-x:5", "08-09:80", "0:80", "0:80-82", "0-2:80-82", "0-0:80", "7000-7005:7000-7005/udp", "127.0.0.1:7000-7001:1-2",
			"[::1]:6379:6379", "[::1]::6379", "::1:6379:6379", "[::1]6379:6379", "[::1:6379:6379", "::1]:6379:6379", "[]:6379:6379", "[127.0.0.1]:1:2",
			"[[::1]]:1:2", "[fe80::1%eth0]:1:2", "fe80::1%eth0:1:2", "[::ffff:1.2.3.4]:1:2", "localhost:6379:6379", "1.2.3:1:2", "1.2.3.4.5:1:2", "01.2.3.4:1:2",
			"a:b:c:d:e", "6379:6379:", "6379:", ":", "1_000", "0x10", "６３７９", "8080:80:90",
		},
		pieces: []string{":", "-", "/", "[", "]", "::", "0", "1", "65535", "65536", "tcp", "udp", "127.0.0.1", "[::1]", " ", "x", "ü", "\x00", "_"},
		read: func(text string) (any, error) {
			port, err := shortform.ParsePort(text)
			if err != nil {
				return nil, err
			}
			ports := []types.ServicePortConfig{}
			for _, one := range each(port) {
				if !one.TargetKnown || one.Target != one.TargetEnd {
					return nil, fmt.Errorf("%+v is not one port", one)
				}
				ports = append(ports, types.ServicePortConfig{HostIP: one.HostIP, Published: one.Published, Target: one.Target, Protocol: one.Protocol, Mode: one.Mode})
			}
			return ports, nil
		},
		compose: func(text string) (any, error) {
			ports, err := types.ParsePortConfig(text)
			slices.SortFunc(ports, func(a, b types.ServicePortConfig) int { return int(a.Target) - int(b.Target) })
			return ports, err
		},
	},
	{
		name: "volume",
		written: []string{
			"", "a", "ab", "/d", "./", "abc", "/data", "data:/data", "./data:/data", "../data:/data", "~/data:/data", "~:/data", "/srv/data:/data:ro",
			"data:/data:rw", "data:/data:ro,rw", "data:/data:rw,ro,z", "data:/data:nocopy", "./a:/data:nocopy", "data:/data:Z", "data:/data:rshared,z",
			"data:/data:cached", "data:/data:", "data::/data", ":/data", "data:", "::", ":", "a:b", "a:b:c", "a:b:c:d", "data:/data:ro:rw", "data:ro", `C:\data:/data`,
			`C:\data:D:\data:ro`, `c:/data`, `C:`, `C:\`, `\\.\pipe\docker:/pipe`, `é:/data`, "ü:\\x:/y", "1:/data", "data:/data/../x/", "data:/data//", "data:.",
			"${A}:/data", "${A:-b}:/data", "${A:/data", "$A:/data", "data:${A:-b:c}", "${${a}:b}:/data", "}:/data", "a}:/b", "a/b:/data", "data:data",
			"x\x00y", "a:b\x00c", "aaa\x00", "\x00:a", "/data:/data:ro,private,slave",
		},
		pieces: []string{":", "/", "..", ".", "~", `\`, `\\`, "C:", "ro", "rw", "z", ",", "nocopy", "private", "${", "}", "$", "é", "\x00", "\xff", "a", "1", " "},
		read: func(text string) (any, error) {
			volume, err := shortform.ParseVolume(text)
			config := types.ServiceVolumeConfig{Type: volume.Type, Source: volume.Source, Target: volume.Target, ReadOnly: volume.ReadOnly}
			if bind := volume.Bind; bind != nil {
				config.Bind = &types.ServiceVolumeBind{Propagation: bind.Propagation, SELinux: bind.SELinux, CreateHostPath: types.OptOut(bind.CreateHostPath)}
			}
			if named := volume.Volume; named != nil {
				config.Volume = &types.ServiceVolumeVolume{NoCopy: named.NoCopy}
			}
			if err == nil && !(volume.TypeKnown && volume.ReadOnlyKnown) {
				return nil, fmt.Errorf("%+v is not known", volume)
			}
			return config, err
		},
		compose: func(text string) (any, error) {
			volume, err := format.ParseVolume(text)
			if volume.Target != "" {
				volume.Target = path.Clean(volume.Target) // as its transformVolumeMount does
			}
			return volume, err
		},
	},
	{
		name: "bytes",
		written: []string{
			"", "0", "1", "-1", "+1", "1.5", "100b", "100B", "1k", "1K", "1kb", "1KiB", "1 KiB", "1  k", "1ki", "1bb", "1bi", "1mib", "1.5g", "1G ", " 1G", "1t", "1p", "1e", "1e3", "1e3k",
			"1eb", "0x10", "0x1p4", "0x1p4k", "1_000", "nan", "nan ", "inf ", "inf 5", "-1k", "-0k", "-0.0k", "1..5", "1.", ".5k", ".k", "k", " ", " k", "1,5g",
			"99999999999999999999", "9223372036854775807", "9223372036854775808", "8p", "9e18", "1e999k", "1\u212a", "1k\u023a", "1kbb", "1kibi", "512m",
		},
		pieces: []string{"0", "1", "9", ".", " ", "k", "K", "m", "g", "b", "ib", "-", "+", "e", "0x", "_", "nan", "inf", "\u212a", "\u023a", "t", "p"},
		read:   func(text string) (any, error) { return shortform.Bytes(text) },
		compose: func(text string) (any, error) {
			var u types.UnitBytes
			err := u.DecodeMapstructure(text)
			return int64(u), err
		},
	},
	{
		name: "duration",
		written: []string{
			"", "0", "-0", "+0", "1", "00", "0s", "1s", "-1s", "+1s", "1.5s", ".5s", "5.s", ".s", "s", "-", "+", "--1s", "1h30m", "1h 30m", "1d", "2w", "1w2d3h4m5s6ms7us8µs9μs10ns", "1x", "1S",
			"1.1.1s", "1e3s", "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "15250w", "15251w", "9223372036854775807ns1ns", "99999999999999999999s",
			"0.0000000000000000000000001s", "0.99999999999999999999999999999s", "1.999999999999999999d", "30s ", " 30s", "1m1", "1 s", "10000000000h", "0.3333333333333333333h",
		},
		pieces: []string{"0", "1", "9", "922337203685477580", ".", "s", "m", "h", "d", "w", "ms", "us", "µs", "μs", "ns", "-", "+", " ", "x"},
		read: func(text string) (any, error) {
			duration, err := shortform.Duration(text)
			return types.Duration(duration), err
		},
		compose: func(text string) (any, error) { var d types.Duration; err := d.DecodeMapstructure(text); return d, err },
	},
}

func (k kind) assertAsCompose(t *testing.T, text string) (refused bool) {
	t.Helper()
	want, wantErr := k.compose(text)
	got, err := k.read(text)
	require.Equal(t, wantErr != nil, err != nil, "%q\nCompose: %v %v\nhere: %v %v", text, want, wantErr, got, err)
	if err == nil {
		require.Equal(t, want, got, "%q", text)
	}
	return err != nil
}

func TestReadsAsCompose(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			for _, text := range kind.written {
				kind.assertAsCompose(t, text)
			}
		})
	}
}

func TestReadsMutationsAsCompose(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(3, 4))
			refused, count := 0, 20_000
			if kind.slow {
				count = 4_000
			}
			for range count {
				if kind.assertAsCompose(t, kind.mutate(random)) {
					refused++
				}
			}
			assert.Greater(t, refused, 0)
			assert.Less(t, refused, count*19/20)
		})
	}
}

// mutate changes one of the texts in a few places.
func (k kind) mutate(random *rand.Rand) string {
	text := k.written[random.IntN(len(k.written))]
	for range 1 + random.IntN(3) {
		at := random.IntN(len(text) + 1)
		switch random.IntN(5) {
		case 0, 1, 2:
			text = text[:at] + k.pieces[random.IntN(len(k.pieces))] + text[at:]
		case 3:
			text = text[:at] + text[min(len(text), at+1+random.IntN(3)):]
		case 4:
			other := k.written[random.IntN(len(k.written))]
			text = text[:at] + other[random.IntN(len(other)+1):]
		}
	}
	return text
}

// each gives one port for each port of the container, as Compose's model has
// them, in the order of their numbers. A range of published ports before a
// single port of the container stays one: the engine picks from it.
func each(port shortform.Port) []shortform.Port {
	var all []shortform.Port
	isRange := port.Target != port.TargetEnd && port.Published != "" && unset.Known(port.Published)
	for i := range port.TargetEnd - port.Target + 1 {
		one := port
		one.Target, one.TargetEnd = port.Target+i, port.Target+i
		if isRange {
			one.Published = fmt.Sprint(port.PublishedStart + i)
		}
		all = append(all, one)
	}
	return all
}

// scalars are the texts where Compose wants a truth or a number.
var scalars = []string{
	"true", "True", "TRUE", "false", "y", "Y", "yes", "on", "n", "no", "off", "oFF", "t", "f", "1", "0", "-1", "+1", " 1", "1 ", "007", "0o7", "0x1F", "0b11", "1_000", "08",
	"9223372036854775807", "9223372036854775808", "4294967295", "4294967296", "1.5", ".5", "5.", "1e3", "1e400", "1e39", "-0", "inf", "nan", "0x1p-2", "x", "ü", "null", "~", "1,5", "0.1",
}

// TestCastsAsCompose hands the texts to Compose's loader, as the value of a
// variable, so that its casts see them and nothing else does.
func TestCastsAsCompose(t *testing.T) {
	for _, cast := range []struct {
		key  string
		read func(text string) (any, error)
		get  func(service types.ServiceConfig) any
	}{
		{"privileged", func(text string) (any, error) { return shortform.Bool(text) }, func(s types.ServiceConfig) any { return s.Privileged }},
	} {
		for _, text := range scalars {
			source := "services: {a: {image: a, " + cast.key + ": \"$X\"}}"
			project, wantErr := loader.LoadWithContext(context.Background(), types.ConfigDetails{
				WorkingDir:  "/",
				ConfigFiles: []types.ConfigFile{{Filename: "compose.yml", Content: []byte(source)}},
				Environment: types.Mapping{"X": text},
			}, func(options *loader.Options) {
				options.SetProjectName("a", true)
				options.SkipValidation = true
			})
			got, err := cast.read(text)
			require.Equal(t, wantErr != nil, err != nil, "%s: %q\nCompose: %v\nhere: %v %v", cast.key, text, wantErr, got, err)
			if err == nil {
				assert.Equal(t, fmt.Sprint(cast.get(project.Services["a"])), fmt.Sprint(got), "%s: %q", cast.key, text)
			}
		}
	}
}

func TestErrorsNeverRepeatTheText(t *testing.T) {
	for _, kind := range kinds {
		for _, text := range kind.written {
			for _, text := range []string{"hunter2" + text, text + "hunter2", strings.ReplaceAll(text, ":", ":hunter2")} {
				if _, err := kind.read(text); err != nil {
					assert.NotContains(t, err.Error(), "hunter2")
				}
			}
		}
	}
	_, err := shortform.Bool("hunter2")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "hunter2")
}
