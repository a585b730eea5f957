// The network as circles, and what it answers over its two inputs. Both are linked with the graph: the
// wave goes through the neuron whose operation is the step.
const NET = DATA.network, MOST_CIRCLES = 8;
const circles = { neurons: [], links: [], of: new Map() };
const chosenOf = (all) => (all.length <= MOST_CIRCLES ? all : [...all.slice(0, MOST_CIRCLES - 1), all[all.length - 1]]);
function drawCircles() {
  const svg = $("circles"), columns = [NET.inputs.map((i) => ({ out: i, sum: -1, weights: [], inputs: [] })), ...NET.layers];
  const shown = columns.map(chosenOf), tallest = Math.max(...shown.map((column) => column.length));
  const gap = Math.max(24, Math.min(64, 190 / tallest)), radius = Math.min(17, gap / 2 - 1.5);
  const wide = Math.max(105, Math.min(190, 560 / columns.length));
  const width = wide * columns.length, height = Math.max(170, gap * tallest + 24);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const lines = svg.appendChild(shape("g", {})), place = new Map();
  shown.forEach((column, c) => column.forEach((neuron, k) => {
    place.set(neuron.out, [wide * (c + 0.5), (height - 18) / 2 + (k - (column.length - 1) / 2) * gap]);
  }));
  shown.forEach((column, c) => {
    column.forEach((neuron) => putCircle(svg, neuron, c, place.get(neuron.out), radius));
    const hidden = columns[c].length - column.length, name = c === 0 ? "inputs" : c === shown.length - 1 ? "outputs" : `layer ${c}`;
    svg.append(shape("text", { class: "small", x: wide * (c + 0.5), y: height - 5 }, hidden ? `${name}, ${hidden} more` : name));
  });
  shown.slice(1).flat().forEach((neuron) => neuron.inputs.forEach((input, k) => {
    if (!place.has(input)) return;
    const [x1, y1] = place.get(input), [x2, y2] = place.get(neuron.out), half = (x1 + x2) / 2;
    const path = lines.appendChild(shape("path", { d: `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}` }));
    circles.links.push({ neuron, weight: neuron.weights[k], path, title: path.appendChild(shape("title", {}, "")) });
  }));
}
function putCircle(svg, neuron, c, [x, y], radius) {
  const box = svg.appendChild(shape("g", { class: `neuron${c ? "" : " given"}` }));
  const circle = box.appendChild(shape("circle", { cx: x, cy: y, r: radius }));
  const text = box.appendChild(shape("text", { x, y: y + 3.5 }));
  const gamma = box.appendChild(shape("text", { class: "gamma", x: x + radius + 3, y: y + radius }));
  if (!c) box.append(shape("text", { class: "name", x: x - radius - 5, y: y + 3.5 }, NODES[neuron.out].name));
  const title = box.appendChild(shape("title", {}, ""));
  box.addEventListener("click", () => {
    const step = neuron.sum < 0 ? stepOf(neuron.out) : stepOf(steps[at].kind === "backward" ? neuron.sum : neuron.out);
    if (step >= 0) jump(() => step);
  });
  circles.neurons.push({ neuron, c, box, circle, text, gamma, title });
  circles.of.set(neuron.sum, neuron).set(neuron.out, neuron);
}
function paintCircles({ step, grad, isKnown, isTouched }) {
  if (!NET) return;
  const here = step.node >= 0 ? circles.of.get(step.node) : undefined, reach = sizeOf(circles.links.map(({ weight }) => state.value[weight]));
  for (const { neuron, c, box, circle, text, gamma, title } of circles.neurons) {
    const y = state.value[neuron.out], known = isKnown(neuron.out), swept = c > 0 && step.kind === "backward" &&
      isTouched(neuron.sum) && step.node <= neuron.sum;
    mark(box, !known && "waiting", c > 0 && here === neuron && "now", c > 0 && here === neuron && step.kind === "backward" && "gets");
    circle.style.fill = known && c ? shade(squashed(y)) : "";
    text.textContent = known ? brief(y) : "?";
    gamma.textContent = swept ? `γ ${brief(grad[neuron.sum])}` : "";
    title.textContent = c ? `${NODES[neuron.out].name} = ${show(y)}` : `${NODES[neuron.out].name} = ${show(y)}, given`;
  }
  for (const { neuron, weight, path, title } of circles.links) {
    const w = state.value[weight];
    path.setAttribute("class", `link ${w < 0 ? "minus" : "plus"}${here && here !== neuron && !(step.kind === "backward" && here.inputs.includes(neuron.out)) ? " faint" : ""}`);
    path.style.strokeWidth = (0.5 + (circles.links.length > 40 ? 2.2 : 4) * (reach ? Math.abs(w) / reach : 0)).toFixed(2);
    title.textContent = `${NODES[weight].name} = ${show(w)}`;
  }
  if (circles.state !== state) paintSurface();
  circles.state = state;
}
const brief = (x) => (x !== 0 && (Math.abs(x) >= 100 || Math.abs(x) < 0.005) ? (Number.isFinite(x) ? x.toExponential(0).replace("e+", "e").replace(/-/g, "−") : show(x))
  : String(Number(x.toFixed(2))).replace("-", "−"));
