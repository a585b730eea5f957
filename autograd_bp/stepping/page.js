// The page: steps, the picture, the fields.
const $ = (id) => document.getElementById(id);
const DATA = JSON.parse($("data").textContent);
const NODES = DATA.nodes;
const OUTPUT = NODES[NODES.length - 1].name;
const changed = new Map();
let state, steps, at = 0, timer = 0, rate = 1;

function compute() {
  const { value, partials } = forward(NODES, changed);
  const { grad, sweeps } = backward(NODES, partials);
  state = { value, partials, grad, sweeps };
  steps = makeSteps(NODES, sweeps);
}

// ------------------------------------------------------------------------ what a step shows
const symbol = (i) => mi(NODES[i].name);
const plain = (x) => mn(x);
const bracketed = (x) => (x < 0 || Object.is(x, -0) ? mrow("(", mn(x), ")") : mn(x));
const valueOf = (i) => state.value[i];

function line(note, ...parts) {
  const box = document.createElement("div");
  box.className = "formula";
  if (note) {
    const small = document.createElement("small");
    small.textContent = note;
    box.append(small);
  }
  // One piece for each side of an equation: MathML does not break lines, but between them
  // the text can.
  const pieces = [[]];
  for (const part of parts) {
    if (part === "=") pieces.push([]);
    pieces[pieces.length - 1].push(part);
  }
  for (const piece of pieces.filter((each) => each.length)) {
    const math = element("math", mrow(...piece));
    math.setAttribute("displaystyle", "true");
    box.append(math, " ");
  }
  return box;
}
function gammaLine(...x) {
  const box = line(...x);
  box.classList.add("gamma");
  return box;
}
const isGiven = (node) => node.kind === "constant" && node.name === show(Number(node.value));
const named = (node) => (k) => symbol(node.parents[k]);
const numbers = (node) => (k) => plain(valueOf(node.parents[k]));
const factors = (node) => (k) => bracketed(valueOf(node.parents[k]));
const namedFactors = (node) => (k) => {
  const parent = node.parents[k];
  return isGiven(NODES[parent]) ? bracketed(valueOf(parent)) : symbol(parent);
};

function describe(step) {
  const node = NODES[step.node];
  if (step.kind === "leaves") {
    const leaves = NODES.filter((each) => each.kind === "leaf").length;
    return { title: "Start: what is given", words: `${leaves} inputs and weights are given; ` +
      "everything else is computed from them, one operation at a time.", lines: [] };
  }
  if (step.kind === "forward") {
    const result = valueOf(step.node);
    return {
      title: `Forward: ${node.name}`,
      words: `${node.op}: ${node.name} = ${show(result)}. ` +
        "On the edges: how much it changes with each input.",
      lines: [
        line("the operation", symbol(step.node), "=", expression(node, named(node), namedFactors(node))),
        line("with the numbers", symbol(step.node), "=",
          expression(node, numbers(node), factors(node)), "=", mn(result)),
      ],
    };
  }
  if (step.kind === "seed") {
    return { title: `Backward starts at ${node.name}`,
      words: `The derivative of ${node.name} by itself is 1. From here the wave goes back.`,
      lines: [line("", partial(node.name, node.name), "=", mn(1))] };
  }
  return describeSweep(step, node);
}

function describeSweep(step, node) {
  const sweep = state.sweeps[step.sweep];
  const lines = [...gammaLines(step.node)];
  const shown = sweep.added.filter((each) => NODES[each.parent].kind !== "constant");
  for (const each of shown.slice(0, 40)) {
    const parent = NODES[each.parent];
    const y = () => symbol(step.node);
    const local = localFormula(node, each.k, namedFactors(node), y);
    const parts = [partial(OUTPUT, parent.name), "+=", partial(OUTPUT, node.name), "·"];
    parts.push(local || partial(node.name, parent.name));
    parts.push("=", bracketed(sweep.gradient), "·", bracketed(each.partial), "=", mn(each.amount));
    const note = each.closed && each.partial !== 0 && sweep.gradient !== 0 ? "closed" :
      each.before === 0 ? "" : `it had ${show(each.before)}, now it is ${show(each.after)}`;
    lines.push(line(`to ${parent.name}${note ? ": " + note : ""}`, ...parts));
  }
  lines.push(...changeLines(step.node));
  const words = `${node.name} has its whole gradient, ${show(sweep.gradient)}. Times each local ` +
    "derivative, it is added to the gradient of each input.";
  return { title: `Backward: ${node.name}`, words, lines };
}

