package compose

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// panicked carries a panic over to who started the work that met it: a
// goroutine that panics ends the whole program, also one that could go on.
type panicked struct {
	once  sync.Once
	value any
	stack []byte
}

// hold keeps the first panic. It is to be deferred.
func (p *panicked) hold() {
	if value := recover(); value != nil {
		p.once.Do(func() { p.value, p.stack = value, debug.Stack() })
	}
}

// pass panics where hold has kept something.
func (p *panicked) pass() {
	if p.value != nil {
		panic(fmt.Sprintf("%v\n\n%s", p.value, p.stack))
	}
}
