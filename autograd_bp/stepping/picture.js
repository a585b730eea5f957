// What is drawn: cards and edges of values, folds, and how they are marked at each step. The picture
// is either laid out already, or drawn by folding.js, which draws what is open.
const SVG = $("step-svg").namespaceURI;
function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, x] of Object.entries(attributes)) made.setAttribute(key, x);
  if (text !== undefined) made.textContent = text;
  return made;
}
// cards: for each value its boxes, of which a leaf that several read has more than one.
const drawn = { cards: new Map(), edges: [] };
const card = (i) => (drawn.cards.get(i) || [])[0];
const edge = (i, k) => $(`step-e${i}-${k}`);
function findDrawn() {
  NODES.forEach((node, i) => {
    drawn.cards.set(i, [$(`step-n${i}`)]);
    node.parents.forEach((parent, k) => drawn.edges.push({ i, k, parent, box: edge(i, k) }));
  });
}

const MARKS = ["waiting", "swept", "input", "now", "gets", "quiet"];
function mark(box, ...classes) {
  for (const name of MARKS) box.classList.toggle(name, classes.includes(name));
}
function short(x) {
  const size = Math.abs(x);
  if (size >= 1e-3 && size < 1e5) return String(Number(x.toPrecision(4))).replace("-", "−");
  if (!Number.isFinite(x) || x === 0) return show(x);
  return x.toExponential(2).replace("e+", "e").replace(/-/g, "−");
}
// The strength of a colour, as in other pictures: 0 to 3 by the share of the largest.
const BINS = DATA.bins;
function tone(x, largest) {
  if (!Number.isFinite(x)) return "bad";
  if (x === 0 || !(largest > 0)) return "";
  return (x > 0 ? "plus" : "minus") + BINS.filter((share) => Math.abs(x) >= share * largest).length;
}
function sizeOf(numbers) {
  let most = 0;
  for (const x of numbers) if (Number.isFinite(x) && Math.abs(x) > most) most = Math.abs(x);
  return most;
}

// A node has got something, perhaps 0, once the wave was at any operation that uses it.
const LAST = NODES.length - 1, LAST_USER = NODES.map(() => -1), FIRST_USER = NODES.map(() => -1);
NODES.forEach((node, i) => node.parents.forEach((parent) => {
  LAST_USER[parent] = i;
  if (FIRST_USER[parent] < 0) FIRST_USER[parent] = i;
}));
LAST_USER[LAST] = LAST;

// How far the wave has come at a step.
function progressOf(step) {
  const back = step.kind === "seed" || step.kind === "backward";
  const sweep = step.kind === "backward" ? state.sweeps[step.sweep] : null;
  return {
    step, back, sweep, grad: gradientsAt(step),
    isKnown: (i) => NODES[i].kind !== "operation" || back || (step.kind === "forward" && i <= step.node),
    isTouched: (i) => back && NODES[i].kind !== "constant" && LAST_USER[i] >= (sweep ? step.node : LAST),
  };
}
function paint() {
  const step = steps[at];
  if (FOLDING) redraw(step.node);
  const progress = progressOf(step), current = NODES[step.node];
  for (const [i, boxes] of drawn.cards) for (const box of boxes) paintCard(box, i, progress, current);
  for (const one of drawn.edges) paintEdge(one, progress);
  if (FOLDING) {
    paintFolds(progress);
    paintMap(progress);
  }
  paintCircles(progress);
  showPaths(step.node);
  if (step.node >= 0 && card(step.node)) reveal(card(step.node));
}
function paintCard(box, i, { step, sweep, grad, isKnown, isTouched }, current) {
  const node = NODES[i], known = isKnown(i), touched = isTouched(i);
  const isInput = step.kind === "forward" && current.parents.includes(i);
  const gets = sweep && node.kind !== "constant" && current.parents.includes(i);
  mark(box, !known && "waiting", touched && "swept", isInput && "input",
    i === step.node && "now", gets && "gets");
  if (node.kind === "constant") return;
  box.querySelector(".v").textContent = known ? short(state.value[i]) : "?";
  box.querySelector(".v").classList.toggle("bad", known && !Number.isFinite(state.value[i]));
  box.querySelector(".g").textContent = touched ? `∂ ${short(grad[i])}` : "";
  const strength = touched ? tone(i === LAST ? 0 : grad[i], state.largest) : "";
  box.querySelector(".g").setAttribute("class", `g ${strength}`);
  box.querySelector(".s").setAttribute("class", `s ${strength}`);
}
function paintEdge({ i, k, parent, box }, { step, sweep, isKnown }) {
  const isNow = i === step.node && (sweep ? NODES[parent].kind !== "constant" && "gets" :
    step.kind === "forward" && "now");
  mark(box, isNow, !isKnown(i) && "quiet");
  box.querySelector("text").textContent = short(state.partials[i][k]);
  // What has passed back over the edge: its sign is the colour, its size the width.
  const amount = sweep && i >= step.node && NODES[parent].kind !== "constant" ? amountOf(i, k) : 0;
  box.classList.toggle("plus", amount > 0);
  box.classList.toggle("minus", amount < 0);
  box.classList.toggle("bad", !Number.isFinite(amount));
  const share = state.reach > 0 && Number.isFinite(amount) ? Math.abs(amount) / state.reach : 0;
  box.querySelector("path").style.strokeWidth = amount && !isNow ? (0.8 + 2.6 * share).toFixed(2) : "";
}
const amountOf = (i, k) => state.sweepOf[i].added[k].amount;

