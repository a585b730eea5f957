"use strict";
// The rows of the table that the page can compute: value and local derivatives of each.
const gated = (c, x) => (c === 0 ? 0 : x);
const cmp = (a, b) => (a === b ? 0 : a > b ? 1 : a < b ? -1 : NaN);
const sig = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplus = (x) => (x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(x)));
const total = (x) => x.reduce((a, b) => a + b, 0);
// Where IEEE 754 and JavaScript differ: 1 ** nan and 1 ** inf are 1.
const pow = (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b));
const powA = (a, b) => (b === 0 ? 0 : b * pow(a, b - 1));

function erfc(x) {
  if (x !== x) return x;
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) return 1 - erf(x);
  let fraction = 0; // Laplace's continued fraction, from far down
  for (let k = 120; k > 0; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}
function erf(x) {
  if (x !== x) return x;
  if (Math.abs(x) >= 2) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  let term = x, sum = x;
  for (let k = 1; k < 80; k++) {
    term *= -x * x / k;
    sum += term / (2 * k + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}
const half = (x) => Math.floor(x.length / 2);
function dot(...x) {
  const n = half(x);
  let sum = x.length % 2 ? x[x.length - 1] : 0;
  for (let i = 0; i < n; i++) sum += x[i] * x[n + i];
  return sum;
}
function mean(...x) {
  const sum = total(x); // where the sum overflows the mean need not
  return Number.isFinite(sum) ? sum / x.length : total(x.map((v) => v / x.length));
}
function logsumexp(...x) {
  const top = Math.max(...x), first = x.indexOf(top);
  if (!Number.isFinite(top)) return top;
  return top + Math.log1p(total(x.map((v, k) => (k === first ? 0 : Math.exp(v - top)))));
}
function performanceOf(...x) {
  const m = half(x);
  let sum = 0;
  for (let i = 0; i < m; i++) sum += (x[i] - x[m + i]) * (x[i] - x[m + i]);
  return -0.5 * sum;
}
function performancePartials(x) {
  const m = half(x), errors = x.slice(0, m).map((d, i) => d - x[m + i]);
  return [...errors.map((e) => -e), ...errors];
}
function atan2Partials([a, b]) {
  const h = Math.hypot(a, b), near = 1 / h;
  return near === 0 ? [0, 0] : [b / h / h, -(a / h / h)];
}
const one = (f, d) => ({ f, d: ([x], y) => [d(x, y)] });
const ROWS = new Map(Object.entries({
  add: { f: (a, b) => a + b, d: () => [1, 1] },
  sub: { f: (a, b) => a - b, d: () => [1, -1] },
  mul: { f: (a, b) => a * b, d: ([a, b]) => [b, a] },
  div: { f: (a, b) => a / b, d: ([, b], y) => [1 / b, -(y / b)] },
  pow: {
    f: pow,
    d: ([a, b], y) => [powA(a, b), a === 0 ? (b >= 0 ? 0 : -Infinity) : y * Math.log(a)],
  },
  power: { f: pow, d: ([a, b]) => [powA(a, b), 0] },
  neg: one((x) => -x, () => -1),
  abs: one(Math.abs, (x) => cmp(x, 0)),
  exp: one(Math.exp, (x, y) => y),
  expm1: one(Math.expm1, (x) => Math.exp(x)),
  exp2: one((x) => Math.pow(2, x), (x, y) => y * Math.LN2),
  log: one((x) => Math.log(x), (x) => 1 / x),
  log1p: one((x) => Math.log1p(x), (x) => 1 / (1 + x)),
  log2: one((x) => Math.log2(x), (x) => 1 / Math.LN2 / x),
  log10: one((x) => Math.log10(x), (x) => 1 / Math.LN10 / x),
  sqrt: one(Math.sqrt, (x, y) => 0.5 / y),
  cbrt: one(Math.cbrt, (x, y) => 1 / (3 * (y * y))),
  sin: one(Math.sin, Math.cos),
  cos: one(Math.cos, (x) => -Math.sin(x)),
  tan: one(Math.tan, (x, y) => 1 + y * y),
  asin: one(Math.asin, (x) => 1 / Math.sqrt((1 - x) * (1 + x))),
  acos: one(Math.acos, (x) => -(1 / Math.sqrt((1 - x) * (1 + x)))),
  atan: one(Math.atan, (x) => 1 / (1 + x * x)),
  atan2: { f: Math.atan2, d: atan2Partials },
  sinh: one(Math.sinh, Math.cosh),
  cosh: one(Math.cosh, Math.sinh),
  tanh: one(Math.tanh, (x, y) => 1 - y * y),
  asinh: one(Math.asinh, (x) => 1 / Math.hypot(x, 1)),
  acosh: one(Math.acosh, (x) => 1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1))),
  atanh: one(Math.atanh, (x) => 1 / ((1 - x) * (1 + x))),
  hypot: { f: Math.hypot, d: ([a, b], y) => [gated(y, a / y), gated(y, b / y)] },
  erf: one(erf, (x) => 2 / Math.sqrt(Math.PI) * Math.exp(-x * x)),
  erfc: one(erfc, (x) => -2 / Math.sqrt(Math.PI) * Math.exp(-x * x)),
  sigmoid: one(sig, (x, y) => y * (1 - y)),
  log_sigmoid: one((x) => -softplus(-x), (x) => sig(-x)),
  softplus: one(softplus, sig),
  relu: one((x) => (x > 0 || x !== x ? x : 0), (x) => (x > 0 ? 1 : x <= 0 ? 0 : NaN)),
  maximum: {
    f: (a, b) => (a > b || a !== a ? a : b),
    d: ([a, b]) => [0.5 + 0.5 * cmp(a, b), 0.5 - 0.5 * cmp(a, b)],
  },
  minimum: {
    f: (a, b) => (a < b || a !== a ? a : b),
    d: ([a, b]) => [0.5 - 0.5 * cmp(a, b), 0.5 + 0.5 * cmp(a, b)],
  },
  where: {
    f: (c, a, b) => (c !== 0 ? a : b),
    d: ([c]) => [0, c !== 0 ? 1 : 0, c !== 0 ? 0 : 1],
  },
  sign: one((x) => cmp(x, 0), () => 0),
  floor: one(Math.floor, () => 0),
  heaviside: {
    f: (x, zero) => (x === 0 ? zero : x > 0 ? 1 : x < 0 ? 0 : NaN),
    d: ([x]) => [0, x === 0 ? 1 : 0],
  },
  compare: { f: cmp, d: () => [0, 0] },
  nonzero: one((x) => (x === 0 ? 0 : 1), () => 0),
  sum: { f: (...x) => total(x), d: (x) => x.map(() => 1) },
  dot: {
    f: dot,
    d: (x) => [...x.slice(half(x), 2 * half(x)), ...x.slice(0, half(x)), ...(x.length % 2 ? [1] : [])],
  },
  mean: { f: mean, d: (x) => x.map(() => 1 / x.length) },
  norm: { f: Math.hypot, d: (x, y) => x.map((v) => gated(y, v / y)) },
  logsumexp: { f: logsumexp, d: (x, y) => x.map((v) => Math.exp(v - y)) },
  performance: { f: performanceOf, d: performancePartials },
}));
