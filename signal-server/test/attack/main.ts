// `npm run relay:attack [-- --seconds N] [-- NAME…]`: one line of JSON for each attack, with what honest pairs' deliveries took before it and during it, in
// milliseconds, and beside a process that uses as much of the machine and leaves the relay alone; and with how busy the relay was. Exit 1 when an attack made the
// slowest hundredth more than three times as slow. All eighteen take about seven minutes.

import { parseArgs } from 'node:util'
import { ATTACKS } from './attacks.ts'
import { attackInTurn } from './run.ts'
import type { AttackName } from './attacks.ts'

const RATIO_MOST = 3

const { values, positionals } = parseArgs({ options: { seconds: { type: 'string', default: '4.5' } }, allowPositionals: true })
const names = Object.keys(ATTACKS) as AttackName[]
const attacks = positionals.length === 0 ? names : names.filter((name) => positionals.includes(name))
await attackInTurn({
  attacks,
  ms: Number(values.seconds) * 1_000,
  onLine(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`)
    if (line.ratio > RATIO_MOST) process.exitCode = 1
  },
})
