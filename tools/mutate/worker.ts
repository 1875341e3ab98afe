// Runs tests over one module that has all its faults in it, as a job says. It may hang with a fault that never ends, and is ended then by whoever
// started it.

import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BaseSequencer, createVitest } from 'vitest/node'
import { ROOT } from '../dist.ts'
import { nativeCurves } from '../native-curves.ts'
import { JOB_VARIABLE } from './job.ts'
import type { TestSpecification } from 'vitest/node'
import type { Job, Line } from './job.ts'

const job = JSON.parse(readFileSync(process.env[JOB_VARIABLE] ?? '', 'utf8')) as Job
const TEST_MS_MAX = 600_000

/** The quickest first, as the job has them. */
class InOrder extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => job.tests.findIndex((test) => join(ROOT, test) === moduleId)
    return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)))
  }
}

const vitest = await createVitest(
  {
    config: false,
    root: ROOT,
    watch: false,
    reporters: [{}],
    include: ['protocol/{src,test}/**/*.test.ts'],
    setupFiles: [join(ROOT, 'tools/imports-settled.ts'), join(ROOT, 'protocol/test/part.ts')],
    runner: join(import.meta.dirname, 'runner.ts'),
    sequence: { sequencer: InOrder },
    environment: 'node',
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    maxConcurrency: 1,
    // What is kept on the disk would be given in the place of the faults, and they be kept for others.
    fsModuleCache: false,
    bail: 1,
    testTimeout: TEST_MS_MAX,
    hookTimeout: TEST_MS_MAX,
    silent: true,
  },
  {
    server: { watch: null },
    plugins: [
      ...(job.curves === 'native' ? [nativeCurves()] : []),
      {
        name: 'kith-faults',
        enforce: 'pre',
        load: (id: string) => (id.split('?')[0] === join(ROOT, job.file) ? job.text : undefined),
      },
    ],
  },
)
const say = (line: Line): void => appendFileSync(job.lines, `${JSON.stringify(line)}\n`)

async function run({ tests, only }: Job): Promise<void> {
  const specifications = tests.map((test) => vitest.getRootProject().createSpecification(join(ROOT, test)))
  const { testModules } = await vitest.runTestSpecifications(specifications, false)
  const broken = testModules.find((module) => !module.ok())
  if (broken !== undefined) {
    const failed = [...broken.children.allTests('failed')][0]
    const by = `${broken.relativeModuleId}: ${failed?.fullName ?? broken.errors()[0]?.message ?? 'could not run'}`
    say(only === undefined ? { at: 'broken', by } : { at: 'killed', number: only, by })
  }
  say({ at: 'end' })
}

// Whatever is not the module itself is read and translated once for all further jobs, each of which has tests in a process of its own.
process.on('message', (next: Job) => void run(next))
await run(job)
