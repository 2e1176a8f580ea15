// What getinfo shows of sessions as a whole; the sessions collector adds who they are.
import { by, gauge, only } from '../metric.ts';

export const GETINFO_SESSION_METRICS = [
  gauge({
    name: 'electrumx_sessions',
    help: 'Open sessions as MAX_SESSIONS counts them: LocalRPC, and so the session of this exporter, is included.',
    source: 'getinfo: sessions.count',
    read: ({ getinfo }) => only(getinfo?.sessions),
  }),
  gauge({
    name: 'electrumx_sessions_with_subs',
    help: 'Sessions that subscribe to anything of the kind: the wallets that use this server as their main one.',
    source: 'getinfo: sessions.count with subs, _sh, _txo, _any; sessions: subs',
    labels: ['kind'],
    read: ({ getinfo, sessions }) =>
      by('kind', [
        ['scripthash', getinfo?.sessionsWithScripthashSubs],
        ['outpoint', getinfo?.sessionsWithOutpointSubs],
        ['any', getinfo?.sessionsWithSubs ?? sessions?.withSubs],
      ]),
  }),
  gauge({
    name: 'electrumx_session_errors',
    help: 'Errors that the sessions open now have been answered; falls when they leave.',
    source: 'getinfo: sessions.errors',
    read: ({ getinfo }) => only(getinfo?.sessionErrors),
  }),
  gauge({
    name: 'electrumx_sessions_logged',
    help: 'Sessions whose requests are being logged, with what the wallets ask for.',
    source: 'getinfo: sessions.logged',
    read: ({ getinfo }) => only(getinfo?.sessionsLogged),
  }),
  gauge({
    name: 'electrumx_sessions_paused',
    help: 'Sessions whose send buffer is full. Up to 1.11 only.',
    source: 'getinfo: paused',
    read: ({ getinfo }) => only(getinfo?.sessionsPaused),
  }),
  gauge({
    name: 'electrumx_sessions_closing',
    help: 'Sessions that are being closed.',
    source: 'getinfo: closing; sessions: flag C',
    read: ({ getinfo, sessions }) => only(getinfo?.sessionsClosing ?? sessions?.closing),
  }),
];
