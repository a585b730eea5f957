// A step saved as SVG, a run as an animation (APNG). Both are written from what is drawn: plain shapes
// with the colours that they have on the page.
const BAND = 46, WIDEST = 1600, MOST_FRAMES = 400, SAMPLES = 8;
let MOST_BYTES = 8e6; // of an animation, about

// The shapes of the picture in the order in which they are painted.
function shapesOf(svg) {
  const shapes = [];
  for (const box of svg.querySelectorAll("rect, path, text")) {
    if (box.closest("marker, defs")) continue;
    const style = getComputedStyle(box);
    if (style.visibility === "hidden" || style.display === "none") continue;
    let opacity = 1;
    for (let one = box; one !== svg; one = one.parentNode) opacity *= Number(getComputedStyle(one).opacity);
    const attributes = {};
    for (const name of ["x", "y", "width", "height", "rx", "d"]) {
      if (box.hasAttribute(name)) attributes[name] = box.getAttribute(name);
    }
    const text = box.tagName === "text" ? box.textContent : "";
    if (box.tagName === "text" && !text) continue;
    shapes.push({ tag: box.tagName, attributes, text, opacity, fill: style.fill, stroke: style.stroke,
      width: parseFloat(style.strokeWidth) || 1, dashes: style.strokeDasharray, size: parseFloat(style.fontSize),
      weight: style.fontWeight, anchor: style.textAnchor, under: style.paintOrder.startsWith("stroke"),
      arrow: box.tagName === "path" ? arrowOf(box, style) : null });
  }
  return shapes;
}
// The arrow head that a marker draws, as three points.
function arrowOf(path, style) {
  const isStart = style.markerStart !== "none";
  if (!isStart && style.markerEnd === "none") return null;
  const length = path.getTotalLength(), [a, b] = isStart ? [0, Math.min(6, length)] : [length, Math.max(0, length - 6)];
  const tip = path.getPointAtLength(a), from = path.getPointAtLength(b);
  const turn = Math.atan2(tip.y - from.y, tip.x - from.x), [c, s] = [Math.cos(turn), Math.sin(turn)];
  return [[1, 0], [-8, -4.5], [-8, 4.5]].map(([x, y]) => [tip.x + c * x - s * y, tip.y + s * x + c * y]);
}
function backgroundOf() {
  return getComputedStyle(document.body).backgroundColor;
}
const wordsOfStep = () => [`${$("count").textContent}: ${$("what").textContent}`, $("words").textContent];

function toSvg() {
  const view = $("step-svg").viewBox.baseVal, [head, words] = wordsOfStep();
  const wide = Math.max(view.width, 420), root = shape("svg", { xmlns: SVG, width: wide, height: view.height + BAND,
    viewBox: `${view.x} ${view.y - BAND} ${wide} ${view.height + BAND}`, "font-family": "Helvetica, Arial, sans-serif", role: "img" });
  root.append(shape("title", {}, head), shape("desc", {}, words));
  root.append(shape("rect", { x: view.x, y: view.y - BAND, width: wide, height: view.height + BAND, fill: backgroundOf() }));
  const ink = getComputedStyle(document.body).color;
  root.append(shape("text", { x: view.x + 8, y: view.y - BAND + 18, fill: ink, "font-size": 14, "font-weight": "bold" }, head));
  root.append(shape("text", { x: view.x + 8, y: view.y - BAND + 36, fill: ink, "font-size": 12 }, words));
  for (const one of shapesOf($("step-svg"))) {
    const made = shape(one.tag, { ...one.attributes, fill: one.fill, stroke: one.stroke, "stroke-width": one.width, opacity: one.opacity });
    if (one.dashes !== "none") made.setAttribute("stroke-dasharray", one.dashes);
    if (one.tag === "text") {
      made.textContent = one.text;
      for (const [name, x] of [["font-size", one.size], ["font-weight", one.weight], ["text-anchor", one.anchor]]) made.setAttribute(name, x);
      if (one.under) made.setAttribute("paint-order", "stroke");
    }
    root.append(made);
    if (one.arrow) root.append(shape("path", { d: `M${one.arrow.map((p) => p.map((x) => x.toFixed(1)).join(" ")).join("L")}z`, fill: one.stroke, opacity: one.opacity }));
  }
  return new XMLSerializer().serializeToString(root);
}
function toCanvas(canvas, shapes, view, factor) {
  const paper = canvas.getContext("2d", READ), [head, words] = wordsOfStep(), family = "Helvetica, Arial, sans-serif";
  paper.setTransform(1, 0, 0, 1, 0, 0);
  paper.globalAlpha = 1;
  paper.fillStyle = backgroundOf();
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.fillStyle = getComputedStyle(document.body).color;
  paper.textAlign = "left";
  paper.font = `bold 15px ${family}`;
  paper.fillText(head, 8, 19);
  paper.font = `13px ${family}`;
  paper.fillText(words, 8, 38, canvas.width - 16);
  paper.save();
  paper.beginPath();
  paper.rect(0, BAND, canvas.width, canvas.height);
  paper.clip();
  paper.setTransform(factor, 0, 0, factor, -view.x * factor, BAND - view.y * factor);
  for (const one of shapes) paintShape(paper, one, family);
  paper.restore();
}
function paintShape(paper, one, family) {
  const { attributes: a } = one, isDrawn = one.stroke !== "none" && one.width > 0;
  paper.globalAlpha = one.opacity;
  paper.strokeStyle = one.stroke;
  paper.lineWidth = one.width;
  paper.setLineDash(one.dashes === "none" ? [] : one.dashes.split(",").map(parseFloat));
  paper.fillStyle = one.fill;
  if (one.tag === "text") {
    paper.font = `${one.weight} ${one.size}px ${family}`;
    paper.textAlign = { middle: "center", end: "right" }[one.anchor] || "left";
    if (isDrawn) paper.strokeText(one.text, a.x, a.y);
    if (one.fill !== "none") paper.fillText(one.text, a.x, a.y);
    return;
  }
  const path = one.tag === "path" ? new Path2D(a.d) : new Path2D();
  if (one.tag === "rect") path.roundRect(Number(a.x), Number(a.y), Math.max(0, Number(a.width)), Math.max(0, Number(a.height)), Number(a.rx || 0));
  if (one.fill !== "none") paper.fill(path);
  if (isDrawn) paper.stroke(path);
  if (!one.arrow) return;
  paper.beginPath();
  one.arrow.forEach(([x, y]) => paper.lineTo(x, y));
  paper.fillStyle = one.stroke;
  paper.fill();
}

