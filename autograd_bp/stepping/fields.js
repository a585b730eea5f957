// The fields of the leaves, and the stages of a training.
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
function fieldOf(i) {
  if (fields.has(i)) return fields.get(i).box;
  const node = NODES[i], start = Number(node.value), box = document.createElement("div");
  box.className = "field";
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
  box.append(label, number, slider);
  fields.set(i, { box, set: (x) => {
    slider.max = Math.max(slider.max, Math.abs(x));
    slider.min = -slider.max;
    number.value = slider.value = Number.isFinite(x) ? x : "";
  } });
  if (changed.has(i)) setField(i, changed.get(i));
  if (!isComputable(NODES)) number.disabled = slider.disabled = true;
  return box;
}
function setField(i, x) {
  if (fields.has(i)) fields.get(i).set(x);
}
// In the order in which they are used, so that the layers follow each other. Of many leaves those
// come first that the step reads.
const MOST_FIELDS = 60;
const LEAVES = [...new Set(NODES.flatMap((node) => node.parents).concat(NODES.map((node, i) => i)))]
  .filter((i) => NODES[i].kind === "leaf");
function showFields(...first) {
  const front = [...new Set(first)].filter((i) => NODES[i] && NODES[i].kind === "leaf");
  const list = LEAVES.length <= MOST_FIELDS ? LEAVES
    : [...new Set([...front, ...LEAVES.slice(0, MOST_FIELDS)])].slice(0, MOST_FIELDS);
  if (LEAVES.length <= MOST_FIELDS && $("leaves").childElementCount) return;
  $("leaves").replaceChildren(...list.map(fieldOf));
  $("leaves").scrollTop = 0;
  $("some").hidden = LEAVES.length <= MOST_FIELDS;
  $("some").textContent = `${MOST_FIELDS} of ${LEAVES.length.toLocaleString("en")}: those of the step first, “Find” shows others.`;
}

// --------------------------------------------------------------------------------- training
const HISTORY = DATA.history;
function parametersAt(k) {
  const values = new Map(changed);
  HISTORY.leaves.forEach((leaf, j) => values.set(leaf, Number(HISTORY.rows[k][j])));
  return values;
}
// Of a long training of a large graph, some of the stages are computed for the curve.
const MOST_COMPUTED = 2e6;
function drawCurve() {
  if (!HISTORY.rows.length || !isComputable(NODES)) return;
  const every = Math.ceil(HISTORY.rows.length * NODES.length / MOST_COMPUTED);
  const isComputed = (k) => k % every === 0 || k === HISTORY.rows.length - 1 || k === Number($("epochs").value);
  const all = HISTORY.rows.map((stage, k) => (isComputed(k) ? forward(NODES, parametersAt(k)).value.at(-1) : NaN));
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
    setField(i, x);
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

// The step that learning takes: every weight moves up the gradient.
function ascend() {
  const before = state.value.at(-1);
  for (const i of DATA.parameters) {
    const moved = state.value[i] + rate * state.grad[i];
    changed.set(i, moved);
    setField(i, moved);
  }
  compute();
  go(at);
  drawCurve();
  $("moved").hidden = false;
  $("moved").textContent = `${OUTPUT} was ${show(before)} and is ${show(state.value.at(-1))} now.`;
}
$("ascend").addEventListener("click", ascend);
