// The list of all dashboards.
import type { Dashboard } from './dashboard.ts';
import { CLIENTS } from './dashboards/clients.ts';
import { EXPORTER } from './dashboards/exporter.ts';
import { FLEET } from './dashboards/fleet.ts';
import { INDEX_AND_RESOURCES } from './dashboards/index-and-resources.ts';
import { ON_CALL } from './dashboards/on-call.ts';
import { PEERS } from './dashboards/peers.ts';

export const DASHBOARDS: readonly Dashboard[] = [ON_CALL, CLIENTS, PEERS, INDEX_AND_RESOURCES, EXPORTER, FLEET];
