// Which words say what an alarm is about.

import type { AlarmView } from '@kith/protocol'

export const toAlarmKind = ({ kind, mine }: AlarmView): 'lists' | 'listsMine' | 'fork' | 'forkMine' => (mine ? `${kind}Mine` : kind)
