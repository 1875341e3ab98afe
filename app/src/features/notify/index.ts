// Door of what calls for attention.

export { callsFor, meant, meantIn, meantLast, saidIn } from './meant.ts'
export { callOf, ruleOf, unreadIn } from './rule.ts'
export type { Said } from './meant.ts'
export type { Rule } from './rule.ts'
