// The list of all collectors, in the order in which they run. Their names, results and options are derived from it.
import type { Gather } from './collector.ts';
import { disk } from './gatherers/disk.ts';
import { getinfo, groups, peers, sessions } from './gatherers/localrpc.ts';
import { probe } from './gatherers/probe.ts';
import { process } from './gatherers/process.ts';

export const COLLECTORS = [getinfo, groups, sessions, peers, process, disk, probe] as const;

type AnyCollector = (typeof COLLECTORS)[number];
export type CollectorName = AnyCollector['name'];

type ResultOf<C> = C extends { readonly create: (...args: never) => Gather<infer Result> } ? Result : never;

/** What a scrape found, by collector; nothing for those that are off, failed or were skipped. */
export type Results = { readonly [C in AnyCollector as C['name']]?: ResultOf<C> | undefined };
