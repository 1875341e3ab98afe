// Door of messages with a date. All of it is one chunk.

import { lazyPart, lazySheet } from '../../ui/lazy-part.ts'

export const ScheduledLine = lazyPart(async () => (await import('./parts.ts')).ScheduledLine)
export const ScheduleSheet = lazySheet(async () => (await import('./parts.ts')).ScheduleSheet)
