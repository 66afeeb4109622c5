"use strict";

// showTopology draws who is there and who is related to whom: a column for each
// kind, the servers between those that use and those that watch them, an arrow
// for each relation.
function showTopology(box, topology) {
	if (!topology || topology.services.length === 0) {
		box.replaceChildren("Nothing in it has to do with Redis or Valkey.");
		return;
	}
	const columns = [["", "client", "exporter", "admin"], ["server", "cluster-node", "compatible"], ["sentinel"]]
		.map((kinds) => topology.services.filter((service) => kinds.includes(service.kind))).filter((column) => column.length > 0);
	const size = { width: 150, height: 46, acrossGap: 150, downGap: 26 };
	beside(columns, topology.relations || []);
	const at = new Map();
	columns.forEach((column, x) => column.forEach((service, y) => {
		at.set(service.name, { x: 10 + x * (size.width + size.acrossGap), y: 24 + y * (size.height + size.downGap), service });
	}));
	const relations = (topology.relations || []).filter((relation) => at.has(relation.from) && at.has(relation.to));
	const bend = relations.some((relation) => at.get(relation.from).x === at.get(relation.to).x) ? 110 : 0;
	const width = 20 + columns.length * size.width + (columns.length - 1) * size.acrossGap + bend;
	const height = 34 + Math.max(...columns.map((column) => column.length)) * (size.height + size.downGap);
	const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
	drawing.append(title(relations), arrowHeads());
	for (const several of pairs(relations)) {
		drawing.append(...arrow(at.get(several[0].from), at.get(several[0].to), several, size));
	}
	for (const { x, y, service } of at.values()) {
		const group = shape("g", { class: "service " + (service.kind || "application") });
		const whole = shape("title", {});
		whole.textContent = service.name;
		group.append(whole, shape("rect", { x, y, width: size.width, height: size.height, rx: 6 }),
			text(short(service.name, 16), { x: x + size.width / 2, y: y + 20, class: "name" }),
			text(service.kind || "application", { x: x + size.width / 2, y: y + 36, class: "kind" }));
		drawing.append(group);
	}
	const outside = (topology.relations || []).filter((relation) => !at.has(relation.to));
	const said = outside.map((relation) => {
		const item = document.createElement("li");
		item.textContent = `${relation.from} ${phrase(relation)} ${relation.address || "what is not known"}`;
		return item;
	});
	const list = document.createElement("ul");
	list.append(...said);
	box.replaceChildren(drawing, ...(said.length > 0 ? [list] : []));
}

function shape(name, attributes) {
	const made = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const [key, value] of Object.entries(attributes)) {
		made.setAttribute(key, value);
	}
	return made;
}

function text(content, attributes) {
	const made = shape("text", attributes);
	made.textContent = content;
	return made;
}

// beside puts what is related to others at about their height, so that few
// arrows cross.
function beside(columns, relations) {
	const height = new Map(columns.flatMap((column) => column.map((service, y) => [service.name, y])));
	const middle = columns.find((column) => column.some((service) => service.kind === "server" || service.kind === "cluster-node"));
	for (const column of columns.filter((column) => column !== middle)) {
		const mean = (service) => {
			const heights = relations.filter((relation) => relation.from === service.name && height.has(relation.to)).map((relation) => height.get(relation.to));
			return heights.length > 0 ? heights.reduce((sum, one) => sum + one, 0) / heights.length : Infinity;
		};
		const means = new Map(column.map((service) => [service, mean(service)]));
		column.sort((a, b) => (means.get(a) < means.get(b) ? -1 : Number(means.get(a) > means.get(b))));
	}
}

// phrases are what uses are called, as in the text of rcomp inspect --topology.
const phrases = {
	client: "uses", queue: "keeps jobs in", cache: "caches in", exporter: "measures", admin: "shows", backup: "copies", command: "commands",
};

function phrase(relation) {
	return (relation.relation === "uses" && phrases[relation.purpose]) || relation.relation;
}

// fails reports whether the password of a relation does not fit.
function fails(relation) {
	return ["missing", "wrong", "no user"].includes(relation.login);
}

// pairs puts together what leads from one service to one other.
function pairs(relations) {
	const found = new Map();
	for (const relation of relations) {
		const pair = JSON.stringify([relation.from, relation.to]);
		found.set(pair, [...(found.get(pair) || []), relation]);
	}
	return [...found.values()];
}

// title is the drawing for those who hear it.
function title(relations) {
	const made = shape("title", {});
	made.textContent = relations.map((relation) => `${relation.from} ${phrase(relation)} ${relation.to}`).join("; ") || "services";
	return made;
}

function arrowHeads() {
	const definitions = shape("defs", {});
	for (const id of ["head", "head-failing"]) {
		const head = shape("marker", { id, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto" });
		head.append(shape("path", { d: "M 0 0 L 10 5 L 0 10 z" }));
		definitions.append(head);
	}
	return definitions;
}

// arrow leads from one service to another, with what it is below each other.
function arrow(from, to, relations, size) {
	const { path, label } = way(from, to, size);
	const failing = relations.some(fails);
	const lines = [...new Set(relations.map(phrase)), ...new Set(relations.filter(fails).map((relation) => "password " + relation.login))];
	return [
		shape("path", { d: path, class: failing ? "relation failing" : "relation", "marker-end": failing ? "url(#head-failing)" : "url(#head)" }),
		...lines.map((line, index) => text(line, { x: label.x, y: label.y + 13 * index, class: line.startsWith("password ") ? "label failing" : "label" })),
	];
}

// way is where an arrow goes: around the side within a column, straight to the
// next one, and over the boxes of a column that lies between.
function way(from, to, size) {
	const middle = (box) => box.y + size.height / 2;
	if (from.x === to.x) {
		const right = from.x + size.width;
		const out = from.y === to.y ? 20 : 0; // to itself
		return {
			path: `M ${right} ${middle(from) + out / 2} C ${right + 50} ${middle(from) + out} ${right + 50} ${middle(to) - out} ${right} ${middle(to) - out / 2}`,
			label: { x: right + 50, y: 0.75 * middle(from) + 0.25 * middle(to) + 8 },
		};
	}
	const step = Math.sign(to.x - from.x);
	const start = from.x + (step > 0 ? size.width : 0);
	const end = to.x + (step > 0 ? 0 : size.width);
	if (Math.abs(end - start) <= size.acrossGap) {
		return {
			path: `M ${start} ${middle(from)} L ${end} ${middle(to)}`,
			label: { x: start + 0.35 * (end - start), y: middle(from) + 0.35 * (middle(to) - middle(from)) - 6 },
		};
	}
	const above = to.y - size.downGap / 2;
	const bend = 0.9 * size.acrossGap * step;
	return {
		path: `M ${start} ${middle(from)} C ${start + bend / 2} ${middle(from)} ${start + bend / 2} ${above} ${start + bend} ${above} L ${end - bend} ${above} C ${end - bend / 2} ${above} ${end - bend / 2} ${middle(to)} ${end} ${middle(to)}`,
		label: { x: start + bend / 2, y: 0.6 * middle(from) + 0.4 * above - 6 },
	};
}

function short(name, most) {
	const characters = [...name];
	return characters.length > most ? characters.slice(0, most - 1).join("") + "…" : name;
}
