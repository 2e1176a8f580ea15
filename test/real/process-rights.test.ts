// Which files of another process the kernel shows to which user: the facts that docs/deployment.md and the files of deploy/ rely on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, runToEnd, type Running } from './support/process.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const SERVER_USER = 60_001;
const OTHER_USER = 60_002;

/** What every user may read of a process that is visible: memory, CPU time, threads, limits, command line, cgroups, open files. */
const PUBLIC = ['cgroup', 'cmdline', 'fd', 'limits', 'stat', 'status'];
/** What only the user of the process may read: its environment, the bytes read and written, and its root directory. */
const PRIVATE = ['environ', 'io', 'root'];
const ALL = [...PUBLIC, ...PRIVATE].sort();

/** Prints the names of the files that it can read. Of `fd`, the size is the number of open files, since Linux 6.2. */
const READ_FILES = `
cd "/proc/$0" 2>/dev/null || exit 0
for file in ${ALL.join(' ')}; do
  case $file in
    fd) [ "$(stat --format=%s fd)" -gt 0 ] && echo fd ;;
    root) ls root/ >/dev/null 2>&1 && echo root ;;
    *) cat "$file" >/dev/null 2>&1 && echo "$file" ;;
  esac
done; true`;

const asUser = (user: number) => ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
/** In a mount namespace with a /proc that has these options. */
const withProc = (options: string) => [
  ...['unshare', '--mount', 'sh', '-c'],
  `mount -t proc -o ${options} proc /proc && exec "$0" "$@"`,
];

describeWith({ commands: ['setpriv', 'unshare', 'mount'] }, 'the kernel', () => {
  let server: Running;

  beforeAll(async () => {
    server = run('setpriv', [...asUser(SERVER_USER).slice(1), 'sleep', '600']);
    await waitFor('the process to have its user', async () =>
      (await readable(asUser(SERVER_USER))).includes('io') ? true : undefined,
    );
  });

  afterAll(async () => {
    await server.stop();
  });

  async function readable(wrapper: readonly string[]): Promise<string[]> {
    const [command, ...args] = [...wrapper, 'sh', '-c', READ_FILES, String(server.pid)];
    const { code, stdout, output } = await runToEnd(command, args);
    expect(code, output).toBe(0);
    return stdout.split('\n').filter((name) => name !== '');
  }

  test('shows another user the public files', async () => {
    expect(await readable(asUser(OTHER_USER))).toEqual(PUBLIC);
  });

  // DynamicUser=, PrivateUsers=yes, ProtectProc=default, ProcSubset=pid.
  test('shows the user of the systemd unit the public files', async () => {
    const unit = [...withProc('subset=pid'), ...asUser(OTHER_USER), 'unshare', '--user'];
    expect(await readable(unit)).toEqual(PUBLIC);
  });

  test('shows another user nothing with ProtectProc=invisible', async () => {
    expect(await readable([...withProc('hidepid=invisible'), ...asUser(OTHER_USER)])).toEqual([]);
  });

  // The drop-in with User=electrumx.
  test('shows the same user all files with PrivateUsers=no and ProtectProc=invisible', async () => {
    const restricted = [...asUser(SERVER_USER), '--no-new-privs', '--bounding-set=-all'];
    expect(await readable([...withProc('hidepid=invisible,subset=pid'), ...restricted])).toEqual(ALL);
  });

  test('shows the same user only the public files with PrivateUsers=yes', async () => {
    expect(await readable([...asUser(SERVER_USER), 'unshare', '--user'])).toEqual(PUBLIC);
  });

  test('shows nothing in another PID namespace', async () => {
    const namespace = ['unshare', '--pid', '--fork', '--mount-proc', ...asUser(SERVER_USER)];
    expect(await readable(namespace)).toEqual([]);
  });
});
