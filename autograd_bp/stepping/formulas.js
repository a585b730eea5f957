// Formulas as MathML elements. Every text is a text node: no name becomes markup.
const MATHML = document.getElementById("empty").namespaceURI;

function element(tag, ...children) {
  const box = document.createElementNS(MATHML, tag);
  box.append(...children);
  return box;
}
function show(x) {
  if (x !== x) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  let text = Math.abs(x) >= 1e-4 && Math.abs(x) < 1e7 || x === 0
    ? String(Number(x.toPrecision(6))) : x.toExponential(4).replace("e+", "e");
  if (Object.is(x, -0)) text = "0";
  return text.replace(/-/g, "−");
}
const mo = (text) => element("mo", text);
const mn = (x) => element("mn", show(x));
// w₁ and w[1,2] are letters with an index.
function mi(name) {
  const parts = /^([^\W\d_]|[α-ω∂Σ])\[([\d,]+)\]$/.exec(name) || /^(\p{L})([₀-₉]+)$/u.exec(name);
  if (!parts) return element("mi", name);
  const index = parts[2].replace(/[₀-₉]/g, (digit) => "₀₁₂₃₄₅₆₇₈₉".indexOf(digit));
  return element("msub", element("mi", parts[1]), element("mn", index));
}
const mrow = (...parts) => element("mrow", ...parts.map((p) => (typeof p === "string" ? mo(p) : p)));
const bracketed = (x) => (x < 0 || Object.is(x, -0) ? mrow("(", mn(x), ")") : mn(x));
const partial = (of, by) => element("mfrac", mrow(element("mi", "∂"), mi(of)), mrow(element("mi", "∂"), mi(by)));

// Terms of a sum, as many as fit.
const MAX_TERMS = 6;
function sumOf(terms) {
  const shown = terms.length > MAX_TERMS ? [...terms.slice(0, MAX_TERMS), mo("…")] : terms;
  return shown.flatMap((term, i) => (i ? [mo("+"), term] : [term]));
}

// A template (see notation/templates.py) with its places filled in by `put(slot, bracket)`.
const TIMES = "\u2062"; // a product without a sign: numbers side by side would be read as one
const isBracketed = (tree) => tree[0] === "mrow" && tree[1][0] === "mo" && tree[1][1] === "(";
function fill(tree, put) {
  if (typeof tree === "string") return tree;
  if (!Array.isArray(tree)) return put(tree.slot, tree.bracket);
  const [tag, ...parts] = tree;
  return element(tag, ...parts.map((part, i) =>
    (part[0] === "mo" && part[1] === TIMES && !isBracketed(parts[i + 1]) ? mo("·") : fill(part, put))));
}
const formulasOf = (node) => DATA.formulas[`${node.op} ${node.parents.length}`];
// What an operation computes: pieces with "=" between them.
function operation(node, put) {
  return formulasOf(node).operation.flatMap((tree) => ["=", fill(tree, put)]);
}
// The local derivative by the k-th input as a formula; null where it says no more than a number.
function localFormula(node, k, put) {
  const tree = formulasOf(node).partials[k];
  return tree ? fill(tree, put) : null;
}
