package inspect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/redis"
)

// limitClients lowers maxclients to what the container's limit of open files
// leaves, as the server does at its start.
func (c *configuration) limitClients() {
	limit := c.Config.FileLimit
	if limit == nil || c.Opaque != "" {
		return
	}
	setting := c.Get("maxclients")
	clients, ok := c.clientsWithin(setting, limit)
	switch value := strconv.FormatInt(clients, 10); {
	case !ok && setting.Known:
		setting.Known, setting.Why = false, "it hangs on how many files the server may open"
	case !ok || clients <= 0 || value == setting.Value:
		return
	default:
		setting.Value = value
	}
	setting.Set, setting.Origin = true, Origin{Kind: FromContainer, Span: limit.Span}
	setting.Parts = append(slices.Clone(setting.Parts), setting.Origin)
	c.settings["maxclients"] = setting
}

// clientsWithin is what a limit leaves of maxclients: 0 or less where that is
// none. It is not known where the server may raise the limit.
func (s *Service) clientsWithin(setting Setting, limit *compose.Limit) (clients int64, ok bool) {
	wanted, err := strconv.ParseInt(setting.Value, 10, 64)
	mayRaise := s.Config.Privileged || slices.ContainsFunc(s.Config.CapAdd, func(capability string) bool {
		return slices.Contains([]string{"ALL", "SYS_RESOURCE", "CAP_SYS_RESOURCE", "CAP_ALL"}, capability)
	})
	if err != nil || !setting.Known || !limit.Known {
		return 0, false
	}
	if wanted+redis.ReservedFiles <= limit.Soft && !s.runsUlimit() {
		return wanted, true // there is room, whoever may raise it
	}
	if mayRaise || s.script != nil {
		return 0, false
	}
	return redis.ClientsWithin(wanted, limit.Soft, limit.Hard)
}

// runsUlimit reports whether the start script may set a limit of its own.
func (s *Service) runsUlimit() bool {
	return s.script != nil && strings.Contains(s.script.text, "ulimit")
}
