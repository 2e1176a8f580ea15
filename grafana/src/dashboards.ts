// THE LIST of dashboards.
import type { Dashboard } from './dashboard.ts';
import { ON_CALL } from './dashboards/on-call.ts';

export const DASHBOARDS: readonly Dashboard[] = [ON_CALL];
