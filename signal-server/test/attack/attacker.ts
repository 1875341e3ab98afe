// One attack, in a process of its own with the way that it takes: what it costs to make it must not hold up whoever measures. Told `idle` and a share of a
// processor, it makes none and only uses as much of the machine as an attack does.

import { constants } from 'node:os'
import { fromHex, recordIdOf } from '@kith/protocol'
import { openPassage } from '../passage.ts'
import { ATTACKS } from './attacks.ts'
import { setPriorityOfAll } from './processes.ts'
import type { AttackName, Tally } from './attacks.ts'

/** Linux answers for every address in 127.0.0.0/8. */
const ELSEWHERE = '127.0.0.2'
const SLICE_MS = 10

const [name = '', port = '', key = '', prekeys = ''] = process.argv.slice(2)
// Streams that the relay ends break off whatever was under way on them; the attack goes on.
process.on('unhandledRejection', () => {})
process.on('uncaughtException', () => {})
process.on('disconnect', () => process.exit())
// An attacker has a machine of its own: here it may have what the relay and those who use it leave.
setPriorityOfAll(process.pid, constants.priority.PRIORITY_LOW)
const tally: Tally = { tried: 0, refused: 0 }
setInterval(() => process.send?.(tally), 100)
if (name === 'idle') burn(Number(port))
else {
  const way = await openPassage({ to: Number(port), from: ELSEWHERE })
  await ATTACKS[name as AttackName]({ port: way.port, key: fromHex(key), prekeys: recordIdOf(fromHex(prekeys)) }, tally)
}

/** So much of one processor, in short slices. */
function burn(share: number): void {
  tally.tried = 1
  setInterval(() => {
    for (const end = performance.now() + SLICE_MS * share; performance.now() < end;) tally.refused = 0
  }, SLICE_MS)
}
