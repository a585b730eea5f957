// The paths from the output to a value, with their products: what its gradient is the sum of.
const MOST_PATHS = 5;
const heavier = (a, b) => (Math.abs(b.product) || 0) - (Math.abs(a.product) || 0);

// For each value the largest paths, each as its product, the next node and which of its paths goes
// on; and how many paths there are whose products are not 0.
function routes() {
  if (state.routes) return state.routes;
  const best = NODES.map(() => []), count = NODES.map(() => 0);
  best[LAST] = [{ product: 1, user: -1, k: -1, rest: null }];
  count[LAST] = 1;
  for (let i = LAST; i >= 0; i--) {
    if (best[i].length > MOST_PATHS) best[i] = best[i].sort(heavier).slice(0, MOST_PATHS);
    else best[i].sort(heavier);
    NODES[i].parents.forEach((parent, k) => {
      const partial = state.partials[i][k];
      if (partial === 0) return;
      count[parent] += count[i];
      for (const rest of best[i]) best[parent].push({ product: rest.product * partial, partial, user: i, k, rest });
      if (best[parent].length > 8 * MOST_PATHS) best[parent] = best[parent].sort(heavier).slice(0, MOST_PATHS);
    });
  }
  state.routes = { best, count };
  return state.routes;
}
function pathsOf(i) {
  const { best, count } = routes();
  const paths = best[i].map((route) => {
    const steps = [];
    for (let one = route; one.rest; one = one.rest) steps.push([one.user, one.k, one.partial]);
    return { product: route.product, steps: steps.reverse() };
  });
  return { paths, count: count[i] };
}
const MOST_FACTORS = 7;
function shortened(parts) {
  if (parts.length <= MOST_FACTORS) return parts;
  return [...parts.slice(0, 4), "…", ...parts.slice(-2)];
}
const inBrackets = (x) => (x < 0 ? `(${short(x)})` : short(x));
function linesOfPaths(i) {
  const { paths, count } = pathsOf(i), name = NODES[i].name;
  if (i === LAST) return [`∂${OUTPUT}/∂${OUTPUT} = 1: here the wave begins`];
  const many = Number.isFinite(count) && count < 1e15 ? count.toLocaleString("en") : "very many";
  const lines = [`∂${OUTPUT}/∂${name} = ${short(state.grad[i])}, the sum over ${many} path${count === 1 ? "" : "s"}`];
  if (!paths.length) return [`∂${OUTPUT}/∂${name} = ${short(state.grad[i])}: every path has a local derivative of 0`];
  let rest = state.grad[i];
  for (const { product, steps } of paths) {
    rest -= product;
    const factors = shortened(steps.map(([, , partial], k) => (k ? inBrackets(partial) : short(partial)))).join(" · ");
    const names = shortened([...steps.map(([user]) => NODES[user].name), name]).join(" ← ");
    lines.push(`${short(product)} = ${factors}, along ${names}`);
  }
  if (count > paths.length) lines.push(`${short(rest)} in all the other paths`);
  return lines;
}
function listPaths(box, i) {
  const [head, ...others] = linesOfPaths(i), list = document.createElement("ul"), first = document.createElement("p");
  first.textContent = head;
  list.append(...others.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  box.replaceChildren(first, ...(others.length ? [list] : []));
}
// The paths of the step's value stand below its formulas, where they are asked for.
function showPaths(i) {
  $("paths").hidden = i < 0;
  if (i < 0 || !$("paths").open) return;
  const step = steps[at], node = step.kind === "backward" || step.kind === "forward" ? i : LAST;
  listPaths($("path-lines"), node);
}
$("paths").addEventListener("toggle", () => showPaths(steps[at].node));

// ------------------------------------------------------------------------ under the pointer
let hovered = -1;
function hover(i) {
  if (i === hovered) return;
  hovered = i;
  const isShown = i >= 0 && NODES[i].kind !== "constant" && !asked;
  $("tip").hidden = !isShown;
  for (const { box } of drawn.edges) box.classList.remove("path");
  document.body.classList.toggle("tracing", isShown);
  if (!isShown) return;
  listPaths($("tip"), i);
  placeTip();
  const { paths } = pathsOf(i), most = sizeOf(paths.map((path) => path.product));
  for (const { product, steps } of [...paths].reverse()) {
    for (const [user, k] of steps) {
      const box = edge(user, k);
      if (!box) continue;
      box.classList.add("path");
      box.classList.toggle("up", product > 0);
      box.querySelector("path").style.setProperty("--width", (1.5 + 3 * (most ? Math.abs(product) / most : 0)).toFixed(2));
    }
  }
}
// Below the picture, so that the paths in it can be seen.
function placeTip() {
  const tip = $("tip"), box = $("figure").getBoundingClientRect();
  tip.style.left = `${box.left}px`;
  tip.style.top = `${Math.max(4, Math.min(box.bottom + 4, innerHeight - tip.offsetHeight - 4))}px`;
}
$("figure").addEventListener("pointermove", (event) => {
  if (event.pointerType === "mouse") hover(event.buttons ? -1 : nodeAt(event.target));
});
$("figure").addEventListener("pointerleave", () => hover(-1));
