// The page: its state, and how to go from step to step.
const $ = (id) => document.getElementById(id);
const DATA = JSON.parse($("data").textContent);
const NODES = DATA.nodes;
const OUTPUT = NODES[NODES.length - 1].name;
const FOLDING = Boolean(DATA.folds);
const changed = new Map();
let state, steps, at = 0, timer = 0, rate = 1;

function compute() {
  const { value, partials } = forward(NODES, changed);
  const { grad, sweeps } = backward(NODES, partials);
  const sweepOf = [];
  for (const sweep of sweeps) sweepOf[sweep.node] = sweep;
  const amounts = sweeps.flatMap((sweep) => sweep.added
    .filter((share) => NODES[share.parent].kind !== "constant").map((share) => share.amount));
  const isShown = (x, i) => i < NODES.length - 1 && NODES[i].kind !== "constant";
  const largest = sizeOf(grad.filter(isShown)), learning = sizeOf(DATA.parameters.map((i) => grad[i]));
  state = { value, partials, grad, sweeps, sweepOf, reach: sizeOf(amounts), replayed: { k: -1, grad: null },
    largest: learning > 0 && learning < DATA.bins[1] * largest ? learning : largest };
  steps = makeSteps(NODES, sweeps);
}
// The gradients as they are at a step, from what each sweep has added.
function gradientsAt(step) {
  const k = step.kind === "backward" ? step.sweep : -1, { replayed } = state;
  if (!replayed.grad || replayed.k > k) {
    replayed.grad = NODES.map((node, i) => (i === NODES.length - 1 ? 1 : 0));
    replayed.k = -1;
  }
  while (replayed.k < k) {
    replayed.k += 1;
    for (const share of state.sweeps[replayed.k].added) replayed.grad[share.parent] = share.after;
  }
  return replayed.grad;
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
  if (LEAVES.length > MOST_FIELDS && steps[at].node >= 0) showFields(...NODES[steps[at].node].parents);
  hover(-1);
  paint();
  ask();
  // What has to be scrolled can be reached by the keyboard, too.
  for (const box of $("formulas").children) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
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
  if (event.key === "/" && !on.matches("input")) {
    event.preventDefault();
    return $("find").focus();
  }
  if (on.matches("select, input, summary") && on.id !== "scrub") return;
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