const gammaName = (alpha) => {
  const index = /\[(.*)\]/.exec(NODES[alpha].name);
  return mi(index ? `γ[${index[1]}]` : "γ");
};
// γ of the post, where the node is the output of a sigmoid neuron.
function gammaLines(i) {
  const found = DATA.gammas.find((each) => each.node === i);
  if (!found) return [];
  const y = valueOf(i), γ = gammaName(found.alpha), result = state.grad[found.alpha];
  const slope = [symbol(i), "(", mn(1), "−", symbol(i), ")"];
  const slopeNumbers = [bracketed(y), "·", mrow("(", mn(1), "−", bracketed(y), ")"), "·"];
  if (found.desired !== null) {
    const d = found.desired;
    return [
      gammaLine("γ of an output neuron", γ, "=", ...slope, "(", symbol(d), "−", symbol(i), ")"),
      gammaLine("", "=", ...slopeNumbers, "(", mn(valueOf(d)), "−", bracketed(y), ")", "=", mn(result)),
    ];
  }
  const sum = found.next.map(([alpha, weight]) => mrow(gammaName(alpha), symbol(weight)));
  const numbers = found.next.map(([alpha, weight]) =>
    mrow(bracketed(state.grad[alpha]), "·", bracketed(valueOf(weight))));
  return [
    gammaLine("γ of a hidden neuron: the γ's after it, through their weights",
      γ, "=", ...slope, "(", ...join(some(sum.length, (k) => sum[k]), "+"), ")"),
    gammaLine("", "=", ...slopeNumbers, "(", ...join(some(numbers.length, (k) => numbers[k]), "+"), ")",
      "=", mn(result)),
  ];
}
// Δw of the post, where the node is the stimulus of a sigmoid neuron.
function changeLines(i) {
  const found = DATA.gammas.find((each) => each.alpha === i);
  const node = NODES[i], n = Math.floor(node.parents.length / 2);
  if (!found || node.op !== "dot") return [];
  return [...Array(n).keys()].slice(0, 40).map((k) => {
    const weight = node.parents[k], input = node.parents[k + n];
    const γ = state.grad[i], y = valueOf(input);
    return gammaLine(k ? "" : "the change of each weight, Δw = δ y γ",
      "Δ", symbol(weight), "=", element("mi", "δ"), isGiven(NODES[input]) ? bracketed(y) : symbol(input),
      gammaName(i), "=", mn(rate), "·", bracketed(y), "·", bracketed(γ), "=", mn(rate * y * γ));
  });
}

// ------------------------------------------------------------------------------ the picture
const card = (i) => $(`step-n${i}`);
const edge = (i, k) => $(`step-e${i}-${k}`);
function mark(box, ...classes) {
  for (const name of ["waiting", "swept", "input", "now", "gets", "quiet"]) {
    box.classList.toggle(name, classes.includes(name));
  }
}
function short(x) {
  const size = Math.abs(x);
  if (size >= 1e-3 && size < 1e5) return String(Number(x.toPrecision(4))).replace("-", "−");
  if (!Number.isFinite(x) || x === 0) return show(x);
  return x.toExponential(2).replace("e+", "e").replace(/-/g, "−");
}
function paint() {
  const step = steps[at], back = step.kind === "seed" || step.kind === "backward";
  const sweep = step.kind === "backward" ? state.sweeps[step.sweep] : null;
  const grad = sweep ? sweep.grad : NODES.map((node, i) => (i === NODES.length - 1 ? 1 : 0));
  const current = NODES[step.node];
  NODES.forEach((node, i) => {
    const known = node.kind !== "operation" || back || (step.kind === "forward" && i <= step.node);
    const touched = back && grad[i] !== 0 && node.kind !== "constant";
    const isInput = step.kind === "forward" && current.parents.includes(i);
    const gets = sweep && node.kind !== "constant" && current.parents.includes(i);
    mark(card(i), !known && "waiting", touched && "swept", isInput && "input",
      i === step.node && "now", gets && "gets");
    if (node.kind !== "constant") {
      card(i).querySelector(".v").textContent = known ? short(state.value[i]) : "?";
      card(i).querySelector(".g").textContent = touched ? `∂ ${short(grad[i])}` : "";
    }
    node.parents.forEach((parent, k) => {
      const box = edge(i, k);
      mark(box, i === step.node && (sweep ? NODES[parent].kind !== "constant" && "gets" :
        step.kind === "forward" && "now"), !known && "quiet");
      box.querySelector("text").textContent = short(state.partials[i][k]);
    });
  });
  if (step.node >= 0) reveal(card(step.node));
}
function reveal(box) {
  const figure = $("figure"), here = box.getBoundingClientRect(), view = figure.getBoundingClientRect();
  const left = here.left + here.width / 2 - view.left - view.width / 2;
  const top = here.top + here.height / 2 - view.top - view.height / 2;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  figure.scrollBy({ left, top, behavior: calm ? "auto" : "smooth" });
}

