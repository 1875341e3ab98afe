// Door of what calls for attention.

export { callsFor, meant, meantIn } from './meant.ts'
export { callOf, ruleOf, unreadIn } from './rule.ts'
export type { Rule } from './rule.ts'
