package compose

import (
	"strconv"

	"github.com/compose-spec/compose-go/v2/format"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/go-units"
	"github.com/xhit/go-str2duration/v2"
)

type volumeX struct {
	Type, Source, Target, SELinux, Propagation string
	ReadOnly, NoCopy                           bool
}

func parseVolume(text string) (volumeX, error) {
	v, err := format.ParseVolume(text)
	x := volumeX{Type: v.Type, Source: v.Source, Target: v.Target, ReadOnly: v.ReadOnly}
	if v.Bind != nil {
		x.SELinux, x.Propagation = v.Bind.SELinux, v.Bind.Propagation
	}
	return x, err
}

type portX struct{ HostIP, Published, Target, Protocol string }

func parsePort(text string) (portX, error) {
	ports, err := types.ParsePortConfig(text)
	if err != nil {
		return portX{}, err
	}
	return portX{ports[0].HostIP, ports[0].Published, strconv.Itoa(int(ports[0].Target)), ports[0].Protocol}, nil
}
func parseBytes(text string) (int64, error) { return units.RAMInBytes(text) }
func parseDuration(text string) (int64, error) {
	d, err := str2duration.ParseDuration(text)
	return int64(d), err
}