// ---------------------------------------------------------------------------------- control
function go(to) {
  at = Math.max(0, Math.min(steps.length - 1, to));
  const step = describe(steps[at]);
  $("what").textContent = step.title;
  $("words").textContent = step.words;
  $("formulas").replaceChildren(...step.lines);
  $("scrub").value = at;
  $("scrub").setAttribute("aria-valuetext", `Step ${at + 1} of ${steps.length}: ${step.title}`);
  $("count").textContent = `Step ${at + 1} of ${steps.length}`;
  $("said").textContent = `Step ${at + 1} of ${steps.length}. ${step.title}. ${step.words}`;
  $("first").disabled = $("back").disabled = at === 0;
  $("next").disabled = $("last").disabled = at === steps.length - 1;
  paint();
}
function pause() {
  clearInterval(timer);
  timer = 0;
  $("play").textContent = "Play";
  $("play").setAttribute("aria-label", "Play (space)");
}
function play() {
  if (timer) return pause();
  if (at === steps.length - 1) go(0);
  $("play").textContent = "Pause";
  $("play").setAttribute("aria-label", "Pause (space)");
  timer = setInterval(() => {
    go(at + 1);
    if (at === steps.length - 1) pause();
  }, Number($("speed").value));
}
const jump = (to) => { pause(); go(to()); };
const MOVES = { ArrowLeft: () => at - 1, ArrowRight: () => at + 1, Home: () => 0,
  End: () => steps.length - 1 };
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const on = event.target;
  if (on.matches("select, input") && on.id !== "scrub") return;
  if (event.key === " ") {
    if (on.matches("button") && on.id !== "play") return;
    event.preventDefault();
    play();
  } else if (MOVES[event.key]) {
    event.preventDefault();
    jump(MOVES[event.key]);
  }
});
// A button acts on the key's way up as well.
document.addEventListener("keyup", (event) => {
  if (event.key === " " && event.target.id === "play") event.preventDefault();
});
$("first").addEventListener("click", () => jump(MOVES.Home));
$("back").addEventListener("click", () => jump(MOVES.ArrowLeft));
$("next").addEventListener("click", () => jump(MOVES.ArrowRight));
$("last").addEventListener("click", () => jump(MOVES.End));
$("play").addEventListener("click", play);
$("speed").addEventListener("change", () => { if (timer) { pause(); play(); } });
$("scrub").addEventListener("input", () => jump(() => Number($("scrub").value)));

// ----------------------------------------------------------------------------------- fields
const fields = new Map();
function change(i, x) {
  changed.set(i, x);
  compute();
  go(at);
  drawCurve();
}
function input(type, label, value) {
  const box = document.createElement("input");
  box.type = type;
  box.step = "any";
  box.setAttribute("aria-label", label);
  if (type === "range") {
    const reach = Number.isFinite(value) ? Math.max(2, 2 * Math.abs(value)) : 2;
    box.min = -reach;
    box.max = reach;
  }
  box.value = Number.isFinite(value) ? value : "";
  return box;
}
function field(i) {
  const node = NODES[i], start = Number(node.value), row = document.createElement("div");
  row.className = "field";
  const label = document.createElement("label");
  label.textContent = label.title = node.name;
  const number = input("number", node.name, start), slider = input("range", `${node.name}, slider`, start);
  number.id = `field-${i}`;
  slider.id = `slider-${i}`;
  label.htmlFor = number.id;
  number.addEventListener("input", () => {
    if (number.value === "" || !Number.isFinite(Number(number.value))) return;
    slider.value = number.value;
    change(i, Number(number.value));
  });
  slider.addEventListener("input", () => {
    number.value = Number(Number(slider.value).toPrecision(4));
    change(i, Number(number.value));
  });
  row.append(label, number, slider);
  $("leaves").append(row);
  fields.set(i, (x) => {
    slider.max = Math.max(slider.max, Math.abs(x));
    slider.min = -slider.max;
    number.value = slider.value = Number.isFinite(x) ? x : "";
  });
}