const squashed = (y) => (y >= 0 && y <= 1 ? y : 0.5 + y / (1 + Math.abs(y)) / 2);
const channels = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
function mixed(share) {
  const t = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0.5)), low = channels(colour("--low")), high = channels(colour("--high"));
  return low.map((x, k) => Math.round(x + t * (high[k] - x)));
}
const shade = (share) => `rgb(${mixed(share)})`;

// ------------------------------------------------------------------------------ the surface
const WORK = 4e5, SIDE = 180;
let plane = null;
function readPlane() {
  if (!NET || NET.inputs.length !== 2 || !isComputable(NODES)) return;
  if (NET.inputs.some((i) => NODES[i].kind !== "leaf")) return;
  const fresh = NODES.map(() => false);
  for (const i of NET.inputs) fresh[i] = true;
  const outs = NET.layers[NET.layers.length - 1].map((neuron) => neuron.out), last = Math.max(...outs);
  const order = [];
  NODES.forEach((node, i) => {
    if (i <= last && node.kind === "operation" && node.parents.some((parent) => fresh[parent])) { fresh[i] = true; order.push(i); }
  });
  const x = NET.inputs.map((i) => Number(NODES[i].value)), most = Math.max(...x.map(Math.abs));
  const range = x.every((one) => one >= 0 && one <= 1) ? [-0.5, 1.5] : [-1.4 * Math.max(1, most), 1.4 * Math.max(1, most)];
  if (!range.every(Number.isFinite)) return;
  plane = { outs, order, range, grid: Math.max(6, Math.min(45, Math.floor(Math.sqrt(WORK / order.length)))) };
  $("surface").hidden = false;
  $("which").hidden = outs.length < 2;
  $("which").append(...outs.map((i) => new Option(NODES[i].name, i)));
  $("which").addEventListener("change", paintSurface);
  const take = (event) => {
    const box = $("plane").getBoundingClientRect(), [low, high] = plane.range;
    const share = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    NET.inputs.forEach((i, k) => {
      const moved = Number((low + (high - low) * Math.min(1, Math.max(0, share[k]))).toFixed(2));
      changed.set(i, moved);
      setField(i, moved);
    });
    compute();
    go(at);
    drawCurve();
  };
  $("plane").addEventListener("pointerdown", (event) => { $("plane").setPointerCapture(event.pointerId); take(event); });
  $("plane").addEventListener("pointermove", (event) => { if (event.buttons) take(event); });
}
function surfaceValues() {
  const { order, range: [low, high], grid } = plane, value = state.value.slice(), out = Number($("which").value || plane.outs[0]), z = [];
  const work = order.map((i) => [i, NODES[i].parents, PRIMITIVES.get(NODES[i].op).f]);
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      value[NET.inputs[0]] = low + (high - low) * (column + 0.5) / grid;
      value[NET.inputs[1]] = high - (high - low) * (row + 0.5) / grid;
      for (const [i, parents, f] of work) value[i] = f(...parents.map((parent) => value[parent]));
      z.push(value[out]);
    }
  }
  return z;
}
function paintSurface() {
  if (!plane) return;
  const canvas = $("plane"), paper = canvas.getContext("2d"), z = surfaceValues(), { grid, range: [low, high] } = plane;
  const known = z.filter(Number.isFinite), isShare = known.every((one) => one >= 0 && one <= 1);
  const [bottom, top] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
  const [least, most] = isShare && top - bottom > 0.3 ? [0, 1] : [bottom, top];
  const small = document.createElement("canvas"), image = new ImageData(grid, grid);
  small.width = small.height = grid;
  const [a, b] = [channels(colour("--low")), channels(colour("--high"))];
  z.forEach((one, k) => {
    const t = Number.isFinite(one) && most > least ? (one - least) / (most - least) : 0.5;
    image.data.set([...a.map((x, c) => Math.round(x + t * (b[c] - x))), 255], 4 * k);
  });
  small.getContext("2d").putImageData(image, 0, 0);
  paper.imageSmoothingEnabled = true;
  paper.drawImage(small, 0, 0, SIDE, SIDE);
  const [x, y] = NET.inputs.map((i) => (state.value[i] - low) / (high - low) * SIDE);
  paper.beginPath();
  paper.arc(x, SIDE - y, 6, 0, 2 * Math.PI);
  paper.fillStyle = colour("--now");
  paper.strokeStyle = colour("--page");
  paper.lineWidth = 2;
  paper.fill();
  paper.stroke();
  const out = Number($("which").value || plane.outs[0]), [first, second] = NET.inputs.map((i) => NODES[i].name);
  $("surface-words").textContent = `${plane.outs.length > 1 ? "" : `${NODES[out].name} `}over ${first} → and ${second} ↑, from ${short(low)} to ${short(high)}: ${short(least)} blue, ${short(most)} orange`;
}
if (NET) {
  $("circled").hidden = false;
  $("circled").addEventListener("click", () => {
    $("network").hidden = !$("network").hidden;
    $("circled").setAttribute("aria-pressed", String(!$("network").hidden));
    fit();
    paint();
  });
  $("network").hidden = matchMedia("(max-width: 46rem)").matches; // a phone shows it when asked
  $("circled").setAttribute("aria-pressed", String(!$("network").hidden));
  drawCircles();
  readPlane();
}
