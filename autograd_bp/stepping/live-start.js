// The state of the page, and its controls. This is the last script, and uses all others.
const $ = (id) => document.getElementById(id);
const MOST_POINTS = 400; // of the curve
const IDLE = { kind: "idle" }; // between two rows
let example, learner, picture, surface, wave, start;
let at = 0, epoch = 0, step = -1, playing = 0, chosen = { l: 0, n: 0 }, history = [], met = 0, every = 1;
let seen = [], mine = null;

function open(one) {
  pause();
  example = one;
  const net = wiring(one.sizes, one.activations);
  start = one.weights.length ? one.weights.map(Number) : firstWeights(net, 1);
  $("rate").value = one.rate;
  $("mode").value = one.mode;
  $("about").textContent = one.about;
  begin(net);
}
function begin(net) {
  learner = new Learner(net, start);
  wave = waveOf(net);
  at = epoch = met = 0;
  step = -1;
  every = 1;
  history = [];
  chosen = { l: net.layers.length - 1, n: 0 };
  picture = new NetworkPicture($("network").querySelector("svg"), learner, choose);
  const isFlat = net.inputs.length <= 2;
  surface = isFlat ? new Surface($("surface").querySelector("canvas"), example.rows) : null;
  $("surface").querySelector("canvas").hidden = !isFlat;
  $("table").hidden = isFlat;
  learner.forward(example.rows[at]);
  learner.backward();
  learner.clear();
  history.push(mean());
  paint();
}
const rate = () => Number($("rate").value);
function mean() {
  let total = 0;
  for (const [x, d] of example.rows) {
    learner.outputs(x).forEach((z, k) => { total -= 0.5 * (d[k] - z) ** 2; });
  }
  return total / example.rows.length;
}
function right() {
  if (!example.rows.every(([, d]) => d.every((x) => x === 0 || x === 1))) return "";
  const hits = example.rows.filter(([x, d]) => {
    const z = learner.outputs(x);
    return d.length === 1 ? (z[0] > 0.5) === (d[0] > 0.5)
      : z.indexOf(Math.max(...z)) === d.indexOf(Math.max(...d));
  });
  return `, ${hits.length} of ${example.rows.length} right`;
}

// --------------------------------------------------------------------------------- learning
function compute() {
  learner.forward(example.rows[at]);
  learner.backward();
}
function finish() {
  const isLast = at === example.rows.length - 1;
  if ($("mode").value === "row" || isLast) learner.step(rate());
  at = isLast ? 0 : at + 1;
  if (isLast) endEpoch();
}
function endEpoch() {
  epoch += 1;
  if (epoch % every === 0) history.push(mean());
  if (history.length > MOST_POINTS) {
    history = history.filter((_, k) => k % 2 === 0);
    every *= 2;
  }
}
function oneRow() {
  if (step < 0) compute();
  step = -1;
  finish();
}
function oneEpoch() {
  do oneRow(); while (at !== 0);
}
function nextStep() {
  if (step < 0) compute();
  step += 1;
  if (wave[step].l !== undefined) chosen = { l: wave[step].l, n: wave[step].n };
  if (step === wave.length - 1) {
    paint();
    finish();
    step = -1;
    return;
  }
  paint();
  if (wave[step].l !== undefined) picture.follow(wave[step].l, wave[step].n);
}
function frame() {
  const speed = $("speed").value, begun = performance.now();
  if (speed === "slow") oneRow();
  else if (speed === "max") do oneEpoch(); while (performance.now() - begun < 40);
  else for (let k = 0; k < Number(speed); k++) oneEpoch();
  if (!learner.weights.every(Number.isFinite)) {
    pause();
    $("trouble").textContent = "A weight is no longer finite: start again with a smaller rate δ.";
  }
  showNow();
  if (playing) playing = speed === "slow" ? setTimeout(frame, 250) : requestAnimationFrame(frame);
}
function showNow() {
  learner.forward(example.rows[at]);
  paint();
  const now = performance.now();
  seen = [...seen.filter((time) => now - time < 1000), now];
}
function play() {
  if (playing) return pause();
  $("play").textContent = "Pause";
  $("play").setAttribute("aria-label", "Pause (space)");
  seen = [];
  playing = 1;
  playing = requestAnimationFrame(frame);
}
function pause() {
  cancelAnimationFrame(playing);
  clearTimeout(playing);
  playing = 0;
  $("play").textContent = "Train";
  $("play").setAttribute("aria-label", "Train (space)");
  if (learner) paint();
}