// --------------------------------------------------------------------------------- training
const HISTORY = DATA.history;
function parametersAt(k) {
  const values = new Map(changed);
  HISTORY.leaves.forEach((leaf, j) => values.set(leaf, Number(HISTORY.rows[k][j])));
  return values;
}
function drawCurve() {
  if (!HISTORY.rows.length || !isComputable(NODES)) return;
  const all = HISTORY.rows.map((row, k) => forward(NODES, parametersAt(k)).value.at(-1));
  const known = all.filter(Number.isFinite);
  const low = Math.min(...known), high = Math.max(...known), k = Number($("epochs").value);
  const x = (i) => 8 + 584 * i / Math.max(1, all.length - 1);
  const y = (v) => 76 - 72 * (high > low ? (v - low) / (high - low) : 0.5);
  const points = all.map((v, i) => [x(i), y(v)]).filter(([, v]) => Number.isFinite(v));
  $("curve").querySelector("polyline").setAttribute("points",
    points.map((point) => point.map((v) => v.toFixed(1)).join(",")).join(" "));
  $("here").setAttribute("d", `M${x(k).toFixed(1)} 0V80`);
  const words = `Training, stage ${k + 1} of ${all.length}: ${OUTPUT} = ${show(all[k])} ` +
    `(from ${show(all[0])} to ${show(all.at(-1))})`;
  $("epoch").textContent = words;
  $("epochs").setAttribute("aria-valuetext", words);
}
function startTraining() {
  $("training").hidden = !HISTORY.rows.length || !isComputable(NODES);
  $("epochs").max = Math.max(0, HISTORY.rows.length - 1);
  $("epochs").addEventListener("input", () => {
    takeStage();
    compute();
    go(at);
    drawCurve();
  });
  lastStage();
}
function takeStage() {
  parametersAt(Number($("epochs").value)).forEach((x, i) => {
    changed.set(i, x);
    fields.get(i)(x);
  });
}
// The recorded numbers are exact, so they stay where the last stage is what was recorded.
function lastStage() {
  if (HISTORY.rows.length) {
    const last = HISTORY.rows.length - 1;
    $("epochs").value = last;
    const isRecorded = HISTORY.leaves.every((leaf, j) => NODES[leaf].value === HISTORY.rows[last][j]);
    if (!isRecorded && isComputable(NODES)) takeStage();
  }
  compute();
  drawCurve();
}
function start() {
  compute();
  // In the order in which they are used, so that the layers follow each other.
  const used = NODES.flatMap((node) => node.parents).concat(NODES.map((node, i) => i));
  const leaves = [...new Set(used)].filter((i) => NODES[i].kind === "leaf");
  leaves.forEach(field);
  $("reset").addEventListener("click", () => {
    changed.clear();
    fields.forEach((set, i) => set(Number(NODES[i].value)));
    lastStage();
    go(at);
  });
  if (!isComputable(NODES)) {
    const unknown = NODES.filter((node) => node.kind === "operation" && !ROWS.has(node.op));
    $("unable").hidden = false;
    $("unable").textContent = `The page cannot compute ${unknown[0].op}, a function of your own: ` +
      "the numbers are those that were recorded, and cannot be changed here.";
    document.querySelectorAll("#fields input, #reset").forEach((box) => { box.disabled = true; });
  }
  $("ratebox").hidden = DATA.gammas.length === 0;
  $("rate").value = rate;
  $("rate").addEventListener("input", () => {
    if (Number.isFinite(Number($("rate").value))) rate = Number($("rate").value);
    go(at);
  });
  $("scrub").max = steps.length - 1;
  const split = steps.findIndex((step) => step.kind === "seed");
  const [before, after] = $("halves").children;
  before.style.flexGrow = split;
  after.style.flexGrow = steps.length - split;
  startTraining();
  go(0);
}
start();
