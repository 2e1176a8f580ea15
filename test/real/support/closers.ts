// Takes apart what a test has put up, last thing first, also when it was put up only halfway.

export interface Closers {
  /** Notes how to close what was just opened, and hands it back. */
  add<T>(opened: T, close: (opened: T) => unknown): T;
  closeAll(): Promise<void>;
}

export function makeClosers(): Closers {
  const waiting: (() => unknown)[] = [];
  return {
    add: (opened, close) => {
      waiting.push(() => close(opened));
      return opened;
    },
    closeAll: async () => {
      const failures: unknown[] = [];
      for (const close of waiting.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
    },
  };
}
