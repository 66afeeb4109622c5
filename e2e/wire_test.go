package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// wire is one connection to a server that sends many commands before it reads
// their replies, and may read none at all, which a client library would not do.
type wire struct {
	connection net.Conn
	in         *bufio.Reader
	out        *bufio.Writer
	waiting    int // replies
}

// wireTimeout is how long a server under load may take for anything.
const wireTimeout = time.Minute

// dialWire connects to a server as its default user.
func dialWire(address, password string) (*wire, error) {
	connection, err := net.DialTimeout("tcp", address, wireTimeout)
	if err != nil {
		return nil, err
	}
	w := &wire{connection: connection, in: bufio.NewReaderSize(connection, 1<<16), out: bufio.NewWriterSize(connection, 1<<16)}
	if err := w.do("AUTH", password); err != nil {
		connection.Close()
		return nil, err
	}
	return w, nil
}

// do sends a command and waits for its reply.
func (w *wire) do(words ...string) error {
	w.send(words...)
	refused, err := w.drain(nil)
	if err == nil && refused > 0 {
		return fmt.Errorf("%s was refused", words[0])
	}
	return err
}

// send writes a command; drain reads the reply.
func (w *wire) send(words ...string) {
	w.connection.SetDeadline(time.Now().Add(wireTimeout))
	w.out.WriteString("*" + strconv.Itoa(len(words)) + "\r\n")
	for _, word := range words {
		w.out.WriteString("$" + strconv.Itoa(len(word)) + "\r\n")
		w.out.WriteString(word)
		w.out.WriteString("\r\n")
	}
	w.waiting++
}

// drain reads all replies that wait, tells which of them are OOM, and returns
// how many are. Any other error ends it.
func (w *wire) drain(refused func(number int)) (int, error) {
	if err := w.out.Flush(); err != nil {
		return 0, err
	}
	count := 0
	for number := 0; w.waiting > 0; number++ {
		w.waiting--
		err := w.reply()
		switch {
		case errors.Is(err, errOutOfMemory):
			count++
			if refused != nil {
				refused(number)
			}
		case err != nil:
			return count, err
		}
	}
	return count, nil
}

var errOutOfMemory = errors.New("the server's memory is full")

// reply reads one reply and throws away what it says, unless it is an error.
func (w *wire) reply() error {
	line, err := w.in.ReadString('\n')
	if err != nil {
		return err
	}
	line = strings.TrimSuffix(line, "\r\n")
	switch line[0] {
	case '-':
		if strings.HasPrefix(line, "-OOM") {
			return errOutOfMemory
		}
		return errors.New(line[1:])
	case '$':
		length, err := strconv.Atoi(line[1:])
		if err != nil || length < 0 {
			return err
		}
		_, err = io.CopyN(io.Discard, w.in, int64(length)+2)
		return err
	case '*':
		length, err := strconv.Atoi(line[1:])
		for ; err == nil && length > 0; length-- {
			err = w.reply()
		}
		return err
	}
	return nil
}

func (w *wire) close() { w.connection.Close() }
