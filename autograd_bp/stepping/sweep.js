// The program of the page, computed forward and swept back as the engine does it.
function isComputable(nodes) {
  return nodes.every((node) => node.kind !== "operation" || PRIMITIVES.has(node.op));
}

// Values and local derivatives: the recorded ones, or computed from leaves that were changed.
function forward(nodes, changed) {
  const value = nodes.map((node) => Number(node.value));
  const partials = nodes.map((node) => node.partials.map(Number));
  if (changed.size) {
    const fresh = nodes.map((node, i) => changed.has(i));
    nodes.forEach((node, i) => {
      if (changed.has(i)) value[i] = changed.get(i);
      if (node.kind !== "operation" || !node.parents.some((parent) => fresh[parent])) return;
      const primitive = PRIMITIVES.get(node.op);
      const inputs = node.parents.map((parent) => value[parent]);
      fresh[i] = true;
      value[i] = primitive.f(...inputs);
      partials[i] = primitive.d(inputs, value[i]);
    });
  }
  return { value, partials };
}

// The sweep from the last node: for each node that is swept, what it adds to its parents.
function backward(nodes, partials) {
  const grad = nodes.map(() => 0), reached = nodes.map(() => false);
  const last = nodes.length - 1;
  const sweeps = [];
  grad[last] = 1;
  reached[last] = true;
  for (let i = last; i >= 0; i--) {
    const node = nodes[i];
    if (node.kind !== "operation") continue;
    const gradient = grad[i], added = [];
    node.parents.forEach((parent, k) => {
      const partial = partials[i][k];
      const stops = partial === 0 && (node.gate || Number.isFinite(gradient));
      const closed = !reached[i] || stops;
      const before = grad[parent];
      if (!closed) {
        grad[parent] += gradient * partial;
        reached[parent] = true;
      }
      added.push({ parent, k, partial, before, closed, amount: closed ? 0 : gradient * partial,
        after: grad[parent] });
    });
    sweeps.push({ node: i, gradient, added });
  }
  return { grad, sweeps };
}

// Every step of the page, in order: the leaves, each operation, the seed, each sweep back.
function makeSteps(nodes, sweeps) {
  const operations = nodes.map((node, i) => i).filter((i) => nodes[i].kind === "operation");
  return [
    { kind: "leaves", node: -1 },
    ...operations.map((i) => ({ kind: "forward", node: i })),
    { kind: "seed", node: nodes.length - 1 },
    ...sweeps.map((sweep, k) => ({ kind: "backward", node: sweep.node, sweep: k })),
  ];
}
