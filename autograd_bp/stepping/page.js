// The page: its state, the picture, and how to go from step to step.
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
// A node has got something, perhaps 0, once the wave was at any operation that uses it.
const LAST = NODES.length - 1, LAST_USER = NODES.map(() => -1);
NODES.forEach((node, i) => node.parents.forEach((parent) => { LAST_USER[parent] = i; }));
LAST_USER[LAST] = LAST;
function paint() {
  const step = steps[at], back = step.kind === "seed" || step.kind === "backward";
  const sweep = step.kind === "backward" ? state.sweeps[step.sweep] : null;
  const grad = sweep ? sweep.grad : NODES.map((node, i) => (i === NODES.length - 1 ? 1 : 0));
  const current = NODES[step.node];
  NODES.forEach((node, i) => {
    const known = node.kind !== "operation" || back || (step.kind === "forward" && i <= step.node);
    const touched = back && node.kind !== "constant" && LAST_USER[i] >= (sweep ? step.node : LAST);
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

// ---------------------------------------------------------------------------------- the view
const LEAST = 9 / 11, MOST = 4; // letters of 11 are at least 9 high where the picture is fitted
let scale = 1;
function zoom(to) {
  const svg = $("figure").querySelector("svg"), box = svg.viewBox.baseVal;
  scale = Math.min(MOST, Math.max(0.2, to));
  svg.setAttribute("width", Math.round(box.width * scale));
  svg.setAttribute("height", Math.round(box.height * scale));
}
function fit() {
  const figure = $("figure"), box = figure.querySelector("svg").viewBox.baseVal;
  zoom(Math.max(LEAST, Math.min(1.6, (figure.clientWidth - 2) / box.width,
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
// A card leads to the step that computes it, or back to it once the wave runs back.
function stepOf(i) {
  const isBack = steps[at].kind === "seed" || steps[at].kind === "backward";
  const kind = NODES[i].kind !== "operation" ? "leaves" : isBack ? "backward" : "forward";
  return steps.findIndex((step) => step.kind === kind && (kind === "leaves" || step.node === i));
}

// ---------------------------------------------------------------------------------- control
function go(to) {
  at = Math.max(0, Math.min(steps.length - 1, to));
  try { history.replaceState(null, "", `#step=${at + 1}`); } catch { /* in a frame without an address */ }
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
  ask();
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
