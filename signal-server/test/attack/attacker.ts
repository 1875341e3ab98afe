// One attack, in a process of its own: what it costs to make it must not hold up whoever measures.

import { constants, setPriority } from 'node:os'
import { fromHex, recordIdOf } from '@kith/protocol'
import { ATTACKS } from './attacks.ts'
import type { AttackName, Tally } from './attacks.ts'

const [name = '', port = '', key = '', prekeys = ''] = process.argv.slice(2)
// Streams that the relay ends break off whatever was under way on them; the attack goes on.
process.on('unhandledRejection', () => {})
process.on('uncaughtException', () => {})
process.on('disconnect', () => process.exit())
// An attacker has a machine of its own: here it may have what the relay and those who use it leave.
setPriority(constants.priority.PRIORITY_LOW)
const tally: Tally = { tried: 0, refused: 0 }
setInterval(() => process.send?.(tally), 100)
await ATTACKS[name as AttackName]({ port: Number(port), key: fromHex(key), prekeys: recordIdOf(fromHex(prekeys)) }, tally)
