// Metrics that are on no dashboard and in no rule, and why.
import type { CounterName, GaugeName } from './catalogue.ts';

export const OMITTED: Readonly<Partial<Record<GaugeName | CounterName, string>>> = {
  electrumx_process_virtual_memory_bytes:
    'virtual memory is not memory in use; electrumx_process_resident_memory_bytes is',
  process_cpu_system_seconds_total: 'process_cpu_seconds_total includes it',
  process_cpu_user_seconds_total: 'process_cpu_seconds_total includes it',
};
