// What a page has ever shown as an own message, told to the test at once, so that it is known even when the page dies in the next millisecond.

import type { Person } from './person.ts'

export type Ledger = {
  /** Texts that were on the screen with a tick, in the order of their first showing. */
  readonly acknowledged: readonly string[]
}

const BINDING = '__acknowledged'

/** Starts with the next tab that the person opens. Called once per person. */
export async function keepLedger(person: Person): Promise<Ledger> {
  const acknowledged: string[] = []
  await person.context.exposeFunction(BINDING, (text: string) => {
    if (!acknowledged.includes(text)) acknowledged.push(text)
  })
  await person.context.addInitScript(reportOwnMessages, BINDING)
  return { acknowledged }
}

/** Runs in the page: reports each own message that carries a state. */
function reportOwnMessages(binding: string): void {
  const told = new Set<string>()
  const report = (): void => {
    const tell: unknown = Reflect.get(window, binding)
    if (typeof tell !== 'function') return
    for (const element of document.querySelectorAll('[data-testid="message"][data-mine="true"][data-state]')) {
      const text = element.querySelector('[data-testid="message-text"]')?.textContent?.trim() ?? ''
      if (told.has(text)) continue
      told.add(text)
      tell(text)
    }
  }
  new MutationObserver(report).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] })
}
