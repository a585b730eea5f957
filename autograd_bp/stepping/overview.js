// The overview map: a square for each operation, fold beside fold; where the wave is, and what is
// open. A click goes there.
const MAP = { spots: [], frames: [] };
function layMap() {
  const canvas = $("map"), ratio = window.devicePixelRatio || 1;
  const w = canvas.clientWidth, h = canvas.clientHeight;
  if (!w || (MAP.w === w && MAP.h === h)) return;
  Object.assign(MAP, { w, h, ratio, spots: [], frames: [] });
  canvas.width = w * ratio;
  canvas.height = h * ratio;
  divide(ROOT, 0, 0, w, h, true);
}
const weigh = (item) => (typeof item === "number" ? 1 : item.operations.length);
// Items side by side along one direction, each as long as its share; operations fill cells.
function divide(fold, x, y, w, h, isAcross) {
  const inner = fold.items.filter((item) => typeof item !== "number");
  if (!inner.length) return spread(fold.operations, x, y, w, h);
  const total = fold.operations.length, along = isAcross ? w : h;
  const gap = Math.min(2, along * 0.2 / fold.items.length), room = along - gap * (fold.items.length - 1);
  let place = isAcross ? x : y;
  let loose = [];
  const flush = () => {
    if (loose.length) next(loose, (...box) => spread(loose, ...box));
    loose = [];
  };
  const next = (item, act) => {
    const size = room * (Array.isArray(item) ? item.length : weigh(item)) / total;
    if (isAcross) act(place, y, size, h); else act(x, place, w, size);
    place += size + gap;
  };
  for (const item of fold.items) {
    if (typeof item === "number") { loose.push(item); continue; }
    flush();
    next(item, (...box) => {
      if (box[2] * box[3] > 60) MAP.frames.push({ fold: item, box });
      divide(item, ...box, box[2] > box[3]);
    });
  }
  flush();
}
function spread(operations, x, y, w, h) {
  const rows = Math.max(1, Math.min(operations.length, Math.round(Math.sqrt(operations.length * h / Math.max(w, 1e-6)))));
  const columns = Math.ceil(operations.length / rows);
  operations.forEach((i, k) => {
    MAP.spots.push([i, x + w * Math.floor(k / rows) / columns, y + h * (k % rows) / rows, w / columns, h / rows]);
  });
}
function paintMap({ step, grad, isKnown, isTouched }) {
  layMap();
  const paper = $("map").getContext("2d"), { w, h, ratio } = MAP;
  if (!w) return;
  const colours = Object.fromEntries(["line", "head", "done", "now", "text", "nowfill", "bad",
    ..."0123"].flatMap((one) => (/\d/.test(one) ? [`plus${one}`, `minus${one}`] : [one]))
    .map((name) => [name, colour(`--${name}`)]));
  paper.setTransform(ratio, 0, 0, ratio, 0, 0);
  paper.clearRect(0, 0, w, h);
  let here = null;
  for (const spot of MAP.spots) {
    const [i, x, y, wide, high] = spot;
    if (i === step.node) here = spot;
    const strength = isTouched(i) ? tone(grad[i], state.largest) || "line" : isKnown(i) ? "nowfill" : "head";
    paper.fillStyle = colours[strength];
    paper.fillRect(x, y, Math.max(0.6, wide - Math.min(1, wide / 4)), Math.max(0.6, high - Math.min(1, high / 4)));
  }
  paper.strokeStyle = colours.text;
  paper.lineWidth = 1;
  const open = openFolds(step.node);
  for (const { fold, box: [x, y, wide, high] } of MAP.frames) {
    if (open.has(fold.id)) paper.strokeRect(x + 0.5, y + 0.5, Math.max(1, wide - 1), Math.max(1, high - 1));
  }
  if (here) {
    const [, x, y, wide, high] = here, [cx, cy] = [x + wide / 2, y + high / 2];
    paper.fillStyle = colours.now;
    paper.strokeStyle = colour("--page");
    paper.lineWidth = 1.5;
    paper.beginPath();
    paper.arc(Math.min(w - 5, Math.max(5, cx)), Math.min(h - 5, Math.max(5, cy)), 4.5, 0, 2 * Math.PI);
    paper.fill();
    paper.stroke();
  }
}
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
if (FOLDING) {
  $("overview").hidden = false;
  let pressed = false;
  const goTo = (event) => {
    const box = $("map").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    let best = null, least = Infinity;
    for (const [i, left, top, wide, high] of MAP.spots) {
      const far = Math.max(left - x, 0, x - left - wide) + Math.max(top - y, 0, y - top - high);
      if (far < least) { least = far; best = i; }
    }
    if (best !== null) jump(() => stepOf(best));
  };
  $("map").addEventListener("pointerdown", (event) => { pressed = true; goTo(event); });
  $("map").addEventListener("pointermove", (event) => { if (pressed && event.buttons) goTo(event); });
  addEventListener("pointerup", () => { pressed = false; });
  addEventListener("resize", () => paint());
}