// ------------------------------------------------------------- APNG: the chunks of PNGs, in a row
const CRC = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xEDB88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function chunk(name, ...parts) {
  const size = parts.reduce((total, part) => total + part.length, 0), bytes = new Uint8Array(size + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  [...name].forEach((letter, k) => { bytes[4 + k] = letter.charCodeAt(0); });
  let place = 8;
  for (const part of parts) { bytes.set(part, place); place += part.length; }
  let crc = 0xFFFFFFFF;
  for (let k = 4; k < place; k++) crc = CRC[(crc ^ bytes[k]) & 255] ^ (crc >>> 8);
  view.setUint32(place, (crc ^ 0xFFFFFFFF) >>> 0);
  return bytes;
}
function chunksOf(png) {
  const view = new DataView(png.buffer), found = [];
  for (let place = 8; place < png.length;) {
    const size = view.getUint32(place);
    found.push([String.fromCharCode(...png.slice(place + 4, place + 8)), png.slice(place + 8, place + 8 + size)]);
    place += size + 12;
  }
  return found;
}
const words32 = (...numbers) => new Uint8Array(numbers.flatMap((n) => [n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255]));
// Frames are { png, x, y, width, height }: of all but the first, only the rectangle that differs.
function animated(frames, milliseconds) {
  let turn = 0;
  const parts = [new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])];
  frames.forEach(({ png, x, y, width, height }, n) => {
    const chunks = chunksOf(png), ms = n === frames.length - 1 ? 2 * milliseconds : milliseconds;
    if (n === 0) parts.push(chunk("IHDR", chunks[0][1]), chunk("acTL", words32(frames.length, 0)));
    parts.push(chunk("fcTL", words32(turn++, width, height, x, y), new Uint8Array([ms >> 8, ms & 255, 3, 232, 0, 0])));
    for (const [name, data] of chunks) {
      if (name === "IDAT") parts.push(n === 0 ? chunk("IDAT", data) : chunk("fdAT", words32(turn++), data));
    }
  });
  parts.push(chunk("IEND"));
  return new Blob(parts, { type: "image/png" });
}
const READ = { alpha: false, willReadFrequently: true };
async function pngOf(canvas) {
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
  return new Uint8Array(await blob.arrayBuffer());
}
// The smallest rectangle outside which two pictures are equal.
function difference(before, after, width, height) {
  const a = new Uint32Array(before.data.buffer), b = new Uint32Array(after.data.buffer);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      if (a[k] === b[k]) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? { x: 0, y: 0, width: 1, height: 1 } : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
// Paints steps one after another and gives each as a frame.
function filming() {
  const canvas = document.createElement("canvas"), part = document.createElement("canvas");
  let before = null, last = null;
  return async (k, isWhole) => {
    go(k);
    const view = frameOf(last);
    last = view;
    if (!before) {
      canvas.width = Math.max(640, Math.ceil(view.width * view.factor));
      canvas.height = Math.ceil(view.height * view.factor) + BAND;
    }
    toCanvas(canvas, shapesOf($("step-svg")), view, view.factor);
    const { width, height } = canvas, now = canvas.getContext("2d", READ).getImageData(0, 0, width, height);
    const box = before && !isWhole ? difference(before, now, width, height) : { x: 0, y: 0, width, height };
    before = now;
    part.width = box.width;
    part.height = box.height;
    part.getContext("2d", READ).drawImage(canvas, -box.x, -box.y);
    return { ...box, png: await pngOf(part) };
  };
}
// How many steps lie between two frames, so that the file is small enough to send, and its bytes, about.
async function pace() {
  const film = filming();
  let every = Math.ceil(steps.length / MOST_FRAMES), bytes = 0;
  for (; ; every *= 2) {
    const frames = Math.ceil(steps.length / every), samples = Math.min(SAMPLES, frames - 1);
    const first = (await film(0, true)).png.length;
    let sum = 0;
    for (let n = 0; n < samples; n++) {
      const k = Math.floor(n * (frames - 1) / samples) * every;
      await film(k, true);
      sum += (await film(Math.min(k + every, steps.length - 1), false)).png.length;
    }
    bytes = first + (samples ? sum / samples : 0) * frames;
    if (bytes <= MOST_BYTES || frames <= 2 * SAMPLES) return { every, bytes };
  }
}
// What a frame shows: the whole picture or, of a large graph, the neighbourhood of the step.
// It stays where it is as long as the step is well inside.
function frameOf(last) {
  const whole = $("step-svg").viewBox.baseVal;
  if (!FOLDING) return { x: whole.x, y: whole.y, factor: Math.min(1.4, WIDEST / whole.width), width: whole.width, height: whole.height };
  const [width, height] = [1180, 560], rim = 60;
  const box = steps[at].node >= 0 && card(steps[at].node) ? card(steps[at].node).getBBox() : null;
  const isInside = last && last.shape === `${whole.width} ${whole.height}` && (!box || (box.x >= last.x + rim && box.y >= last.y + rim
    && box.x + box.width <= last.x + width - rim && box.y + box.height <= last.y + height - rim));
  if (isInside) return last;
  const center = (from, size, room, middle) => (size <= room ? from + (size - room) / 2
    : Math.min(from + size - room, Math.max(from, middle - room / 2)));
  return { x: center(whole.x, whole.width, width, box ? box.x + box.width / 2 : 0),
    y: center(whole.y, whole.height, height, box ? box.y + box.height / 2 : 0), factor: 1, width, height,
    shape: `${whole.width} ${whole.height}` };
}
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
async function run(say) {
  const start = at, frames = [];
  document.body.classList.add("still");
  say("Measuring the frames.");
  let { every, bytes } = await pace();
  const film = filming(), expected = bytes, count = Math.ceil(steps.length / every);
  bytes = 0;
  for (let k = 0; ; k = Math.min(k + every, steps.length - 1)) {
    frames.push(await film(k, !frames.length));
    bytes += frames[frames.length - 1].png.length;
    say(`${frames.length} of ${count} frames, about ${megabytes(Math.max(expected, bytes))} in all`);
    if (k === steps.length - 1) break;
    if (bytes + (bytes / frames.length) * ((steps.length - k) / every) > 1.25 * MOST_BYTES) every *= 2;
  }
  document.body.classList.remove("still");
  go(start);
  return { blob: animated(frames, Number($("speed").value)), every, frames: frames.length };
}
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
const fileName = () => document.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40) || "steps";
$("save-step").addEventListener("click", () => {
  download(new Blob([toSvg()], { type: "image/svg+xml" }), `${fileName()}-step-${at + 1}.svg`);
  $("saved").textContent = "The step is saved as SVG.";
});
$("save-run").addEventListener("click", async () => {
  pause();
  $("save-run").disabled = true;
  const { blob, every, frames } = await run((words) => { $("saved").textContent = words; });
  download(blob, `${fileName()}.png`);
  $("saved").textContent = `${frames} frames, ${every > 1 ? `one step in ${every}, ` : ""}${megabytes(blob.size)}, as an animated PNG.`;
  $("save-run").disabled = false;
});
