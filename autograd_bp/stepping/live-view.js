// The pictures: the network, its surface over two inputs, and the curve of P.
const SVG = "http://www.w3.org/2000/svg";
function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, x] of Object.entries(attributes)) made.setAttribute(key, x);
  if (text !== undefined) made.textContent = text;
  return made;
}
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const channels = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
function mixed(share, low, high) {
  const t = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0.5));
  return low.map((x, k) => Math.round(x + t * (high[k] - x)));
}

// ------------------------------------------------------------------------------ the network
const MOST_SHOWN = 10; // neurons of one layer
class NetworkPicture {
  constructor(svg, learner, choose) {
    const { net } = learner, columns = [net.inputs, ...net.layers];
    const shown = columns.map((column) => Math.min(column.length, MOST_SHOWN));
    const tallest = Math.max(...shown), gap = Math.max(46, Math.min(92, 380 / tallest));
    const height = Math.max(250, gap * tallest + 44), width = Math.max(560, 190 * columns.length);
    this.learner = learner;
    this.radius = Math.min(20, gap / 2 - 7);
    this.links = [];
    this.neurons = [];
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    const at = (c, k) => [width * (c + 0.5) / columns.length,
      (height - 16) / 2 + (k - (shown[c] - 1) / 2) * gap];
    const lines = svg.appendChild(shape("g", {}));
    this.above = shape("g", {});
    columns.forEach((column, c) => {
      for (let k = 0; k < shown[c]; k++) this.neuron(svg, c, k, at(c, k), choose);
      const names = c === 0 ? "inputs" : c === columns.length - 1 ? `outputs, ${net.activations[c - 1]}`
        : net.activations[c - 1];
      const hidden = column.length - shown[c];
      svg.append(shape("text", { x: at(c, 0)[0], y: height - 9, class: "small" },
        hidden ? `${names}, ${hidden} more not shown` : names));
    });
    net.layers.forEach((neurons, l) => neurons.slice(0, shown[l + 1]).forEach((neuron, n) => {
      for (let k = 0; k < shown[l]; k++) {
        const [x1, y1] = at(l, k), [x2, y2] = at(l + 1, n);
        const path = shape("path", { d: `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}` });
        const title = path.appendChild(shape("title", {}, ""));
        lines.append(path);
        this.links.push({ l, n, k, path, title, place: neuron.weights[k + 1] });
      }
    }));
    svg.append(this.above);
  }

  neuron(svg, c, k, [x, y], choose) {
    const { net } = this.learner, r = this.radius;
    const group = shape("g", { class: "neuron", transform: `translate(${x} ${y})` });
    group.append(shape("circle", { r }));
    const text = group.appendChild(shape("text", {}));
    const gamma = this.above.appendChild(shape("text", { class: "gamma", x, y: y + r + 7 }));
    if (c === 0) {
      group.append(shape("text", { x: -r - 14, class: "small" }, `x${index(k + 1)}`));
    } else {
      group.setAttribute("tabindex", 0);
      group.setAttribute("role", "button");
      group.addEventListener("click", () => choose(c - 1, k));
      group.addEventListener("keydown", (event) => {
        if (event.key === "Enter") choose(c - 1, k);
      });
    }
    if (c === net.layers.length) {
      this.desired = this.desired || [];
      this.desired[k] = this.above.appendChild(shape("text", { x: x + r + 34, y, class: "small" }));
    }
    const place = c === 0 ? net.inputs[k] : net.layers[c - 1][k].out;
    this.neurons.push({ c, k, group, text, gamma, place, circle: group.firstChild });
    svg.append(group);
  }

  // On a phone the picture is wider than its frame: the neuron of the step is moved into sight.
  follow(l, n) {
    const { group } = this.neurons.find((one) => one.c === l + 1 && one.k === n) || {};
    if (!group) return;
    const frame = group.closest("div"), here = group.getBoundingClientRect(), room = frame.getBoundingClientRect();
    if (here.left < room.left || here.right > room.right) {
      frame.scrollLeft += (here.left + here.right - room.left - room.right) / 2;
    }
  }

