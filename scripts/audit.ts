// `npm run audit`: fails if a production dependency has a known vulnerability of severity high or critical.
import { advisories } from './advisories.ts';

const { ok, text } = await advisories(process.env);
process.stdout.write(`${text}\n`);
process.exitCode = ok ? 0 : 1;
