// Formulas as MathML elements. Every text is a text node: no name becomes markup.
const MATHML = document.getElementById("empty").namespaceURI;

function element(tag, ...children) {
  const made = document.createElementNS(MATHML, tag);
  for (const child of children) made.append(child);
  return made;
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
  const found = /^([^\W\d_]|[α-ω∂Σ])\[([\d,]+)\]$/.exec(name) || /^(\p{L})([₀-₉]+)$/u.exec(name);
  if (!found) return element("mi", name);
  const index = found[2].replace(/[₀-₉]/g, (digit) => "₀₁₂₃₄₅₆₇₈₉".indexOf(digit));
  return element("msub", element("mi", found[1]), element("mn", index));
}
const mrow = (...parts) => element("mrow", ...parts.map((p) => (typeof p === "string" ? mo(p) : p)));
const frac = (a, b) => element("mfrac", a, b);
const sup = (a, b) => element("msup", a, b);
const fn = (name, ...x) => mrow(element("mi", name), mo("("), ...join(x, ","), mo(")"));
const join = (x, by) => x.flatMap((each, i) => (i ? [mo(by), each] : [each]));
const e = () => element("mi", "e");
const partial = (of, by) => frac(mrow(element("mi", "∂"), mi(of)), mrow(element("mi", "∂"), mi(by)));

// What an operation computes. `x` makes the k-th input anew, `at` as a factor, in brackets
// where it needs them.
const MOST = 6;
function products(n, at, extra) {
  const terms = [];
  if (extra) terms.push(extra());
  for (let i = 0; i < Math.min(n, MOST); i++) terms.push(mrow(at(i), "·", at(n + i)));
  if (n > MOST) terms.push(mo("…"));
  return mrow(...join(terms, "+"));
}
const some = (n, at) => [...Array(Math.min(n, MOST)).keys()].map(at).concat(n > MOST ? [mo("…")] : []);
const SHOW = {
  add: (x, at) => mrow(x(0), "+", at(1)),
  sub: (x, at) => mrow(x(0), "−", at(1)),
  mul: (x, at) => mrow(at(0), "·", at(1)),
  div: (x) => frac(x(0), x(1)),
  pow: (x, at) => sup(at(0), x(1)),
  power: (x, at) => sup(at(0), x(1)),
  neg: (x, at) => mrow("−", at(0)),
  abs: (x) => mrow("|", x(0), "|"),
  exp: (x) => sup(e(), x(0)),
  expm1: (x) => mrow(sup(e(), x(0)), "−", mn(1)),
  exp2: (x) => sup(mn(2), x(0)),
  log: (x) => fn("ln", x(0)),
  sqrt: (x) => element("msqrt", x(0)),
  cbrt: (x) => element("mroot", x(0), mn(3)),
  sigmoid: (x, at) => mrow(fn("σ", x(0)), "=", frac(mn(1), mrow(mn(1), "+", sup(e(), mrow("−", at(0)))))),
  sum: (x, at, n) => mrow(...join(some(n, at), "+")),
  mean: (x, at, n) => frac(mrow(...join(some(n, at), "+")), mn(n)),
  dot: (x, at, n) => products(Math.floor(n / 2), at, n % 2 ? () => x(n - 1) : null),
  performance: (x, at, n) => mrow("−", frac(mn(1), mn(2)), "(", ...join(some(n / 2, (i) =>
    sup(mrow("(", x(i), "−", at(n / 2 + i), ")"), mn(2))), "+"), ")"),
};
function expression(node, x, at) {
  const n = node.parents.length, make = SHOW[node.op];
  return make ? make(x, at, n) : fn(node.op, ...some(n, x));
}

// The local derivative by the k-th input as a formula, where it says more than its number.
const LOCAL = {
  mul: (k, at) => at(1 - k),
  dot: (k, at, y, n) => {
    const m = Math.floor(n / 2);
    return k < m ? at(k + m) : k < 2 * m ? at(k - m) : null;
  },
  div: (k, at, y) => (k ? mrow("−", frac(y(), at(1))) : frac(mn(1), at(1))),
  power: (k, at) => (k ? null : mrow(at(1), "·", sup(at(0), mrow(at(1), "−", mn(1))))),
  exp: (k, at, y) => y(),
  log: (k, at) => frac(mn(1), at(0)),
  sqrt: (k, at, y) => frac(mn(1), mrow(mn(2), "·", y())),
  sin: (k, at) => fn("cos", at(0)),
  cos: (k, at) => mrow("−", fn("sin", at(0))),
  tanh: (k, at, y) => mrow(mn(1), "−", sup(y(), mn(2))),
  sigmoid: (k, at, y) => mrow(y(), "(", mn(1), "−", y(), ")"),
  performance: (k, at, y, n) => (k < n / 2
    ? mrow("−", "(", at(k), "−", at(k + n / 2), ")") : mrow("(", at(k - n / 2), "−", at(k), ")")),
};
function localFormula(node, k, at, y) {
  const make = LOCAL[node.op];
  return make ? make(k, at, y, node.parents.length) : null;
}
