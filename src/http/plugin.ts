// Makes Fastify plugins whose hooks apply to the whole server.
import type { FastifyInstance } from 'fastify';

/** A plugin as Fastify's `register` takes it. */
export type ServerPlugin<Options> = (app: FastifyInstance, options: Options, done: () => void) => void;

/**
 * Fastify runs a plugin's hooks for the plugin's own routes only, unless the plugin has the property `skip-override`, which is documented
 * for this purpose and is what the package fastify-plugin sets.
 */
export function plugin<Options extends object>(
  name: string,
  register: (app: FastifyInstance, options: Options) => void,
): ServerPlugin<Options> {
  const run: ServerPlugin<Options> = (app, options, done) => {
    register(app, options);
    done();
  };
  return Object.assign(run, { [Symbol.for('skip-override')]: true, [Symbol.for('fastify.display-name')]: name });
}
