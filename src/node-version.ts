// Refuses a Node.js that is too old. Uses nothing that such a one does not have.

const REQUIRED = [20, 19] as const;

/** One line for a Node.js that is too old; `undefined` for one that is not. `version` is that of `process.versions.node`. */
export function unsupportedNode(program: string, version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > REQUIRED[0] || (major === REQUIRED[0] && minor >= REQUIRED[1]);
  return isNewEnough ? undefined : `${program}: needs Node.js ${REQUIRED.join('.')} or newer; this is ${version}\n`;
}