function reveal(box) {
  const figure = $("figure"), here = box.getBoundingClientRect(), view = figure.getBoundingClientRect();
  const left = here.left + here.width / 2 - view.left - view.width / 2;
  const top = here.top + here.height / 2 - view.top - view.height / 2;
  const calm = FOLDING || matchMedia("(prefers-reduced-motion: reduce)").matches;
  figure.scrollBy({ left, top, behavior: calm ? "auto" : "smooth" });
}

// ---------------------------------------------------------------------------------- the view
const LEAST = 9 / 11, MOST = 4; // letters of 11 are at least 9 high where the picture is fitted
let scale = 1;
function zoom(to) {
  const svg = $("step-svg"), box = svg.viewBox.baseVal;
  scale = Math.min(MOST, Math.max(0.2, to));
  svg.setAttribute("width", Math.round(box.width * scale));
  svg.setAttribute("height", Math.round(box.height * scale));
}
function fit() {
  const figure = $("figure"), box = $("step-svg").viewBox.baseVal;
  zoom(Math.max(LEAST, Math.min(FOLDING ? 1.2 : 1.6, (figure.clientWidth - 2) / box.width,
    (figure.clientHeight - 2) / box.height)));
}
$("smaller").addEventListener("click", () => zoom(scale / 1.25));
$("larger").addEventListener("click", () => zoom(scale * 1.25));
$("fit").addEventListener("click", fit);
$("full").addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => { $("full").disabled = true; });
});
$("figure").addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
}, { passive: false });
let grip = null;
$("figure").addEventListener("pointerdown", (event) => {
  if (event.pointerType === "mouse") grip = [event.clientX, event.clientY, $("figure").scrollLeft, $("figure").scrollTop];
});
addEventListener("pointermove", (event) => {
  if (!grip) return;
  $("figure").scrollTo({ left: grip[2] + grip[0] - event.clientX, top: grip[3] + grip[1] - event.clientY, behavior: "instant" });
});
addEventListener("pointerup", () => { grip = null; });

// A card leads to the step that computes it, or back to it once the wave runs back; a leaf of a
// large graph to the first operation that reads it.
function stepOf(i) {
  const isBack = steps[at].kind === "seed" || steps[at].kind === "backward";
  if (NODES[i].kind !== "operation" && !FOLDING) return 0;
  const operation = NODES[i].kind === "operation" ? i : isBack ? LAST_USER[i] : FIRST_USER[i];
  return steps.findIndex((step) => step.kind === (isBack ? "backward" : "forward") && step.node === operation);
}
function nodeAt(target) {
  const box = target.closest ? target.closest(".card[data-node]") : null;
  return box ? Number(box.dataset.node) : -1;
}
$("figure").addEventListener("click", (event) => {
  const i = nodeAt(event.target);
  if (i >= 0 && stepOf(i) >= 0) jump(() => stepOf(i));
});
