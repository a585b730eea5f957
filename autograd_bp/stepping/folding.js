// A large graph: the fold of the current step is open, with a card for each of its operations; what
// is around it is closed, and neighbours of one kind are one card: steps 1-16, neurons 6-30.
const FOLDS = [], OWNER = []; // of an operation, the innermost fold
function readFold(data, parent) {
  const fold = { id: FOLDS.length, unit: data.unit, number: data.number, parent, items: [], operations: [] };
  FOLDS.push(fold);
  for (const item of data.items) {
    if (typeof item === "number") {
      OWNER[item] = fold;
      fold.items.push(item);
      fold.operations.push(item);
    } else {
      const inner = readFold(item, fold);
      fold.items.push(inner);
      for (const operation of inner.operations) fold.operations.push(operation);
    }
  }
  return fold;
}
const ROOT = FOLDING ? readFold(DATA.folds, null) : null;
const pinned = new Set(), shut = new Set(); // opened and closed by hand
const MOST_CARDS = 400, MOST_INPUTS = 12, FLAT_FROM = 5, LEAST_RUN = 3;

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const plural = (word) => word + (word.endsWith("ch") ? "es" : "s");
const counted = (n, word) => `${n.toLocaleString("en")} ${n === 1 ? word : plural(word)}`;
function nameOfFold(fold) {
  const inner = fold.items.filter((item) => typeof item !== "number");
  const kinds = new Set(fold.operations.map((i) => NODES[i].op));
  const what = inner.length ? counted(inner.length, inner[0].unit)
    : kinds.size === 1 ? `${fold.operations.length} × ${[...kinds][0]}` : "";
  const name = fold.number ? `${capital(fold.unit)} ${fold.number}` : capital(fold.unit);
  if (fold.unit === "alike") return what || `${fold.operations.length} alike`;
  if (fold.unit === "loop") return what ? `Loop of ${what}` : name;
  return what && fold.unit !== "part" && fold.unit !== "step" ? `${name}: ${what}` : name;
}
function nameOfRun(folds) {
  const [first, last] = [folds[0], folds[folds.length - 1]];
  return folds.length === 1 ? nameOfFold(first) : `${capital(plural(first.unit))} ${first.number}–${last.number}`;
}

// ------------------------------------------------------------------------------ what is visible
function openFolds(current) {
  const open = new Set([ROOT.id]);
  for (let fold = OWNER[current]; fold; fold = fold.parent) open.add(fold.id);
  for (const id of pinned) for (let fold = FOLDS[id]; fold; fold = fold.parent) open.add(fold.id);
  for (const id of shut) open.delete(id);
  open.add(ROOT.id);
  return open;
}
// The items of an open fold: operations, open folds, and runs of closed ones.
function itemsOf(fold, open) {
  const items = [];
  let run = [];
  const close = () => {
    const parts = run.length >= LEAST_RUN ? [run] : run.map((one) => [one]);
    for (const folds of parts) items.push({ kind: "fold", folds, operations: folds.flatMap((one) => one.operations) });
    run = [];
  };
  for (const item of fold.items) {
    const isClosed = typeof item !== "number" && !open.has(item.id);
    if (run.length && (!isClosed || !item.number || item.unit !== run[0].unit)) close();
    if (isClosed) run.push(item);
    else items.push(typeof item === "number" ? { kind: "card", node: item } : { kind: "frame", fold: item, items: itemsOf(item, open) });
  }
  close();
  return items;
}
// Inputs of an operation that get a card: all of a few, the largest of many.
const sizeOfInput = (i, k) => Math.abs(Number(NODES[i].partials[k]) * Number(NODES[NODES[i].parents[k]].value)) || 0;
function inputsOf(i) {
  const places = NODES[i].parents.map((parent, k) => k);
  if (places.length <= MOST_INPUTS) return places;
  const most = places.sort((a, b) => sizeOfInput(i, b) - sizeOfInput(i, a)).slice(0, MOST_INPUTS);
  const half = NODES[i].op === "dot" ? NODES[i].parents.length / 2 : Infinity; // factors side by side
  return most.sort((a, b) => (a % half) - (b % half) || a - b);
}
// Beside each operation stand its leaves, and what comes from a closed fold.
function withInputs(items, isVisible) {
  const all = [];
  for (const item of items) {
    if (item.kind === "frame") item.items = withInputs(item.items, isVisible);
    if (item.kind === "card") {
      item.links = [];
      const beside = new Map();
      for (const k of inputsOf(item.node)) {
        const parent = NODES[item.node].parents[k];
        if (isVisible[parent]) {
          item.links.push({ k, parent, from: null });
          continue;
        }
        if (!beside.has(parent)) {
          beside.set(parent, { kind: "card", node: parent, links: [], readers: [item],
            isFar: NODES[parent].kind === "operation", isFlat: NODES[item.node].parents.length > FLAT_FROM });
        }
        item.links.push({ k, parent, from: beside.get(parent) });
      }
      all.push(...beside.values());
      const hidden = NODES[item.node].parents.length - item.links.length;
      if (hidden) all.push({ kind: "more", count: hidden, readers: [item], reader: item });
    }
    all.push(item);
  }
  return all;
}

