// A file of tests ends when no module is on its way any more. Where modules outlive it, what fetches them does not: a part that is asked for across its end
// never comes, and each later file that needs it waits in vain.

import { afterAll, vi } from 'vitest'

afterAll(() => vi.dynamicImportSettled())