  // What is known so far of a row: all values before the first step, all γ without a step.
  paint(step, chosen) {
    const { net, value, grad } = this.learner, low = channels(color("--low")), high = channels(color("--high"));
    const reach = net.weights.reduce((most, i) => Math.max(most, Math.abs(value[i])), 1e-9);
    const order = (l, n) => l * 1e6 + n;
    const wave = !step ? null : step.kind;
    for (const one of this.neurons) {
      const l = one.c - 1, here = step && step.l === l && step.n === one.k;
      const isKnown = l < 0 || wave === "idle" || wave !== "inputs" && (wave !== "forward" || order(l, one.k) <= order(step.l, step.n));
      const isSwept = l >= 0 && (wave === null || wave === "update" ||
        wave === "backward" && order(l, one.k) >= order(step.l, step.n));
      const y = value[one.place];
      one.circle.setAttribute("fill", isKnown && l >= 0 ? `rgb(${mixed(squashed(net, l, y), low, high)})` : color("--panel"));
      one.text.textContent = isKnown ? short(y) : "?";
      one.gamma.textContent = isSwept ? `γ ${short(grad[net.layers[l][one.k].sum])}` : "";
      one.group.classList.toggle("unknown", !isKnown);
      one.group.classList.toggle("now", Boolean(here && wave === "forward"));
      one.group.classList.toggle("back", Boolean(here && wave === "backward"));
      one.group.classList.toggle("chosen", l === chosen.l && one.k === chosen.n);
    }
    (this.desired || []).forEach((text, k) => { text.textContent = `d ${short(value[net.desired[k]])}`; });
    for (const { c, k, group, text } of this.neurons.filter((one) => one.c)) {
      group.setAttribute("aria-label", `${text.textContent}, neuron ${k + 1} of layer ${c}`);
    }
    for (const { l, n, k, path, title, place } of this.links) {
      const w = value[place];
      const isUsed = !step || wave === "update" || wave === "P" || wave === "inputs" || wave === "idle" ||
        (wave === "forward" ? step.l === l && step.n === n : step.l === l && step.n === n || step.l === l - 1 && step.n === k);
      path.setAttribute("class", `link ${w < 0 ? "minus" : "plus"}${isUsed ? "" : " quiet"}`);
      path.setAttribute("stroke-width", (0.6 + 5 * Math.abs(w) / reach).toFixed(2));
      title.textContent = `w[${l + 1},${n + 1},${k + 1}] = ${show(w)}`;
    }
  }
}
function squashed(net, l, y) {
  const op = net.activations[l];
  return op === "sigmoid" ? y : op === "tanh" ? (y + 1) / 2 : 0.5 + y / (1 + Math.abs(y)) / 2;
}
const short = (x) => (Math.abs(x) >= 100 || Math.abs(x) < 0.005 && x !== 0 ? show(x, 1)
  : String(Number(x.toFixed(2))).replace("-", "−"));

// ------------------------------------------------------------------------------ the surface
const GRID = 44;
class Surface {
  constructor(canvas, rows) {
    this.canvas = canvas;
    this.paper = canvas.getContext("2d");
    this.small = document.createElement("canvas");
    this.small.width = this.small.height = GRID;
    this.rows = rows;
    this.range = rows[0][0].map((_, k) => {
      const all = rows.map(([x]) => x[k]), low = Math.min(...all), high = Math.max(...all);
      const edge = (high - low || 1) * 0.15;
      return [low - edge, high + edge];
    });
    const all = rows.flatMap(([, d]) => d);
    this.low = Math.min(0, ...all);
    this.high = Math.max(1, ...all);
  }

  place(k, x) {
    const [low, high] = this.range[k], size = this.canvas.width;
    return (k === 0 ? (x - low) / (high - low) : (high - x) / (high - low)) * size;
  }

