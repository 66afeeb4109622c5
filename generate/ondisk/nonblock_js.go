package ondisk

// nonblock is for pipes: a page has none.
const nonblock = 0