// ------------------------------------------------------------------------------------ layout
const LETTERS = 6.4, GAP = 8, SPACE = 48, HEAD = 22, EDGE = 10, FLAT = 118;
const headingOf = (node) => (node.symbol && node.symbol !== node.name ? `${node.name} = ${node.symbol}` : node.name);
const wideAs = (text) => LETTERS * [...text].length + 18;
function measure(item) {
  if (item.kind === "frame") return layFrame(item);
  if (item.kind === "more") return Object.assign(item, { w: wideAs(`${item.count} more inputs`), h: 22 });
  if (item.kind === "fold") {
    item.title = nameOfRun(item.folds);
    return Object.assign(item, { w: Math.max(132, wideAs(item.title)), h: 58 });
  }
  const node = NODES[item.node], isSmall = node.kind === "constant";
  if (item.isFlat && !isSmall) return Object.assign(item, { w: LETTERS * [...node.name].length + FLAT, h: 19 });
  return Object.assign(item, { w: isSmall ? Math.max(40, wideAs(node.name)) : Math.max(78, wideAs(headingOf(node))),
    h: isSmall ? (item.isFlat ? 18 : 22) : 44 });
}
// Columns from left to right by what depends on what; in a column, near to what they are linked with.
function layFrame(frame) {
  const { items } = frame, number = new Map();
  items.forEach((item, n) => { measure(item); item.n = n; mapInside(item, (i) => number.set(i, n)); });
  const before = items.map(() => new Set()), after = items.map(() => new Set());
  const link = (a, b) => { if (a !== undefined && a !== b) { before[b].add(a); after[a].add(b); } };
  items.forEach((item, n) => {
    (item.readers || []).forEach((reader) => link(n, reader.n));
    readsOf(item, (i) => link(number.get(i), n));
    if (item.isFar) link(number.get(item.node), n);
  });
  const rank = items.map(() => 0), isSource = (n) => items[n].readers;
  items.forEach((item, n) => { for (const a of before[n]) rank[n] = Math.max(rank[n], rank[a] + 1); });
  items.forEach((item, n) => { if (isSource(n)) rank[n] = Math.min(...[...after[n]].map((b) => rank[b])) - 1; });
  const columns = [];
  items.forEach((item, n) => { (columns[rank[n]] = columns[rank[n]] || []).push(n); });
  const filled = columns.filter(Boolean);
  const center = stacked(filled, items, before, after);
  let x = EDGE;
  for (const column of filled) {
    const wide = Math.max(...column.map((n) => items[n].w));
    for (const n of column) items[n].x = x + (wide - items[n].w) / 2;
    x += wide + SPACE;
  }
  const top = Math.min(...items.map((item, n) => center[n] - item.h / 2));
  items.forEach((item, n) => { item.y = center[n] - item.h / 2 - top + HEAD; });
  frame.w = Math.max(x - SPACE + EDGE, frame.fold ? wideAs(nameOfFold(frame.fold)) + 30 : 0);
  frame.h = Math.max(...items.map((item) => item.y + item.h)) + EDGE;
  return frame;
}
function mapInside(item, act) { // the operations that an item stands for
  if (item.kind === "frame") item.fold.operations.forEach(act);
  else if (item.kind === "fold") item.operations.forEach(act);
  else if (item.kind === "card" && !item.readers) act(item.node);
}
function readsOf(item, act) {
  if (item.readers) return;
  mapInside(item, (i) => NODES[i].parents.forEach(act));
}
function stacked(columns, items, before, after) {
  const center = items.map(() => 0);
  const place = (column, goal) => {
    let y = -Infinity, off = 0;
    const wanted = column.map((n) => goal(n));
    column.forEach((n, k) => {
      const half = items[n].h / 2;
      center[n] = Math.max(wanted[k], y + half);
      off += wanted[k] - center[n];
      y = center[n] + half + GAP;
    });
    column.forEach((n) => { center[n] += off / column.length; });
  };
  for (const column of columns) {
    let y = 0;
    for (const n of column) { center[n] = y + items[n].h / 2; y += items[n].h + GAP; }
    column.forEach((n) => { center[n] -= y / 2; });
  }
  const mean = (near, n) => {
    let total = 0, count = 0;
    for (const other of near[n]) { total += center[other]; count += 1; }
    return count ? total / count : center[n];
  };
  for (let pass = 0; pass < 6; pass++) {
    const near = pass % 2 ? before : after, run = pass % 2 ? columns : [...columns].reverse();
    for (const column of run) {
      if (pass < 4) { // sources stay beside each other in the order of the inputs
        const goals = new Map(column.map((n) => [n, mean(near, n)]));
        column.sort((a, b) => goals.get(a) - goals.get(b) || a - b);
      }
      place(column, (n) => mean(near, n));
    }
  }
  return center;
}
function settleAt(item, x, y) {
  item.x += x;
  item.y += y;
  if (item.items) item.items.forEach((inner) => settleAt(inner, item.x, item.y));
}

