/**
 * A largest matching of `left` with `right` nodes (Hopcroft–Karp, O(edges × √nodes)): for each left node its right node,
 * or -1. Left nodes come first, each with its edges in order of preference, so that the result is always the same.
 */
export function largestMatching(edges: readonly (readonly number[])[], right: number): number[] {
  const left = edges.length;
  const partnerOfLeft = new Array<number>(left).fill(-1);
  const partnerOfRight = new Array<number>(right).fill(-1);
  const level = new Array<number>(left).fill(-1);
  const cursor = new Array<number>(left).fill(0);
  while (layers()) {
    cursor.fill(0);
    for (let start = 0; start < left; start++) if (partnerOfLeft[start] === -1) augment(start);
  }
  return partnerOfLeft;

  function layers(): boolean {
    const queue: number[] = [];
    let found = false;
    for (let node = 0; node < left; node++) {
      level[node] = partnerOfLeft[node] === -1 ? 0 : -1;
      if (level[node] === 0) queue.push(node);
    }
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head] ?? 0;
      for (const other of edges[node] ?? []) {
        const next = partnerOfRight[other] ?? -1;
        if (next === -1) found = true;
        else if (level[next] === -1) {
          level[next] = (level[node] ?? 0) + 1;
          queue.push(next);
        }
      }
    }
    return found;
  }

  // With a path of its own, since a chain of thousands of rows would overflow the call stack.
  function augment(start: number): void {
    const path = [start];
    const taken: number[] = [];
    while (path.length > 0) {
      const node = path.at(-1) ?? 0;
      const other = edges[node]?.[cursor[node] ?? 0];
      if (other === undefined) {
        level[node] = -1;
        path.pop();
        taken.pop();
        continue;
      }
      cursor[node] = (cursor[node] ?? 0) + 1;
      const next = partnerOfRight[other] ?? -1;
      if (next === -1) {
        taken.push(other);
        path.forEach((from, i) => {
          const to = taken[i] ?? 0;
          partnerOfLeft[from] = to;
          partnerOfRight[to] = from;
        });
        return;
      }
      if (level[next] === (level[node] ?? 0) + 1) {
        taken.push(other);
        path.push(next);
      }
    }
  }
}
