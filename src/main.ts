#!/usr/bin/env node
// electrumx-exporter. An old Node.js has to parse this file and what it imports: the rest is loaded only if the version will do.
import { unsupportedNode } from './node-version.ts';

const unsupported = unsupportedNode('electrumx-exporter', process.versions.node);
if (unsupported === undefined) {
  void import('./command.ts');
} else {
  process.stderr.write(unsupported);
  process.exitCode = 2;
}