// ------------------------------------------------------------------------------------ drawing
let shownKey = "", folded = [], frames = [];
function redraw(current) {
  const open = openFolds(current), key = [...open].sort((a, b) => a - b).join();
  if (key === shownKey) return;
  shownKey = key;
  const isVisible = [];
  (function see(items) {
    for (const item of items) {
      if (item.kind === "card") isVisible[item.node] = true;
      if (item.kind === "frame") see(item.items);
    }
    return items;
  })(drawFolds.items = itemsOf(ROOT, open));
  drawFolds(withInputs(drawFolds.items, isVisible));
}
function drawFolds(items) {
  const whole = { kind: "frame", fold: ROOT, items };
  layFrame(whole);
  whole.x = 0;
  whole.y = -HEAD + 6;
  whole.items.forEach((item) => settleAt(item, whole.x, whole.y));
  const svg = $("step-svg");
  svg.querySelectorAll("g").forEach((box) => box.remove());
  svg.setAttribute("viewBox", `0 0 ${Math.ceil(whole.w)} ${Math.ceil(whole.h + whole.y)}`);
  drawn.cards.clear();
  drawn.edges = [];
  folded = [];
  frames = [];
  const back = svg.appendChild(shape("g", {})), lines = svg.appendChild(shape("g", {})), front = svg.appendChild(shape("g", {}));
  const standsFor = []; // for an operation, the item that is drawn in its place
  (function put(items) {
    for (const item of items) {
      if (item.kind === "frame") { putFrame(back, item); put(item.items); }
      if (item.kind === "fold") { putFold(front, item); item.operations.forEach((i) => { standsFor[i] = item; }); }
      if (item.kind === "card") { putCard(front, item); if (!item.readers) standsFor[item.node] = item; }
      if (item.kind === "more") putMore(front, item);
    }
  })(whole.items);
  (function join(items) {
    for (const item of items) {
      if (item.kind === "frame") join(item.items);
      for (const link of item.links || []) putEdge(lines, item, link, link.from || standsFor[link.parent]);
      if (item.isFar && standsFor[item.node]) putBundle(lines, standsFor[item.node], item);
      if (item.kind === "more") putBundle(lines, item, item.reader);
    }
  })(whole.items);
  bundles(lines, standsFor);
  fit();
}
const curve = (a, b) => {
  const [x1, y1, x2, y2] = [a.x + a.w, a.y + a.h / 2, b.x, b.y + b.h / 2], bend = Math.max(20, (x2 - x1) / 2);
  const p = [x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2].map((v) => v.toFixed(1));
  return { d: `M${p[0]} ${p[1]}C${p.slice(2).join(" ")}`, at: (t) => [0, 1].map((k) => {
    const q = [[x1, y1], [x1 + bend, y1], [x2 - bend, y2], [x2, y2]].map((one) => one[k]), u = 1 - t;
    return u * u * u * q[0] + 3 * u * u * t * q[1] + 3 * u * t * t * q[2] + t * t * t * q[3];
  }) };
};
function putCard(parent, item) {
  const node = NODES[item.node], isConstant = node.kind === "constant", middle = item.x + item.w / 2;
  const box = shape("g", { class: `card ${node.kind}${item.isFar ? " far" : ""}`, "data-node": item.node });
  if (!drawn.cards.has(item.node)) box.id = `step-n${item.node}`;
  box.append(shape("rect", { class: "b", x: item.x, y: item.y, width: item.w, height: item.h,
    rx: isConstant ? 11 : node.kind === "leaf" ? 8 : 2 }));
  if (item.isFlat && !isConstant) {
    flatten(box, item, node);
  } else if (!isConstant) {
    box.append(shape("rect", { class: "s", x: item.x + 1.5, y: item.y + 29, width: item.w - 3, height: 13.5, rx: 1 }));
  }
  if (isConstant || !item.isFlat) {
    box.append(shape("text", { class: "h", x: middle, y: item.y + (isConstant ? item.h / 2 + 4 : 13) }, isConstant ? node.name : headingOf(node)));
  }
  if (!isConstant && !item.isFlat) {
    box.append(shape("text", { class: "v", x: middle, y: item.y + 26 }), shape("text", { class: "g", x: middle, y: item.y + 39 }));
  }
  drawn.cards.set(item.node, [...(drawn.cards.get(item.node) || []), box]);
  parent.append(box);
}
// A card of one line, where an operation has many inputs.
function flatten(box, item, node) {
  const y = item.y + 13.5, right = item.x + item.w, g = right - 62;
  box.append(shape("rect", { class: "s", x: g, y: item.y + 2, width: 60, height: item.h - 4, rx: 1 }),
    shape("text", { class: "h left", x: item.x + 7, y }, node.name),
    shape("text", { class: "v right", x: g - 4, y }), shape("text", { class: "g", x: g + 30, y }));
}
function putMore(parent, item) {
  const box = parent.appendChild(shape("g", { class: "fold more" }));
  box.append(shape("rect", { x: item.x, y: item.y, width: item.w, height: item.h, rx: 4 }),
    shape("text", { x: item.x + item.w / 2, y: item.y + 15 }, `${item.count} more inputs`));
}
function putEdge(parent, item, { k, parent: source }, from) {
  if (!from) return;
  const line = curve(from, item), [x, y] = line.at(NODES[item.node].parents.length > FLAT_FROM ? 0.22 : 0.4);
  const box = parent.appendChild(shape("g", { class: "edge", id: `step-e${item.node}-${k}` }));
  box.append(shape("path", { d: line.d, "marker-end": "url(#step-arrow)" }), shape("text", { x, y: y + 3 }));
  drawn.edges.push({ i: item.node, k, parent: source, box });
}
function putBundle(parent, from, to) {
  const box = parent.appendChild(shape("g", { class: "bundle" }));
  box.append(shape("path", { d: curve(from, to).d, "marker-end": "url(#step-arrow)" }));
}
// One line for all edges from a closed fold to another, or from a card into one.
function bundles(parent, standsFor) {
  const seen = new Set(), ids = new Map();
  const idOf = (item) => { if (!ids.has(item)) ids.set(item, ids.size); return ids.get(item); };
  NODES.forEach((node, i) => {
    const to = standsFor[i];
    if (!to || to.kind !== "fold") return;
    for (const input of node.parents) {
      const from = standsFor[input];
      if (!from || from === to) continue;
      const key = idOf(from) * 100003 + idOf(to);
      if (!seen.has(key)) { seen.add(key); putBundle(parent, from, to); }
    }
  });
}
function pressable(box, words, act) {
  box.append(shape("title", {}, words));
  box.addEventListener("click", (event) => { event.stopPropagation(); act(); });
}
function putFold(parent, item) {
  const box = parent.appendChild(shape("g", { class: "fold" })), { x, y, w, h } = item;
  for (const off of [6, 3, 0]) box.append(shape("rect", { x: x + off, y: y - off, width: w - 6, height: h, rx: 5 }));
  const middle = x + (w - 6) / 2;
  box.append(shape("text", { class: "h", x: middle, y: y + 17 }, item.title),
    shape("text", { class: "n", x: middle, y: y + 33 }, counted(item.operations.length, "operation")),
    shape("text", { class: "r", x: middle, y: y + 49 }));
  pressable(box, "Open", () => { pinned.add(item.folds[Math.floor(item.folds.length / 2)].id); shut.delete(item.folds[0].id); paint(); });
  folded.push({ item, box });
}
function putFrame(parent, item) {
  const box = parent.appendChild(shape("g", { class: "frame" })), title = nameOfFold(item.fold);
  box.append(shape("rect", { x: item.x, y: item.y, width: item.w, height: item.h, rx: 7 }),
    shape("text", { class: "title", x: item.x + 9, y: item.y + 15 }, `▾ ${title}`));
  pressable(box, "Close", () => { pinned.delete(item.fold.id); shut.add(item.fold.id); paint(); });
  frames.push({ item, box });
}
function paintFolds({ step, grad, isKnown, isTouched }) {
  const names = [];
  for (let fold = OWNER[step.node]; fold && fold.parent; fold = fold.parent) names.unshift(fold.unit === "loop" ? "loop" : nameOfRun([fold]));
  $("where").textContent = $("where").title = names.join(" › ");
  for (const { item, box } of folded) {
    const known = item.operations.filter(isKnown).length, touched = item.operations.filter(isTouched);
    const isWhole = known === item.operations.length, isHere = item.operations.includes(step.node);
    mark(box, known === 0 && "waiting", touched.length > 0 && "swept", isHere && "now");
    box.querySelector(".r").textContent = touched.length ? `∂ up to ${short(sizeOf(touched.map((i) => grad[i])))}`
      : isWhole ? "computed" : known ? `${known} computed` : "";
  }
}
function unfold() {
  shut.clear();
  let count = 0;
  const waiting = [ROOT];
  while (waiting.length && count < MOST_CARDS) {
    const fold = waiting.shift();
    count += fold.items.length;
    pinned.add(fold.id);
    waiting.push(...fold.items.filter((item) => typeof item !== "number"));
  }
}
if (FOLDING) {
  $("folds").hidden = false;
  $("unfold").addEventListener("click", () => { unfold(); paint(); });
  $("refold").addEventListener("click", () => { pinned.clear(); shut.clear(); paint(); });
} else {
  findDrawn();
}
