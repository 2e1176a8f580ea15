// How full the disk of the database is, and how large the database.
import { gauge, single } from '../metric.ts';

export const DISK_METRICS = [
  gauge({
    name: 'electrumx_db_filesystem_size_bytes',
    help: 'Size of the file system of the database.',
    source: 'statfs of DB_DIRECTORY',
    read: ({ results: { disk } }) => single(disk?.filesystemSizeBytes),
  }),
  gauge({
    name: 'electrumx_db_filesystem_avail_bytes',
    help: 'Space that users other than root can still use on the file system of the database.',
    source: 'statfs of DB_DIRECTORY',
    read: ({ results: { disk } }) => single(disk?.filesystemAvailBytes),
  }),
  gauge({
    name: 'electrumx_db_filesystem_files_free',
    help: 'Files that can still be created on the file system of the database. Absent where their number is not fixed.',
    source: 'statfs of DB_DIRECTORY',
    read: ({ results: { disk } }) => single(disk?.filesystemFilesFree),
  }),
  gauge({
    name: 'electrumx_db_size_bytes',
    help: 'Total size of the database files. Absent if there are too many to count, or they cannot be read.',
    source: 'files in DB_DIRECTORY: utxo, hist, meta',
    read: ({ results: { disk } }) => single(typeof disk?.databaseSize === 'number' ? disk.databaseSize : undefined),
  }),
];
