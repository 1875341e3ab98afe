// `npm run relay:kill -- --rounds N [--seed N] [--load-ms N]`: kills a loaded relay N times and accounts for each acknowledged blob. One line of JSON for each
// round and one for the sum; exit 1 when one was lost or doubled.

import { parseArgs } from 'node:util'
import { killInRounds } from './rounds.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'load-ms': { type: 'string', default: '1500' },
  },
})
const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const rounds = Number(values.rounds)
const seed = Number(values.seed)
const sum = await killInRounds({ rounds, seed, loadMs: Number(values['load-ms']), onRound: print })
print({ kills: rounds, seed, ...sum })
if (sum.lost > 0 || sum.doubled > 0 || sum.invented > 0) process.exitCode = 1
