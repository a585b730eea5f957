// A network of neurons as a program, computed and swept as the engine does it: the same primitives,
// in the same order, so that sums add up in the same order too.

// The nodes of P for one row, each after all that it depends on.
function wiring(sizes, activations) {
  const node = (kind, name, op = "", parents = []) =>
    ({ kind, name, op, parents, gate: DATA.gates.includes(op) });
  const inputs = Array.from({ length: sizes[0] }, (_, i) => node("leaf", `x${i + 1}`));
  const layers = [];
  let before = inputs;
  activations.forEach((op, l) => {
    const bias = node("constant", "-1");
    const neurons = Array.from({ length: sizes[l + 1] }, (_, n) => {
      const weights = [bias, ...before].map((_, k) => node("leaf", `w[${l + 1},${n + 1},${k}]`));
      const sum = node("operation", "α", "dot", [...weights, bias, ...before]);
      return { weights, sum, bias, out: op === "linear" ? sum : node("operation", "y", op, [sum]) };
    });
    layers.push(neurons);
    before = neurons.map((neuron) => neuron.out);
  });
  const desired = before.map((_, i) => node("leaf", `d${i + 1}`));
  const P = node("operation", "P", "performance", [...desired, ...before]);
  const order = [], known = new Map();
  (function visit(one) {
    if (known.has(one)) return;
    known.set(one, -1);
    one.parents.forEach(visit);
    known.set(one, order.push(one) - 1);
  })(P);
  const place = (one) => known.get(one);
  return {
    sizes,
    activations,
    nodes: order.map((one) => ({ ...one, parents: one.parents.map(place) })),
    inputs: inputs.map(place),
    desired: desired.map(place),
    layers: layers.map((neurons) => neurons.map((neuron) => ({
      weights: neuron.weights.map(place),
      sum: place(neuron.sum),
      out: place(neuron.out),
    }))),
    constants: layers.map(([neuron]) => place(neuron.bias)),
    weights: layers.flatMap((neurons) => neurons.flatMap((neuron) => neuron.weights.map(place))),
  };
}

class Learner {
  constructor(net, weights) {
    this.net = net;
    this.value = new Float64Array(net.nodes.length);
    this.grad = new Float64Array(net.nodes.length);
    this.reached = new Uint8Array(net.nodes.length);
    this.partials = net.nodes.map(() => []);
    this.operations = net.nodes.map((_, i) => i).filter((i) => net.nodes[i].kind === "operation")
      .map((i) => ({ i, parents: net.nodes[i].parents, gate: net.nodes[i].gate,
        primitive: PRIMITIVES.get(net.nodes[i].op) }));
    net.constants.forEach((i) => { this.value[i] = -1; });
    net.weights.forEach((i, k) => { this.value[i] = weights[k]; });
  }

  get weights() { return this.net.weights.map((i) => this.value[i]); }

  forward([x, d]) {
    const { value, partials } = this;
    this.net.inputs.forEach((i, k) => { value[i] = x[k]; });
    this.net.desired.forEach((i, k) => { value[i] = d[k]; });
    for (const { i, parents, primitive } of this.operations) {
      const inputs = parents.map((parent) => value[parent]);
      value[i] = primitive.f(...inputs);
      partials[i] = primitive.d(inputs, value[i]);
    }
    return value[value.length - 1];
  }

  // The gradients of the leaves add up until the step, as those of the engine do.
  backward() {
    const { grad, reached, partials, operations, value } = this, last = value.length - 1;
    for (const { i } of operations) grad[i] = 0;
    reached.fill(0);
    grad[last] = reached[last] = 1;
    for (let k = operations.length - 1; k >= 0; k--) {
      const { i, parents, gate } = operations[k], gradient = grad[i], finite = Number.isFinite(gradient);
      if (!reached[i]) continue;
      for (let j = 0; j < parents.length; j++) {
        const partial = partials[i][j];
        if (partial === 0 && (gate || finite)) continue;
        grad[parents[j]] += gradient * partial;
        reached[parents[j]] = 1;
      }
    }
  }

  step(rate) {
    for (const i of this.net.weights) this.value[i] += rate * this.grad[i];
    this.clear();
  }

  clear() {
    this.net.nodes.forEach((node, i) => { if (node.kind !== "operation") this.grad[i] = 0; });
  }

  // The outputs alone, for a picture of many points.
  outputs(x) {
    let before = x;
    this.net.layers.forEach((neurons, l) => {
      const op = this.net.activations[l], f = op === "linear" ? (s) => s : PRIMITIVES.get(op).f;
      before = neurons.map(({ weights }) => {
        let sum = -this.value[weights[0]];
        for (let k = 0; k < before.length; k++) sum += this.value[weights[k + 1]] * before[k];
        return f(sum);
      });
    });
    return before;
  }
}

// The steps of one row: its inputs, each neuron forward, P, each neuron back, the weights.
function waveOf(net) {
  const neurons = net.layers.flatMap((layer, l) => layer.map((_, n) => [l, n]));
  return [
    { kind: "inputs" },
    ...neurons.map(([l, n]) => ({ kind: "forward", l, n })),
    { kind: "P" },
    ...neurons.reverse().map(([l, n]) => ({ kind: "backward", l, n })),
    { kind: "update" },
  ];
}

// Numbers that look random and are the same each time.
function numbersFrom(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6D2B79F5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
// First weights as the library draws them, from other random numbers: w0 is 0, the others are no
// larger than the library's limit for such a layer.
function firstWeights(net, seed) {
  const random = numbersFrom(seed);
  return net.layers.flatMap((neurons, l) => neurons.flatMap(({ weights }) => {
    const { gain, outputs } = DATA.limits[net.activations[l]];
    const size = gain * Math.sqrt(6 / (net.sizes[l] + (outputs ? net.sizes[l + 1] : 0)));
    return weights.map((_, k) => (k === 0 ? 0 : (2 * random() - 1) * size));
  }));
}