// ---------------------------------------------------------------------------------- showing
function paint() {
  const current = step < 0 ? null : wave[step];
  picture.paint(playing ? null : current || IDLE, chosen);
  if (surface) surface.paint(learner, at);
  else tableOf($("table"), learner, example.rows, at);
  drawCurve($("curve"), history);
  const P = mean();
  $("curve-words").textContent = `mean P ${show(P)} after ${epoch} ${epoch === 1 ? "epoch" : "epochs"}`;
  $("surface-words").textContent = surface && surface.range.length === 2
    ? `z over x₁ and x₂${right()}` : surface ? "z over x₁, and the rows" : `the rows${right()}`;
  $("network-words").textContent = "A solid line is a weight above 0, a dashed one below, as thick as it is large. " +
    "In a neuron its output y, below it γ.";
  const row = `row ${at + 1} of ${example.rows.length}`;
  const pictures = playing && seen.length > 1 ? `, ${seen.length} pictures a second` : "";
  $("count").textContent = playing ? `Epoch ${epoch}${pictures}`
    : `Epoch ${epoch}, ${row}${step >= 0 ? `, step ${step + 1} of ${wave.length}` : ""}`;
  if (playing) return;
  const [title, lines] = wordsOf(learner, current || IDLE, rate());
  $("what").textContent = title;
  $("lines").replaceChildren(...lines.map((line) => {
    const p = document.createElement("p");
    p.textContent = line;
    p.classList.toggle("gamma", line.startsWith("γ"));
    return p;
  }));
  showFields();
}
function choose(l, n) {
  chosen = { l, n };
  paint();
}
function showFields() {
  const { l, n } = chosen, neuron = learner.net.layers[l][n], box = $("weights");
  $("whose").textContent = `Weights of neuron ${n + 1}, layer ${l + 1}`;
  if (box.dataset.of !== `${l},${n},${learner.net.sizes}`) {
    box.dataset.of = `${l},${n},${learner.net.sizes}`;
    box.replaceChildren(...neuron.weights.map((_, k) => {
      const line = document.createElement("div"), label = document.createElement("label");
      const input = document.createElement("input");
      line.className = "field";
      input.type = "number";
      input.step = "any";
      input.id = `weight-${k}`;
      label.htmlFor = input.id;
      label.textContent = `w${index(k)}${k ? "" : " (on −1)"}`;
      input.addEventListener("input", () => {
        if (input.value === "" || !Number.isFinite(Number(input.value))) return;
        learner.value[learner.net.layers[chosen.l][chosen.n].weights[k]] = Number(input.value);
        if (step >= 0) { learner.clear(); compute(); } else learner.forward(example.rows[at]);
        paint();
      });
      line.append(label, input);
      return line;
    }));
  }
  neuron.weights.forEach((i, k) => {
    const input = $(`weight-${k}`);
    const w = learner.value[i];
    if (document.activeElement !== input) input.value = Number.isFinite(w) ? w : "";
  });
}

// --------------------------------------------------------------------------------- own rows
function parsed(text, sizes, activation) {
  const rows = text.split("\n").map((line, k) => [line.trim(), k + 1]).filter(([line]) => line);
  if (!rows.length) throw new Error("There is no row yet.");
  const all = rows.map(([line, k]) => {
    const sides = line.split(/->|→|\|/);
    if (sides.length !== 2) throw new Error(`Line ${k}: write the inputs, an arrow ->, and what is desired.`);
    const numbers = sides.map((side) => side.trim().split(/[\s,;]+/).filter(Boolean).map(Number));
    if (numbers.some((side) => !side.length)) throw new Error(`Line ${k}: there is no number on one side of the arrow.`);
    if (numbers.flat().some((x) => !Number.isFinite(x))) throw new Error(`Line ${k}: something is not a number.`);
    return numbers;
  });
  const [inputs, outputs] = all[0].map((side) => side.length);
  all.forEach(([x, d], k) => {
    if (x.length !== inputs || d.length !== outputs) {
      throw new Error(`Line ${rows[k][1]} has ${x.length} inputs and ${d.length} desired, the first has ${inputs} and ${outputs}.`);
    }
  });
  const hidden = sizes.trim().split(/[\s,;x×-]+/).filter(Boolean).map(Number);
  if (hidden.some((n) => !Number.isInteger(n) || n < 1 || n > 64)) throw new Error("Hidden layers are whole numbers from 1 to 64, as in: 8 8");
  if (inputs > 64 || outputs > 64 || hidden.length > 6 || all.length > 2000) throw new Error("That is too large for this page: at most 64 numbers on a side, 6 hidden layers, 2000 rows.");
  const isSquashed = all.every(([, d]) => d.every((x) => x >= 0 && x <= 1));
  return {
    name: "typed", title: "Your own rows", sizes: [inputs, ...hidden, outputs], rows: all, weights: [],
    activations: [...hidden.map(() => activation), isSquashed ? "sigmoid" : "linear"],
    rate: isSquashed ? 1 : 0.05, mode: "row",
    about: isSquashed ? "Sigmoid outputs, since all that is desired lies between 0 and 1." : "Linear outputs, since what is desired leaves 0 to 1.",
  };
}
$("use").addEventListener("click", () => {
  $("trouble").textContent = "";
  try {
    const own = parsed($("rows").value, $("hidden").value, $("activation").value);
    if (![...$("example").options].some((option) => option.value === own.name)) {
      $("example").append(new Option(own.title, own.name));
    }
    $("example").value = own.name;
    mine = own;
    open(own);
  } catch (error) {
    $("trouble").textContent = error.message;
  }
});

// --------------------------------------------------------------------------------- controls
$("example").append(...DATA.examples.map((one) => new Option(one.title, one.name)));
$("example").addEventListener("change", () => {
  location.replace(`#example=${$("example").value}`);
  $("trouble").textContent = "";
  open(DATA.examples.find((one) => one.name === $("example").value) || mine);
});
const stop = (act) => () => { pause(); act(); };
$("play").addEventListener("click", play);
$("row").addEventListener("click", stop(() => { oneRow(); learner.forward(example.rows[at]); paint(); }));
$("wave").addEventListener("click", stop(nextStep));
$("again").addEventListener("click", stop(() => { $("trouble").textContent = ""; begin(learner.net); }));
$("other").addEventListener("click", stop(() => {
  $("trouble").textContent = "";
  start = firstWeights(learner.net, Math.floor(Math.random() * 2 ** 32));
  begin(learner.net);
}));
$("mode").addEventListener("change", () => learner.clear());
const KEYS = { " ": "play", ArrowRight: "wave", r: "row", R: "row" };
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !KEYS[event.key]) return;
  if (event.target.matches("select, input, textarea")) return;
  if (event.key === " " && event.target.matches("button")) return;
  event.preventDefault();
  $(KEYS[event.key]).click();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint());
const wanted = new URLSearchParams(location.hash.slice(1)).get("example");
const first = DATA.examples.find((one) => one.name === wanted) || DATA.examples[0];
$("example").value = first.name;
open(first);
