// The methods that were called, for tests.

export interface RequestLog {
  /** In order: the last 10,000. */
  readonly methods: readonly string[];
  readonly add: (method: string) => void;
}

/** A simulator may run for months. */
const MAX_METHODS = 10_000;

/** An empty log. */
export function createRequestLog(): RequestLog {
  const methods: string[] = [];
  const add = (method: string) => {
    if (methods.push(method) > MAX_METHODS) methods.shift();
  };
  return { methods, add };
}
