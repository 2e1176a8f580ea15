// The collector of the database's disk: the size of the file system and of the database.
import type { Environment } from '../../config/electrumx-env.ts';
import { named, type Option } from '../../config/option.ts';
import * as types from '../../config/option-types.ts';
import { diskReader, type Disk } from '../../host/disk.ts';
import { collector, type Gather } from '../collector.ts';

/** Longer than reading takes, but for a file system that hangs. */
const TIME_LIMIT_MS = 5000;

const path: Option<string> = {
  ...named('collector.disk.path'),
  type: types.directory,
  help: "ElectrumX's DB_DIRECTORY, as this exporter sees it. If not given: DB_DIRECTORY in ElectrumX's environment.",
  derive: ({ DB_DIRECTORY }: Environment) => {
    const given = DB_DIRECTORY?.trim();
    return given ? { origin: 'DB_DIRECTORY', given, text: given } : undefined;
  },
};

export const disk = collector({
  name: 'disk',
  help: 'Collect the size of the database and of its file system.',
  runs: 'beside',
  minInterval: '5m',
  options: { path },
  create: ({ collectors }): Gather<Disk> => {
    const directory = collectors.disk.path;
    if (directory === undefined)
      return () => Promise.resolve({ skipped: 'neither --collector.disk.path nor DB_DIRECTORY is set' });
    const read = diskReader({ path: directory });
    return async () => {
      const found = await read(performance.now() + TIME_LIMIT_MS);
      if ('unavailable' in found) return { skipped: found.unavailable };
      const { databaseSize } = found;
      return { result: found, ...(typeof databaseSize === 'object' && { incomplete: databaseSize.unavailable }) };
    };
  },
});
