package compose

import (
	"sync"

	"github.com/rcomp/rcomp/lint/disk"
)

// ledger charges a run with its projects in their order.
type ledger struct {
	mutex    sync.Mutex
	accounts []*account
	next     int // the first that is not charged
	budget   *disk.Budget
	end      error // why the run has nothing for those from next on
}

// account is what a run remembers of a project.
type account struct {
	budget  *disk.Budget
	brought []string // the compose files that it read beside its base
}

func (l *ledger) ended() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.end
}

// enter notes a project that is done, and charges those whose turn it is.
func (l *ledger) enter(i int, of *account) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.accounts[i] = of
	for l.end == nil && l.next < len(l.accounts) && l.accounts[l.next] != nil {
		l.end = l.budget.Add(l.accounts[l.next].budget)
		l.next++
	}
}

// charge takes what was spent after all projects are entered.
func (l *ledger) charge(spent *disk.Budget) {
	if err := l.budget.Add(spent); err != nil && l.end == nil {
		l.end = err
	}
}

// brought are the compose files that belong to another one.
func (l *ledger) brought() map[string]bool {
	brought := map[string]bool{}
	for _, account := range l.accounts[:l.next] {
		for _, path := range account.brought {
			brought[path] = true
		}
	}
	return brought
}
