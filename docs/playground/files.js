"use strict";

// The files that rcomp sees: a directory in the memory of the page. It is what
// Go's programs for browsers ask for as "fs", as far as rcomp asks.
class Files {
	constructor(texts) {
		this.nodes = new Map([["/", { directory: true }]]);
		this.open = new Map();
		this.next = 100;
		this.number = 1;
		this.said = { 1: [], 2: [] };
		for (const [path, text] of Object.entries(texts)) {
			this.write(path, new TextEncoder().encode(text));
		}
	}

	// write makes a file, and the directories above it.
	write(path, content) {
		this.directories(parentOf(path));
		this.nodes.set(path, { content, mode: 0o644, number: this.number++ });
	}

	directories(path) {
		for (let at = path; !this.nodes.has(at); at = parentOf(at)) {
			this.nodes.set(at, { directory: true, number: this.number++ });
		}
	}

	// below lists the names in a directory.
	below(path) {
		const start = path === "/" ? "/" : path + "/";
		return [...this.nodes.keys()].filter((name) => name !== "/" && name.startsWith(start) && !name.slice(start.length).includes("/"))
			.map((name) => name.slice(start.length)).sort();
	}

	// texts are all files below a directory, by their path from there.
	texts(directory) {
		const found = {};
		for (const [path, node] of this.nodes) {
			if (!node.directory && path.startsWith(directory + "/")) {
				found[path.slice(directory.length + 1)] = new TextDecoder().decode(node.content);
			}
		}
		return found;
	}

	output(descriptor) {
		return new TextDecoder().decode(joined(this.said[descriptor]));
	}
}

function parentOf(path) {
	return path.slice(0, path.lastIndexOf("/")) || "/";
}

function joined(pieces) {
	const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		all.set(piece, at);
		at += piece.length;
	}
	return all;
}

function fault(code) {
	return Object.assign(new Error(code), { code });
}

const writing = { O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_DIRECTORY: 65536 };

// absolute is a path without dots and without the working directory.
function absolute(path) {
	const parts = [];
	for (const part of (path.startsWith("/") ? path : work + "/" + path).split("/")) {
		if (part === "..") {
			parts.pop();
		} else if (part !== "" && part !== ".") {
			parts.push(part);
		}
	}
	return "/" + parts.join("/");
}

const work = "/work";

// systemOf is "fs" for Go: each function calls back with an error or a result.
function systemOf(files) {
	const answers = (work) => (...args) => {
		const back = args.pop();
		let result;
		try {
			result = work(...args);
		} catch (error) {
			back(error.code ? error : fault("EIO"));
			return;
		}
		back(null, result);
	};
	const node = (path) => {
		const found = files.nodes.get(absolute(path));
		if (!found) {
			throw fault("ENOENT");
		}
		return found;
	};
	const opened = (descriptor) => {
		const found = files.open.get(descriptor);
		if (!found) {
			throw fault("EBADF");
		}
		return found;
	};
	const stat = (found) => {
		const size = found.directory ? 0 : found.content.length;
		return {
			dev: 1, ino: found.number || 0, nlink: 1, uid: 0, gid: 0, rdev: 0, size, blksize: 4096, blocks: Math.ceil(size / 512),
			atimeMs: 0, mtimeMs: 0, ctimeMs: 0, mode: found.directory ? 0o040755 : 0o100000 | found.mode, isDirectory: () => Boolean(found.directory),
		};
	};
	const remove = (path) => {
		node(path);
		files.nodes.delete(absolute(path));
	};
	const write = (descriptor, buffer, offset, length, position) => {
		const piece = buffer.slice(offset, offset + length);
		if (files.said[descriptor]) {
			files.said[descriptor].push(piece);
			return length;
		}
		const file = opened(descriptor);
		const at = position === null ? file.at : position;
		const content = new Uint8Array(Math.max(file.node.content.length, at + length));
		content.set(file.node.content);
		content.set(piece, at);
		file.node.content = content;
		file.at = at + length;
		return length;
	};
	return {
		constants: writing,
		writeSync: (descriptor, buffer) => write(descriptor, buffer, 0, buffer.length, null),
		write: answers(write),
		open: answers((path, flags, mode) => {
			const name = absolute(path);
			let found = files.nodes.get(name);
			if (found && flags & writing.O_CREAT && flags & writing.O_EXCL) {
				throw fault("EEXIST");
			}
			if (!found) {
				if (!(flags & writing.O_CREAT)) {
					throw fault("ENOENT");
				}
				node(parentOf(name));
				files.write(name, new Uint8Array());
				found = files.nodes.get(name);
				found.mode = mode & 0o777;
			} else if (flags & writing.O_TRUNC) {
				found.content = new Uint8Array();
			}
			files.open.set(++files.next, { node: found, path: name, at: flags & writing.O_APPEND ? found.content.length : 0 });
			return files.next;
		}),
		read: answers((descriptor, buffer, offset, length, position) => {
			if (descriptor === 0) {
				return 0;
			}
			const file = opened(descriptor);
			if (file.node.directory) {
				throw fault("EISDIR");
			}
			const at = position === null ? file.at : position;
			const piece = file.node.content.subarray(at, at + length);
			buffer.set(piece, offset);
			if (position === null) {
				file.at = at + piece.length;
			}
			return piece.length;
		}),
		close: answers((descriptor) => {
			opened(descriptor);
			files.open.delete(descriptor);
		}),
		fstat: answers((descriptor) => stat(opened(descriptor).node)),
		stat: answers((path) => stat(node(path))),
		lstat: answers((path) => stat(node(path))),
		readdir: answers((path) => {
			if (!node(path).directory) {
				throw fault("ENOTDIR");
			}
			return files.below(absolute(path));
		}),
		mkdir: answers((path) => {
			if (files.nodes.has(absolute(path))) {
				throw fault("EEXIST");
			}
			node(parentOf(absolute(path)));
			files.directories(absolute(path));
		}),
		rename: answers((from, to) => {
			const found = node(from);
			files.nodes.delete(absolute(from));
			files.nodes.set(absolute(to), found);
		}),
		unlink: answers(remove),
		rmdir: answers(remove),
		chmod: answers((path, mode) => {
			node(path).mode = mode & 0o777;
		}),
		fchmod: answers((descriptor, mode) => {
			opened(descriptor).node.mode = mode & 0o777;
		}),
		fsync: answers(() => {}),
		ftruncate: answers((descriptor, length) => {
			const file = opened(descriptor);
			const content = new Uint8Array(length);
			content.set(file.node.content.subarray(0, length));
			file.node.content = content;
		}),
		utimes: answers(() => {}),
		chown: answers(() => {}),
		fchown: answers(() => {}),
		lchown: answers(() => {}),
		readlink: answers((path) => {
			node(path);
			throw fault("EINVAL"); // there are no links
		}),
		symlink: answers(() => {
			throw fault("EPERM");
		}),
		link: answers(() => {
			throw fault("EPERM");
		}),
		truncate: answers(() => {
			throw fault("ENOSYS");
		}),
	};
}
