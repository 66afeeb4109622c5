"use strict";

// showTopology draws who is there and who is related to whom: a column for each
// kind, an arrow for each relation.
function showTopology(box, topology) {
	if (!topology || topology.services.length === 0) {
		box.replaceChildren("Nothing in it has to do with Redis or Valkey.");
		return;
	}
	const columns = [["", "client", "exporter", "admin"], ["sentinel"], ["server", "cluster-node", "compatible"]]
		.map((kinds) => topology.services.filter((service) => kinds.includes(service.kind))).filter((column) => column.length > 0);
	const size = { width: 150, height: 46, acrossGap: 90, downGap: 26 };
	const at = new Map();
	columns.forEach((column, x) => column.forEach((service, y) => {
		at.set(service.name, { x: 10 + x * (size.width + size.acrossGap), y: 24 + y * (size.height + size.downGap), service });
	}));
	const relations = (topology.relations || []).filter((relation) => at.has(relation.from) && at.has(relation.to));
	const bend = relations.some((relation) => at.get(relation.from).x === at.get(relation.to).x) ? 80 : 0;
	const width = 20 + columns.length * size.width + (columns.length - 1) * size.acrossGap + bend;
	const height = 34 + Math.max(...columns.map((column) => column.length)) * (size.height + size.downGap);
	const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
	drawing.append(title(relations), arrowHead());
	relations.forEach((relation) => drawing.append(...arrow(at.get(relation.from), at.get(relation.to), relation, size)));
	for (const { x, y, service } of at.values()) {
		const group = shape("g", { class: "service " + (service.kind || "application") });
		group.append(shape("rect", { x, y, width: size.width, height: size.height, rx: 6 }),
			text(short(service.name, 19), { x: x + size.width / 2, y: y + 20, class: "name" }),
			text(service.kind || "application", { x: x + size.width / 2, y: y + 36, class: "kind" }));
		drawing.append(group);
	}
	const outside = (topology.relations || []).filter((relation) => !at.has(relation.to));
	const said = outside.map((relation) => {
		const item = document.createElement("li");
		item.textContent = `${relation.from} ${relation.relation} ${relation.address || "what is not known"}`;
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

// title is the drawing for those who hear it.
function title(relations) {
	const made = shape("title", {});
	made.textContent = relations.map((relation) => `${relation.from} ${relation.relation} ${relation.to}`).join("; ") || "services";
	return made;
}

function arrowHead() {
	const definitions = shape("defs", {});
	const head = shape("marker", { id: "head", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" });
	head.append(shape("path", { d: "M 0 0 L 10 5 L 0 10 z" }));
	definitions.append(head);
	return definitions;
}

// arrow leads from one service to another: across, or around the side within a
// column.
function arrow(from, to, relation, size) {
	const middle = (box) => box.y + size.height / 2;
	let path, label;
	if (from.x === to.x) {
		const right = from.x + size.width;
		path = `M ${right} ${middle(from)} C ${right + 50} ${middle(from)} ${right + 50} ${middle(to)} ${right} ${middle(to)}`;
		label = { x: right + 42, y: (middle(from) + middle(to)) / 2 + 4 };
	} else {
		const start = from.x < to.x ? from.x + size.width : from.x;
		const end = from.x < to.x ? to.x : to.x + size.width;
		path = `M ${start} ${middle(from)} L ${end} ${middle(to)}`;
		label = { x: (start + end) / 2, y: (middle(from) + middle(to)) / 2 - 6 };
	}
	return [shape("path", { d: path, class: "relation", "marker-end": "url(#head)" }), text(relation.relation, { ...label, class: "label" })];
}

function short(name, most) {
	const characters = [...name];
	return characters.length > most ? characters.slice(0, most - 1).join("") + "…" : name;
}
