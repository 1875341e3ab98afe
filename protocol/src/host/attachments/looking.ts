// One look at what is to be done at a time; asked for meanwhile, it is done once more afterwards.

export const createLooking =
  (log: (line: string) => void) =>
  (act: () => Promise<void>): (() => void) => {
    let search: 'idle' | 'running' | 'again' = 'idle'
    return function look(): void {
      if (search !== 'idle') return void (search = 'again')
      search = 'running'
      act()
        .catch((error: unknown) => log(`files wait: ${String(error)}`))
        .finally(() => {
          const isAgain = search === 'again'
          search = 'idle'
          if (isAgain) look()
        })
    }
  }