  paint(learner, now) {
    if (this.range.length === 1) this.line(learner, now);
    else this.plane(learner, now);
  }

  plane(learner, now) {
    const low = channels(color("--low")), high = channels(color("--high"));
    const image = new ImageData(GRID, GRID), [[x0, x1], [y0, y1]] = this.range;
    for (let j = 0; j < GRID; j++) {
      for (let i = 0; i < GRID; i++) {
        const point = [x0 + (x1 - x0) * (i + 0.5) / GRID, y1 - (y1 - y0) * (j + 0.5) / GRID];
        const z = learner.outputs(point)[0];
        image.data.set([...mixed((z - this.low) / (this.high - this.low), low, high), 255], 4 * (GRID * j + i));
      }
    }
    this.small.getContext("2d").putImageData(image, 0, 0);
    this.paper.drawImage(this.small, 0, 0, this.canvas.width, this.canvas.height);
    this.rows.forEach(([x, d], k) => {
      this.dot(this.place(0, x[0]), this.place(1, x[1]), d[0] > (this.low + this.high) / 2, k === now);
    });
  }

  dot(x, y, isHigh, isNow) {
    const { paper } = this, r = isNow ? 6 : 4;
    paper.beginPath();
    if (isHigh) paper.arc(x, y, r, 0, 2 * Math.PI);
    else paper.rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r);
    paper.fillStyle = color(isHigh ? "--minus" : "--plus");
    paper.fill();
    paper.lineWidth = isNow ? 3 : 1;
    paper.strokeStyle = color(isNow ? "--text" : "--page");
    paper.stroke();
  }

  line(learner, now) {
    const { paper } = this, size = this.canvas.width, [[x0, x1]] = this.range;
    const y = (z) => size * (0.92 - 0.84 * (z - this.low) / (this.high - this.low));
    paper.fillStyle = color("--page");
    paper.fillRect(0, 0, size, size);
    this.rows.forEach(([x, d], k) => this.dot(this.place(0, x[0]), y(d[0]), true, k === now));
    paper.beginPath();
    for (let i = 0; i <= 120; i++) {
      paper.lineTo(size * i / 120, y(learner.outputs([x0 + (x1 - x0) * i / 120])[0]));
    }
    paper.lineWidth = 2.5;
    paper.strokeStyle = color("--now");
    paper.stroke();
  }
}

// For more inputs than two: the rows and what comes out.
function tableOf(box, learner, rows, now) {
  const table = document.createElement("table"), { net } = learner;
  const line = (cells, kind) => {
    const tr = document.createElement("tr");
    cells.forEach((cell) => tr.appendChild(document.createElement(kind)).textContent = cell);
    return tr;
  };
  const head = table.createTHead();
  head.append(line([...net.inputs.map((_, k) => `x${index(k + 1)}`), ...net.desired.map((_, k) => `d${index(k + 1)}`),
    ...net.desired.map((_, k) => `z${index(k + 1)}`)], "th"));
  const body = table.createTBody();
  rows.slice(0, 200).forEach(([x, d], k) => {
    const tr = body.appendChild(line([...x, ...d, ...learner.outputs(x)].map((v) => short(v)), "td"));
    tr.classList.toggle("now", k === now);
  });
  box.replaceChildren(table);
}

// -------------------------------------------------------------------------------- the curve
function drawCurve(box, history) {
  const known = history.filter(Number.isFinite);
  const low = Math.min(0, ...known) || -1, many = Math.max(1, history.length - 1);
  const points = history.map((P, k) => [300 * k / many, 6 + 80 * (P / low)])
    .filter(([, y]) => Number.isFinite(y));
  box.querySelector("polyline").setAttribute("points",
    points.map((point) => point.map((x) => x.toFixed(1)).join(",")).join(" "));
  box.querySelector(".zero").setAttribute("d", "M0 6H300");
}
