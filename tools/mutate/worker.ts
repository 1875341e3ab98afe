// Runs tests over one changed module, as often as it is told to: started once, so that a mutant costs a run and not a start. It may hang with a mutant
// that never ends, and is ended then by whoever started it.

import { join } from 'node:path'
import { createVitest } from 'vitest/node'
import { ROOT } from '../dist.ts'
import { nativeCurves } from '../native-curves.ts'

/** `text`: what stands in the place of the module. */
export type Job = { readonly file: string; readonly text: string; readonly tests: readonly string[] }
/** `by`: the test that noticed, or what kept the tests from running. */
export type Outcome = { readonly kind: 'lives' } | { readonly kind: 'killed'; readonly by: string }

let swapped: { readonly path: string; readonly text: string } | undefined

const vitest = await createVitest(
  {
    config: false,
    root: ROOT,
    watch: true,
    reporters: [{}],
    include: ['protocol/{src,test}/**/*.test.ts'],
    setupFiles: [join(ROOT, 'protocol/test/part.ts')],
    environment: 'node',
    isolate: true,
    fileParallelism: false,
    maxWorkers: 1,
    bail: 1,
    // What is kept on the disk would be given in the place of a mutant, and a mutant be kept for others.
    fsModuleCache: false,
    testTimeout: 20_000,
    silent: true,
  },
  {
    server: { watch: null },
    plugins: [
      // Faults are planted into what decides, not into curves.
      nativeCurves(),
      {
        name: 'kith-mutant',
        enforce: 'pre',
        load: (id: string) => (swapped !== undefined && id.split('?')[0] === swapped.path ? swapped.text : undefined),
      },
    ],
  },
)

async function run({ file, text, tests }: Job): Promise<Outcome> {
  const path = join(ROOT, file)
  const before = swapped?.path
  swapped = { path, text }
  for (const changed of new Set([before, path])) if (changed !== undefined) vitest.invalidateFile(changed)
  const specifications = tests.map((test) => vitest.getRootProject().createSpecification(join(ROOT, test)))
  // One file at a time: the first that notices is enough.
  for (const specification of specifications) {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification], false)
    const broken = testModules.find((module) => !module.ok())
    if (broken === undefined && unhandledErrors.length === 0) continue
    const failed = broken === undefined ? undefined : [...broken.children.allTests('failed')][0]
    return { kind: 'killed', by: failed?.fullName ?? `${broken?.relativeModuleId ?? file} could not run` }
  }
  return { kind: 'lives' }
}

process.on('message', (job: Job) => {
  run(job).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ kind: 'killed', by: String(error) } satisfies Outcome),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
