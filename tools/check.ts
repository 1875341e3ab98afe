// `npm run check`: format, lint, types and dead code, side by side, since each of them leaves a processor idle for a part of its time. What each
// one says is printed when it has ended. Exit 1 when one of them found something.

import { spawn } from 'node:child_process'
import { ROOT } from './dist.ts'

/** The longest first. */
const CHECKS = ['types', 'lint', 'dead', 'format']

const codes = await Promise.all(CHECKS.map(check))
if (codes.some((code) => code !== 0)) process.exitCode = 1

function check(name: string): Promise<number> {
  return new Promise((done) => {
    const child = spawn('npm', ['run', '--silent', `check:${name}`], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('error', (error) => (said += error.message))
    child.once('close', (code) => {
      process.stdout.write(said)
      if (code !== 0) console.error(`check:${name} failed`)
      done(code ?? 1)
    })
  })
}
