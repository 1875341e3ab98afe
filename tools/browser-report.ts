// What the report of a run of browser walks says: how many were good, and which of those that failed may be looked at once more by themselves.

export type Count = { readonly passed: number; readonly failed: number; readonly skipped: number }

type Result = { readonly errors?: readonly { readonly message?: string }[] }
type Spec = {
  readonly title: string
  readonly file: string
  readonly tests: readonly { readonly projectName: string; readonly status: string; readonly results: readonly Result[] }[]
}
type Suite = { readonly specs?: readonly Spec[]; readonly suites?: readonly Suite[] }

/** Of a Playwright JSON report, what is read here. */
export type BrowserReport = {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number }
  readonly suites: readonly Suite[]
  /** Of the run as a whole. */
  readonly errors?: readonly unknown[]
}

/** `file`: with all its walks, since one may go on from where those before it ended. */
export type FailedWalk = { readonly title: string; readonly project: string; readonly file: string }

/** More than these at once is no matter of load. */
const SECOND_LOOK_MAX = 2
/** What no load brings about. Walks fail with these words. */
export const PAGE_FAULT = 'no page may err, break its policy or reach another host'

export function countOf({ stats: { expected, unexpected, flaky, skipped } }: BrowserReport): Count {
  return { passed: expected, failed: unexpected + flaky, skipped }
}

/**
 * The walks that failed beside others and are to be gone through once more with nothing beside them. None where the run failed as a whole, where there
 * are many, or where one of them found a page that did wrong.
 */
export function forSecondLook(report: BrowserReport): readonly FailedWalk[] {
  const failed = report.suites.flatMap(specsIn).flatMap((spec) =>
    spec.tests.flatMap(({ projectName, status, results }) => {
      if (status !== 'unexpected') return []
      const messages = results.flatMap(({ errors }) => errors ?? []).map(({ message }) => message ?? '')
      return [
        {
          title: spec.title,
          project: projectName,
          file: spec.file,
          isFault: messages.some((text) => text.includes(PAGE_FAULT)),
        },
      ]
    }),
  )
  const isWhole = (report.errors ?? []).length === 0
  if (!isWhole || failed.length > SECOND_LOOK_MAX || failed.some(({ isFault }) => isFault)) return []
  return failed.map(({ title, project, file }) => ({ title, project, file }))
}

const specsIn = ({ specs = [], suites = [] }: Suite): readonly Spec[] => [...specs, ...suites.flatMap(specsIn)]
