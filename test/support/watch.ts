// Counts how often a value and its parts are read, to detect endless work without a clock.

/**
 * The same JSON value, which throws when it is read more than `factor` times as often as it has parts. Reading each part a few times is
 * within that.
 */
export function watched(value: unknown, factor: number): unknown {
  let left = factor * (100 + parts(value));
  const look = <T>(what: T): T => {
    if ((left -= 1) < 0) throw new Error('work without end: each part of the reply was looked at too often');
    return what;
  };
  const handler: ProxyHandler<object> = {
    get: (target, key, receiver) => watch(look(Reflect.get(target, key, receiver))),
    has: (target, key) => look(Reflect.has(target, key)),
    ownKeys: (target) => look(Reflect.ownKeys(target)),
    getOwnPropertyDescriptor: (target, key) => look(Reflect.getOwnPropertyDescriptor(target, key)),
  };
  const watch = (inner: unknown): unknown =>
    typeof inner === 'object' && inner !== null ? new Proxy(inner, handler) : inner;
  return watch(value);
}

/** How many values there are, without recursion: a reply may be nested deeper than a stack is. */
function parts(value: unknown): number {
  const open = [value];
  let count = 0;
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    count += 1;
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) open.push(inner);
  }
  return count;
}
